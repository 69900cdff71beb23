import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { createSecret } from "../../identity/secret.ts";
import { nextPath } from "./next-path.ts";

const origin = "https://hpo.example.org";

test.each(["/", "/projects/a/studies/b?x=1&y=%20", "/new"])("%s is gone to", (path) => {
  expect(nextPath(path, origin)).toBe(path);
});

test.each([
  [null],
  [""],
  ["projects"],
  ["https://evil.example"],
  ["//evil.example"],
  ["/\\evil.example"],
  ["/\t/evil.example"],
  ["\\\\evil.example"],
  ["javascript:alert(1)"],
  ["/login"],
  ["/login/callback?code=x"],
  ["/logout"],
  [`/t/${createSecret()}/`],
  [`/?token=${createSecret().replace("_", "%5f")}`],
  [`/${"a".repeat(2_000)}`],
])("%j is not gone to", (path) => {
  expect(nextPath(path, origin)).toBe("/");
});

test("whatever is asked for, the browser stays on this server", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `/${text}`),
        fc.webUrl(),
      ),
      (wanted) => {
        expect(new URL(nextPath(wanted, origin), origin).origin).toBe(origin);
      },
    ),
  );
});
