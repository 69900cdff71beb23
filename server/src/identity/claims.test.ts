import { expect, test } from "vitest";
import { readClaims } from "./claims.ts";

const issuer = "https://gitlab.example.org";

test("GitLab's claims are read: the numeric subject, the verified address, groups with their parents", () => {
  const claims = {
    sub: "1234",
    name: "Ada Lovelace",
    nickname: "ada",
    preferred_username: "ada",
    email: "ada@example.org",
    email_verified: true,
    profile: "https://gitlab.example.org/ada",
    groups: ["physics", "physics/cms"],
    groups_direct: ["physics/cms"],
    "https://gitlab.org/claims/groups/maintainer": ["physics/cms"],
  };
  expect(readClaims(issuer, "1234", claims, "groups")).toEqual({
    issuer,
    subject: "1234",
    email: "ada@example.org",
    emailVerified: true,
    displayName: "Ada Lovelace",
    username: "ada",
    groups: ["physics", "physics/cms"],
  });
  const byRole = readClaims(issuer, "1234", claims, "https://gitlab.org/claims/groups/maintainer");
  expect(byRole.groups).toEqual(["physics/cms"]);
});

test("what is missing or of another kind counts as not said", () => {
  const claims = { email: ["x"], email_verified: "true", groups: ["a", 7, null, ""], name: "\0" };
  expect(readClaims(issuer, "s", claims, "groups")).toEqual({
    issuer,
    subject: "s",
    email: "",
    emailVerified: false,
    displayName: "s",
    username: "s",
    groups: ["a"],
  });
  expect(readClaims(issuer, "s", { groups: "one" }, "groups").groups).toEqual(["one"]);
});
