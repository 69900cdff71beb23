export { decodePageToken, encodePageToken, type PagedList } from "./page-token.ts";
export { filterLimits, parseFilter } from "./parse-filter.ts";
export { defaultOrder, parseOrderBy } from "./parse-order.ts";
export { printFilter, printOrder } from "./print.ts";
export type { KnownNames } from "./source.ts";
