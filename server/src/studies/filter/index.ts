export { decodePageToken, encodePageToken, type PagedList } from "./page-token.ts";
export { parseFilter } from "./parse-filter.ts";
export { parseOrderBy } from "./parse-order.ts";
export type { KnownNames } from "./source.ts";
