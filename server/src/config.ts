import {
  choice,
  databaseUrl,
  duration,
  flag,
  groupRole,
  hostName,
  httpUrl,
  integer,
  issuerUrl,
  listOf,
  networkRange,
  path,
  text,
  type Parser,
} from "./config/parsers.ts";
import type { GroupRole } from "./identity/people.ts";
import { defaultDataDir } from "./config/data-home.ts";

/** One thing that an operator can choose. */
export interface Setting<Value> {
  /** What it does, as a sentence for the help and the README. */
  readonly meaning: string;
  /** The environment variable, where it is not `ASKTELL_` and the name. */
  readonly variable?: string;
  readonly parser: Parser<Value>;
  /** Worked out at the start, for it may depend on the machine. */
  readonly default: () => Value;
  /** The default in words, where its value says too little. */
  readonly defaultText?: string;
}

/**
 * Every setting, by its name: `--data-dir` on the command line, `ASKTELL_DATA_DIR` in the environment, `data-dir` in the
 * file. The help, the README's table and the checks are made from this table.
 */
export const settings = {
  host: setting({
    meaning: "Address to listen on. Other than loopback it wants TLS, or `insecure`.",
    parser: text,
    default: () => "127.0.0.1",
  }),
  port: setting({
    meaning: "Port to listen on, for every protocol. 0 picks a free one.",
    parser: integer(0, 65_535),
    default: () => 8080,
  }),
  "data-dir": setting({
    meaning: "Directory of the embedded database. Unused with a database URL.",
    parser: path,
    default: defaultDataDir,
    defaultText: "`asktell` in the user's data home",
  }),
  "database-url": setting<string | undefined>({
    meaning: "PostgreSQL 15 or later to use instead of the embedded one.",
    variable: "DATABASE_URL",
    parser: databaseUrl,
    default: () => undefined,
    defaultText: "the embedded one",
  }),
  "database-connections": setting({
    meaning: "Connections that this replica opens at most.",
    parser: integer(6, 1_000),
    default: () => 20,
  }),
  "tls-cert": setting<string | undefined>({
    meaning: "File with the TLS certificate and its chain, PEM. SIGHUP reads it again.",
    parser: path,
    default: () => undefined,
    defaultText: "no TLS",
  }),
  "tls-key": setting<string | undefined>({
    meaning: "File with the certificate's private key, PEM.",
    parser: path,
    default: () => undefined,
    defaultText: "no TLS",
  }),
  insecure: setting({
    meaning: "Listen without TLS on an address that others reach, such as behind a proxy.",
    parser: flag,
    default: () => false,
  }),
  "public-url": setting<string | undefined>({
    meaning:
      "Address under which users reach the server, for the links that it prints, sign-in and cookies. Wanted behind a proxy.",
    parser: httpUrl,
    default: () => undefined,
    defaultText: "host and port",
  }),
  "trusted-proxies": setting<readonly string[]>({
    meaning: "Addresses or ranges of proxies whose X-Forwarded-For is believed, separated by commas.",
    parser: listOf(networkRange),
    default: () => [],
    defaultText: "none",
  }),
  "log-level": setting({
    meaning: "Least severe messages to log: `fatal`, `error`, `warn`, `info`, `debug` or `trace`.",
    parser: choice("fatal", "error", "warn", "info", "debug", "trace"),
    default: () => "info" as const,
  }),
  "log-format": setting<"auto" | "json" | "text">({
    meaning: "How to write the log, to standard error: `json`, one object a line, or `text` for people.",
    parser: choice("auto", "json", "text"),
    default: () => "auto",
    defaultText: "`auto`: text on a terminal, else JSON",
  }),
  "login-link": setting<"off" | "loopback" | "anywhere" | undefined>({
    meaning:
      "Print a link at the start that signs a browser in, once: `loopback` for browsers on this machine, `anywhere` for any that reaches the server, or `off`.",
    parser: choice("off", "loopback", "anywhere"),
    default: () => undefined,
    defaultText: "`loopback` without an identity provider, else `off`",
  }),
  "oidc-issuer": setting<URL | undefined>({
    meaning:
      "OpenID Connect provider to sign people in with, such as a GitLab. The redirect address to enter there is the public URL and `/login/callback`.",
    parser: issuerUrl,
    default: () => undefined,
    defaultText: "none",
  }),
  "oidc-client-id": setting<string | undefined>({
    meaning: "What the provider knows this server by.",
    parser: text,
    default: () => undefined,
    defaultText: "none",
  }),
  "oidc-client-secret-file": setting<string | undefined>({
    meaning: "File with the secret that the provider gave for the client id.",
    parser: path,
    default: () => undefined,
    defaultText: "none: a public client",
  }),
  "oidc-scopes": setting<readonly string[]>({
    meaning: "Scopes to ask the provider for, separated by commas.",
    parser: listOf(text),
    default: () => ["openid", "profile", "email"],
    defaultText: "`openid,profile,email`",
  }),
  "oidc-groups-claim": setting({
    meaning: "Claim in which the provider lists a person's groups.",
    parser: text,
    default: () => "groups",
  }),
  "oidc-group-roles": setting<readonly GroupRole[]>({
    meaning:
      "What groups are entitled to, separated by commas: `physics/cms=default/editor` makes the members of that group editors of that project.",
    parser: listOf(groupRole),
    default: () => [],
    defaultText: "nothing",
  }),
  "oidc-refresh": setting({
    meaning: "How often the provider is asked again about somebody who is signed in, if it lets us.",
    parser: duration(1, 86_400),
    default: () => 15 * 60_000,
    defaultText: "`15m`",
  }),
  "session-lifetime": setting({
    meaning: "How long somebody stays signed in at most.",
    parser: duration(1, 90 * 86_400),
    default: () => 12 * 3_600_000,
    defaultText: "`12h`",
  }),
  "session-idle": setting({
    meaning: "How long somebody stays signed in without doing anything.",
    parser: duration(1, 90 * 86_400),
    default: () => 2 * 3_600_000,
    defaultText: "`2h`",
  }),
  "gateway-lease": setting({
    meaning:
      "How long a trial of a Hopaas or OptunAPI client may stay silent before it goes to another worker.",
    parser: duration(60, 30 * 86_400),
    default: () => 24 * 3_600_000,
    defaultText: "`24h`",
  }),
  optunapi: setting<"off" | "loopback" | "token">({
    meaning:
      "Serve OptunAPI's clients: `loopback` for this machine's programs without a token, in the default project, `token` for those at `/t/{token}/optunapi/…`, or `off`.",
    parser: choice("off", "loopback", "token"),
    default: () => "off",
  }),
  "optunapi-config": setting<string | undefined>({
    meaning: "Directory of OptunAPI's configuration files, `{model}.yaml`.",
    parser: path,
    default: () => undefined,
    defaultText: "none",
  }),
  "limit-reads": setting({
    meaning: "Calls a second that read, for each token or person and on each replica; 0 for no limit.",
    parser: integer(0, 1_000_000),
    default: () => 5_000,
  }),
  "limit-writes": setting({
    meaning:
      "Calls a second that change something, for each token or person and on each replica; 0 for no limit.",
    parser: integer(0, 1_000_000),
    default: () => 10_000,
  }),
  "limit-address": setting({
    meaning: "Calls a second from one address, on each replica; 0 for no limit.",
    parser: integer(0, 1_000_000),
    default: () => 20_000,
  }),
  "limit-failures": setting({
    meaning:
      "Unknown tokens a minute from one address, and sessions, and sign-ins, on each replica; 0 for no limit.",
    parser: integer(0, 1_000_000),
    default: () => 60,
  }),
  "audit-days": setting({
    meaning: "Days for which entries of the audit log are kept; 0 keeps them for ever.",
    parser: integer(0, 36_500),
    default: () => 365,
  }),
  "allowed-hosts": setting<readonly string[] | undefined>({
    meaning:
      "Host names that the server goes by, without port, separated by commas; requests to others are refused. Loopback's names always pass.",
    parser: listOf(hostName),
    default: () => undefined,
    defaultText: "every name",
  }),
  "shutdown-grace": setting({
    meaning: "How long calls may go on when the server stops.",
    parser: duration(0, 3_600),
    default: () => 30_000,
    defaultText: "`30s`",
  }),
};

export type SettingName = keyof typeof settings;

/** Every setting with its value; durations are in milliseconds. */
export type Config = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
};

export const settingNames = Object.keys(settings) as readonly SettingName[];

/** @example variableOf("data-dir") is "ASKTELL_DATA_DIR" */
export function variableOf(name: SettingName): string {
  const given: Setting<unknown> = settings[name];
  return given.variable ?? `ASKTELL_${name.replaceAll("-", "_").toUpperCase()}`;
}

function setting<Value>(definition: Setting<Value>): Setting<Value> {
  return definition;
}
