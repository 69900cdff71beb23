import { type Expected, type Row, row } from "./row.ts";
import { post } from "./target.ts";

const trials = "TrialService/ListTrials";
const list = (name: string, fields: object, expected: Expected) =>
  row(name, trials, { study: "good", ...fields }, expected);
const filter = (name: string, text: string, message: RegExp) =>
  list(name, { filter: text }, { field: "filter", message });
const order = (name: string, text: string, message: RegExp) =>
  list(name, { orderBy: text }, { field: "order_by", message });

const filters: Row[] = [
  filter("a filter of 2,001 characters", " ".repeat(2_001), /at most 2000/),
  filter(
    "a filter nested too deep",
    `${"(".repeat(900)}number = 1${")".repeat(900)}`,
    /nested more than 32 deep/,
  ),
  filter("a filter of 900 negations", `${"NOT ".repeat(480)}number = 1`, /nested more than 32 deep/),
  filter(
    "a filter of 140 comparisons",
    Array(140).fill("number=1").join(" OR "),
    /more than 100 comparisons/,
  ),
  filter("a statement", "number = 1; drop table trial", /at character 13: found "drop"|at character \d+/),
  filter("a quotation mark that injects", "worker = \"a' or '1'='1", /at character/),
  filter("SQL in place of a field", "(select 1) = 1", /at character/),
  filter("an unknown field", "cost < 1", /cost/),
  filter("an unknown parameter", "params.depth < 1", /depth/),
  filter("an unknown state", "state = DONE", /DONE/),
  filter("an unknown operator", "number ~ 1", /at character/),
  filter("an unclosed parenthesis", "(number = 1", /at character/),
  filter("an unclosed quotation", 'worker = "a', /at character/),
  filter("a comparison without a value", "number =", /at character/),
  filter("only an operator", "=", /at character/),
  filter("lower-case and", "number = 1 and number = 2", /AND, OR \(in capitals\)/),
  filter("NUL", 'worker = "\0"', /U\+0000/),
  filter("NUL outside of quotation marks", "number = 1\0", /U\+0000/),
  list(
    "a filter that is an object",
    { filter: { state: "COMPLETED" } },
    { field: "filter", message: /an object is not accepted/ },
  ),
  order("an unknown field to order by", "cost desc", /cost/),
  order("an unknown direction", "number sideways", /sideways/),
  order("commas without fields", ",,", /at character|order_by/),
  order("an order of 501 characters", "n".repeat(501), /at most 500/),
  order("an order that injects", "number; drop table trial", /at character|;/),
];

const pages: Row[] = [
  list("a negative page size", { pageSize: -1 }, { field: "page_size", message: /-1 is not accepted/ }),
  list(
    "a page size beyond 32 bits",
    { pageSize: 2 ** 31 },
    { field: "page_size", message: /2147483648 is not accepted/ },
  ),
  list(
    "a page token that is none",
    { pageToken: "next" },
    { field: "page_token", message: /send next_page_token unchanged/ },
  ),
  list("a page token of zeros", { pageToken: "A".repeat(40) }, { field: "page_token", message: /unchanged/ }),
  list(
    "a page token of 501 characters",
    { pageToken: "A".repeat(501) },
    { field: "page_token", message: /at most 500/ },
  ),
  {
    name: "the page token of another list",
    send: (target) => post(target, trials, JSON.stringify({ study: "two", pageToken: target.pageToken })),
    field: "page_token",
    message: /belongs to a list with another study, filter or order_by/,
  },
  {
    name: "the page token of a list with another filter",
    send: (target) =>
      post(
        target,
        trials,
        JSON.stringify({ study: "good", filter: "number > 0", pageToken: target.pageToken }),
      ),
    field: "page_token",
    message: /belongs to a list with another/,
  },
  {
    name: "a page token cut short",
    send: (target) =>
      post(target, trials, JSON.stringify({ study: "good", pageToken: target.pageToken.slice(0, -2) })),
    field: "page_token",
    message: /unchanged/,
  },
  list(
    "a mask of what does not exist",
    { readMask: "cost" },
    { field: "read_mask", message: /"cost" is no field of a trial: expected some of name, number/ },
  ),
  list(
    "a mask of a part",
    { readMask: "params.lr" },
    { field: "read_mask", message: /"params.lr" is no field/ },
  ),
  list(
    "a mask that is a list",
    { readMask: ["params"] },
    { field: "read_mask", message: /a list is not accepted/ },
  ),
  row(
    "the list of an unknown study",
    trials,
    { study: "nowhere" },
    { code: "not_found", message: /"nowhere"/ },
  ),
  row(
    "a negative page size of best trials",
    "StudyService/ListBestTrials",
    { study: "good", pageSize: -5 },
    { field: "page_size", message: /-5/ },
  ),
];

