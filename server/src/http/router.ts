import { createHostCheck } from "./allowed-hosts.ts";
import { checkAuthority } from "./authority.ts";
import { DEFAULT_HTTP_LIMITS } from "./limits.ts";
import type { Cookies } from "./login/cookies.ts";
import type { NodeHandler, NodeRequest, NodeResponse } from "./node-types.ts";
import { createPeerOf } from "./peer.ts";
import type { PeerOf } from "./peer.ts";
import { answerLiveness, answerMetrics, createReadyProbe } from "./probes.ts";
import type { MetricsSource, ReadyCheck } from "./probes.ts";
import { HttpRefusal, refuse, sendText } from "./refusal.ts";
import { pathOf, reportWhenDone } from "./request-info.ts";
import type { RequestInfo } from "./request-info.ts";
import { shownPath } from "./shown-path.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { serveSite } from "./serve-site.ts";
import { takeSession } from "./session.ts";
import type { Site } from "./site.ts";
import { hadUrlToken, takeToken } from "./token.ts";
import { sendTokenInUrlPage } from "./token-page.ts";

/** Another way into the use cases: answers the request and says true, or leaves it alone and says false. */
export type Gateway = (req: NodeRequest, res: NodeResponse) => boolean | Promise<boolean>;

/** The RPC room as the router sees it. */
export interface RpcRoutes {
  /** Answers when the path is that of an RPC; says false otherwise. */
  handle(req: NodeRequest, res: NodeResponse): boolean;
  /** Full names of the services ("asktell.v1.StudyService") with their methods' names. */
  readonly services: ReadonlyMap<string, readonly string[]>;
}

export interface RouterOptions {
  readonly rpc: RpcRoutes;
  /** @default always ready */
  readonly ready?: ReadyCheck | undefined;
  /** Served at /metrics. @default none */
  readonly metrics?: MetricsSource | undefined;
  /** Asked in order, after RPCs and probes, before the dashboard. @default none */
  readonly gateways?: readonly Gateway[] | undefined;
  /** Paths of gateways in which the next segment is the token, as "/api/ask". @default none */
  readonly tokenPaths?: readonly string[] | undefined;
  /** Where users reach the server, and the cookies by which it knows their browsers. @default no sessions */
  readonly browsers?: { readonly origin: () => string; readonly cookies: () => Cookies } | undefined;
  /** The dashboard's build. @default none: "/" says that the API is up */
  readonly site?: Site | undefined;
  /** Access log of everything but RPCs. @default none */
  readonly onRequest?: ((info: RequestInfo) => void) | undefined;
  /** @default the address of the socket */
  readonly peerOf?: PeerOf | undefined;
  /**
   * Host names that the server goes by, the loopback's besides; others are refused, except for probes, which come
   * by address. @default every name
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /** The public origin is https: tell browsers to insist on it. @default false */
  readonly hsts?: boolean | undefined;
  /** @default DEFAULT_HTTP_LIMITS.readyTimeoutMs */
  readonly readyTimeoutMs?: number | undefined;
}

/**
 * Sends each request to the room that answers it: the token and the cookies are taken off first, then RPC, probes, gateways, and
 * the dashboard, in this order; what nobody answers gets an error that says what exists.
 */
export function createRouter(options: RouterOptions): NodeHandler {
  const { rpc, metrics, gateways = [], browsers, site, onRequest, hsts = false } = options;
  const peerOf = options.peerOf ?? createPeerOf();
  const checkHost = options.allowedHosts && createHostCheck(options.allowedHosts);
  const probeReadiness = createReadyProbe(
    options.ready ?? (() => Promise.resolve()),
    options.readyTimeoutMs ?? DEFAULT_HTTP_LIMITS.readyTimeoutMs,
  );

  return (req, res) => {
    try {
      takeToken(req, options.tokenPaths);
      if (browsers !== undefined) takeSession(req, browsers.cookies(), browsers.origin());
      setSecurityHeaders(req, res, hsts);
      checkAuthority(req);
      if (checkHost !== undefined && probeAt(pathOf(req)) === undefined) checkHost(req);
      if (!isNavigationWithToken(req) && rpc.handle(req, res)) return undefined;
    } catch (error) {
      setSecurityHeaders(req, res, hsts);
      if (onRequest !== undefined) reportWhenDone(req, res, peerOf(req), onRequest);
      throw error;
    }
    if (onRequest !== undefined) reportWhenDone(req, res, peerOf(req), onRequest);
    return isNavigationWithToken(req) ? sendTokenInUrlPage(req, res) : routeOther(req, res);
  };

  function probeAt(path: string): NodeHandler | undefined {
    if (path === "/healthz") return answerLiveness;
    if (path === "/readyz") return probeReadiness;
    if (path === "/metrics" && metrics !== undefined) return (req, res) => answerMetrics(metrics, req, res);
    return undefined;
  }

  async function routeOther(req: NodeRequest, res: NodeResponse): Promise<void> {
    const path = pathOf(req);
    const probe = probeAt(path);
    if (probe !== undefined) return isRead(req) ? probe(req, res) : refuseMethod(req, res);
    for (const gateway of gateways) {
      if (await gateway(req, res)) return;
    }
    if (site !== undefined && serveSite(site, req, res)) return;
    if (site === undefined && path === "/" && isRead(req)) return sendText(req, res, 200, PLAIN_HOME);
    refuse(req, res, notFound(path, rpc, metrics !== undefined));
  }
}

const PLAIN_HOME =
  "asktell is running.\n\n" +
  "The API answers here: POST /asktell.v1.StudyService/ListStudies, with gRPC, gRPC-web, Connect or JSON.\n" +
  "This installation has no dashboard: build it with `npm run build` and start again.\n";

/** A token in the address of a page was pasted into a browser: it is in the history now, so show no data there. */
function isNavigationWithToken(req: NodeRequest): boolean {
  return req.headers["sec-fetch-mode"] === "navigate" && hadUrlToken(req);
}

function isRead(req: NodeRequest): boolean {
  return req.method === "GET" || req.method === "HEAD";
}

function refuseMethod(req: NodeRequest, res: NodeResponse): void {
  res.setHeader("allow", "GET, HEAD");
  refuse(req, res, new HttpRefusal(405, "unimplemented", `${req.method} is not answered here, GET is.`));
}

function notFound(path: string, rpc: RpcRoutes, hasMetrics: boolean): HttpRefusal {
  const [, service = "", ...method] = path.split("/");
  const methods = rpc.services.get(service);
  if (methods !== undefined) {
    const known = methods.join(", ");
    const asked = shownPath(method.join("/"));
    return new HttpRefusal(404, "unimplemented", `${service} has no method "${asked}". It has: ${known}.`);
  }
  const services = [...rpc.services.keys()].map((name) => `/${name}/{Method}`);
  const rest = ["/healthz", "/readyz", ...(hasMetrics ? ["/metrics"] : [])];
  const message = `Nothing is served at ${shownPath(path)}. RPCs: ${services.join(", ")}. Others: ${rest.join(", ")}.`;
  return new HttpRefusal(404, "not_found", message);
}
