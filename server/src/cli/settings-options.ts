import { type Command, Option } from "commander";
import { type Config, type Setting, type SettingName, settings, variableOf } from "../config.ts";
import { readConfig } from "../config/read-config.ts";

/** The settings that say where the data is. */
export const dataSettings = ["data-dir", "database-url"] as const;

/** The settings that every command with a database takes. */
export const databaseSettings = [...dataSettings, "log-level", "log-format"] as const;

/** The settings that say by which address browsers reach a server. */
export const addressSettings = ["host", "port", "public-url", "tls-cert", "tls-key"] as const;

/** Adds flags for some settings, and `--config` for a file with any. */
export function addSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const { meaning, parser, ...setting }: Setting<unknown> = settings[name];
    const flags = parser.placeholder === undefined ? `--${name}` : `--${name} <${parser.placeholder}>`;
    const standard = setting.defaultText ?? String(setting.default());
    const hint = `(default: ${standard.replaceAll("`", "")}; env: ${variableOf(name)})`;
    command.addOption(new Option(flags, `${meaning} ${hint}`));
  }
  return command.addOption(
    new Option("--config <path>", "YAML or JSON file with settings by their names. (env: ASKTELL_CONFIG)"),
  );
}

/**
 * The flags of a command that is being run, as a shell takes them, for another command that takes these settings; begins with a space.
 * Passwords in a database URL stay where they are.
 */
export function repeatedFlags(command: Command, names: readonly SettingName[]): string {
  return [...names, "config"]
    .map((name) => {
      const option = command.options.find(({ long }) => long === `--${name}`);
      const value: unknown = option && command.getOptionValue(option.attributeName());
      if (typeof value !== "string") return "";
      return ` --${name} ${name === "database-url" ? "URL" : quoted(value)}`;
    })
    .join("");
}

/** A word as a POSIX shell reads it. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Settles the settings of a command that is being run. */
export function settle(command: Command): Config {
  const flags: Record<string, unknown> = {};
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (value !== undefined) flags[option.long?.slice(2) ?? ""] = value;
  }
  return readConfig({ flags, env: process.env, cwd: process.cwd() });
}
