import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Where programs of this user keep their data.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ (a relative XDG_DATA_HOME counts as unset)
 */
export function defaultDataDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const xdg = env["XDG_DATA_HOME"];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "asktell");
  if (platform === "darwin") return join(home, "Library", "Application Support", "asktell");
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "asktell");
  return join(home, ".local", "share", "asktell");
}
