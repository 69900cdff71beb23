import { Command } from "commander";
import { defaultProjectName } from "../identity/index.ts";
import { attemptOf } from "./attempt.ts";
import { CommandError } from "./command-error.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { withIdentity } from "./with-identity.ts";

/** As `project_id` of CreateProject. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

interface Options {
  title: string;
  admin?: string;
}

/** `asktell project create` */
export function projectCreateCommand(): Command {
  const command = new Command("create")
    .summary("make a project")
    .description(
      "Makes a project. Without an admin, `asktell token create --project` opens it to programs alone.",
    )
    .argument("<name>", "up to 63 letters, digits, `.`, `_` and `-`, beginning with a letter or digit")
    .option("--title <text>", "what people see", "")
    .option("--admin <person>", "its first admin: a verified e-mail address, or a user's number");
  return addSettings(command, databaseSettings).action((name: string, options: Options) =>
    withIdentity(command, async (identity) => {
      if (!namePattern.test(name)) {
        throw new CommandError(
          `${JSON.stringify(name)} is no name of a project: it has up to 63 letters, digits, ".", "_" and "-", and begins with a letter or digit.`,
        );
      }
      const adminId = options.admin === undefined ? undefined : await identity.findPerson(options.admin);
      // A project that is being made has no log yet.
      const log = await identity.getProject(defaultProjectName);
      const attempt = { ...attemptOf(log, "asktell project create", ""), target: `projects/${name}` };
      const create = () => identity.createProject({ name, displayName: options.title, adminId });
      const project = await identity.audited(attempt, create, () => "failed");
      console.error(`The project ${project.name} is made.`);
    }),
  );
}
