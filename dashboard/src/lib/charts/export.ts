/** What saving a chart's picture or numbers takes, as one file to load. */
export { toCsv } from "./csv.ts";
export { savePng, saveSvg, saveText, toSvg } from "./export-chart.ts";
