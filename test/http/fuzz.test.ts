import { setTimeout as sleep } from "node:timers/promises";
import { fc } from "../support/fast-check.ts";
import { expect, test } from "vitest";
import { AT_ONCE, GRACE, GET_STUDY, PREFACE, expectAlive, openRaw, startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

const body = '{"study":"s"}';
const http1 = Buffer.from(
  `POST ${GET_STUDY}?token=abc HTTP/1.1\r\nHost: localhost:1\r\nContent-Type: application/json\r\n` +
    `Authorization: Bearer abc\r\nConnect-Timeout-Ms: 5000\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
);
// SETTINGS, then HEADERS with END_HEADERS: GET / of h, then a DATA frame with END_STREAM.
const http2 = Buffer.concat([
  Buffer.from(PREFACE),
  Buffer.from("000000040000000000", "hex"),
  Buffer.from("000006010400000001828684410168", "hex"),
  Buffer.from("00000500010000000100000000ff", "hex"),
]);

/** A valid conversation with a few bytes changed, left out, doubled or added. */
const damaged = fc
  .record({
    whole: fc.constantFrom(http1, http2),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        remove: fc.nat({ max: 6 }),
        insert: fc.uint8Array({ maxLength: 6 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ whole, edits }) =>
    edits.reduce((bytes: Buffer, { at, remove, insert }) => {
      const start = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
    }, whole),
  );

async function converse(server: TestServer, bytes: Buffer): Promise<void> {
  const client = await openRaw(server);
  client.write(bytes);
  client.socket.end();
  await Promise.race([client.closed(), sleep(20, undefined, { ref: false })]);
  client.socket.destroy();
}

test("no damage to a conversation stops the server or reaches the last resort", async () => {
  const server = await startServer({ limits: { prefaceTimeoutMs: 500 } });
  await fc.assert(
    fc.asyncProperty(damaged, (bytes) => converse(server, bytes)),
    { numRuns: 500 },
  );
  await expectAlive(server);
  const start = performance.now();
  await server.front.close(GRACE);
  expect(performance.now() - start).toBeLessThan(AT_ONCE);
});
