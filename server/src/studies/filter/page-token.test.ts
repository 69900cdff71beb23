import { createHash } from "node:crypto";
import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { oddNames, someNumber, someOrder, someText } from "../../../../test/support/arbitrary-filter.ts";
import type { SortKey, TrialCursor, TrialField } from "../../store/hot/trial-query.ts";
import { type PagedList, decodePageToken, encodePageToken } from "./page-token.ts";
import { parseFilter } from "./parse-filter.ts";
import { parseOrderBy } from "./parse-order.ts";

const list = (filter: string, orderBy: string, studyId = 1): PagedList => ({
  studyId,
  filter: parseFilter(filter, oddNames),
  order: parseOrderBy(orderBy, oddNames),
});

function someKey(field: TrialField): fc.Arbitrary<SortKey> {
  const finite = someNumber.filter(Number.isFinite);
  switch (field.kind) {
    case "number":
    case "attempt":
    case "state":
      return fc.nat();
    case "worker":
      return fc.oneof(someText, fc.constantFrom("?", "'", "Infinity"));
    case "params":
      return fc.oneof(finite, someText, fc.boolean(), fc.constant(null), fc.constantFrom("?", "Infinity"));
    case "values":
    case "metrics":
      return fc.oneof(
        someNumber.filter((number) => !Number.isNaN(number)),
        fc.constant(null),
      );
  }
}

const someCursor = someOrder.chain((order) =>
  fc.record({
    order: fc.constant(order),
    cursor: fc.record({ number: fc.nat(), keys: fc.tuple(...order.map(({ field }) => someKey(field))) }),
  }),
);

test("a token brings back the place that it was made from", () => {
  fc.assert(
    fc.property(someCursor, ({ order, cursor }) => {
      const paged = { studyId: 3, filter: undefined, order };
      const token = encodePageToken(paged, cursor);
      expect(token).toMatch(/^[A-Za-z0-9_-]{1,500}$/);
      expect(decodePageToken(paged, token)).toEqual(cursor);
    }),
    { numRuns: 1000 },
  );
});

test("the empty token is the first page", () => {
  expect(decodePageToken(list("", ""), "")).toBeUndefined();
});

test("it serves the same list in other words, and no other list", () => {
  const token = encodePageToken(list("number > 1 AND attempt = 2", "number"), { number: 7, keys: [7] });
  expect(decodePageToken(list("number>1 AND (attempt=2.0)", ""), token)).toEqual({ number: 7, keys: [7] });
  const others = [
    list("number > 2 AND attempt = 2", "number"),
    list("", "number"),
    list("number > 1 AND attempt = 2", "number desc"),
    list("number > 1 AND attempt = 2", "worker"),
    list("number > 1 AND attempt = 2", "number", 2),
  ];
  for (const other of others) {
    expect(() => decodePageToken(other, token)).toThrow(
      "page_token: belongs to a list with another study, filter or order_by: repeat those of its first page, or send none for a new first page",
    );
  }
});

const spoiled = expect.objectContaining({
  reason: "INVALID_REQUEST",
  message:
    "page_token: is not as ListTrials answered it: send next_page_token unchanged, or none for the first page",
});

test("a token with any character changed, added or lost is refused", () => {
  const paged = list("", "worker");
  const token = encodePageToken(paged, { number: 7, keys: ["node-7"] });
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === "A" ? "B" : "A";
    for (const text of [
      token.slice(0, at) + other + token.slice(at + 1),
      token.slice(0, at) + token.slice(at + 1),
      token.slice(0, at) + other + token.slice(at),
    ]) {
      expect(() => decodePageToken(paged, text)).toThrow(spoiled);
    }
  }
  for (const text of ["x", "'; drop table trial; --", "%00", "\0", `${token}=`, "e30", "😀"]) {
    expect(() => decodePageToken(paged, text)).toThrow(spoiled);
  }
});

/** A token of someone who knows how they are made. */
function forge(list: PagedList, change: (content: unknown[]) => unknown): string {
  const token = encodePageToken(list, { number: 0, keys: list.order.map(() => undefined) });
  const content: unknown[] = JSON.parse(Buffer.from(token, "base64url").toString().slice(8));
  const text = JSON.stringify(change(content));
  return Buffer.from(createHash("sha256").update(text).digest("base64url").slice(0, 8) + text).toString(
    "base64url",
  );
}

test.for<[string, (content: unknown[]) => unknown]>([
  ["worker", ([digest]) => [digest, "1", "'a"]],
  ["worker", ([digest]) => [digest, 1.5, "'a"]],
  ["worker", ([digest]) => [digest, -1, "'a"]],
  ["worker", ([digest]) => [digest, 2 ** 31, "'a"]],
  ["worker", ([digest]) => [digest, 1]],
  ["worker", ([digest]) => [digest, 1, "'a", "'b"]],
  ["worker", ([digest]) => [digest, 1, "a"]],
  ["worker", ([digest]) => [digest, 1, 5]],
  ["worker", ([digest]) => [digest, 1, null]],
  ["worker", ([digest]) => [digest, 1, "'\0"]],
  ["worker", ([digest]) => [digest, 1, "'\ud800"]],
  ["worker", ([digest]) => [digest, 1, ["'a"]]],
  ["number", ([digest]) => [digest, 1, "'1"]],
  ["number", ([digest]) => [digest, 1, 1e300]],
  ["state", ([digest]) => [digest, 1, 0.5]],
  ["values.loss", ([digest]) => [digest, 1, true]],
  ["values.loss", ([digest]) => [digest, 1, "NaN"]],
  ["params.lr", ([digest]) => [digest, 1, {}]],
  ["params.lr", ([digest]) => [digest, 1, "Infinity"]],
  ["worker", () => ({ length: 3 })],
  ["worker", () => null],
])("a made-up token for %s is refused: %s", ([orderBy, change]) => {
  const paged = list("", orderBy);
  expect(() => decodePageToken(paged, forge(paged, change))).toThrow(spoiled);
});

test("texts that are too long for a token are left to be read again, the longest first", () => {
  const paged = list("", 'worker, params.lr, params."a.b", values.loss');
  const cursor: TrialCursor = {
    number: 2_000_000_000,
    keys: ["w".repeat(200), "€".repeat(255), "short", 0.1 + 0.2],
  };
  const token = encodePageToken(paged, cursor);
  expect(token.length).toBeLessThanOrEqual(500);
  expect(decodePageToken(paged, token)).toEqual({
    ...cursor,
    keys: ["w".repeat(200), undefined, "short", 0.1 + 0.2],
  });
});

test("the longest numbers of the longest order fit into a token", () => {
  const paged = list("", Array.from({ length: 8 }, (_, index) => `metrics.m${index} desc`).join());
  const cursor: TrialCursor = {
    number: 2 ** 31 - 1,
    keys: Array.from({ length: 8 }, () => -Number.MAX_VALUE / 3),
  };
  expect(decodePageToken(paged, encodePageToken(paged, cursor))).toEqual(cursor);
});
