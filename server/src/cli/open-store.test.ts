import { expect, test } from "vitest";
import { splitConnections } from "./open-store.ts";

test.each([6, 10, 20, 97, 1_000])("%d connections are shared out in full, most to the hot paths", (total) => {
  const { hot, cold, orm } = splitConnections(total);
  expect(hot + cold + orm).toBe(total);
  expect(Math.min(hot, cold, orm)).toBeGreaterThan(0);
  expect(hot).toBeGreaterThan(cold);
});
