import { type Setting, settingNames, settings, variableOf } from "../config.ts";

/** The table of all settings, for the README. */
export function settingsTable(): string {
  const rows = settingNames.map((name) => {
    const setting: Setting<unknown> = settings[name];
    const standard = setting.defaultText ?? `\`${String(setting.default())}\``;
    return [`\`--${name}\``, `\`${variableOf(name)}\``, standard, setting.meaning];
  });
  const lines = [["Flag", "Environment", "Default", "Meaning"], ["---", "---", "---", "---"], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
