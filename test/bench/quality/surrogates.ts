import { type CurveSource, openLearningCurves } from "../learning-curves.ts";
import { LOSS, type Problem } from "./problem.ts";

/** Every so many tasks one is taken: a choice that no result has influenced. */
const EVERY = { lcbench: 4, rbv2_xgboost: 5 } as const;

/** Whole trainings as learning-curve surrogates predict them, on some of their data sets. */
export function surrogates(): Problem[] {
  return (["lcbench", "rbv2_xgboost"] as const).flatMap((source: CurveSource) => {
    const curves = openLearningCurves(source);
    if (curves === undefined) return [];
    return curves.tasks
      .filter((_, at) => at % EVERY[source] === 0)
      .map(({ id, best }): Problem => ({
        name: `${source}-${id}`,
        family: source === "lcbench" ? "lcbench" : "xgboost",
        instance: () => ({
          parameters: curves.parameters,
          objectives: LOSS,
          optimum: -best,
          reference: undefined,
          evaluate(params) {
            const loss = -curves.final(id, params);
            return { values: [loss], constraint: undefined, truth: [loss] };
          },
        }),
      }));
  });
}
