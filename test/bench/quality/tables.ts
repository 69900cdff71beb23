import { createStream } from "../../../server/src/optimizer/numerics/stream.ts";
import type { Parameter } from "../../../server/src/optimizer/space/parameter.ts";
import { readData } from "./data-folder.ts";
import { LOSS, type Problem } from "./problem.ts";

/** hpo-table/1: every configuration of a finite space, each trained several times. */
interface Table {
  readonly space: {
    readonly parameters: readonly {
      readonly name: string;
      readonly type: "ordinal" | "categorical";
      readonly values: readonly (string | number)[];
    }[];
  };
  readonly objective: { readonly goal: "maximise" | "minimise" };
  readonly replicates: number;
  readonly index: { readonly strides: readonly number[] };
  readonly statistics: { readonly best: { readonly value: number } };
}

const NAMES = [
  "hpobench_mlp_car",
  "hpobench_mlp_segment",
  "hpobench_mlp_vehicle",
  "hpobench_mlp_credit_g",
  "hpolib_protein_structure",
  "hpolib_slice_localization",
  "nasbench201_cifar10",
];

/**
 * The tables that are there, each twice: a trial gets the mean of the trainings, or, as a job that trains once does, a single
 * one of them; the judge knows the mean.
 */
export function tables(): Problem[] {
  return NAMES.flatMap((name) => {
    const data = readData<Table>(`tables/${name}`);
    if (data === undefined) return [];
    return [false, true].map((isNoisy) => tableProblem(name, data.description, data.floats, isNoisy));
  });
}

function tableProblem(name: string, table: Table, floats: Float32Array, isNoisy: boolean): Problem {
  const { space, index, replicates, objective, statistics } = table;
  const sign = objective.goal === "maximise" ? -1 : 1;
  // Diverged trainings have errors a million times those of good ones: errors are judged by their logarithm.
  const judged = name.startsWith("hpolib") ? Math.log10 : (value: number): number => sign * value;
  const parameters = space.parameters.map(({ name: own, type, values }): Parameter => ({
    name: own,
    domain:
      type === "categorical"
        ? { kind: "categorical", choices: values, ordered: false }
        : { kind: "integer", low: 0, high: values.length - 1, log: false, step: 1 },
    condition: undefined,
    default: undefined,
  }));
  const trainingsOf = (row: number): Float32Array =>
    floats.subarray(row * replicates, (row + 1) * replicates).filter((value) => !Number.isNaN(value));
  return {
    name: isNoisy ? `noisy-${name}` : name,
    family: isNoisy ? "noisy-table" : "table",
    instance: (seed) => ({
      parameters,
      objectives: LOSS,
      optimum: judged(statistics.best.value),
      reference: undefined,
      evaluate(params, number) {
        const row = space.parameters.reduce((sum, { name: own, type, values }, k) => {
          const value = params[own]!;
          return (
            sum + index.strides[k]! * (type === "categorical" ? values.indexOf(String(value)) : Number(value))
          );
        }, 0);
        const trainings = trainingsOf(row);
        const mean = trainings.reduce((sum, value) => sum + value, 0) / trainings.length;
        const told = isNoisy
          ? trainings[createStream(seed, "training", number).integer(trainings.length)]!
          : mean;
        return { values: [sign * told], constraint: undefined, truth: [judged(mean)] };
      },
    }),
  };
}
