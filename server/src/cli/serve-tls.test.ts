import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { serveProgram } from "../../../test/support/program.ts";

const database = useTestPostgres();
let directory: string;
const file = (name: string) => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "asktell-tls-"));
  await Promise.all(["first", "second"].map(makeCertificate));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Writes `name.crt` and `name.key` for the host `name.test`. */
async function makeCertificate(name: string): Promise<void> {
  const kind = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
  ];
  const names = ["-subj", `/CN=${name}.test`, "-keyout", file(`${name}.key`), "-out", file(`${name}.crt`)];
  await promisify(execFile)("openssl", [...kind, ...names]);
}

async function install(name: string): Promise<void> {
  await copyFile(file(`${name}.crt`), file("served.crt"));
  await copyFile(file(`${name}.key`), file("served.key"));
}

/** The host that the server's certificate is for. */
function servedName(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

test("SIGHUP serves a renewed certificate, and a broken one leaves the old in place", async () => {
  await install("first");
  const server = await serveProgram(["--tls-cert", file("served.crt"), "--tls-key", file("served.key")], {
    DATABASE_URL: database.url,
  });
  expect(server.url).toMatch(/^https:/);
  expect(await servedName(server.url)).toBe("first.test");

  await install("second");
  server.signal("SIGHUP");
  await expect.poll(() => servedName(server.url)).toBe("second.test");

  await writeFile(file("served.crt"), "not a certificate");
  server.signal("SIGHUP");
  await expect.poll(() => server.log()).toContain("the old one stays");
  expect(await servedName(server.url)).toBe("second.test");
  expect(await server.stop()).toBe(0);
});