const studies = "StudyService/ListStudies";
const tokens = "TokenService/";
const others: Row[] = [
  row("a negative page size of studies", studies, { pageSize: -1 }, { field: "page_size", message: /-1/ }),
  row(
    "a page token of studies that is none",
    studies,
    { pageToken: "1 or 1=1" },
    { field: "page_token", message: /not one that ListStudies answered/ },
  ),
  row(
    "a state of studies that does not exist",
    studies,
    { state: "BUSY" },
    { field: "state", message: /"BUSY" .* STUDY_STATE_ACTIVE/ },
  ),
  row(
    "a state's number that does not exist",
    studies,
    { state: -1 },
    { field: "state", message: /-1 is not accepted/ },
  ),
  row("a search with NUL", studies, { search: "%\0" }, { field: "search", message: /U\+0000/ }),
  row(
    "a search of 201 characters",
    studies,
    { search: "%".repeat(201) },
    { field: "search", message: /at most 200/ },
  ),
  row("labels with NUL", studies, { labels: { a: "\0" } }, { field: 'labels["a"]', message: /U\+0000/ }),
  row(
    "studies of another project",
    studies,
    { parent: "projects/other" },
    { code: "not_found", message: /no project "other"/ },
  ),
  row("a token without anything", `${tokens}CreateToken`, {}, { field: "token", message: /is missing/ }),
  row(
    "a token without a name",
    `${tokens}CreateToken`,
    { token: {} },
    { field: "token.display_name", message: /at least 1/ },
  ),
  row(
    "a token with NUL in its name",
    `${tokens}CreateToken`,
    { token: { displayName: "\0" } },
    { field: "token.display_name", message: /U\+0000/ },
  ),
  row(
    "a token of a scope that does not exist",
    `${tokens}CreateToken`,
    { token: { displayName: "a", scopes: ["SCOPE_ROOT"] } },
    { field: "token.scopes[0]", message: /"SCOPE_ROOT" .* SCOPE_MANAGE/ },
  ),
  row(
    "a token of no scope",
    `${tokens}CreateToken`,
    { token: { displayName: "a", scopes: [0] } },
    { field: "token.scopes[0]", message: /must be one of SCOPE_READ, SCOPE_WORK, SCOPE_MANAGE, SCOPE_EDIT/ },
  ),
  row(
    "a token for a second",
    `${tokens}CreateToken`,
    { token: { displayName: "a" }, validity: "1s" },
    { field: "validity", message: /1s is not accepted/ },
  ),
  row(
    "a token for two years",
    `${tokens}CreateToken`,
    { token: { displayName: "a" }, validity: "63072000s" },
    { field: "validity", message: /63072000s is not accepted/ },
  ),
  row(
    "a page token of tokens that is none",
    `${tokens}ListTokens`,
    { pageToken: "-1" },
    { field: "page_token", message: /not one that this method answered/ },
  ),
  row(
    "revoking what is no token",
    `${tokens}RevokeToken`,
    { name: "all" },
    { field: "name", message: /"all" is no token: expected projects/ },
  ),
  row(
    "revoking a token that does not exist",
    `${tokens}RevokeToken`,
    { name: "projects/default/tokens/987654321" },
    { code: "not_found", reason: "TOKEN_NOT_FOUND", message: /no token 987654321/ },
  ),
  row(
    "revoking a token beyond 2^53",
    `${tokens}RevokeToken`,
    { name: `projects/default/tokens/${"9".repeat(30)}` },
    { field: "name", message: /is no token/ },
  ),
];

/** Malformed requests for lists, and about tokens. */
export const listRows: readonly Row[] = [...filters, ...pages, ...others];
