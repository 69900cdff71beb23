/**
 * Stands in for `d3-interpolate` (and `d3-color`, which it brings along) in the browser's bundle: our scales map numbers to numbers, where
 * the whole package also blends colours, texts, dates and lists. Saves 8 kB gzip.
 */
type Interpolator = (share: number) => number;

/** The number at a share of the way from one to the other. */
export function interpolateNumber(from: number, to: number): Interpolator {
  return (share) => from * (1 - share) + to * share;
}

/** The same, whole. */
export function interpolateRound(from: number, to: number): Interpolator {
  return (share) => Math.round(from * (1 - share) + to * share);
}

export { interpolateNumber as interpolate };

/** What scales of colours would need. */
function none(): never {
  throw new TypeError("the charts' scales map numbers to numbers");
}
export { none as piecewise, none as rgb };
