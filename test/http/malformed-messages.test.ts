import { create, toBinary } from "@bufbuild/protobuf";
import { CreateStudyRequestSchema } from "@asktell/proto/asktell/v1/study_service_pb";
import { describe, expect, test } from "vitest";
import { GET_STUDY, call, expectAlive, startServer } from "./support.ts";

const CREATE_STUDY = "/asktell.v1.StudyService/CreateStudy";

describe("a JSON message is refused with invalid_argument and a reason when it", () => {
  test.each([
    ["is no JSON", "{", /JSON/],
    ["is empty", "", /JSON/],
    ["is no object", "[]", /JSON/],
    ["has a field of the wrong type", '{"study":1}', /study/],
    ["has a field that does not exist", '{"studdy":"s"}', /studdy/],
    ["has a key twice", '{"study":"a","study":"b"}', /study/],
    ["has both spellings of one field", '{"study":"a","study":"b"}', /study/],
    ["is not UTF-8 text", "\u0000\u0001", /JSON/],
    ["nests deeper than the parser recurses", `{"study":${"[".repeat(100_000)}`, /./],
  ])("%s", async (_, body, reason) => {
    const server = await startServer();
    const { status, json } = await call(server, body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: "invalid_argument", message: expect.stringMatching(reason) });
    await expectAlive(server);
  });

  test("nests valid values deeper than the message type's recursion limit", async () => {
    const server = await startServer();
    const depth = 3_000;
    const value = '{"a":'.repeat(depth) + "1" + "}".repeat(depth);
    const { status, json } = await call(server, `{"study":{"parameters":[{"default":${value}}]}}`, {
      path: CREATE_STUDY,
    });
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: "invalid_argument" });
    await expectAlive(server);
  });
});

describe("names from JavaScript's object model are ordinary unknown fields:", () => {
  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("%s", async (name) => {
    const server = await startServer();
    const { status } = await call(server, `{"${name}":{"polluted":true}}`);
    expect(status).toBe(400);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    await expectAlive(server);
  });
});

// `internal` for what does not decode is gRPC's own convention; Connect keeps to it.
describe("a binary message is refused with the parser's reason when it", () => {
  test.each([
    ["is cut off", Buffer.from([0x0a, 0x7f, 0x61])],
    ["has an invalid tag", Buffer.from([0x00])],
    ["has an endless varint", Buffer.alloc(20, 0xff)],
    ["has text that is no UTF-8", Buffer.from([0x0a, 0x02, 0xc3, 0x28])],
    ["nests too deep in unknown groups", Buffer.alloc(10_000, (20 << 3) | 3)],
    ["nests too deep in messages", nested(2_000)],
  ])("%s", async (_, bytes) => {
    const server = await startServer();
    const response = await fetch(server.origin + CREATE_STUDY, {
      method: "POST",
      headers: { "content-type": "application/proto" },
      body: new Uint8Array(bytes),
    });
    expect(await response.json()).toMatchObject({
      code: "internal",
      message: expect.stringMatching(/^parse binary: ./),
    });
    await expectAlive(server);
  });
});

describe("a message above the limit", () => {
  test("is refused with resource_exhausted, in JSON and in binary", async () => {
    const server = await startServer({ rpc: { limits: { readMaxBytes: 100_000 } } });
    const study = "x".repeat(200_000);
    const json = await call(server, { study });
    expect(json.status).toBe(429);
    expect(json.json).toMatchObject({ code: "resource_exhausted" });
    const message = create(CreateStudyRequestSchema, { studyId: study });
    const response = await fetch(server.origin + CREATE_STUDY, {
      method: "POST",
      headers: { "content-type": "application/proto" },
      body: toBinary(CreateStudyRequestSchema, message),
    });
    expect(response.status).toBe(429);
    await expectAlive(server);
  });

  test("just below the default of 4 MiB is accepted", async () => {
    const server = await startServer();
    const study = "x".repeat(4 * 1024 * 1024 - 100);
    expect((await call(server, { study })).status).toBe(200);
    expect((await call(server, { study: `${study}${study}` })).status).toBe(429);
    await expectAlive(server);
  });
});

describe("a first try with curl is helped on:", () => {
  test("curl's default content type is answered 415 with the right ones", async () => {
    const server = await startServer();
    const { status, json } = await call(server, "{}", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(status).toBe(415);
    expect(json["message"]).toContain('Send "Content-Type: application/json');
  });

  test("a GET of a method that changes something is answered 405", async () => {
    const server = await startServer();
    const response = await fetch(server.origin + CREATE_STUDY);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
    expect(await response.json()).toMatchObject({ message: "CreateStudy takes POST, not GET." });
  });

  test("a GET of a reading method without its query is answered with how to write one", async () => {
    const server = await startServer();
    const response = await fetch(server.origin + GET_STUDY);
    expect(response.status).toBe(415);
    expect(JSON.stringify(await response.json())).toContain("encoding=json&message=");
    const query = `connect=v1&encoding=json&message=${encodeURIComponent('{"study":"s"}')}`;
    expect(await (await fetch(`${server.origin}${GET_STUDY}?${query}`)).json()).toMatchObject({
      study: { name: "s" },
    });
  });

  test("a misspelt method is answered with the methods that exist", async () => {
    const server = await startServer();
    const { status, json } = await call(server, {}, { path: "/asktell.v1.StudyService/GetStuddy" });
    expect(status).toBe(404);
    expect(json).toMatchObject({
      code: "unimplemented",
      message: expect.stringContaining("GetStudy, ListStudies"),
    });
  });

  test("any other path is answered with what exists", async () => {
    const server = await startServer();
    const { status, json } = await call(server, {}, { path: "/v1/studies" });
    expect(status).toBe(404);
    expect(json).toMatchObject({
      code: "not_found",
      message: expect.stringContaining("/asktell.v1.StudyService/{Method}"),
    });
  });
});

test("an exception of a use case is answered without its text", async () => {
  const server = await startServer();
  const { status, json } = await call(server, { study: "broken" });
  expect(status).toBe(500);
  expect(JSON.stringify(json)).not.toContain("secret");
});

function varint(value: number): Buffer {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** A CreateStudyRequest with a default value made of lists in lists. */
function nested(depth: number): Buffer {
  const LIST_VALUE = 6;
  const VALUES = 1;
  let value: Buffer = Buffer.from([0x08, 0x00]);
  for (let i = 0; i < depth; i += 1) value = field(LIST_VALUE, field(VALUES, value));
  const study = CreateStudyRequestSchema.field.study.message;
  const parameter = study?.field["parameters"];
  const preset = parameter?.message?.fields.find(
    ({ message }) => message?.typeName === "google.protobuf.Value",
  );
  if (parameter === undefined || preset === undefined) throw new Error("the study's shape has changed");
  return field(
    CreateStudyRequestSchema.field.study.number,
    field(parameter.number, field(preset.number, value)),
  );
}
