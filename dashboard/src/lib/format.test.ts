import { describe, expect, test } from "vitest";
import { englishOf, formatAgo, formatDuration, formatExpected, formatValue, plural } from "./format.ts";

describe("values", () => {
  test("are short, keep their significant digits and never hide what is not a number", () => {
    expect(formatValue(0.123456789)).toBe("0.12346");
    expect(formatValue(-0.5)).toBe("−0.5");
    expect(formatValue(1.5e-7)).toBe("1.5e-7");
    expect(formatValue(2e6 + 0.5, 3)).toBe("2e6");
    expect(formatValue(128)).toBe("128");
    expect(formatValue(0)).toBe("0");
    expect(formatValue(NaN)).toBe("NaN");
    expect(formatValue(-Infinity)).toBe("−∞");
    expect(formatValue(undefined)).toBe("–");
  });
});

describe("durations", () => {
  test("are said in their two largest units", () => {
    expect(formatDuration(340)).toBe("340 ms");
    expect(formatDuration(2_500)).toBe("2.5 s");
    expect(formatDuration(61_000)).toBe("1 min 1 s");
    expect(formatDuration(4_320_000)).toBe("1 h 12 min");
    expect(formatDuration(93_600_000)).toBe("1 d 2 h");
  });

  test("carry over instead of showing sixty minutes", () => {
    expect(formatDuration(3_599_700)).toBe("1 h");
  });
});

test("times ago use the largest unit that fits", () => {
  expect(formatAgo(0, 2_000)).toBe("just now");
  expect(formatAgo(0, 180_000)).toContain("3");
  expect(formatAgo(0, 7_200_000)).toContain("2");
  // Nearly an hour is one, and not sixty minutes; nearly a day is one, too.
  expect(formatAgo(0, 3_590_000)).toBe(formatAgo(0, 3_600_000));
  expect(formatAgo(86_390_000, 0)).toBe(formatAgo(86_400_000, 0));
});

test("a single thing is not plural", () => {
  expect([plural(1, "trial"), plural(2, "trial"), plural(0, "study", "studies")]).toEqual([
    "1 trial",
    "2 trials",
    "0 studies",
  ]);
});

test("an expectation says how far from it the result came", () => {
  expect(formatExpected(0.3, 0.02, undefined)).toBe("0.3 ± 0.02");
  expect(formatExpected(0.3, 0.02, 0.27)).toBe("0.3 ± 0.02; 1.5 deviations lower came");
  expect(formatExpected(0.3, 0, 0.3)).toBe("0.3 ± 0");
});

test("numbers and times are in the language of the pages, with the reader's own order of days and months", () => {
  expect(englishOf(["de-DE", "en-US", "en-GB"])).toBe("en-US");
  expect(englishOf(["de-DE", "fr"])).toBe("en-GB");
});
