import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";

/**
 * Reads the argument that names a backup's archive, as an absolute path.
 *
 * @throws {InvalidArgumentError} for `-`: an archive gets its name when it is whole and is read twice, which no pipe
 *   allows, and a file of that name is nothing anybody wants.
 */
export function archiveFile(name: string): string {
  if (name === "-") throw new InvalidArgumentError("Name a file; an archive cannot go through a pipe.");
  return resolve(name);
}
