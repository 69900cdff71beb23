import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { Registry } from "prom-client";
import { createFront } from "../../server/src/http/front.ts";
import { createPeerOf } from "../../server/src/http/peer.ts";
import { createRouter } from "../../server/src/http/router.ts";
import { type Identity, type RateLimitSettings, createIdentity } from "../../server/src/identity/index.ts";
import { createLog } from "../../server/src/log.ts";
import { createRpcAdapter } from "../../server/src/rpc/adapter.ts";
import { createApi } from "../../server/src/rpc/index.ts";
import { AppUser } from "../../server/src/store/entities/index.ts";
import { migrate } from "../../server/src/store/migrate.ts";
import { createOrm } from "../../server/src/store/orm.ts";
import { closePool, createPool, keyLookups } from "../../server/src/store/pool.ts";
import { createStore } from "../../server/src/store/store.ts";
import { type Studies, createStudies } from "../../server/src/studies/index.ts";
import type { PostgresConnection } from "../../server/src/store/embedded/index.ts";

/** The template that these tests' databases come from. */
export const migrated = {
  name: "migrated",
  build: async (connection: PostgresConnection): Promise<void> => {
    await migrate({ connection, log: { info: () => {}, warn: () => {} } });
  },
};

/** The header by which a call says which user's session it comes by; sessions themselves have tests of their own. */
const userHeader = "x-test-user";

/** The whole server but for its process: everything between a socket and PostgreSQL. */
export interface Stack {
  readonly origin: string;
  readonly identity: Identity;
  readonly studies: Studies;
  /** A user with a project of their own, called as they are. */
  newUser(name: string): Promise<number>;
  close(): Promise<void>;
}

export async function startStack(
  connection: PostgresConnection,
  rateLimits?: RateLimitSettings,
): Promise<Stack> {
  const log = createLog({ level: "fatal", format: "json" });
  const orm = await createOrm({ connection });
  const hot = createPool(connection, { max: 6, settings: keyLookups });
  const cold = createPool(connection, { max: 4 });
  const identity = createIdentity({ orm, log, ...(rateLimits === undefined ? {} : { rateLimits }) });
  const studies = createStudies({ store: createStore(hot, cold), log });
  const peerOf = createPeerOf();
  const rpc = createRpcAdapter({
    ...createApi({ studies, identity, log, metrics: new Registry() }),
    peerOf,
    personOf: async ({ headers }) => {
      const user = headers[userHeader];
      return typeof user === "string" ? identity.principalOfUser(Number(user)) : undefined;
    },
  });
  const front = createFront({ handler: createRouter({ rpc, peerOf }) });
  const { port } = await front.listen({ host: "127.0.0.1", port: 0 });
  let users = 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    identity,
    studies,
    async newUser(name) {
      users++;
      const email = `${name}@example.org`;
      const row = { issuer: "test", subject: String(users), displayName: name, email, emailVerified: true };
      const id = Number(await orm.em.fork().insert(AppUser, row));
      await identity.personalProject({ id, suggestedName: name, displayName: name });
      return id;
    },
    async close() {
      await front.close(0);
      await studies.stop();
      await identity.stop();
      await orm.close();
      await Promise.all([closePool(hot), closePool(cold)]);
    },
  };
}

/** How somebody calls. */
export interface Credentials {
  readonly token?: string;
  readonly user?: number;
}

/** A client's way in; `json` takes the server's short path for workers' calls. */
export function transportOf(
  { origin }: Pick<Stack, "origin">,
  { token, user }: Credentials,
  protocol: "json" | "grpc" = "json",
): Transport {
  const identify: Interceptor = (next) => (request) => {
    if (token !== undefined) request.header.set("authorization", `Bearer ${token}`);
    if (user !== undefined) request.header.set(userHeader, String(user));
    return next(request);
  };
  const options = { baseUrl: origin, interceptors: [identify] };
  return protocol === "grpc"
    ? createGrpcTransport(options)
    : createConnectTransport({ ...options, httpVersion: "1.1", useBinaryFormat: false });
}
