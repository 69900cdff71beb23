import { connect as connectHttp2 } from "node:http2";
import { expect, test } from "vitest";
import { GET_STUDY, expectAlive, openRaw, sendRaw, startServer, eventually } from "./support.ts";

test("CONNECT is no way through", async () => {
  const server = await startServer();
  expect(
    await sendRaw(server, "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n"),
  ).not.toContain("200");
  const session = connectHttp2(server.origin);
  const stream = session.request({ ":method": "CONNECT", ":authority": "example.org:443" });
  const status = await new Promise((resolve) => {
    stream.on("response", (headers) => resolve(headers[":status"]));
    stream.on("error", () => resolve("reset"));
  });
  expect([405, "reset"]).toContain(status);
  session.destroy();
  await expectAlive(server);
});

test.each(["websocket", "h2c"])(
  "an upgrade to %s is not taken up: the request is answered as it is",
  async (protocol) => {
    const server = await startServer();
    const answer = await sendRaw(
      server,
      `GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    await expectAlive(server);
  },
);

test("a client that waits for 100 Continue is told to go on, as curl does with large bodies", async () => {
  const server = await startServer();
  const client = await openRaw(server);
  client.write(
    `POST ${GET_STUDY} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nConnection: close\r\n` +
      "Expect: 100-continue\r\nContent-Length: 13\r\n\r\n",
  );
  await eventually(() => expect(client.text()).toContain("100 Continue"));
  client.write('{"study":"s"}');
  expect(await client.closed()).toContain("200 OK");
});

test.each(["TRACE", "OPTIONS", "DELETE", "PATCH", "PUT"])("%s of an RPC is answered 405", async (method) => {
  const server = await startServer();
  const answer = await sendRaw(
    server,
    `${method} ${GET_STUDY} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 405 /);
  expect(answer.toLowerCase()).not.toContain("access-control");
  await expectAlive(server);
});

test("an expectation that nobody knows is answered 417", async () => {
  const server = await startServer();
  const answer = await sendRaw(
    server,
    "GET /healthz HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\nConnection: close\r\n\r\n",
  );
  expect(answer).toMatch(/^HTTP\/1\.1 417 /);
});
