import { isIP } from "node:net";
import type { Config } from "../config.ts";

/** Under which address people on this machine, or everybody if the operator said so, reach the server. */
export function publicUrl(config: Config, port: number): string {
  if (config["public-url"] !== undefined) return config["public-url"];
  const scheme = config["tls-cert"] === undefined ? "http" : "https";
  return `${scheme}://${reachable(config.host)}:${port}`;
}

/** A wildcard is no address to go to; an IPv6 address stands in brackets. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return isIP(host) === 6 ? `[${host}]` : host;
}
