import {
  scaleLinear,
  scaleLog,
  scaleSymlog,
  type ScaleLinear,
  type ScaleLogarithmic,
  type ScaleSymLog,
} from "d3-scale";

/** How a number becomes a distance along an axis. */
export type ScaleKind = "linear" | "log" | "symlog";

/** The scales that our charts use. */
export type ChartScale =
  ScaleLinear<number, number> | ScaleLogarithmic<number, number> | ScaleSymLog<number, number>;

/** The context type of our charts: both axes carry one of our scales. */
export interface ChartScales {
  x: ChartScale;
  y: ChartScale;
}

/** An empty scale of a kind, for LayerCake to give a domain and a range. */
export function createScale(kind: ScaleKind): ChartScale {
  return kind === "log" ? scaleLog() : kind === "symlog" ? scaleSymlog() : scaleLinear();
}

/** The smallest and largest finite value; [0, 1] if there is none. On a log scale only values above 0 count. */
export function extent(values: ArrayLike<number>, kind: ScaleKind = "linear"): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value) || (kind === "log" && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : kind === "log" ? [1, 10] : [0, 1];
}

/** The largest end of an even axis. */
const LARGEST = Number.MAX_VALUE / 2;

/** Widens a domain by a share of its length on both sides, in the scale's own distance; a single value gets room around it. */
export function pad([low, high]: readonly [number, number], kind: ScaleKind, share = 0.04): [number, number] {
  if (kind === "log") {
    // Of roots: the quotient of the largest and the smallest number is none.
    const factor = low === high ? 2 : high ** share / low ** share;
    return [Math.max(Number.MIN_VALUE, low / factor), Math.min(Number.MAX_VALUE, high * factor)];
  }
  // The distance between the ends must be a number, too. What lies outside is drawn at the edge.
  const bounded = (end: number): number => Math.max(-LARGEST, Math.min(LARGEST, end));
  const room = low === high ? (low === 0 ? 1 : Math.abs(low) * 0.1) : high * share - low * share;
  return [bounded(low - room), bounded(high + room)];
}

/**
 * A domain that a few wild values do not squeeze: where the worst 3% of the values would take up more than three quarters of
 * the length, they are cut off. What lies outside is drawn at the edge.
 * @param sign 1 when small values are good: wild values are cut off on the bad side only
 */
export function robustExtent(values: ArrayLike<number>, sign: 1 | -1): [number, number] {
  const [low, high] = extent(values);
  if (values.length < 20) return [low, high];
  // Of many values an even sample says it: sorting 100,000 of them at each new trial is what would take longest.
  const every = Math.ceil(values.length / 5_000);
  const sorted = new Float64Array(Math.ceil(values.length / every));
  let finite = 0;
  for (let i = 0; i < values.length; i += every)
    if (Number.isFinite(values[i]!)) sorted[finite++] = values[i]!;
  sorted.subarray(0, finite).sort();
  const at = (share: number): number =>
    finite === 0 ? low : sorted[Math.min(finite - 1, Math.floor(share * finite))]!;
  if (sign === 1) {
    const most = at(0.97);
    return high - most > 3 * (most - low) && most > low ? [low, most + 0.15 * (most - low)] : [low, high];
  }
  const least = at(0.03);
  return least - low > 3 * (high - least) && least < high
    ? [least - 0.15 * (high - least), high]
    : [low, high];
}

/** A scale as plain arithmetic: inner loops over 100,000 points must not go through d3. */
export function createProjector(scale: ChartScale): (value: number) => number {
  const [d0 = 0, d1 = 1] = scale.domain();
  const [r0 = 0, r1 = 1] = scale.range();
  const warp =
    "base" in scale
      ? Math.log
      : "constant" in scale
        ? (v: number) => Math.sign(v) * Math.log1p(Math.abs(v / scale.constant()))
        : undefined;
  if (warp === undefined) {
    const slope = (r1 - r0) / (d1 - d0 || 1);
    const offset = r0 - d0 * slope;
    return (value) => value * slope + offset;
  }
  const [t0, t1] = [warp(d0), warp(d1)];
  const slope = (r1 - r0) / (t1 - t0 || 1);
  return (value) => (warp(value) - t0) * slope + r0;
}

