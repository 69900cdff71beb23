import { expect, test } from "vitest";
import { createSecret } from "../identity/secret.ts";
import { shownPath } from "./shown-path.ts";

const secret = createSecret();

test.each([
  `/api/askk/${secret}`,
  `/t${secret}/x`,
  `/api/ask%00${secret}`,
  `/${secret.slice(1)}`,
  `/${secret.slice(4)}`,
  `/a/${secret}${secret}/b`,
])("a token in %s is not shown", (path) => {
  const shown = shownPath(path);
  expect(shown).toContain("[redacted]");
  expect(shown).not.toContain(secret.slice(10, 40));
});

test("other paths are shown as they are, up to a length", () => {
  for (const path of [
    "/",
    "/asktell.v1.StudyService/GetStudy",
    "/projects/default/studies/mnist-2026-11-22.a_b",
  ]) {
    expect(shownPath(path)).toBe(path);
  }
  expect(shownPath(`/${"a-".repeat(500)}`).length).toBeLessThan(210);
});
