import { type Command, Option } from "commander";
import { type Config, type Setting, type SettingName, settings, variableOf } from "../config.ts";
import { readConfig } from "../config/read-config.ts";

/** The settings that every command with a database takes. */
export const databaseSettings = ["data-dir", "database-url", "log-level", "log-format"] as const;

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

/** Settles the settings of a command that is being run. */
export function settle(command: Command): Config {
  const flags: Record<string, unknown> = {};
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (value !== undefined) flags[option.long?.slice(2) ?? ""] = value;
  }
  return readConfig({ flags, env: process.env, cwd: process.cwd() });
}
