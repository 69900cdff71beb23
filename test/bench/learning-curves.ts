import type { Condition, Domain, Parameter } from "../../server/src/optimizer/space/parameter.ts";
import { readData } from "./quality/data-folder.ts";

/**
 * Learning curves of surrogates (hpo-surrogate/1), small networks that predict what a training gives: `lcbench`, the
 * accuracy of a multi-layer perceptron after each of 52 epochs on 17 data sets, and `rbv2_xgboost`, that of gradient boosting
 * at 25 growing sizes of the training data on 20 data sets.
 */
export type CurveSource = "lcbench" | "rbv2_xgboost";

export interface LearningCurves {
  readonly tasks: readonly Task[];
  readonly parameters: readonly Parameter[];
  /** Reports that a whole training makes. */
  readonly epochs: number;
  /** Accuracy after each report. */
  curve(task: string, config: Readonly<Record<string, unknown>>): Float64Array;
  /** Accuracy after the last one. */
  final(task: string, config: Readonly<Record<string, unknown>>): number;
}

/** One data set: its best known accuracy and that of a middling configuration, for normalising. */
export interface Task {
  readonly id: string;
  readonly best: number;
  readonly median: number;
}

interface NumericInput {
  readonly kind: "numeric";
  readonly parameter: string;
  readonly transform: "identity" | "log" | "negexp";
  readonly eps?: number;
  readonly scale?: number;
  readonly min: number;
  readonly range: number;
}
interface EmbeddingInput {
  readonly kind: "embedding";
  readonly parameter: string;
  readonly values: readonly string[];
  readonly dim: number;
  readonly weight: number;
}
type Layer =
  | {
      readonly op: "dense";
      readonly in: number;
      readonly out: number;
      readonly weight: number;
      readonly bias: number;
    }
  | { readonly op: "affine"; readonly scale: number; readonly shift: number }
  | { readonly op: "reglu"; readonly out: number }
  | { readonly op: "push" | "addPushed" | "relu" | "sigmoid" };
interface Description {
  readonly space: {
    readonly parameters: readonly (
      | {
          readonly name: string;
          readonly type: "int" | "float";
          readonly low: number;
          readonly high: number;
          readonly log: boolean;
          readonly condition?: Condition;
        }
      | {
          readonly name: string;
          readonly type: "categorical";
          readonly values: readonly string[];
          readonly condition?: Condition;
        }
    )[];
  };
  readonly instanceParameter: string;
  readonly fixed: Readonly<Record<string, number>>;
  readonly fidelity: { readonly name: string; readonly type: "int" | "float"; readonly high: number };
  readonly primaryTarget: string;
  readonly network: {
    readonly inputs: readonly (NumericInput | EmbeddingInput)[];
    readonly inputWidth: number;
    readonly layers: readonly Layer[];
    readonly outputs: readonly {
      readonly target: string;
      readonly transform: string;
      readonly eps: number;
      readonly range: number;
      readonly min: number;
    }[];
  };
  readonly instances: readonly {
    readonly id: string;
    readonly targets: Record<string, { readonly fullFidelity: { readonly median: number } }>;
    readonly bestKnown: { readonly value: number };
  }[];
}

/** The data beside the repository, or where HPO_BENCHMARKS says; undefined when there is none. */
export function openLearningCurves(source: CurveSource): LearningCurves | undefined {
  const data = readData<Description>(`surrogates/${source}`);
  if (data === undefined) return undefined;
  const { description } = data;
  const weights = Float64Array.from(data.floats);
  const { space, fidelity, primaryTarget, instances } = description;
  const epochs = fidelity.type === "int" ? fidelity.high : SIZES;
  return {
    tasks: instances.map(({ id, targets, bestKnown }) => ({
      id,
      best: bestKnown.value,
      median: targets[primaryTarget]!.fullFidelity.median,
    })),
    parameters: space.parameters.map((parameter) => ({
      name: parameter.name,
      domain: domainOf(parameter),
      condition: parameter.condition,
      default: undefined,
    })),
    epochs,
    curve: (task, config) =>
      evaluate(
        description,
        weights,
        task,
        config,
        Array.from({ length: epochs }, (_, at) => (at + 1) / epochs),
      ),
    // Four rows, as many as the layers take at once.
    final: (task, config) => evaluate(description, weights, task, config, [1, 1, 1, 1])[0]!,
  };
}

