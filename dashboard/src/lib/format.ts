/** Every number, date and duration that a person reads is written here. Intl objects are made once: making one is slow. */

/**
 * The pages are in English, and so are their numbers and times: 10.000 trials beside a loss of 0.101, or "vor 3 Min.", would be misread.
 * Whoever reads English in some country has its order of days and months.
 */
export function englishOf(languages: readonly string[]): string {
  return languages.find((language) => /^en\b/.test(language)) ?? "en-GB";
}

const LOCALE = englishOf(navigator.languages);

const integer = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 0 });
const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const dayClock = new Intl.DateTimeFormat(LOCALE, { weekday: "short", hour: "2-digit", minute: "2-digit" });
const shortDay = new Intl.DateTimeFormat(LOCALE, { month: "short", day: "numeric" });
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto", style: "short" });

/** Whole numbers: 12,345. */
export function formatInteger(value: number): string {
  return integer.format(value);
}

/** Large counts in little room: 12.3K. */
export function formatCompact(value: number): string {
  return Math.abs(value) < 10_000 ? integer.format(value) : compact.format(value);
}

/** A share of 1: 37%. */
export function formatPercent(share: number): string {
  return percent.format(share);
}

/** A share that is hardly ever whole: 37%, over 99%. */
export function formatNearly(share: number): string {
  return share >= 0.995 && share < 1 ? "over 99%" : percent.format(share);
}

/**
 * A measured value with at most `digits` significant digits; outside 1e-4 … 1e6 as 1.23e-7. NaN and infinities are said.
 */
export function formatValue(value: number | undefined, digits = 5): string {
  if (value === undefined) return "–";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return minus(String(value));
  if (size < 1e-4 || size >= 1e6) return minus(trimExponent(value.toExponential(Math.max(0, digits - 1))));
  return minus(String(Number(value.toPrecision(digits))));
}

/** An expectation as "0.31 ± 0.02", and how far from it came what came: "0.31 ± 0.02; 1.5 deviations lower came". */
export function formatExpected(expected: number, deviation: number, observed: number | undefined): string {
  const text = `${formatValue(expected, 4)} ± ${formatValue(deviation, 2)}`;
  const distance = observed === undefined ? NaN : (observed - expected) / deviation;
  if (!Number.isFinite(distance)) return text;
  const size = Math.abs(distance);
  return `${text}; ${size.toFixed(1)} deviations ${distance < 0 ? "lower" : "higher"} came`;
}

function trimExponent(text: string): string {
  return text.replace(/\.?0*e/, "e").replace("e+", "e");
}

/** The true minus sign has the width of a digit. */
function minus(text: string): string {
  return text.replace(/^-/, "−");
}

/** A parameter's value: numbers as measured values, text as it is. */
export function formatParameter(value: unknown): string {
  if (typeof value === "number") return formatValue(value, 4);
  if (value === null) return "null";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Units of time in seconds, and how many of one make the next. */
const agoUnits = [
  ["second", 1, 60],
  ["minute", 60, 60],
  ["hour", 3_600, 24],
  ["day", 86_400, 30],
] as const;

/** How long ago, or how far ahead, in the largest unit that fits: "3 min. ago". */
export function formatAgo(time: number, now: number): string {
  const seconds = (time - now) / 1000;
  if (Math.abs(seconds) < 5) return "just now";
  // Rounded before the unit is chosen, so that 59.7 min is 1 hr and not 60 min.
  for (const [unit, size, most] of agoUnits) {
    const count = Math.round(seconds / size);
    if (Math.abs(count) < most) return relative.format(count, unit);
  }
  return day.format(time);
}

/** The exact time in the reader's zone. */
export function formatTime(time: number): string {
  return exact.format(time);
}

/** The day in the reader's zone: 22 Dec 2026. */
export function formatDay(time: number): string {
  return day.format(time);
}

/** A time on an axis: seconds, minutes or days, as the length of the axis asks for. */
export function timeFormat([from, to]: readonly [number, number]): (time: number) => string {
  const format =
    to - from < 300_000
      ? clockSeconds
      : to - from < 129_600_000
        ? clock
        : to - from < 432_000_000
          ? dayClock
          : shortDay;
  return (time) => format.format(time);
}

/** A length of time in its two largest units: 1 h 12 min, 340 ms. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return "–";
  if (milliseconds < 0) return `−${formatDuration(-milliseconds)}`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const units: readonly (readonly [string, number])[] = [
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  const [name, size] = units[first] ?? ["s", 1];
  const next = units[first + 1];
  // Round in the smaller unit first, so that 59.6 min is 1 h and not 60 min.
  const step = next === undefined ? size : next[1];
  const rounded = Math.round(seconds / step) * step;
  if (rounded >= (units[first - 1]?.[1] ?? Infinity)) return formatDuration(rounded * 1000);
  const whole = Math.floor(rounded / size);
  const rest = next === undefined ? 0 : Math.round((rounded - whole * size) / next[1]);
  return rest === 0 || next === undefined ? `${whole} ${name}` : `${whole} ${name} ${rest} ${next[0]}`;
}

/** "1 trial", "2 trials". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatInteger(count)} ${count === 1 ? one : many}`;
}
