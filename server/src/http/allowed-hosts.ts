import { isLoopback } from "./bind.ts";
import type { NodeRequest } from "./node-types.ts";
import { HttpRefusal } from "./refusal.ts";

/** Throws for a request that names a host which this server does not go by. */
export type HostCheck = (req: NodeRequest) => void;

/**
 * Against DNS rebinding: a page on another site whose name is made to point at this server reaches it through the
 * visitor's browser, from inside the visitor's network, and counts as same-origin there. Only the Host header
 * still tells.
 *
 * @param hosts host names without port, as "hpo.example.org"; names and addresses of the loopback always pass
 */
export function createHostCheck(hosts: readonly string[]): HostCheck {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  return (req) => {
    const authority = ("authority" in req ? req.authority : req.headers.host) ?? "localhost";
    const host = authority.replace(/:\d*$/, "").toLowerCase();
    if (known.has(host) || isLoopback(host)) return;
    const message = `This server does not go by the name "${host}". Add it to the allowed hosts if it should.`;
    throw new HttpRefusal(421, "permission_denied", message, "HOST_UNKNOWN");
  };
}
