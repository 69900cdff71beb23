import { Command } from "commander";
import { backupCommand } from "./backup.ts";
import { loginLinkCommand } from "./login-link.ts";
import { migrateCommand } from "./migrate.ts";
import { projectCommand } from "./project.ts";
import { restoreCommand } from "./restore.ts";
import { serveCommand } from "./serve.ts";
import { sessionCommand } from "./session.ts";
import { studyCommand } from "./study.ts";
import { tokenCommand } from "./token.ts";
import { version, versionCommand } from "./version.ts";

/**
 * The command line `asktell`.
 *
 * @param adjust - changes the program's manners, such as where it writes, before they are handed to its commands
 */
export function createProgram(adjust: (program: Command) => void = () => undefined): Command {
  const program = new Command("asktell")
    .description("Hyperparameter optimisation as a service.")
    .version(version)
    .showHelpAfterError("Add --help for all options.");
  const commands = [
    serveCommand(),
    tokenCommand(),
    projectCommand(),
    sessionCommand(),
    loginLinkCommand(),
    studyCommand(),
    backupCommand(),
    restoreCommand(),
    migrateCommand(),
    versionCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  adjust(program);
  handDown(program);
  return program;
}

/** Commander hands a command's manners, such as its help after an error, to those made by it, not to those added. */
function handDown(parent: Command): void {
  for (const command of parent.commands) handDown(command.copyInheritedSettings(parent));
}
