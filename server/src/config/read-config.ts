import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import {
  type Config,
  type Setting,
  type SettingName,
  settingNames,
  settings,
  variableOf,
} from "../config.ts";
import { nearest } from "./nearest.ts";

export interface ConfigSources {
  /** Values of the command line, by setting; `config` names the file. */
  readonly flags: Readonly<Partial<Record<SettingName | "config", unknown>>>;
  readonly env: NodeJS.ProcessEnv;
  /** Relative paths of flags and variables start here; those of a file start beside it. */
  readonly cwd: string;
}

/** One or more settings are not acceptable; the message lists them all, a line each. */
class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Variables that begin like settings and are for clients and tests; the server has no use for them. */
const clientVariables = ["ASKTELL_URL", "ASKTELL_TOKEN"];
const testPrefix = "ASKTELL_TEST_";
const fileVariable = "ASKTELL_CONFIG";

/** A value as found, before its parser saw it. */
interface Given {
  readonly value: unknown;
  /** Where it stands, as its writer would name it. */
  readonly place: string;
  readonly base: string;
}

/** Settles every setting: a flag before the environment before the file before the default. */
export function readConfig(sources: ConfigSources): Config {
  const problems: string[] = unknownVariables(sources.env);
  const file = readFile(sources, problems);
  const config: Partial<Record<SettingName, unknown>> = {};
  for (const name of settingNames) {
    const { parser, ...setting }: Setting<unknown> = settings[name];
    const given = findValue(name, sources, file);
    const value = given === undefined ? setting.default() : parser.parse(given.value, given.base);
    if (value === undefined && given !== undefined) {
      problems.push(
        `${given.place}: ${show(name, given.value)} is not accepted; accepted is ${parser.accepts}.`,
      );
    }
    config[name] = value;
  }
  if ((config["tls-cert"] === undefined) !== (config["tls-key"] === undefined)) {
    problems.push("tls-cert and tls-key belong together: give both or neither.");
  }
  if ((config["oidc-issuer"] === undefined) !== (config["oidc-client-id"] === undefined)) {
    problems.push("oidc-issuer and oidc-client-id belong together: give both or neither.");
  }
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  // Each value came from the parser or the default of its own setting.
  return config as Config;
}

function findValue(
  name: SettingName,
  sources: ConfigSources,
  file: ReadonlyMap<string, Given>,
): Given | undefined {
  const flag = sources.flags[name];
  if (flag !== undefined) return { value: flag, place: `--${name}`, base: sources.cwd };
  const variable = variableOf(name);
  const text = sources.env[variable];
  // Compose files and shells pass variables that were not set as empty ones.
  if (text !== undefined && text !== "") return { value: text, place: variable, base: sources.cwd };
  return file.get(name);
}

function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = [...settingNames.map(variableOf), fileVariable, ...clientVariables];
  return Object.keys(env)
    .filter((variable) => variable.startsWith("ASKTELL_") && !variable.startsWith(testPrefix))
    .filter((variable) => !known.includes(variable))
    .map((variable) => `${variable}: there is no such variable.${didYouMean(variable, known)}`);
}

function readFile(sources: ConfigSources, problems: string[]): ReadonlyMap<string, Given> {
  const name = sources.flags.config ?? sources.env[fileVariable];
  if (typeof name !== "string" || name === "") return new Map();
  const file = resolve(sources.cwd, name);
  const given = new Map<string, Given>();
  for (const [key, value] of Object.entries(parseFile(file))) {
    const place = `${file}: ${key}`;
    if (settingNames.some((known) => known === key)) given.set(key, { value, place, base: dirname(file) });
    else problems.push(`${place}: there is no such setting.${didYouMean(key, settingNames)}`);
  }
  return given;
}

/** YAML 1.2, of which JSON is a part. */
function parseFile(file: string): object {
  let source: string;
  try {
    source = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(
      `${file}: cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  const document = parseDocument(source);
  const [error] = document.errors;
  if (error !== undefined) throw new ConfigError(`${file}: ${error.message}`);
  const content: unknown = document.toJS();
  if (content === null) return {};
  if (typeof content === "object" && !Array.isArray(content)) return content;
  throw new ConfigError(`${file}: holds no settings; write them as "name: value", a line each.`);
}

function didYouMean(name: string, known: readonly string[]): string {
  const like = nearest(name, known);
  return like === undefined ? ` Known are ${known.join(", ")}.` : ` Did you mean ${like}?`;
}

/** A database URL may hold a password: it is not repeated. */
const show = (name: SettingName, value: unknown) =>
  name === "database-url" ? "this" : JSON.stringify(value);
