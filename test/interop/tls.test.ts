import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { type TestServer, startTestServer } from "../support/server.ts";
import { leaveOut, works } from "../support/toolchain.ts";
import { type InteropClient, parameters } from "./client.ts";
import { curlClient } from "./command-client.ts";
import { grpcJsClient } from "./grpc-js.ts";
import { type Manage, workTogether } from "./work-together.ts";

const out = leaveOut("clients over TLS", [
  !works("curl", "--version") && "curl",
  !works("openssl", "version") && "openssl",
]);

/** A name in the certificate: TLS has no server names that are addresses. */
const named = { "grpc.ssl_target_name_override": "localhost" };

const database = useTestPostgres();
let directory: string;
let server: TestServer;
let clients: InteropClient[];
let manage: Manage;

describe.skipIf(out)("over TLS", () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "asktell-tls-"));
    const [cert, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
    const kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost";
    const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
    await promisify(execFile)("openssl", [
      ...kind.split(" "),
      "-addext",
      names,
      "-keyout",
      key,
      "-out",
      cert,
    ]);
    server = await startTestServer({
      env: { DATABASE_URL: database.url, ASKTELL_TLS_CERT: cert, ASKTELL_TLS_KEY: key },
    });
    clients = [
      grpcJsClient(server, credentials.createSsl(await readFile(cert)), named),
      curlClient(server, ["--cacert", cert]),
    ];
    const trust = ["-sS", "--fail-with-body", "--cacert", cert];
    const headers = ["-H", "Content-Type: application/json", "-H", `Authorization: Bearer ${server.token}`];
    manage = async (method, body) => {
      const sent = ["--data", JSON.stringify(body), `${server.url}/asktell.v1.${method}`];
      return JSON.parse(
        (await promisify(execFile)("curl", [...trust, ...headers, ...sent])).stdout,
      ) as unknown;
    };
    await manage("StudyService/CreateStudy", { studyId: "s", study: { parameters } });
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await server.stop();
    await rm(directory, { recursive: true });
  });

  test("gRPC and JSON clients share a study, both by HTTP/2", async () => {
    expect(server.url).toMatch(/^https:/);
    const { count, told } = await workTogether(manage, "s", clients);
    const all = [...told.values()].flat();
    expect(all.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
    for (const [name, trials] of told) expect(trials.length, name).toBeGreaterThan(0);
    const seen = await Promise.all(clients.map((client) => client.read(all.map(({ name }) => name))));
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.map(({ worker }) => worker)).toEqual(all.map(({ worker }) => worker));
  });

  test("a client that does not trust the certificate is not served", async () => {
    const stranger = grpcJsClient(server, credentials.createSsl(), named);
    await expect(stranger.read(["s/trials/0"])).rejects.toMatchObject({ code: 14 });
    stranger.close();
    await expect(curlClient(server).read(["s/trials/0"])).rejects.toThrow(/certificate/);
  });
});
