import { BlockList, isIP } from "node:net";
import type { NodeRequest } from "../../http/node-types.ts";
import type { PeerOf } from "../../http/peer.ts";
import { tokenOf } from "../../http/token.ts";
import { type Identity, type Need, type Principal, defaultProjectName } from "../../identity/index.ts";
import { type Caller, callerBy, callerOf } from "../caller.ts";
import { GatewayRefusal } from "../refusal.ts";

/**
 * Who may call: `loopback` lets programs on this machine work in the default project without a token, `token` wants one as
 * everywhere else.
 */
export type AccessMode = "loopback" | "token";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Headers by which a proxy says that the request is somebody else's. */
const forwarding = ["forwarded", "x-forwarded-for", "x-real-ip", "via"] as const;

/** @throws GatewayRefusal 401 or 403, TokenError, PermissionError */
export async function admit(
  req: NodeRequest,
  need: Need,
  mode: AccessMode,
  context: { identity: Pick<Identity, "authenticate" | "getProject">; peerOf: PeerOf },
): Promise<Caller> {
  if (mode === "token" || tokenOf(req) !== undefined) return callerOf(req, need, context);
  const address = context.peerOf(req);
  checkLocal(req, address);
  const { id, name } = await context.identity.getProject(defaultProjectName);
  return callerBy(localWorker({ id, name }), need, address);
}

/** A program of this machine that shows no token. */
function localWorker(project: Principal["project"]): Principal {
  return {
    actor: { kind: "token", id: 0 },
    displayName: "this machine",
    project,
    access: new Map([[project.name, { project, scope: "work", study: undefined }]]),
  };
}

/**
 * Being on this machine is the only credential, so it must not be borrowed: not through a proxy that runs here, not by a page in
 * a browser that runs here, and not by a name that somebody points at this machine (DNS rebinding).
 */
function checkLocal(req: NodeRequest, peer: string): void {
  const family = isIP(peer);
  if (family === 0 || !loopback.check(peer, family === 6 ? "ipv6" : "ipv4")) {
    throw new GatewayRefusal(403, "without a token this is only for programs on the server's own machine");
  }
  const proxy = forwarding.find((name) => req.headers[name] !== undefined);
  if (proxy !== undefined) {
    throw new GatewayRefusal(403, `a request that came through a proxy (${proxy}) needs a token`);
  }
  const site = req.headers["sec-fetch-site"];
  if (site !== undefined && site !== "none" && site !== "same-origin") {
    throw new GatewayRefusal(403, "a page of another site may not call this");
  }
  const host = hostOf(req);
  const hostFamily = isIP(host);
  const isLocalName = host === "localhost" || host.endsWith(".localhost");
  if (!isLocalName && !(hostFamily !== 0 && loopback.check(host, hostFamily === 6 ? "ipv6" : "ipv4"))) {
    throw new GatewayRefusal(403, `${JSON.stringify(host)} is no name of the server's own machine`);
  }
}

/** The host that the client addressed, without its port and without the brackets of IPv6. */
function hostOf({ headers }: NodeRequest): string {
  const authority = headers.host ?? String(headers[":authority"] ?? "");
  const bracketed = /^\[([^\]]*)\]/.exec(authority)?.[1];
  return (bracketed ?? authority.split(":")[0] ?? "").toLowerCase();
}
