import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Expected, Row } from "./row.ts";
import { type Target, post } from "./target.ts";

const get = "StudyService/GetStudy";
const create = "StudyService/CreateStudy";

const nested = (depth: number, open: string, close: string, inside = "1") =>
  open.repeat(depth) + inside + close.repeat(depth);

/** A body as it is, for GetStudy unless told otherwise. */
function json(
  name: string,
  body: string | Uint8Array<ArrayBuffer>,
  message: RegExp,
  other: Partial<Expected> & { method?: string } = {},
): Row {
  const { method = get, ...expected } = other;
  return { name, send: (target) => post(target, method, body), message, ...expected };
}

const texts: Row[] = [
  json("nothing", "", /no asktell.v1.GetStudyRequest in JSON: Unexpected end/),
  json("a brace", "{", /in JSON: Expected property name/),
  json("a message cut short", '{"study":"go', /in JSON: Unterminated string/),
  json("two messages", '{"study":"good"}{"study":"good"}', /in JSON: Unexpected non-whitespace/),
  json("null", "null", /null is not accepted: expected an object/),
  json("a list", "[]", /an empty list is not accepted: expected an object/),
  json("a number", "7", /7 is not accepted: expected an object/),
  json("text", '"study"', /"study" is not accepted: expected an object/),
  json("NaN as a literal", '{"trial":"good/trials/0","values":[NaN]}', /in JSON: Unexpected token 'N'/, {
    method: "TrialService/TellTrial",
  }),
  json("Infinity as a literal", '{"values":[-Infinity]}', /in JSON: /, { method: "TrialService/TellTrial" }),
  json("single quotes", "{'study':'good'}", /in JSON: Expected property name/),
  json("a comma too many", '{"study":"good",}', /in JSON: Expected double-quoted property name/),
  json("a comment", '{"study":"good"} // mine', /in JSON: Unexpected non-whitespace/),
  json("hexadecimal", '{"pageSize":0x10}', /in JSON: /, { method: "StudyService/ListStudies" }),
  json("a line feed in text", '{"study":"go\nod"}', /in JSON: Bad control character/),
  json("a NUL between tokens", '{"study":\0"good"}', /in JSON: Unexpected token/),
  json("a key twice", '{"study":"good","study":"two"}', /duplicate object key "study"/),
  json("a key twice by escapes", '{"study":"good","\\u0073tudy":"two"}', /duplicate object key "study"/),
  json(
    "a key twice deep inside",
    '{"study":{"attributes":{"a":{"b":1,"b":2}}}}',
    /duplicate object key "b"/,
    { method: create },
  ),
  json("__proto__ as a key", '{"__proto__":{"study":"good"}}', /is no field here; the fields are: study/, {
    field: "__proto__",
  }),
  json("constructor as a key", '{"constructor":{}}', /is no field here/, { field: "constructor" }),
  json("bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /it is not UTF-8/),
  json("half a UTF-8 character", Buffer.from('{"study":"é"}').subarray(0, 11), /it is not UTF-8/),
  json("UTF-16", Buffer.from('{"study":"good"}', "utf16le"), /in JSON: /),
  json("10,000 lists in lists, unclosed", "[".repeat(10_000), /in JSON: Unexpected end/),
  json(
    "10,000 lists in lists",
    `{"study":${nested(10_000, "[", "]")}}`,
    /a list is not accepted: expected a text/,
    { field: "study" },
  ),
  json(
    "10,000 objects in objects",
    `{"study":{"attributes":${nested(10_000, '{"a":', "}")}}}`,
    /nest less than 100 deep/,
    { method: create, field: "study.attributes" },
  ),
  json(
    "a value of 1,000 lists",
    `{"study":{"parameters":[{"name":"x","default":${nested(1_000, "[", "]")}}]}}`,
    /nest less than 100 deep/,
    { method: create, field: "study.parameters[0].default" },
  ),
  json(
    "more than 4 MiB",
    `{"study":"${"a".repeat(4 * 2 ** 20)}"}`,
    /the request has (\d+ bytes, of 4194304 at most|more than 4194304 bytes): send it in parts/,
    { code: "resource_exhausted", reason: "PAYLOAD_TOO_LARGE" },
  ),
];

/** A binary message for GetStudy, in hexadecimal or bytes. */
function binary(name: string, bytes: string | Uint8Array<ArrayBuffer>, message: RegExp, method = get): Row {
  const body = typeof bytes === "string" ? Buffer.from(bytes.replaceAll(" ", ""), "hex") : bytes;
  return {
    name,
    send: (target) => post(target, method, body, { "content-type": "application/proto" }),
    message,
  };
}

const binaries: Row[] = [
  binary("a text cut short", "0a 7f 61", /no asktell.v1.GetStudyRequest message: premature EOF/),
  binary("field number 0", "00", /illegal tag: field no 0/),
  binary("wire type 6", "0e", /illegal tag|wire type 6/),
  binary("wire type 7", "0f", /illegal tag|wire type 7/),
  binary("an endless varint", "ff".repeat(20), /invalid varint/),
  binary("a text of 4 GiB", "0a ff ff ff ff 0f", /premature EOF/),
  binary("a text of 2^63 bytes", "0a ff ff ff ff ff ff ff ff 7f", /message: /),
  binary("a negative length", "0a ff ff ff ff ff ff ff ff ff 01", /message: /),
  binary("text that is no UTF-8", "0a 02 c3 28", /not valid for encoding utf-8/),
  binary("half a surrogate as UTF-8", "0a 03 ed a0 80", /not valid for encoding utf-8/),
  binary("a group that ends nowhere", "0b", /message: /),
  binary("the end of a group that never began", "0c", /message: /),
  binary("10,000 groups", Buffer.alloc(20_000, Buffer.from([0xa3, 0x01])), /message: /),
  binary("a fixed number cut short", "0d 00 00", /message: /),
  binary("JSON", Buffer.from('{"study":"good"}'), /message: /),
  binary("a picture", "89 50 4e 47 0d 0a 1a 0a 00 00 00 0d", /message: /),
  binary("the parameters' list as a number", "1a 02 1a 7f", /premature EOF/, create),
  binary("a number where the study is", "1a 03 08 96 01", /./, create),
];

function compressed(name: string, encoding: string, body: Uint8Array<ArrayBuffer>, expected: Expected): Row {
  const send = (target: Target) => post(target, get, body, { "content-encoding": encoding });
  return { name, send, ...expected };
}

const bomb = (megabytes: number) => gzipSync(Buffer.alloc(megabytes * 2 ** 20, " "), { level: 9 });
const compressions: Row[] = [
  compressed("no gzip, though it says so", "gzip", Buffer.from("not gzip"), {
    message: /the message is no gzip, or not all of it/,
  }),
  compressed("gzip cut short", "gzip", gzipSync('{"study":"good"}').subarray(0, 12), {
    message: /the message is no gzip, or not all of it/,
  }),
  compressed("gzip of no JSON", "gzip", gzipSync("study"), { message: /in JSON/ }),
  compressed("200 MiB in 200 KiB", "gzip", bomb(200), {
    code: "resource_exhausted",
    reason: "PAYLOAD_TOO_LARGE",
    message: /4194304/,
  }),
  compressed("a bomb in a bomb", "gzip", gzipSync(bomb(100)), { message: /UTF-8|in JSON/ }),
  compressed("brotli", "br", brotliCompressSync('{"study":"good"}'), {
    code: "unimplemented",
    message: /unknown compression "br": supported encodings are gzip/,
  }),
  compressed("two compressions", "gzip, gzip", gzipSync("{}"), {
    code: "unimplemented",
    message: /unknown compression "gzip, gzip"/,
  }),
  compressed("a compression of a JavaScript name", "constructor", Buffer.from("{}"), {
    code: "unimplemented",
    message: /unknown compression "constructor"/,
  }),
];

function headers(name: string, given: Record<string, string>, expected: Expected, method = get): Row {
  return { name, send: (target) => post(target, method, '{"study":"good"}', given), ...expected };
}

const types: Row[] = [
  headers(
    "curl's own content type",
    { "content-type": "application/x-www-form-urlencoded" },
    { status: 415, message: /Send "Content-Type: application\/json/ },
  ),
  headers(
    "text",
    { "content-type": "text/plain" },
    { status: 415, message: /cannot read content type text\/plain/ },
  ),
  headers("XML", { "content-type": "application/xml" }, { status: 415, message: /application\/xml/ }),
  headers(
    "another character set",
    { "content-type": "application/json; charset=utf-16" },
    { status: 415, message: /utf-16/ },
  ),
  headers(
    "a stream's type for a single call",
    { "content-type": "application/connect+json" },
    { status: 415, message: /application\/connect\+json/ },
  ),
  headers(
    "a single call's type for a stream",
    {},
    { status: 415, message: /Send "Content-Type: application\/connect\+json/ },
    "StudyService/WatchStudy",
  ),
  headers(
    "a deadline that is no number",
    { "connect-timeout-ms": "soon" },
    { message: /invalid connect timeout value: soon/ },
  ),
  headers(
    "a negative deadline",
    { "connect-timeout-ms": "-1" },
    { message: /invalid connect timeout value: -1/ },
  ),
  headers(
    "a deadline of eleven digits",
    { "connect-timeout-ms": "99999999999" },
    { message: /invalid connect timeout value/ },
  ),
  headers(
    "a deadline that is over",
    { "connect-timeout-ms": "0" },
    { code: "deadline_exceeded", message: /timed out/ },
  ),
];

/** Requests whose bytes are no message of the method. */
export const encodingRows: readonly Row[] = [...texts, ...binaries, ...compressions, ...types];
