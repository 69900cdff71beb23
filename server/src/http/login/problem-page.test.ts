import { expect, test } from "vitest";
import { ProviderError, RateLimitError } from "../../identity/index.ts";
import { StoreUnavailableError } from "../../store/retry.ts";
import { problemPage } from "./problem-page.ts";

test.each([
  [new ProviderError("denied", "access_denied"), 403, "Sign-in cancelled"],
  [new ProviderError("refused", "wrong state"), 400, "This sign-in cannot be used"],
  [new ProviderError("unreachable", "ECONNREFUSED"), 503, "gitlab.example.org does not answer"],
  [new RateLimitError("too many", 5_000), 429, "Too many sign-ins"],
  [new StoreUnavailableError("unreachable", false, new Error("connect ECONNREFUSED")), 503, "Not just now"],
  [new TypeError("undefined is not a function"), 500, "Something went wrong"],
])("%s is a page in words, and says nothing of its cause", (error, status, title) => {
  const page = problemPage(error, "gitlab.example.org", "/login?next=%2Fnew");
  expect(page).toMatchObject({ status, title });
  expect(page.text).not.toContain(error.message);
  expect(page.links[0]).toEqual({ label: "Try again", href: "/login?next=%2Fnew" });
});
