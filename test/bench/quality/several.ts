import { createStream } from "../../../server/src/optimizer/numerics/stream.ts";
import type { Objective } from "../../../server/src/optimizer/history.ts";
import type { Instance, Problem } from "./problem.ts";

/*
 * Several objectives: ZDT (Zitzler, Deb and Thiele, Evolutionary Computation 8(2), 2000) with ten parameters and DTLZ2 (Deb et al.,
 * 2002) with seven and three objectives. Each seed mirrors axes and shuffles parameters.
 */
const { PI, sin, cos, sqrt, exp } = Math;
const mean = (x: readonly number[]): number => x.reduce((sum, v) => sum + v, 0) / x.length;

interface Definition {
  readonly name: string;
  readonly size: number;
  readonly reference: readonly number[];
  /** The largest hypervolume. */
  readonly volume: number;
  values(u: readonly number[]): readonly number[];
}

/** Hypervolume of a front f2(f1) of which only the falling parts count, by fine steps. */
function volumeUnder(
  front: (f1: number) => number,
  [right, top]: readonly [number, number],
  from = 0,
): number {
  const steps = 200_000;
  let lowest = top;
  let volume = 0;
  for (let i = 0; i < steps; i++) {
    const f1 = (right * (i + 0.5)) / steps;
    if (f1 >= from && f1 <= 1) lowest = Math.min(lowest, front(f1));
    volume += (right / steps) * (top - lowest);
  }
  return volume;
}

function zdt(
  name: string,
  top: number,
  g: (rest: readonly number[]) => number,
  first: (x: number) => number,
  shape: (f1: number, g: number) => number,
  from = 0,
): Definition {
  const reference = [1.1, top] as const;
  return {
    name,
    size: 10,
    reference,
    volume: volumeUnder((f1) => shape(f1, 1), reference, from),
    values([x = 0, ...rest]) {
      const f1 = first(x);
      return [f1, shape(f1, g(rest))];
    },
  };
}

const linear = (rest: readonly number[]): number => 1 + 9 * mean(rest);
const sixth = (x: number): number => 1 - exp(-4 * x) * sin(6 * PI * x) ** 6;
const same = (x: number): number => x;

const definitions: readonly Definition[] = [
  zdt("zdt1", 8, linear, same, (f1, g) => g * (1 - sqrt(f1 / g))),
  zdt("zdt2", 8, linear, same, (f1, g) => g * (1 - (f1 / g) ** 2)),
  zdt("zdt3", 8, linear, same, (f1, g) => g * (1 - sqrt(f1 / g) - (f1 / g) * sin(10 * PI * f1))),
  zdt(
    "zdt4",
    150,
    (rest) => 1 + rest.map((u) => 10 * u - 5).reduce((sum, x) => sum + 10 + x * x - 10 * cos(4 * PI * x), 0),
    same,
    (f1, g) => g * (1 - sqrt(f1 / g)),
  ),
  zdt(
    "zdt6",
    11,
    (rest) => 1 + 9 * mean(rest) ** 0.25,
    sixth,
    (f1, g) => g * (1 - (f1 / g) ** 2),
    0.2807753191,
  ),
  {
    name: "dtlz2",
    size: 7,
    reference: [2.5, 2.5, 2.5],
    volume: 2.5 ** 3 - PI / 6,
    values([a = 0, b = 0, ...rest]) {
      const g = rest.reduce((sum, x) => sum + (x - 0.5) ** 2, 0);
      const [p, q] = [(a * PI) / 2, (b * PI) / 2];
      return [(1 + g) * cos(p) * cos(q), (1 + g) * cos(p) * sin(q), (1 + g) * sin(p)];
    },
  },
];

export const SEVERAL: readonly Problem[] = definitions.map(({ name, size, reference, volume, values }) => ({
  name,
  family: "several",
  instance(seed): Instance {
    const stream = createStream(seed, "problem", name);
    const axes = Array.from({ length: size }, (_, i) => ({
      i,
      key: stream.uniform(),
      flip: stream.uniform() < 0.5,
    }));
    const shuffled = axes.toSorted((a, b) => a.key - b.key);
    const objectives = reference.map((_, i): Objective => ({ name: `f${i}`, goal: "minimize" }));
    return {
      parameters: shuffled.map(({ i }) => ({
        name: `x${i}`,
        domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
        condition: undefined,
        default: undefined,
      })),
      objectives,
      optimum: -volume,
      reference,
      evaluate(params) {
        const told = values(
          axes.map(({ i, flip }) => (flip ? 1 - Number(params[`x${i}`]) : Number(params[`x${i}`]))),
        );
        return { values: told, constraint: undefined, truth: told };
      },
    };
  },
}));
