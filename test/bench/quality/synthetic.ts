import { createStream, type Stream } from "../../../server/src/optimizer/numerics/stream.ts";
import type { Condition, Domain, Parameter, Params } from "../../../server/src/optimizer/space/parameter.ts";
import { FUNCTIONS } from "../functions.ts";
import { type Evaluation, type Instance, LOSS, type Problem } from "./problem.ts";

/*
 * Problems made of test functions. Each seed moves the optimum, turns the axes and shuffles the parameters, so that neither the
 * middle of the space nor its axes tell anything.
 */

/** A function of coordinates in the unit cube, never below 0, which it reaches. */
type Landscape = (u: readonly number[]) => number;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A shape around its optimum: a value of 0 at `optimum` on every axis, `width` from one side of the cube to the other. */
interface Shape {
  readonly optimum: number;
  readonly width: number;
  gap(x: readonly number[]): number;
}

const gapOf = (name: string) => FUNCTIONS.find((candidate) => candidate.name === name)!;
const shapes = {
  ellipsoid: {
    optimum: 0,
    width: 10,
    gap: (x) => sum(x.map((v, i) => 10 ** ((3 * i) / Math.max(1, x.length - 1)) * v * v)),
  },
  rosenbrock: { optimum: 1, width: 8, gap: (x) => gapOf("Rosenbrock5").gap(x) },
  ackley: { optimum: 0, width: 40, gap: (x) => gapOf("Ackley10").gap(x) },
  rastrigin: { optimum: 0, width: 6, gap: (x) => gapOf("Rastrigin5").gap(x) },
  levy: { optimum: 1, width: 20, gap: (x) => gapOf("Levy5").gap(x) },
  styblinski: { optimum: -2.903534027771177, width: 10, gap: (x) => gapOf("Styblinski5").gap(x) },
} as const satisfies Record<string, Shape>;

/** A random rotation: normal vectors, made orthogonal one after the other. */
function rotation(size: number, stream: Stream): number[][] {
  const rows: number[][] = [];
  while (rows.length < size) {
    let row = Array.from({ length: size }, () => stream.normal());
    for (const other of rows) {
      const overlap = sum(row.map((v, i) => v * other[i]!));
      row = row.map((v, i) => v - overlap * other[i]!);
    }
    const length = Math.sqrt(sum(row.map((v) => v * v)));
    rows.push(row.map((v) => v / length));
  }
  return rows;
}

const times = (matrix: readonly number[][], vector: readonly number[]): number[] =>
  matrix.map((row) => sum(row.map((v, i) => v * vector[i]!)));

const place = (stream: Stream): number => 0.2 + 0.6 * stream.uniform();

/** The shape with its optimum at `centre` and its axes turned. */
function turned(shape: Shape, centre: readonly number[], stream: Stream): Landscape {
  const axes = rotation(centre.length, stream);
  return (u) =>
    shape.gap(
      times(
        axes,
        u.map((v, i) => v - centre[i]!),
      ).map((v) => shape.optimum + shape.width * v),
    );
}

/** A function on its own domain, some of whose axes are mirrored. */
function mirrored(name: string, stream: Stream): Landscape {
  const { domain, gap } = gapOf(name);
  const flips = domain.map(() => stream.uniform() < 0.5);
  return (u) =>
    Math.max(
      0,
      gap(u.map((v, i) => domain[i]![0] + (domain[i]![1] - domain[i]![0]) * (flips[i]! ? 1 - v : v))),
    );
}