/** Reports of a training whose fidelity is a share. */
const SIZES = 25;

function domainOf(parameter: Description["space"]["parameters"][number]): Domain {
  if (parameter.type === "categorical")
    return { kind: "categorical", choices: parameter.values, ordered: false };
  const { type, low, high, log } = parameter;
  return type === "int"
    ? { kind: "integer", low, high, log, step: 1 }
    : { kind: "real", low, high, log, step: undefined };
}

/** Accuracies at some shares of the training, all at once: a batch of rows through the layers, so that each weight is read once for four rows. */
function evaluate(
  { fidelity, network, primaryTarget, instanceParameter, fixed }: Description,
  weights: Float64Array,
  task: string,
  config: Readonly<Record<string, unknown>>,
  shares: readonly number[],
): Float64Array {
  const rows = shares.length;
  const given: Readonly<Record<string, unknown>> = { ...fixed, ...config, [instanceParameter]: task };
  let width = network.inputWidth;
  let batch = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let at = row * width;
    for (const input of network.inputs) {
      if (input.kind === "embedding") {
        const start = input.weight + input.values.indexOf(String(given[input.parameter])) * input.dim;
        batch.set(weights.subarray(start, start + input.dim), at);
        at += input.dim;
      } else {
        const raw =
          input.parameter === fidelity.name
            ? shares[row]! * fidelity.high
            : Number(given[input.parameter] ?? 0);
        const value = transformed(input, raw);
        batch[at++] = (value - input.min) / input.range;
      }
    }
  }
  const stack: Float64Array[] = [];
  for (const layer of network.layers) {
    switch (layer.op) {
      case "dense":
        batch = dense(batch, rows, layer.in, layer.out, weights, layer.weight, layer.bias);
        width = layer.out;
        break;
      case "push":
        stack.push(batch.slice());
        break;
      case "addPushed": {
        const other = stack.pop()!;
        batch = batch.map((value, at) => value + other[at]!);
        break;
      }
      case "reglu": {
        const gated = new Float64Array(rows * layer.out);
        for (let row = 0; row < rows; row++) {
          for (let at = 0; at < layer.out; at++) {
            const left = batch[row * width + at]!;
            gated[row * layer.out + at] = left * Math.max(0, batch[row * width + at + layer.out]!);
          }
        }
        batch = gated;
        width = layer.out;
        break;
      }
      case "affine":
        for (let at = 0; at < batch.length; at++)
          batch[at] =
            batch[at]! * weights[layer.scale + (at % width)]! + weights[layer.shift + (at % width)]!;
        break;
      case "relu":
        batch = batch.map((value) => Math.max(0, value));
        break;
      case "sigmoid":
        batch = batch.map((value) => 1 / (1 + Math.exp(-value)));
        break;
    }
  }
  const place = network.outputs.findIndex(({ target }) => target === primaryTarget);
  const output = network.outputs[place]!;
  return Float64Array.from({ length: rows }, (_, row) => {
    const value = batch[row * width + place]! * output.range + output.min;
    return output.transform === "exp" ? Math.exp(value) - output.eps : value;
  });
}

function transformed({ transform, eps = 0, scale = 1 }: NumericInput, raw: number): number {
  if (transform === "identity") return raw;
  return transform === "log" ? Math.log(raw + eps) : Math.exp(-raw / scale) - eps;
}

function dense(
  batch: Float64Array,
  rows: number,
  from: number,
  to: number,
  weights: Float64Array,
  weight: number,
  bias: number,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(rows * to);
  for (let out = 0; out < to; out++) {
    const start = weight + out * from;
    for (let row = 0; row < rows; row += 4) {
      // A last block that is not whole repeats rows that are done.
      const first = Math.min(row, Math.max(0, rows - 4));
      const [a, b, c, d] = [first * from, (first + 1) * from, (first + 2) * from, (first + 3) * from];
      let [p, q, r, s] = [0, 0, 0, 0];
      for (let at = 0; at < from; at++) {
        const w = weights[start + at]!;
        p += w * batch[a + at]!;
        q += w * batch[b + at]!;
        r += w * batch[c + at]!;
        s += w * batch[d + at]!;
      }
      const base = weights[bias + out]!;
      result[first * to + out] = p + base;
      result[(first + 1) * to + out] = q + base;
      result[(first + 2) * to + out] = r + base;
      result[(first + 3) * to + out] = s + base;
    }
  }
  return result;
}
