/**
 * Stands in for `d3-format` in the browser's bundle: `d3-scale` needs it for `tickFormat`, which no chart calls, since every number is
 * written by `format.ts`. Saves 3 kB gzip.
 */
function none(): never {
  throw new TypeError("numbers on axes are written by format.ts");
}
export {
  none as format,
  none as formatPrefix,
  none as formatSpecifier,
  none as precisionFixed,
  none as precisionPrefix,
  none as precisionRound,
};
