import { expect, test } from "vitest";
import { GET_STUDY, sendRaw, startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

const ask = (server: TestServer, host: string, path: string = GET_STUDY) =>
  sendRaw(
    server,
    `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: 13\r\n\r\n{"study":"s"}`,
  );

test.each(["hpo.example.org", "HPO.example.org:8443", "localhost:8080", "127.0.0.1", "[::1]:8080"])(
  "a request for %s is served",
  async (host) => {
    const server = await startServer({ router: { allowedHosts: ["hpo.example.org"] } });
    expect(await ask(server, host)).toMatch(/^HTTP\/1\.1 200 /);
  },
);

test.each([
  "evil.example",
  "hpo.example.org.evil.example",
  "127.0.0.1.evil.example",
  "10.0.0.1",
  "[2001:db8::1]",
])(
  "a request for %s is refused, as a page would send it whose name was rebound to this server",
  async (host) => {
    const server = await startServer({ router: { allowedHosts: ["hpo.example.org"] } });
    const answer = await ask(server, host);
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
    expect(answer).toContain("does not go by the name");
  },
);

test("probes come by address and are answered", async () => {
  const server = await startServer({ router: { allowedHosts: [] } });
  const answer = await sendRaw(
    server,
    "GET /healthz HTTP/1.1\r\nHost: 10.1.2.3\r\nConnection: close\r\n\r\n",
  );
  expect(answer).toContain('{"status":"ok"}');
});

test("without a list every name is served", async () => {
  expect(await ask(await startServer(), "anything.example")).toMatch(/^HTTP\/1\.1 200 /);
});
