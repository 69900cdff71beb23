import { expect, test } from "vitest";
import { judge } from "./audit.ts";

const report = (severities: Readonly<Record<string, string>>) =>
  JSON.stringify({
    vulnerabilities: Object.fromEntries(
      Object.entries(severities).map(([name, severity]) => [name, { severity, range: "<2.0.0" }]),
    ),
    metadata: { vulnerabilities: { total: Object.keys(severities).length } },
  });

test("a grave weakness fails, and is named", () => {
  const { passed, text } = judge(report({ left: "moderate", pad: "critical" }));
  expect(passed).toBe(false);
  expect(text).toContain("pad <2.0.0: critical");
  expect(text).not.toContain("left");
});

test("lesser ones, and none, pass", () => {
  expect(judge(report({ left: "moderate" })).passed).toBe(true);
  expect(judge(report({})).text).toMatch(/No grave weakness/);
});

test.each([
  "",
  "<html>502</html>",
  JSON.stringify({ error: { summary: "" }, message: "request to the registry failed" }),
])("without an answer (%j) nothing fails, and it says so", (output) => {
  const { passed, text } = judge(output);
  expect(passed).toBe(true);
  expect(text).toMatch(/^NOT CHECKED/);
});
