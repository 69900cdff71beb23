import { Command, Option } from "commander";
import { type Identity, type Member, type Role, roles } from "../identity/index.ts";
import { attemptOf } from "./attempt.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { formatTable, formatTime } from "./table.ts";
import { withIdentity } from "./with-identity.ts";

const person = "a verified e-mail address, or a user's number as `asktell project member list` shows it";

/** `asktell project member …` */
export function projectMemberCommand(): Command {
  return new Command("member")
    .summary("list, add and remove the members of a project")
    .description("Lists, adds and removes the members of a project.")
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand());
}

function listCommand(): Command {
  const command = new Command("list")
    .summary("list the members")
    .description("Lists the members of a project, in the order in which they first signed in. Times are UTC.")
    .argument("<project>", "the project's name")
    .option("--json", "print one JSON object a line instead of a table");
  return addSettings(command, databaseSettings).action((name: string, options: { json?: boolean }) =>
    withIdentity(command, async (identity) => {
      const members = await allMembers(identity, (await identity.getProject(name)).id);
      if (options.json) for (const member of members) console.log(JSON.stringify(member));
      else console.log(formatTable(header, members.map(rowOf)));
    }),
  );
}

function addCommand(): Command {
  const command = new Command("add")
    .summary("add a member, or change a role")
    .description(
      "Gives somebody who has signed in before a role in a project, or another one. Running servers heed it within 5 seconds.",
    )
    .argument("<project>", "the project's name")
    .argument("<person>", person)
    .addOption(new Option("--role <role>", "what the person may do").choices(roles).makeOptionMandatory());
  return addSettings(command, databaseSettings).action((name: string, who: string, options: { role: Role }) =>
    withIdentity(command, async (identity) => {
      const project = await identity.getProject(name);
      const attempt = attemptOf(project, "asktell project member add", `members/${who}`);
      const add = () => identity.addMember(project.id, who, options.role);
      const member = await identity.audited(attempt, add, () => "failed");
      console.error(`${nameOf(member)} is ${member.role} of ${project.name}.`);
    }),
  );
}

function removeCommand(): Command {
  const command = new Command("remove")
    .summary("remove a member")
    .description(
      "Takes from somebody the role that an admin gave in a project; what groups of the identity provider give stays.",
    )
    .argument("<project>", "the project's name")
    .argument("<person>", person);
  return addSettings(command, databaseSettings).action((name: string, who: string) =>
    withIdentity(command, async (identity) => {
      const project = await identity.getProject(name);
      const userId = await identity.findPerson(who);
      const attempt = attemptOf(project, "asktell project member remove", `members/${userId}`);
      const remove = () => identity.removeMember(project.id, userId);
      await identity.audited(attempt, remove, () => "failed");
      console.error(`User ${userId} has no role in ${project.name} by an admin's hand any more.`);
    }),
  );
}

async function allMembers(identity: Identity, projectId: number): Promise<Member[]> {
  const members: Member[] = [];
  for (let pageToken = ""; ;) {
    const page = await identity.listMembers({ projectId, pageSize: 1_000, pageToken });
    members.push(...page.members);
    pageToken = page.nextPageToken;
    if (pageToken === "") return members;
  }
}

const header = ["USER", "NAME", "E-MAIL", "ROLE", "BY GROUPS", "SINCE"];

function rowOf({ userId, displayName, email, role, groupRole, since }: Member): string[] {
  return [String(userId), displayName, email, role, groupRole ?? "", formatTime(since)];
}

function nameOf({ userId, displayName, email }: Member): string {
  return displayName || email || `User ${userId}`;
}
