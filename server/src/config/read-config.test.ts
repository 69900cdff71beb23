import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { settingNames } from "../config.ts";
import { readConfig } from "./read-config.ts";

const directory = mkdtempSync(join(tmpdir(), "asktell-config-"));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string): string {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
}

const read = (flags: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) =>
  readConfig({ flags, env, cwd: "/work" });

test("without sources every setting has its default", () => {
  expect(read({})).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
    "database-url": undefined,
    insecure: false,
    "trusted-proxies": [],
    "log-level": "info",
    "shutdown-grace": 30_000,
  });
});

test("a flag wins over the environment, that over the file, that over the default", () => {
  const config = file("order.yaml", "host: 10.0.0.1\nport: 1\nlog-level: warn\n");
  const env = { ASKTELL_HOST: "10.0.0.2", ASKTELL_PORT: "2" };
  expect(read({ config, port: "3" }, env)).toMatchObject({ host: "10.0.0.2", port: 3, "log-level": "warn" });
});

test("the file may be YAML or JSON, and be named by the environment", () => {
  const json = file(
    "a.json",
    JSON.stringify({ port: 9000, insecure: true, "trusted-proxies": ["10.0.0.0/8"] }),
  );
  expect(read({}, { ASKTELL_CONFIG: json })).toMatchObject({
    port: 9000,
    insecure: true,
    "trusted-proxies": ["10.0.0.0/8"],
  });
  const yaml = file("b.yaml", "# comment\nshutdown-grace: 5\ntrusted-proxies: 10.0.0.1, fd00::/8\n");
  expect(read({ config: yaml })).toMatchObject({
    "shutdown-grace": 5_000,
    "trusted-proxies": ["10.0.0.1", "fd00::/8"],
  });
  expect(read({ config: file("empty.yaml", "# nothing yet\n") }).port).toBe(8080);
});

test("relative paths start at the working directory, in a file beside it", () => {
  const config = file("paths.yaml", "tls-cert: cert.pem\ntls-key: /etc/key.pem\n");
  expect(read({ config, "data-dir": "data" })).toMatchObject({
    "data-dir": "/work/data",
    "tls-cert": join(directory, "cert.pem"),
    "tls-key": "/etc/key.pem",
  });
});

test("an empty variable counts as unset", () => {
  expect(read({}, { DATABASE_URL: "", ASKTELL_PORT: "" })).toMatchObject({
    "database-url": undefined,
    port: 8080,
  });
});

test("variables of clients and of others are left alone", () => {
  const ours = { ASKTELL_TOKEN: "at_x", ASKTELL_URL: "http://x", ASKTELL_TEST_PYTHON: "python3" };
  expect(read({}, { ...ours, PATH: "/bin", NOT_ASKTELL_PORT: "x" }).port).toBe(8080);
});

test("every problem is named at once, with what is accepted or what was meant", () => {
  const config = file("bad.yaml", "prot: 80\ninsecure: maybe\ncolour: red\n");
  const env = { ASKTELL_PORT: "80a", ASKTELL_DATADIR: "/x" };
  expect(() => read({ config, "log-level": "loud", "tls-cert": "c.pem" }, env)).toThrow(
    expect.objectContaining({
      name: "ConfigError",
      message: [
        "ASKTELL_DATADIR: there is no such variable. Did you mean ASKTELL_DATA_DIR?",
        `${config}: prot: there is no such setting. Did you mean port?`,
        `${config}: colour: there is no such setting. Known are ${settingNames.join(", ")}.`,
        'ASKTELL_PORT: "80a" is not accepted; accepted is an integer from 0 to 65535.',
        `${config}: insecure: "maybe" is not accepted; accepted is true or false.`,
        '--log-level: "loud" is not accepted; accepted is one of fatal, error, warn, info, debug, trace.',
        "tls-cert and tls-key belong together: give both or neither.",
      ].join("\n"),
    }),
  );
});

test("an identity provider is reached over TLS, unless it is on this machine", () => {
  const provider = (url: string) => read({ "oidc-issuer": url, "oidc-client-id": "x" })["oidc-issuer"]?.href;
  expect(provider("https://gitlab.example.org")).toBe("https://gitlab.example.org/");
  expect(provider("https://sso.example.org/realms/lab")).toBe("https://sso.example.org/realms/lab");
  expect(provider("http://127.0.0.1:4000")).toBe("http://127.0.0.1:4000/");
  expect(provider("http://localhost:4000")).toBe("http://localhost:4000/");
  for (const url of ["http://gitlab.example.org", "http://127.evil.example", "https://user:x@host", "gitlab"])
    expect(() => provider(url)).toThrow("accepted is an https URL");
});

test("an identity provider and the client's id belong together", () => {
  const message = "oidc-issuer and oidc-client-id belong together";
  expect(() => read({ "oidc-issuer": "https://gitlab.example.org" })).toThrow(message);
  expect(() => read({ "oidc-client-id": "x" })).toThrow(message);
});

test("groups stand for a role in a project", () => {
  const env = {
    ASKTELL_OIDC_GROUP_ROLES: "physics/cms=default/editor, cn=hpo=lab.1/admin,staff/=default/viewer",
  };
  expect(read({}, env)["oidc-group-roles"]).toEqual([
    { group: "physics/cms", project: "default", role: "editor" },
    { group: "cn=hpo", project: "lab.1", role: "admin" },
    { group: "staff/", project: "default", role: "viewer" },
  ]);
  for (const text of ["physics", "physics=editor", "physics=default/owner", "=default/admin"])
    expect(() => read({ "oidc-group-roles": text })).toThrow("viewer, worker, editor, admin");
});

test("a wrong database URL is refused without repeating its password", () => {
  const env = { DATABASE_URL: "mysql://root:hunter2@db/x" };
  expect(() => read({}, env)).toThrow(
    /DATABASE_URL: this is not accepted; accepted is a URL such as postgresql/,
  );
  expect(() => read({}, env)).not.toThrow(/hunter2/);
});

test.each([
  ["missing.yaml", undefined, "cannot be read"],
  ["list.yaml", "- port\n", "holds no settings"],
  ["broken.yaml", "port: [1\n", "line 2"],
])("the file %s is refused", (name, content, message) => {
  const config = content === undefined ? join(directory, name) : file(name, content);
  expect(() => read({ config })).toThrow(message);
});
