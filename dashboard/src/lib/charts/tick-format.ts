import { formatValue } from "../format.ts";

/** Significant digits that labels have at least, and at most. */
const [FEWEST, MOST] = [3, 8];

/**
 * Labels for the ticks of an axis, with as many digits as tell each from its neighbours: results that differ in the fifth digit alone
 * are not all called 1.
 */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  const sorted = ticks.toSorted((a, b) => a - b);
  const gaps = sorted.flatMap((tick, index) => (index === 0 ? [] : [tick - sorted[index - 1]!]));
  const step = Math.min(...gaps.filter((gap) => gap > 0));
  let digits = FEWEST;
  // A label may be off its tick by a hundredth of the way to the next one.
  const isExact = (tick: number): boolean => Math.abs(Number(tick.toPrecision(digits)) - tick) <= step / 100;
  while (digits < MOST && !ticks.every(isExact)) digits += 1;
  return (value) => formatValue(value, digits);
}
