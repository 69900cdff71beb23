/** The red, green and blue of `rgb(…)` or `rgba(…)`, which is how computed colours are written. */
export function parseRgb(colour: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
