import { isIP } from "node:net";
import type { Config } from "../config.ts";
import { isLoopback } from "../http/bind.ts";
import { CommandError } from "./command-error.ts";

/** Under which address people on this machine, or everybody if the operator said so, reach the server. */
export function publicUrl(config: Config, port: number): string {
  if (config["public-url"] !== undefined) return config["public-url"];
  const scheme = config["tls-cert"] === undefined ? "http" : "https";
  return `${scheme}://${reachable(config.host)}:${port}`;
}

/** Refuses to sign people in by an address where their cookie would cross a network in the clear. */
export function checkOrigin(config: Config, origin: string): void {
  const { protocol, hostname } = new URL(origin);
  const isSafe = protocol === "https:" || isLoopback(hostname) || config.insecure;
  if (isSafe || config["oidc-issuer"] === undefined) return;
  throw new CommandError(
    `Refusing to sign people in at ${origin}: without TLS their sessions cross the network in cleartext. ` +
      "Give the https address of the proxy in front with --public-url, or a certificate, or say --insecure if this network is trusted.",
  );
}

/** A wildcard is no address to go to; an IPv6 address stands in brackets. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return isIP(host) === 6 ? `[${host}]` : host;
}