/** Where to write numbers along an axis: about `count` of them, fewer on a log scale of many decades. */
export function ticksOf(scale: ChartScale, count: number): number[] {
  const [low = 1, high = 10] = scale.domain();
  const evenly = (even: { ticks(count: number): number[] }): number[] => {
    const span = high - low;
    // Between these d3 reckons with numbers that there are not.
    const canStep = span === 0 || (span > 1e-300 && span < Infinity);
    // Between numbers that differ in their last bits alone there are not so many: some come twice.
    return [...new Set(canStep ? even.ticks(count) : [low, high])];
  };
  if (!("base" in scale)) return evenly(scale);
  const decades = Math.log10(high) - Math.log10(low);
  if (!Number.isFinite(decades)) return [];
  if (decades < 0.7) return evenly(scaleLinear().domain([low, high]));
  const mantissas = decades * 3 <= count ? [1, 2, 5] : decades * 2 <= count ? [1, 3] : [1];
  const every = mantissas.length === 1 ? Math.max(1, Math.ceil(decades / Math.max(1, count))) : 1;
  const found: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++) {
    if (exponent % every !== 0) continue;
    for (const mantissa of mantissas) {
      const value = Number(`${mantissa}e${exponent}`);
      if (value >= low && value <= high) found.push(value);
    }
  }
  return found;
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800, 1_209_600, 2_592_000,
]; // seconds

/** Round times in the reader's zone along an axis of milliseconds since 1970, about `count` of them. */
export function timeTicks([from, to]: readonly [number, number], count: number): number[] {
  const wanted = (to - from) / 1000 / Math.max(1, count);
  const step =
    (steps.find((seconds) => seconds >= wanted) ?? 2_592_000 * Math.ceil(wanted / 2_592_000)) * 1000;
  // Rounded on the reader's clocks, which an axis of weeks may see put forward or back: a day begins at midnight on both sides.
  const onClocks = (time: number): number => time - new Date(time).getTimezoneOffset() * 60_000;
  const found = new Set<number>();
  for (let clock = Math.ceil(onClocks(from) / step) * step; clock <= onClocks(to); clock += step) {
    const at = new Date(clock);
    const day = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()] as const;
    const time = +new Date(...day, at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds());
    if (time >= from && time <= to) found.add(time);
  }
  return [...found];
}

/** A stretch of an axis, from its low end to its high end. */
export type Range = readonly [number, number];

/** Whether a value lies in a range; without one, always. */
export function within(value: number, range: Range | undefined): boolean {
  return range === undefined || (value >= range[0] && value <= range[1]);
}

/** The half of a range at one end, in the scale's own distance. */
export function halfOf([low, high]: Range, kind: ScaleKind, end: "low" | "high"): Range {
  const middle = createScale(kind).domain([low, high]).range([0, 1]).invert(0.5);
  return end === "low" ? [low, middle] : [middle, high];
}

/** The kind of scale that values allow: log needs every value above 0, else the wish becomes symlog. */
export function allowedKind(wish: ScaleKind, [low]: readonly [number, number]): ScaleKind {
  return wish === "log" && low <= 0 ? "symlog" : wish;
}

/** Where the middle of a tick's text goes so that it ends before `end`, in pixels: a digit takes about six. */
export function middleBefore(end: number, middle: number, text: string): number {
  return Math.min(middle, end - 3.2 * text.length);
}

/** What of an axis's label fits into so many pixels: a letter takes about seven. The chart's table has the whole. */
export function shortLabel(label: string, width: number): string {
  const room = Math.max(3, Math.floor(width / 7));
  return label.length > room ? `${label.slice(0, room - 1)}…` : label;
}
