import { fc } from "../../../test/support/fast-check.ts";
import { describe, expect, it } from "vitest";
import { JsonProblem, canonicalJson, parseObject, plainJson } from "./python-json.ts";

describe("JSON as Python writes it", () => {
  it("reads NaN and infinities as numbers, and leaves them alone inside texts", () => {
    const { value } = parseObject(
      '{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN, -Infinity", "d": {"NaN": -5}}',
    );
    expect(value).toEqual({ a: NaN, b: [Infinity, -Infinity], c: "NaN, -Infinity", d: { NaN: -5 } });
  });

  it("keeps the text of each member, so that 10.0 stays a float and large numbers keep their digits", () => {
    const { texts, value } = parseObject(
      '{"a": 10.0, "b" : [1.50, {"x": NaN}] ,"c":12345678901234567890, "d\\u00e9": "\\u00e9,}", "e": 1e-05}',
    );
    expect([...texts]).toEqual([
      ["a", "10.0"],
      ["b", '[1.50, {"x": NaN}]'],
      ["c", "12345678901234567890"],
      ["dé", '"\\u00e9,}"'],
      ["e", "1e-05"],
    ]);
    expect(value["c"]).toBe(12345678901234567890n);
  });

  it("lets the last of equal keys count, in value and text", () => {
    const { texts, value } = parseObject('{"a": 1, "a": 2.0}');
    expect(value).toEqual({ a: 2 });
    expect(texts.get("a")).toBe("2.0");
  });

  it("takes __proto__ for a key like any other", () => {
    const { value } = parseObject('{"__proto__": {"x": 1}}');
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(canonicalJson(value)).toBe('{"__proto__":{"x":1}}');
  });

  it.each([
    ["", "not JSON"],
    ["{", "not JSON"],
    ['{"a": 1NaN}', "not JSON"],
    ['{"a": NaN5}', "not JSON"],
    ['{"a": - Infinity}', "not JSON"],
    ['{"a": --Infinity}', "not JSON"],
    ['{"a": nan}', "not JSON"],
    ["{'a': 1}", "not JSON"],
    ['{"a": 1,}', "not JSON"],
    ['{"a": "', "not JSON"],
    ["[1]", "not an object"],
    ["NaN", "not an object"],
    ["null", "not an object"],
    ['{"a": "\\u0000"}', "cannot be stored"],
    ['{"\\ud800": 1}', "cannot be stored"],
  ])("refuses %s", (text, why) => {
    expect(() => parseObject(text)).toThrow(why);
  });

  it("refuses deep nesting instead of running out of stack", () => {
    expect(() => parseObject(`{"a": ${"[".repeat(500_000)}`)).toThrow("nested deeper");
    expect(parseObject(`{"a": ${"[".repeat(23)}${"]".repeat(23)}}`).value).toHaveProperty("a");
  });

  it.each([
    '{"a": "' + '\\"'.repeat(500_000),
    '"'.repeat(999_999),
    "{" + '"":'.repeat(300_000),
    "-".repeat(1_000_000),
  ])("takes linear time for whatever it refuses (case %#)", (text) => {
    const start = process.cpuUsage();
    expect(() => parseObject(text)).toThrow(JsonProblem);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(2);
  });

  it("agrees with the built-in parser on all of plain JSON", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (object) => {
        const text = JSON.stringify(object);
        const whole = parseObject(text);
        const rounded = JSON.stringify(whole.value, (_, value: unknown) =>
          typeof value === "bigint" ? Number(value) : value,
        );
        expect(JSON.parse(rounded)).toEqual(JSON.parse(text));
        for (const [key, part] of whole.texts) expect(JSON.parse(part)).toEqual(JSON.parse(text)[key]);
      }),
    );
  });
});

describe("canonical JSON", () => {
  it("is the same whatever the order of keys, the spaces and the way a number is written", () => {
    const texts = [
      '{"b": [1.0, 1e-05, NaN], "a": {"d": -0.0, "c": true}}',
      '{"a":{"c":true,"d":0},"b":[1,0.00001,NaN]}',
    ];
    const [first, second] = texts.map((text) => canonicalJson(parseObject(text).value));
    expect(first).toBe('{"a":{"c":true,"d":0},"b":[1,0.00001,NaN]}');
    expect(second).toBe(first);
  });

  it("tells NaN from its name, and large numbers by every digit", () => {
    const canonical = (text: string) => canonicalJson(parseObject(text).value);
    expect(canonical('{"a": NaN}')).not.toBe(canonical('{"a": "NaN"}'));
    expect(canonical('{"a": 12345678901234567890}')).not.toBe(canonical('{"a": 12345678901234567891}'));
  });
});

it("what JSON cannot say becomes text in attributes", () => {
  expect(plainJson({ a: [NaN, -Infinity, 12345678901234567890n], b: null })).toEqual({
    a: ["NaN", "-Infinity", "12345678901234567890"],
    b: null,
  });
});
