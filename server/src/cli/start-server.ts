import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Config } from "../config.ts";
import { createGateways } from "../gateways/index.ts";
import { checkBind } from "../http/bind.ts";
import { type Front, createFront } from "../http/front.ts";
import { cookiesOf } from "../http/login/cookies.ts";
import { createLogin } from "../http/login/index.ts";
import { createPersonOf } from "../http/login/person.ts";
import { createPeerOf } from "../http/peer.ts";
import type { RequestInfo } from "../http/request-info.ts";
import { createRouter } from "../http/router.ts";
import { loadSite } from "../http/site.ts";
import type { Identity } from "../identity/index.ts";
import type { Log } from "../log.ts";
import { createRpcAdapter } from "../rpc/adapter.ts";
import { createHealthService } from "../rpc/health.ts";
import { createApi } from "../rpc/index.ts";
import { registerReflection } from "../rpc/reflection.ts";
import { createStore } from "../store/store.ts";
import { createStudies } from "../studies/index.ts";
import { checkOrigin, publicUrl } from "./addresses.ts";
import { CommandError } from "./command-error.ts";
import { createMetrics } from "./metrics.ts";
import { openStore } from "./open-store.ts";
import { readTlsFiles } from "./tls-files.ts";
import { version } from "./version.ts";

export interface RunningServer {
  /** Where users reach it, without a slash at the end. */
  readonly url: string;
  /** Where the data is, for people. */
  readonly place: string;
  readonly hasDashboard: boolean;
  readonly identity: Identity;
  /** From where login links are taken. */
  readonly links: LoginLinks;
  /** Reads the certificate's files again, for new connections. */
  reloadCertificate(): Promise<void>;
  /** Ends in order: refuses new calls, lets those under way finish within the grace, then closes what they used. */
  close(): Promise<void>;
  /** Cuts the calls that `close` is still waiting for. */
  cut(): void;
}

type LoginLinks = "off" | "loopback" | "anywhere";

const dashboardBuild = fileURLToPath(new URL("../../../dashboard/build", import.meta.url));

/** Wires the rooms of the server and opens its port. Whatever fails, what was opened before is closed again. */
export async function startServer(config: Config, log: Log): Promise<RunningServer> {
  const tls = await readTlsFiles(config);
  const refusal = checkBind(config.host, { tls: tls !== undefined, insecure: config.insecure });
  if (refusal !== undefined) throw new CommandError(refusal);
  // Until the port is open, the one that was asked for.
  let origin = publicUrl(config, config.port);
  let cookies = cookiesOf(origin);
  checkOrigin(config, origin);

  await using opened = new AsyncDisposableStack();
  const [store, site] = await Promise.all([openStore(config, log, opened), loadSite(dashboardBuild)]);
  const studies = createStudies({ store: createStore(store.hot, store.cold), log });
  opened.defer(() => studies.stop());
  const shutdown = new AbortController();
  const peerOf = createPeerOf(config["trusted-proxies"]);
  const metrics = createMetrics({ hot: store.hot, cold: store.cold });

  const api = createApi({ studies, identity: store.identity, log, metrics });

  const health = createHealthService(() => rpc.services.keys());
  const rpc = createRpcAdapter({
    ...api,
    routes(router) {
      api.routes(router);
      health.register(router);
      registerReflection(router, () => rpc.descriptors);
    },
    shutdownSignal: shutdown.signal,
    peerOf,
    personOf: createPersonOf(store.identity, () => origin, peerOf),
    onFailure: (error, method) =>
      log.error({ err: error, method: method.name }, "an answer could not be written"),
  });

  const { gateways, tokenPaths } = createGateways({
    studies,
    identity: store.identity,
    peerOf,
    log,
    version,
    leaseSeconds: config["gateway-lease"] / 1_000,
    shutdownSignal: shutdown.signal,
    optunapi:
      config.optunapi === "off" ? undefined : { access: config.optunapi, folder: config["optunapi-config"] },
  });

  const browsers = { origin: () => origin, cookies: () => cookies };
  const links = loginLinks(config);
  const login = createLogin({
    ...browsers,
    identity: store.identity,
    peerOf,
    links,
    sessionSeconds: config["session-lifetime"] / 1_000,
    log,
  });

  const front = createFront({
    handler: createRouter({
      rpc,
      gateways: [login, ...gateways],
      tokenPaths,
      browsers,
      ready: () => checkReady(store.hot, shutdown.signal),
      metrics,
      site,
      peerOf,
      onRequest: (info) => logRequest(log, info),
      allowedHosts: allowedHosts(config),
      hsts: config["public-url"]?.startsWith("https:") === true,
    }),
    tls,
    onError: (error) => log.error({ err: error }, "a request failed"),
  });
  const { port } = await listen(front, config);
  origin = publicUrl(config, port);
  cookies = cookiesOf(origin);
  opened.defer(() => front.close(config["shutdown-grace"]));
  log.info({ host: config.host, port, pid: process.pid, node: process.version }, "listening");

  // Not awaited: a provider that is down keeps nobody from working with a token.
  void store.identity.discoverProvider();

  const running = opened.move();
  return {
    url: origin,
    links,
    place: store.place,
    hasDashboard: site !== undefined,
    identity: store.identity,
    async reloadCertificate() {
      const renewed = await readTlsFiles(config);
      if (renewed === undefined) return;
      front.replaceCertificate(renewed);
      log.info("the certificate was read again");
    },
    async close() {
      health.setServing(false);
      // Streams end with this, so that their clients go to another replica; unary calls may finish.
      shutdown.abort(new ConnectError("the server is going down", Code.Unavailable));
      await running.disposeAsync();
    },
    cut: () => void front.close(0),
  };
}

/** Without an identity provider people need another way in than a token that they carry about. */
function loginLinks(config: Config): LoginLinks {
  return config["login-link"] ?? (config["oidc-issuer"] === undefined ? "loopback" : "off");
}

/** The names that the server goes by; the public one among them, once any are given. */
function allowedHosts(config: Config): readonly string[] | undefined {
  const given = config["allowed-hosts"];
  const url = config["public-url"];
  if (given === undefined || url === undefined) return given;
  return [...given, new URL(url).hostname];
}

async function listen(front: Front, { host, port }: Config): Promise<AddressInfo> {
  try {
    return await front.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      throw new CommandError(
        `Port ${port} of ${host} is in use, perhaps by another asktell. Choose another with --port.`,
        { cause: error },
      );
    }
    if (code === "EACCES") throw new CommandError(`Port ${port} needs more rights. Choose one with --port.`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new CommandError(`This machine has no address ${host}. Choose one with --host.`, {
        cause: error,
      });
    }
    throw error;
  }
}

async function checkReady(
  pool: { query(text: string): Promise<unknown> },
  shutdown: AbortSignal,
): Promise<void> {
  if (shutdown.aborted) throw new Error("the server is going down");
  await pool.query("select 1");
}

function logRequest(log: Log, { durationMs, ...info }: RequestInfo): void {
  const level = info.status >= 500 ? "error" : "debug";
  log[level]({ ...info, ms: Math.round(durationMs) }, "request");
}
