import { Command } from "commander";
import { backupCommand } from "./backup.ts";
import { migrateCommand } from "./migrate.ts";
import { restoreCommand } from "./restore.ts";
import { serveCommand } from "./serve.ts";
import { studyCommand } from "./study.ts";
import { tokenCommand } from "./token.ts";
import { version, versionCommand } from "./version.ts";

/** The command line `asktell`. */
export function createProgram(): Command {
  const program = new Command("asktell")
    .description("Hyperparameter optimisation as a service.")
    .version(version)
    .showHelpAfterError("Add --help for all options.");
  const commands = [
    serveCommand(),
    tokenCommand(),
    studyCommand(),
    backupCommand(),
    restoreCommand(),
    migrateCommand(),
    versionCommand(),
  ];
  // Settings are not inherited from the parent, only its manners.
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}
