import { expect, test } from "vitest";
import { analyse, createSubject } from "./analyse.ts";
import { choice, real, sampled } from "./testing/history-of.ts";

test("a contour shows by itself parameters that trials have together, however much those of another branch matter", () => {
  const only = (name: string, value: string) => ({
    ...real(name),
    condition: { parent: "model", values: [value] },
  });
  const parameters = [
    choice("model", "mlp", "tree"),
    only("lr", "mlp"),
    only("decay", "mlp"),
    only("depth", "tree"),
  ];
  const history = sampled(parameters, 200, 1, ({ lr, decay, depth }) => [
    depth === undefined ? 8 * Number(lr) + Number(decay) : 6 * Number(depth),
  ]);
  const subject = createSubject(history);
  const axes = (x?: number, y?: number) => analyse(subject, "contour", { objective: 0, x, y })?.names;
  const ranked = analyse(subject, "importances", { objective: 0, method: "fanova" })?.parameters ?? [];
  expect(ranked[3]!.share).toBeGreaterThan(ranked[2]!.share);
  for (const pair of [axes(), axes(1), axes(undefined, 1), axes(2)]) {
    expect(pair).not.toContain("depth");
    expect(new Set(pair).size).toBe(2);
  }
  expect(axes(3)).toEqual(["depth", "model"]);
  expect(axes(1, 3)).toEqual(["lr", "depth"]);
});
