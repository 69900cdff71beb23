/**
 * Many polylines as one picture of how many pass through each pixel: ten thousand strokes are rasterised by the browser in
 * seconds and merge into a blot; counting takes tens of milliseconds and stays readable.
 */
export interface Density {
  readonly width: number;
  readonly height: number;
  /** Lines through each pixel, row by row. */
  readonly counts: Uint16Array;
}

/** An empty picture. */
export function createDensity(width: number, height: number): Density {
  return { width, height, counts: new Uint16Array(width * height) };
}

/**
 * Adds a segment between two places on the right and left edge of a strip: one count for each pixel column, at the line's
 * height there, and for steep lines for each pixel between two columns' heights.
 */
export function addSegment(density: Density, x0: number, y0: number, x1: number, y1: number): void {
  const { width, height, counts } = density;
  const from = Math.max(0, Math.round(x0));
  const to = Math.min(width, Math.round(x1));
  if (to <= from) return;
  const slope = (y1 - y0) / (x1 - x0);
  let last = Math.round(y0 + (from - x0) * slope);
  for (let x = from; x < to; x++) {
    const next = Math.round(y0 + (x + 1 - x0) * slope);
    const low = Math.max(0, Math.min(last, next));
    const high = Math.min(height - 1, last === next ? last : Math.max(last, next) - 1);
    for (let y = low; y <= high; y++) {
      const at = y * width + x;
      if (counts[at]! < 65_535) counts[at]! += 1;
    }
    last = next;
  }
}

/**
 * Paints the counts in one colour: the opacity follows the root of the count, so that single lines stay visible beside crowds.
 * @param pixels RGBA, four bytes a pixel, painted over what is there
 */
export function paintDensity(
  density: Density,
  pixels: Uint8ClampedArray,
  [red, green, blue]: readonly [number, number, number],
  strength = 1,
): void {
  const { counts } = density;
  const scale = 1 / Math.sqrt(crowd(counts));
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (count === 0) continue;
    const alpha = strength * Math.min(1, 0.12 + 0.88 * Math.sqrt(count) * scale);
    const at = i * 4;
    const under = pixels[at + 3]! / 255;
    const out = alpha + under * (1 - alpha);
    pixels[at] = (red * alpha + pixels[at]! * under * (1 - alpha)) / out;
    pixels[at + 1] = (green * alpha + pixels[at + 1]! * under * (1 - alpha)) / out;
    pixels[at + 2] = (blue * alpha + pixels[at + 2]! * under * (1 - alpha)) / out;
    pixels[at + 3] = out * 255;
  }
}

/** The count that 99% of the pixels with any stay below: where lines meet in one point must not make all others faint. */
function crowd(counts: Uint16Array): number {
  const tally = new Uint32Array(65_536);
  let some = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]! === 0) continue;
    tally[counts[i]!]! += 1;
    some += 1;
  }
  let left = Math.floor(some * 0.01);
  for (let count = 65_535; count > 1; count--) {
    left -= tally[count]!;
    if (left < 0) return count;
  }
  return 1;
}
