import { expect, test } from "vitest";
import { defaultDataDir } from "./data-home.ts";

test.each([
  ["linux", {}, "/home/me/.local/share/asktell"],
  ["linux", { XDG_DATA_HOME: "/data" }, "/data/asktell"],
  ["linux", { XDG_DATA_HOME: "relative" }, "/home/me/.local/share/asktell"],
  ["darwin", {}, "/home/me/Library/Application Support/asktell"],
  ["win32", { LOCALAPPDATA: "/local" }, "/local/asktell"],
] as const)("on %s with %j data is kept in %s", (platform, env, directory) => {
  expect(defaultDataDir(env, platform, "/home/me")).toBe(directory);
});
