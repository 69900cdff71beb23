import { Command } from "commander";
import { projectCreateCommand } from "./project-create.ts";
import { projectListCommand } from "./project-list.ts";
import { projectMemberCommand } from "./project-member.ts";

/** `asktell project …` */
export function projectCommand(): Command {
  return new Command("project")
    .description("Makes and lists projects and their members. Works while a server runs, and without one.")
    .addCommand(projectListCommand())
    .addCommand(projectCreateCommand())
    .addCommand(projectMemberCommand());
}
