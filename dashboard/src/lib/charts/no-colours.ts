/**
 * Stands in for `d3-color` in the browser's bundle: `d3-interpolate` asks it whether a text is a colour, and our scales map numbers to
 * numbers only. Saves 5 kB gzip.
 */
export const color = (): null => null;

/** What a colour that cannot be would be made of. */
function none(): never {
  throw new TypeError("the charts' scales know no colours");
}
export { none as rgb, none as hsl, none as lab, none as hcl, none as cubehelix };