function shuffled<T>(values: readonly T[], stream: Stream): T[] {
  const order = [...values];
  for (let i = order.length - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

const real: Domain = { kind: "real", low: 0, high: 1, log: false, step: undefined };
const named = (name: string, domain: Domain, condition?: Condition): Parameter => ({
  name,
  domain,
  condition,
  default: undefined,
});
const namesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `x${i}`);

type Make = (stream: Stream) => {
  readonly parameters: readonly Parameter[];
  /** Gap to the optimum. */
  value(params: Params): number;
  /** By how much the constraint is exceeded. */
  constraint?(params: Params): number;
  /** What told values are off by, at most standard deviations of this. */
  readonly noise?: number;
};

function synthetic(name: string, family: Problem["family"], make: Make): Problem {
  return {
    name,
    family,
    instance(seed): Instance {
      const stream = createStream(seed, "problem", name);
      const { parameters, value, constraint, noise } = make(stream.fork("make"));
      const evaluate = (params: Params, number: number): Evaluation => {
        const truth = value(params);
        const error = noise === undefined ? 0 : noise * stream.fork("noise", number).normal();
        return { values: [truth + error], constraint: constraint?.(params), truth: [truth] };
      };
      const order = shuffled(parameters, stream.fork("order"));
      // A parent comes before its children, as people write it.
      const sorted = [...order.filter((p) => !p.condition), ...order.filter((p) => p.condition)];
      return { parameters: sorted, objectives: LOSS, optimum: 0, reference: undefined, evaluate };
    },
  };
}

const onReals = (size: number, landscapeOf: (stream: Stream) => Landscape, noise?: number): Make => {
  const names = namesOf(size);
  return (stream) => {
    const landscape = landscapeOf(stream);
    return {
      parameters: names.map((name) => named(name, real)),
      value: (params) => landscape(names.map((name) => Number(params[name]))),
      ...(noise === undefined ? {} : { noise }),
    };
  };
};

const around =
  (shape: Shape, size: number) =>
  (stream: Stream): Landscape =>
    turned(
      shape,
      Array.from({ length: size }, () => place(stream)),
      stream,
    );

/** Whole numbers from 0 to `top`; the optimum is one of the points. */
const onIntegers =
  (shape: Shape, size: number, top: number): Make =>
  (stream) => {
    const names = namesOf(size);
    const centre = names.map(() => Math.round(top * place(stream)) / top);
    const landscape = turned(shape, centre, stream);
    const domain: Domain = { kind: "integer", low: 0, high: top, log: false, step: 1 };
    return {
      parameters: names.map((name) => named(name, domain)),
      value: (params) => landscape(names.map((name) => Number(params[name]) / top)),
    };
  };

/** Choices stand for hidden numbers in an order that nobody knows, and act together with the reals. */
const onChoices =
  (shape: Shape, counts: readonly number[], reals: number): Make =>
  (stream) => {
    const hidden = counts.map((count) =>
      shuffled(
        Array.from({ length: count }, (_, i) => (i + 0.5) / count),
        stream,
      ),
    );
    const centre = [
      ...hidden.map((values) => values[stream.integer(values.length)]!),
      ...Array.from({ length: reals }, () => place(stream)),
    ];
    const landscape = turned(shape, centre, stream);
    const names = namesOf(centre.length);
    return {
      parameters: names.map((name, i) =>
        i < counts.length
          ? named(name, {
              kind: "categorical",
              choices: hidden[i]!.map((_, choice) => `c${choice}`),
              ordered: false,
            })
          : named(name, real),
      ),
      value: (params) =>
        landscape(
          names.map((name, i) =>
            i < counts.length ? hidden[i]![Number(String(params[name]).slice(1))]! : Number(params[name]),
          ),
        ),
    };
  };

/** One of several models, each with parameters of its own beside the common ones; only one of them can reach 0. */
const onBranches =
  (branches: readonly (readonly [Shape, number])[], common: number): Make =>
  (stream) => {
    const shared = namesOf(common);
    const labels = shuffled(
      branches.map((_, i) => `model${i}`),
      stream,
    );
    const models = branches.map(([shape, own], i) => {
      const names = [...shared, ...Array.from({ length: own }, (_, k) => `m${i}x${k}`)];
      const landscape = around(shape, names.length)(stream);
      // Relative to what the shape takes half-way to its optimum, so that shapes are comparable.
      const scale = shape.gap(names.map(() => shape.optimum + shape.width / 4));
      return { names, landscape: (u: readonly number[]) => 0.15 * i + landscape(u) / scale };
    });
    return {
      parameters: [
        named("model", { kind: "categorical", choices: [...labels].sort(), ordered: false }),
        ...shared.map((name) => named(name, real)),
        ...models.flatMap(({ names }, i) =>
          names.slice(common).map((name) => named(name, real, { parent: "model", values: [labels[i]!] })),
        ),
      ],
      value(params) {
        const { names, landscape } = models[labels.indexOf(String(params["model"]))]!;
        return landscape(names.map((name) => Number(params[name])));
      },
    };
  };

/** A bowl whose bottom lies outside a half-space: the best allowed point is on its face. */
const bowlBesideWall: Make = (stream) => {
  const names = namesOf(5);
  const centre = names.map(() => 0.35 + 0.3 * stream.uniform());
  const [normal] = rotation(names.length, stream);
  const depth = 0.2;
  const at = (params: Params): number[] => names.map((name, i) => Number(params[name]) - centre[i]!);
  return {
    parameters: names.map((name) => named(name, real)),
    value: (params) => sum(at(params).map((v) => v * v)) - depth * depth,
    constraint: (params) => depth - sum(at(params).map((v, i) => v * normal![i]!)),
  };
};

/** A slope within a ball that fills an eighth of the space. */
const slopeInBall: Make = (stream) => {
  const names = namesOf(4);
  const radius = 0.4;
  const centre = names.map(() => 0.35 + 0.3 * stream.uniform());
  const [normal] = rotation(names.length, stream);
  const at = (params: Params): number[] => names.map((name, i) => Number(params[name]) - centre[i]!);
  return {
    parameters: names.map((name) => named(name, real)),
    value: (params) => sum(at(params).map((v, i) => v * normal![i]!)) + radius,
    constraint: (params) => Math.sqrt(sum(at(params).map((v) => v * v))) - radius,
  };
};

const { ellipsoid, rosenbrock, ackley, rastrigin, levy, styblinski } = shapes;

export const SYNTHETIC: readonly Problem[] = [
  synthetic(
    "branin-2",
    "smooth",
    onReals(2, (stream) => mirrored("Branin", stream)),
  ),
  synthetic("rosenbrock-5", "smooth", onReals(5, around(rosenbrock, 5))),
  synthetic("ellipsoid-8", "smooth", onReals(8, around(ellipsoid, 8))),
  synthetic(
    "hartmann-6",
    "multimodal",
    onReals(6, (stream) => mirrored("Hartmann6", stream)),
  ),
  synthetic("ackley-5", "multimodal", onReals(5, around(ackley, 5))),
  synthetic("levy-6", "multimodal", onReals(6, around(levy, 6))),
  synthetic("rastrigin-3", "multimodal", onReals(3, around(rastrigin, 3))),
  synthetic("styblinski-4", "multimodal", onReals(4, around(styblinski, 4))),
  synthetic("integer-ellipsoid-6", "discrete", onIntegers(ellipsoid, 6, 20)),
  synthetic("integer-ackley-4", "discrete", onIntegers(ackley, 4, 30)),
  synthetic("choices-ackley-5", "categorical", onChoices(ackley, [5, 4], 3)),
  synthetic("choices-ellipsoid-6", "categorical", onChoices(ellipsoid, [6, 4, 3], 3)),
  synthetic(
    "branches-smooth",
    "conditional",
    onBranches(
      [
        [ellipsoid, 3],
        [rosenbrock, 2],
        [ackley, 3],
      ],
      1,
    ),
  ),
  synthetic(
    "branches-rough",
    "conditional",
    onBranches(
      [
        [ackley, 3],
        [levy, 2],
        [styblinski, 2],
      ],
      2,
    ),
  ),
  synthetic(
    "noisy-hartmann-6",
    "noisy",
    onReals(6, (stream) => mirrored("Hartmann6", stream), 0.15),
  ),
  synthetic("noisy-ackley-4", "noisy", onReals(4, around(ackley, 4), 1)),
  synthetic("bowl-beside-wall", "constrained", bowlBesideWall),
  synthetic("slope-in-ball", "constrained", slopeInBall),
];
