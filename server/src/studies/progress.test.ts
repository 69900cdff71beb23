import { expect, test } from "vitest";
import type { Renewal } from "../store/hot/report.ts";
import type { Store } from "../store/store.ts";
import { createProgressBook } from "./progress.ts";

/** Stands for the tables: what every trial has reported, and how often somebody has read it. */
function createReports() {
  const curves = new Map<number, { step: number; values: number[] }[]>();
  const read: number[] = [];
  const store: Pick<Store, "runningCurve"> = {
    runningCurve: async (_, number) => {
      read.push(number);
      return curves.get(number) ?? [];
    },
  };
  function report(number: number, step: number): Renewal {
    const curve = [...(curves.get(number) ?? []), { step, values: [step / 10] }];
    curves.set(number, curve);
    const leaseExpiresAt = new Date(0);
    return { studyId: 1, number, attempt: 1, leaseExpiresAt, reports: curve.length, studyState: "active" };
  }
  // The book reads curves, and nothing else here.
  return { store: store as Store, read, report };
}

test("curves that are reported here are kept, and read once", async () => {
  const { store, read, report } = createReports();
  const book = createProgressBook(store);
  for (let step = 1; step <= 5; step++) {
    for (const number of [7, 8]) {
      const { steps, rows } = await book.update(report(number, step), {
        step,
        values: [step / 10],
        metrics: {},
      });
      expect(steps).toHaveLength(step);
      expect(rows.at(-1)).toEqual([step / 10]);
    }
  }
  expect(read).toEqual([7, 8]);
});

test("no more reports are kept than there is room for, however long curves grow, and none is lost by it", async () => {
  const { store, read, report } = createReports();
  // Two curves of twenty reports with what a curve takes besides, but not three.
  const book = createProgressBook(store, 60);
  for (let step = 1; step <= 20; step++) {
    for (const number of [1, 2, 3]) {
      const progress = await book.update(report(number, step), { step, values: [step / 10], metrics: {} });
      expect(progress.steps).toEqual(Array.from({ length: step }, (_, index) => index + 1));
    }
  }
  expect(read.slice(0, 3)).toEqual([1, 2, 3]);
  // Once the three do not fit together any more, whoever reports next is the one that was forgotten.
  expect(read.slice(-3)).toEqual([1, 2, 3]);
  await book.update(report(3, 21), { step: 21, values: [0], metrics: {} });
  expect(read.at(-1)).toBe(3);
  const before = read.length;
  await book.update(report(3, 22), { step: 22, values: [0], metrics: {} });
  expect(read).toHaveLength(before);
});
