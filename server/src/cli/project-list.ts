import { Command } from "commander";
import type { Identity, Project } from "../identity/index.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { formatTable, formatTime } from "./table.ts";
import { withIdentity } from "./with-identity.ts";

/** `asktell project list` */
export function projectListCommand(): Command {
  const command = new Command("list")
    .summary("list the projects")
    .description("Lists all projects by name, people's own among them. Times are UTC.")
    .option("--json", "print one JSON object a line instead of a table");
  return addSettings(command, databaseSettings).action((options: { json?: boolean }) =>
    withIdentity(command, async (identity) => {
      const projects = await allProjects(identity);
      if (options.json) for (const project of projects) console.log(JSON.stringify(project));
      else console.log(formatTable(header, projects.map(rowOf)));
    }),
  );
}

async function allProjects(identity: Identity): Promise<Project[]> {
  const projects: Project[] = [];
  for (let pageToken = ""; ;) {
    const page = await identity.listProjects(undefined, { pageSize: 1_000, pageToken });
    projects.push(...page.projects);
    pageToken = page.nextPageToken;
    if (pageToken === "") return projects;
  }
}

const header = ["NAME", "TITLE", "OWN OF", "CREATED"];

function rowOf({ name, displayName, personalOf, createdAt }: Project): string[] {
  return [name, displayName, personalOf === undefined ? "" : `user ${personalOf}`, formatTime(createdAt)];
}
