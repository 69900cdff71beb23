import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { waitWithin } from "./wait-within.ts";

test.each([
  { what: "nobody asked to wait", asked: undefined, left: 60_000, waits: 0 },
  { what: "the deadline is far away", asked: 10_000, left: 60_000, waits: 10_000 },
  { what: "the longest wait meets the server's own deadline", asked: 60_000, left: 60_000, waits: 58_000 },
  { what: "the client's deadline is the same", asked: 10_000, left: 10_000, waits: 8_000 },
  { what: "the client's deadline is shorter than an answer takes", asked: 10_000, left: 500, waits: 0 },
  { what: "there is no deadline", asked: 60_000, left: undefined, waits: 60_000 },
])("a call waits $waits ms when $what", ({ asked, left, waits }) => {
  const wait = asked === undefined ? undefined : durationFromMs(asked);
  expect(waitWithin({ timeoutMs: () => left }, wait)).toBe(waits);
});
