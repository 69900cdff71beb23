import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import { drawUniform } from "../random.ts";
import type { Point, Sampler } from "../sampler.ts";
import { createGoodKernels } from "./good-kernels.ts";
import { recencyWeight } from "./kernel.ts";
import { createLayout, encodeChoices, type Layout } from "./kernel-rows.ts";
import { createFollower, type Membership } from "./membership.ts";
import {
  type Candidates,
  createMixture,
  logChoiceMarginals,
  logDensities,
  logMarginals,
  type Mixture,
} from "./mixture.ts";
import { createSource, type Source } from "./proposal.ts";

export interface TpeOptions {
  /** Ranked trials to wait for; uniform points until then. Default 10. */
  readonly startupTrials?: number | undefined;
  /** Points drawn and compared per suggestion. Default 24. */
  readonly candidates?: number | undefined;
  readonly tuning?: Partial<Tuning>;
}
export interface Tuning {
  scales: readonly number[];
  /** [whole, cross marginal, cross joint] cumulative */
  moves: readonly [number, number];
  redraw: number;
  elite: number;
  discreteFloor: number;
  perDim: boolean;
}
const TUNING: Tuning = {
  scales: [1, 0.5, 0.25],
  moves: [0.5, 0.75],
  redraw: 0.5,
  elite: 2,
  discreteFloor: 0,
  perDim: false,
};

export function createTpeSampler(space: Space, several: boolean, options: TpeOptions = {}): Sampler {
  const { startupTrials = 10, candidates = 24 } = options;
  const tuning = { ...TUNING, ...options.tuning };
  const layout = createLayout(space);
  const follow = createFollower(layout);
  return {
    suggest({ history, stream, fixed }) {
      const members = follow(history);
      if (members.ranked < Math.max(1, startupTrials)) {
        const reason = `uniform: ${members.ranked} of the ${startupTrials} trials that the model waits for have ended`;
        return { point: drawUniform(space, stream, fixed), sampler: "tpe", reason };
      }
      const others = mixtureOfOthers(layout, members);
      const scale = tuning.scales[stream.integer(tuning.scales.length)]!;
      const good = mixtureOfGood(layout, history, members, scale, several);
      const source = createSource(space, good, fixed);
      const move = stream.uniform();
      let points: Point[];
      let scores: Float64Array;
      if (move < tuning.moves[0]) {
        points = Array.from({ length: candidates }, () =>
          drawWhole(space, source, good.length, fixed, stream),
        );
        scores = jointScores(layout, good, others, points);
      } else {
        const elite = members.good[Math.floor(stream.uniform() ** tuning.elite * members.good.length)]!;
        const base = history.point(elite);
        const redrawn = space.dimensions.map(() => stream.uniform() < tuning.redraw);
        if (!redrawn.includes(true)) redrawn[stream.integer(redrawn.length)] = true;
        points = Array.from({ length: candidates }, () =>
          drawPart(space, source, base, redrawn, fixed, stream),
        );
        scores =
          move < tuning.moves[1]
            ? marginalScores(layout, good, others, points, redrawn)
            : jointScores(layout, good, others, points);
      }
      const best = scores.reduce((winner, score, at) => (score > scores[winner]! ? at : winner), 0);
      const reason = `best of ${candidates} points drawn near the ${members.good.length} good ones of ${members.ranked} trials`;
      return { point: points[best]!, sampler: "tpe", reason };
    },
  };
}

function drawWhole(
  space: Space,
  source: Source,
  _rows: number,
  fixed: Point | undefined,
  stream: Stream,
): Point {
  const row = source.pick(stream);
  const point = new Float64Array(space.dimensions.length).fill(NaN);
  for (const index of space.order) {
    if (!space.isActive(point, index)) continue;
    const given = fixed?.[index] ?? NaN;
    point[index] = Number.isNaN(given) ? source.draw(row, index, stream) : given;
  }
  return point;
}

function drawPart(
  space: Space,
  source: Source,
  base: Point,
  redrawn: readonly boolean[],
  fixed: Point | undefined,
  stream: Stream,
): Point {
  const point = new Float64Array(space.dimensions.length).fill(NaN);
  for (const index of space.order) {
    if (!space.isActive(point, index)) continue;
    const given = fixed?.[index] ?? NaN;
    const kept = redrawn[index] ? NaN : base[index]!;
    if (!Number.isNaN(given)) point[index] = given;
    else if (!Number.isNaN(kept)) point[index] = kept;
    else point[index] = source.draw(source.pick(stream), index, stream);
  }
  return point;
}

function mixtureOfOthers(layout: Layout, { others }: Membership): Mixture {
  const weights = new Float64Array(others.length);
  let age = 0;
  for (let row = 0; row < others.length; row++) {
    if (others.rows.rowLogs[row] !== -Infinity) weights[row] = recencyWeight(age++, others.count);
  }
  return createMixture(layout, others.rows, others.length, others.count, weights);
}

function mixtureOfGood(
  layout: Layout,
  history: Parameters<typeof createGoodKernels>[1],
  { good }: Membership,
  scale: number,
  several: boolean,
): Mixture {
  const numbers = [...good].sort((a, b) => a - b);
  const weights = Float64Array.from(numbers, (_, age) => (several ? 1 : recencyWeight(age, numbers.length)));
  const rows = createGoodKernels(layout, history, numbers, scale);
  return createMixture(layout, rows, numbers.length, numbers.length, weights);
}

function encode(layout: Layout, points: readonly Point[]): Candidates {
  const width = layout.numeric.length;
  const units = new Float64Array(points.length * width);
  const codes = new Int16Array(points.length * layout.categorical.length);
  points.forEach((point, at) => {
    layout.numeric.forEach(({ index }, column) => (units[at * width + column] = point[index]!));
    encodeChoices(layout, point, codes, at * layout.categorical.length);
  });
  return { count: points.length, units, codes };
}

function jointScores(layout: Layout, good: Mixture, others: Mixture, points: readonly Point[]): Float64Array {
  const candidates = encode(layout, points);
  const below = logDensities(good, candidates);
  const above = logDensities(others, candidates);
  return below.map((log, at) => log - above[at]!);
}

function marginalScores(
  layout: Layout,
  good: Mixture,
  others: Mixture,
  points: readonly Point[],
  redrawn: readonly boolean[],
): Float64Array {
  const scores = new Float64Array(points.length);
  const stride = Math.max(1, Math.ceil(others.length / 1024));
  const add = (below: Float64Array, above: Float64Array): void => {
    for (let i = 0; i < scores.length; i++) {
      const gain = below[i]! - above[i]!;
      if (!Number.isNaN(gain)) scores[i] = scores[i]! + gain;
    }
  };
  layout.numeric.forEach(({ index }, at) => {
    if (!redrawn[index]) return;
    const units = Float64Array.from(points, (point) => point[index]!);
    add(logMarginals(good, at, units, 1), logMarginals(others, at, units, stride));
  });
  layout.categorical.forEach(({ index, cell }, at) => {
    if (!redrawn[index]) return;
    const below = logChoiceMarginals(good, at, 1);
    const above = logChoiceMarginals(others, at, stride);
    const pickAt = (logs: Float64Array) =>
      Float64Array.from(points, (point) => (Number.isNaN(point[index]!) ? NaN : logs[cell(point[index]!)]!));
    add(pickAt(below), pickAt(above));
  });
  return scores;
}
