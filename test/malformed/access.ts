import type { Expected, Row } from "./row.ts";
import { type Target, type Tokens, answerOf, post } from "./target.ts";

const get = "StudyService/GetStudy";
const body = '{"study":"good"}';
const unknown: Expected = { code: "unauthenticated", reason: "TOKEN_INVALID", message: /not known here/ };

function bearer(
  name: string,
  authorization: string | ((tokens: Tokens) => string),
  expected: Expected,
  method = get,
  text = body,
): Row {
  const header = ({ tokens }: Target) =>
    typeof authorization === "string" ? authorization : authorization(tokens);
  return {
    name,
    send: (target) => post(target, method, text, { authorization: header(target) }),
    ...expected,
  };
}

/** Without an Authorization header, to a path that may hold a token. */
function path(
  name: string,
  of: (tokens: Tokens) => string,
  expected: Expected,
  authorization?: (tokens: Tokens) => string,
): Row {
  const send = async ({ origin, tokens }: Target) =>
    answerOf(
      await fetch(origin + of(tokens), {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(authorization === undefined ? {} : { authorization: authorization(tokens) }),
        },
        body,
      }),
    );
  return { name, send, ...expected };
}

const rpc = `/asktell.v1.${get}`;
const invented = `at_${"A".repeat(49)}`;
const twice: Expected = { status: 400, message: /two different tokens/ };
const scope = (message: RegExp): Expected => ({ code: "permission_denied", reason: "TOKEN_SCOPE", message });

/** Requests of callers who may not. */
export const accessRows: readonly Row[] = [
  path("no token", () => rpc, {
    code: "unauthenticated",
    reason: "TOKEN_INVALID",
    message: /needs a token: send `Authorization: Bearer/,
  }),
  bearer("another scheme", "Basic YTpi", {
    code: "unauthenticated",
    reason: "TOKEN_INVALID",
    message: /needs a token/,
  }),
  bearer("an empty token", "Bearer ", { status: 400, message: /token in the header is empty/ }),
  bearer("a token of spaces", "Bearer a b", { status: 400, message: /text in the header is not a token/ }),
  bearer("a token of 5,000 characters", `Bearer ${"a".repeat(5_000)}`, {
    status: 400,
    message: /not a token/,
  }),
  bearer("garbage", "Bearer garbage", unknown),
  bearer("an invented token", `Bearer ${invented}`, unknown),
  bearer("a token with its case changed", ({ manage }) => `Bearer ${manage.toUpperCase()}`, unknown),
  bearer("a token cut short", ({ manage }) => `Bearer ${manage.slice(0, -1)}`, unknown),
  bearer(
    "a token with one character changed",
    ({ manage }) => `Bearer ${manage.slice(0, -1)}${manage.endsWith("a") ? "b" : "a"}`,
    unknown,
  ),
  bearer("a token that has expired", ({ expired }) => `Bearer ${expired}`, {
    code: "unauthenticated",
    reason: "TOKEN_EXPIRED",
    message: /has expired/,
  }),
  bearer("a token that was revoked", ({ revoked }) => `Bearer ${revoked}`, {
    code: "unauthenticated",
    reason: "TOKEN_REVOKED",
    message: /was revoked/,
  }),
  path("an invented token in the path", () => `/t/${invented}${rpc}`, unknown),
  path("garbage in the path", () => `/t/%00%ff${rpc}`, {
    status: 400,
    message: /text in the path is not a token/,
  }),
  path("no token where the path has one", () => `/t/${rpc}`, {
    status: 400,
    message: /token in the path is empty. Is the variable that holds it set/,
  }),
  path("no token in a path of Hopaas", () => "/api/ask/", {
    status: 400,
    message: /token in the path is empty/,
  }),
  path("an empty token in the query", () => `${rpc}?token=`, {
    status: 400,
    message: /token in the query is empty/,
  }),
  path("an invented token in the query", () => `${rpc}?token=${invented}`, unknown),
  path("different tokens in path and query", ({ manage, read }) => `/t/${manage}${rpc}?token=${read}`, twice),
  path("different tokens in the query", ({ manage, read }) => `${rpc}?token=${manage}&token=${read}`, twice),
  path(
    "different tokens in header and path",
    ({ manage }) => `/t/${manage}${rpc}`,
    twice,
    ({ read }) => `Bearer ${read}`,
  ),
  bearer(
    "creating a study with a token for reading",
    ({ read }) => `Bearer ${read}`,
    scope(/CreateStudy needs a token of scope edit; this one \(read\) has read/),
    "StudyService/CreateStudy",
    "{}",
  ),
  bearer(
    "creating a study with a token for working",
    ({ work }) => `Bearer ${work}`,
    scope(/needs a token of scope edit; this one \(work\) has work/),
    "StudyService/CreateStudy",
    "{}",
  ),
  bearer(
    "asking with a token for reading",
    ({ read }) => `Bearer ${read}`,
    scope(/AskTrials needs a token of scope work/),
    "TrialService/AskTrials",
  ),
  bearer(
    "telling with a token for reading, and nonsense",
    ({ read }) => `Bearer ${read}`,
    scope(/TellTrial/),
    "TrialService/TellTrial",
    "{",
  ),
  bearer(
    "making a token with a token for working",
    ({ work }) => `Bearer ${work}`,
    scope(/CreateToken/),
    "TokenService/CreateToken",
    "{}",
  ),
  bearer(
    "listing tokens with a token for reading",
    ({ read }) => `Bearer ${read}`,
    scope(/ListTokens/),
    "TokenService/ListTokens",
    "{}",
  ),
];
