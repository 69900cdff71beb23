import { afterEach, expect, test } from "vitest";
import { analyse, createSubject } from "../../optimizer/analysis/analyse.ts";
import { choice, real, sampled } from "../../optimizer/analysis/testing/history-of.ts";
import type { History } from "../../optimizer/history.ts";
import { type Analyst, createAnalyst } from "./analyst.ts";

let analyst: Analyst = createAnalyst();
afterEach(async () => {
  await analyst.stop();
  analyst = createAnalyst();
});

const study = (seed: number, count = 60): History =>
  sampled([real("a"), real("b"), choice("c", "p", "q")], count, seed, ({ a, b }) => [
    3 * Number(a) + Number(b),
  ]);
const materialOf = (history: History) => () => ({
  parameters: history.space.parameters,
  objectives: history.objectives,
  trials: history.snapshot(),
});
const importances = { objective: 0, method: "fanova" } as const;

test("another thread answers what this one would, about more studies than it remembers", async () => {
  const studies = Array.from({ length: 6 }, (_, seed) => study(seed));
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.all(
      studies.map((history, at) => analyst.analyse(`${at}`, materialOf(history), "importances", importances)),
    );
    expect(answers).toEqual(
      studies.map((history) => analyse(createSubject(history), "importances", importances)),
    );
  }
});

test("trials travel once, for all questions about them", async () => {
  const history = study(1);
  let copies = 0;
  const material = () => {
    copies++;
    return materialOf(history)();
  };
  await analyst.analyse("s", material, "importances", importances);
  const { values } = await analyst.analyse("s", material, "distribution", { objective: 0, limit: 10 });
  expect([copies, values.length]).toEqual([1, 10]);
});

test("a question that fails fails alone", async () => {
  const line = sampled([real("a")], 20, 1, ({ a }) => [Number(a)]);
  const question = { objective: 0, x: undefined, y: undefined };
  await expect(analyst.analyse("line", materialOf(line), "contour", question)).rejects.toThrow(
    /an analysis failed/,
  );
  expect((await analyst.analyse("line", materialOf(line), "sample", { objective: 0, limit: 5 })).total).toBe(
    20,
  );
});

test("a thread that ends fails its questions, and the next question starts another", async () => {
  const history = study(2, 2_000);
  const lost = analyst.analyse("s", materialOf(history), "expectations", { objective: 0, limit: 10 });
  await Promise.all([expect(lost).rejects.toThrow(/the thread ended/), analyst.stop()]);
  const { total } = await analyst.analyse("s", materialOf(history), "sample", { objective: 0, limit: 5 });
  expect(total).toBe(2_000);
});

test("more questions than can be answered soon are refused", async () => {
  const history = study(3);
  const ask = () => analyst.analyse("s", materialOf(history), "distribution", { objective: 0, limit: 5 });
  const answers = await Promise.allSettled(Array.from({ length: 70 }, ask));
  const refused = answers.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(6);
  expect(refused[0]).toMatchObject({ reason: { reason: "OVERLOADED", retryAfterMs: 1_000 } });
});
