import { expect, test } from "vitest";
import { initials } from "./initials.ts";

test.each([
  ["Ada Lovelace", "AL"],
  ["Johannes Diderik van der Waals", "JW"],
  ["ada", "A"],
  ["Émilie du Châtelet", "ÉC"],
  ["ada@example.org", "AO"],
  ["李 明", "李明"],
  ["(Ada) [Lovelace]", "AL"],
  ["", "?"],
  ["--", "?"],
])("%j shows as %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});
