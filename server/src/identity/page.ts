import { TokenFieldError } from "./errors.ts";

const defaultPageSize = 100;
const maxPageSize = 1_000;

/**
 * The page that a request for a list means, of rows in the order of their numbers.
 *
 * @param pageSize - 0 for the default of 100; more than 1,000 is 1,000
 * @param pageToken - the number of the last row of the page before; empty for the first page
 * @throws TokenFieldError for a page token that no list has answered
 */
export function pageOf(pageSize = 0, pageToken = ""): { limit: number; after: number | undefined } {
  const limit = Math.min(pageSize || defaultPageSize, maxPageSize);
  if (pageToken === "") return { limit, after: undefined };
  if (/^[1-9]\d{0,14}$/.test(pageToken)) return { limit, after: Number(pageToken) };
  throw new TokenFieldError("page_token", "is not one that this method answered");
}
