/** Test functions with known optima; `gap` is the value minus the optimum. */
export interface TestFunction {
  readonly name: string;
  /** Low and high of each coordinate. */
  readonly domain: readonly (readonly [number, number])[];
  gap(x: readonly number[]): number;
}

const cube = (width: number, low: number, high: number): (readonly [number, number])[] =>
  Array.from({ length: width }, () => [low, high]);
const sum = (x: readonly number[], term: (value: number, index: number) => number): number =>
  x.reduce((total, value, index) => total + term(value, index), 0);
const { PI, cos, sin, exp, sqrt } = Math;

/** Hartmann's six-dimensional function: weights, widths and centres (in 1e-4). */
const ALPHA = [1, 1.2, 3, 3.2];
const A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const P = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];

export const FUNCTIONS: readonly TestFunction[] = [
  {
    name: "Branin",
    domain: [
      [-5, 10],
      [0, 15],
    ],
    gap([x = 0, y = 0]) {
      const valley = y - (5.1 / (4 * PI * PI)) * x * x + (5 / PI) * x - 6;
      return valley * valley + 10 * (1 - 1 / (8 * PI)) * cos(x) + 10 - 0.39788735772973816;
    },
  },
  {
    name: "Hartmann6",
    domain: cube(6, 0, 1),
    gap(x) {
      const bump = (row: number): number =>
        exp(-sum(x, (v, i) => A[row]![i]! * (v - 1e-4 * P[row]![i]!) ** 2));
      return 3.322368011415514 - sum(ALPHA, (alpha, row) => alpha * bump(row));
    },
  },
  {
    name: "Rosenbrock5",
    domain: cube(5, -5, 10),
    gap: (x) => sum(x.slice(1), (next, i) => 100 * (next - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2),
  },
  {
    name: "Ackley10",
    domain: cube(10, -32.768, 32.768),
    gap(x) {
      const radius = sqrt(sum(x, (v) => v * v) / x.length);
      const ripple = sum(x, (v) => cos(2 * PI * v)) / x.length;
      return 20 + Math.E - 20 * exp(-0.2 * radius) - exp(ripple);
    },
  },
  {
    name: "Rastrigin5",
    domain: cube(5, -5.12, 5.12),
    gap: (x) => sum(x, (v) => 10 + v * v - 10 * cos(2 * PI * v)),
  },
  {
    name: "Levy5",
    domain: cube(5, -10, 10),
    gap(x) {
      const w = x.map((v) => 1 + (v - 1) / 4);
      const last = w.at(-1)!;
      const middle = sum(w.slice(0, -1), (v) => (v - 1) ** 2 * (1 + 10 * sin(PI * v + 1) ** 2));
      return sin(PI * w[0]!) ** 2 + middle + (last - 1) ** 2 * (1 + sin(2 * PI * last) ** 2);
    },
  },
  {
    name: "Styblinski5",
    domain: cube(5, -5, 5),
    gap: (x) => sum(x, (v) => 0.5 * (v ** 4 - 16 * v * v + 5 * v) + 39.16616570377142),
  },
];
