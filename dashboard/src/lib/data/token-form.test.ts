import { create, toJson } from "@bufbuild/protobuf";
import { Scope } from "@asktell/proto/asktell/v1/access_pb";
import { CreateTokenRequestSchema } from "@asktell/proto/asktell/v1/token_service_pb";
import { expect, test } from "vitest";
import { newTokenDraft, scopeLabel, type TokenDraft, tokenRequestFrom } from "./token-form.ts";

function read(changes: Partial<TokenDraft>) {
  const { request, problems } = tokenRequestFrom(
    { ...newTokenDraft(), name: "cluster", ...changes },
    "projects/lab",
  );
  return {
    json: toJson(CreateTokenRequestSchema, create(CreateTokenRequestSchema, request)),
    problems: Object.fromEntries(problems),
  };
}

test("a filled form becomes the request that the service documents", () => {
  expect(read({ scope: Scope.EDIT, reach: "one", study: " mnist ", days: "7", maxAsks: "100" })).toEqual({
    json: {
      parent: "projects/lab",
      token: {
        displayName: "cluster",
        scopes: ["SCOPE_EDIT"],
        kind: "TOKEN_KIND_PROGRAM",
        study: "mnist",
        maxAsks: 100,
      },
      validity: "604800s",
    },
    problems: {},
  });
});

test("a link reads one study, whatever else was chosen before", () => {
  const { json, problems } = read({ kind: "link", scope: Scope.MANAGE, study: "mnist", maxAsks: "5" });
  expect(json).toMatchObject({
    token: { kind: "TOKEN_KIND_SHARE_LINK", scopes: ["SCOPE_READ"], study: "mnist" },
  });
  expect(JSON.stringify(json)).not.toContain("maxAsks");
  expect(problems).toEqual({});
});

test("a study that was named and then left out does not count", () => {
  expect(JSON.stringify(read({ reach: "all", study: "mnist" }).json)).not.toContain("mnist");
});

test.each([
  [{ name: "  " }, "name"],
  [{ reach: "one" }, "study"],
  [{ kind: "link" }, "study"],
  [{ days: "366" }, "days"],
  [{ days: "x" }, "days"],
  [{ maxAsks: "0" }, "maxAsks"],
  [{ maxAsks: "1.5" }, "maxAsks"],
  [{ maxAsks: "99999999999" }, "maxAsks"],
] as const)("%j is refused at %s", (changes, field) => {
  expect(Object.keys(read(changes).problems)).toEqual([field]);
});

test("the widest scope of a token counts", () => {
  expect(scopeLabel([Scope.READ, Scope.EDIT])).toBe("Edit");
  expect(scopeLabel([Scope.MANAGE, Scope.READ])).toBe("Manage");
  expect(scopeLabel([])).toBe("Work");
});
