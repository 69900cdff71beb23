import type { Trials } from "../history.ts";
import { createStaircase, hypervolume } from "./hypervolume.ts";
import { paretoFront } from "./pareto.ts";

export interface HypervolumeHistory {
  /** Trial after whose end the volume stands, in the order of ending; thinned. */
  readonly numbers: Int32Array;
  /** How many trials, whatever their outcome, had ended by then. */
  readonly positions: Int32Array;
  readonly volumes: Float64Array;
  /** As told, not turned. Worse than every trial by a tenth of the range unless it was given. */
  readonly reference: Float64Array;
  /** Whether the volumes are exact; else they are estimated from 10,000 points, to about 1 %. */
  readonly isExact: boolean;
}

export interface HypervolumeOptions {
  /** Reference point in the objectives' own directions. Default: from all completed trials. */
  readonly reference?: readonly number[];
  /** Most entries. Default 500. */
  readonly limit?: number;
}

/** Exact volumes of four, five and more objectives are found while fronts are no larger than this: some milliseconds each. */
const EXACT_FRONTS = [40, 25, 16, 12, 10];
const SAMPLES = 10_000;
/** Fronts of three objectives are swept this often at most. */
const SWEEPS = 100;

/** The volume that completed, feasible trials dominate, after each of them. Undefined with a single objective or without trials. */
export function hypervolumeHistory(
  history: Trials,
  { reference: given, limit = 500 }: HypervolumeOptions = {},
): HypervolumeHistory | undefined {
  const width = history.objectives.length;
  const signs = history.objectives.map(({ goal }) => (goal === "maximize" ? -1 : 1));
  const numbers: number[] = [];
  const positions: number[] = [];
  history.ended.forEach((number, at) => {
    if (history.outcome(number) !== "completed" || history.violation(number) > 0) return;
    if (!history.values(number).every(Number.isFinite)) return;
    numbers.push(number);
    positions.push(at + 1);
  });
  if (width < 2 || numbers.length === 0) return undefined;
  const losses = Float64Array.from(
    numbers.flatMap((number) => signs.map((sign, j) => sign * history.values(number)[j]!)),
  );
  const reference = given?.map((value, j) => signs[j]! * value) ?? beyondWorst(losses, width);
  const every = (most: number): number[] => {
    const count = Math.min(most, numbers.length);
    return Array.from({ length: count }, (_, at) => Math.floor(((at + 1) * numbers.length) / count) - 1);
  };
  const answer = (
    places: readonly number[],
    volumes: ArrayLike<number>,
    isExact: boolean,
  ): HypervolumeHistory => ({
    numbers: Int32Array.from(places, (place) => numbers[place]!),
    positions: Int32Array.from(places, (place) => positions[place]!),
    volumes: Float64Array.from(volumes),
    reference: Float64Array.from(reference, (loss, j) => signs[j]! * loss),
    isExact,
  });
  if (width === 2) {
    const stairs = createStaircase(reference[0]!, reference[1]!);
    const places = every(limit);
    const volumes: number[] = [];
    for (let place = 0; place < numbers.length; place++) {
      stairs.add(losses[2 * place]!, losses[2 * place + 1]!);
      if (place === places[volumes.length]) volumes.push(stairs.area);
    }
    return answer(places, volumes, true);
  }
  const goals = signs.map(() => 1 as const);
  const largest = width === 3 ? Infinity : (EXACT_FRONTS[width - 4] ?? 0);
  if (largest === Infinity || paretoFront(losses, goals).length <= largest) {
    const places = every(Math.min(limit, SWEEPS));
    const volumes = places.map((place) => hypervolume(losses.subarray(0, (place + 1) * width), reference));
    return answer(places, volumes, true);
  }
  const places = every(limit);
  return answer(places, sampledVolumes(losses, width, reference, places), false);
}

function beyondWorst(losses: Float64Array, width: number): number[] {
  return Array.from({ length: width }, (_, j) => {
    let [low, high] = [Infinity, -Infinity];
    for (let at = j; at < losses.length; at += width) {
      low = Math.min(low, losses[at]!);
      high = Math.max(high, losses[at]!);
    }
    return high + 0.1 * (high - low || Math.abs(high) || 1);
  });
}

/** Share of points between the ideal and the reference that are dominated, each point leaving once it is. */
function sampledVolumes(
  losses: Float64Array,
  width: number,
  reference: readonly number[],
  places: readonly number[],
): number[] {
  const ideal = Array.from({ length: width }, (_, j) => {
    let low = reference[j]!;
    for (let at = j; at < losses.length; at += width) low = Math.min(low, losses[at]!);
    return low;
  });
  const box = ideal.reduce((product, low, j) => product * (reference[j]! - low), 1);
  // Evenly spread: multiples of powers of the generalised golden ratio, the root of g^(width + 1) = g + 1 (Roberts, 2018).
  let golden = 1.5;
  for (let round = 0; round < 60; round++) golden = (1 + golden) ** (1 / (width + 1));
  const samples = new Float64Array(SAMPLES * width);
  for (let at = 0; at < samples.length; at++) {
    const j = at % width;
    const unit = (0.5 + Math.floor(at / width + 1) * golden ** -(j + 1)) % 1;
    samples[at] = ideal[j]! + (reference[j]! - ideal[j]!) * unit;
  }
  let left = SAMPLES;
  const volumes: number[] = [];
  for (let place = 0; place < losses.length / width; place++) {
    const start = place * width;
    for (let sample = 0; sample < left;) {
      let j = 0;
      while (j < width && losses[start + j]! <= samples[sample * width + j]!) j++;
      if (j < width) sample++;
      else samples.copyWithin(sample * width, --left * width, (left + 1) * width);
    }
    if (place === places[volumes.length]) volumes.push(box * (1 - left / SAMPLES));
  }
  return volumes;
}
