import { Command } from "commander";
import { studyExportCommand } from "./study-export.ts";
import { studyListCommand } from "./study-list.ts";
import { studyReplayCommand } from "./study-replay.ts";

/** `asktell study …` */
export function studyCommand(): Command {
  return new Command("study")
    .description("Looks at studies from the command line. Works while a server runs, and without one.")
    .addCommand(studyListCommand())
    .addCommand(studyExportCommand())
    .addCommand(studyReplayCommand());
}
