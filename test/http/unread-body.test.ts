import { connect } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { AT_ONCE, GRACE, GET_STUDY, eventually, startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

/** Sends a body of which the server reads nothing, or little, and leaves once it is answered. */
async function sendUnwanted(server: TestServer, contentType: string): Promise<void> {
  const session = connect(server.origin);
  session.on("error", () => undefined);
  const stream = session.request({ ":path": GET_STUDY, ":method": "POST", "content-type": contentType });
  stream.on("error", () => undefined);
  const message = Buffer.alloc(5 * 2 ** 20);
  message.writeUInt32BE(message.length - 5, 1);
  stream.end(message);
  stream.resume();
  await new Promise((resolve) => stream.once("close", resolve));
  session.close();
  await sleep(20);
  session.destroy();
}

test.each(["application/grpc", "application/json"])(
  "a client that was refused (%s) while it sent leaves nothing behind",
  async (contentType) => {
    const server = await startServer({
      rpc: { requestGate: () => Promise.reject(new ConnectError("no", Code.Unauthenticated)) },
    });
    for (let i = 0; i < 5; i += 1) await sendUnwanted(server, contentType);
    await sleep(500);
    const start = performance.now();
    // With nothing open, closing waits for nothing.
    await server.front.close(GRACE);
    expect(performance.now() - start).toBeLessThan(AT_ONCE);
  },
);

test("a message above the limit, sent by gRPC, leaves nothing behind", async () => {
  const server = await startServer();
  await sendUnwanted(server, "application/grpc");
  await eventually(() => expect(server.errors).toEqual([]));
  const start = performance.now();
  await server.front.close(GRACE);
  expect(performance.now() - start).toBeLessThan(AT_ONCE);
});
