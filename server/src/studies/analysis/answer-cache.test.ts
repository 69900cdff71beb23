import { expect, test } from "vitest";
import { createAnswerCache } from "./answer-cache.ts";

test("who asks the same at the same time, or later, gets the same answer", async () => {
  const cache = createAnswerCache();
  let computed = 0;
  const ask = () => cache.find("a", async () => ++computed)();
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  expect(await ask()).toBe(1);
  expect(await cache.find("b", async () => ++computed)()).toBe(2);
});

test("a failure is not remembered", async () => {
  const cache = createAnswerCache();
  await expect(cache.find("a", () => Promise.reject(new Error("once")))()).rejects.toThrow("once");
  expect(await cache.find("a", async () => "now")()).toBe("now");
});

test("of very many answers the least recently used ones are forgotten", async () => {
  const cache = createAnswerCache();
  let computed = 0;
  const ask = (key: number) => cache.find(String(key), async () => ++computed)();
  for (let key = 0; key < 128; key++) await ask(key);
  await ask(0);
  await ask(128);
  expect(computed).toBe(129);
  await ask(0);
  expect(computed).toBe(129);
  await ask(1);
  expect(computed).toBe(130);
});
