import { expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { publicUrl } from "./addresses.ts";

test.each([
  [{}, "http://127.0.0.1:9000"],
  [{ host: "::1" }, "http://[::1]:9000"],
  [{ host: "0.0.0.0" }, "http://localhost:9000"],
  [{ host: "box", "tls-cert": "/c", "tls-key": "/k" }, "https://box:9000"],
  [{ "public-url": "https://asktell.example.org/" }, "https://asktell.example.org"],
])("with %j users reach the server at %s", (flags, url) => {
  expect(publicUrl(readConfig({ flags, env: {}, cwd: "/" }), 9000)).toBe(url);
});
