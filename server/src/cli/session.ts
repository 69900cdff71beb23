import { Command, InvalidArgumentError, Option } from "commander";
import { type Session, defaultProjectName } from "../identity/index.ts";
import { attemptOf } from "./attempt.ts";
import { CommandError } from "./command-error.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { formatTable, formatTime } from "./table.ts";
import { withIdentity } from "./with-identity.ts";

const person = "a verified e-mail address, or a user's number";

/** `asktell session …` */
export function sessionCommand(): Command {
  return new Command("session")
    .description("Lists and ends the sessions of people who are signed in with a browser.")
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

function listCommand(): Command {
  const command = new Command("list")
    .summary("list a person's sessions")
    .description("Lists the browsers that a person is signed in with, last used first. Times are UTC.")
    .argument("<person>", person)
    .option("--json", "print one JSON object a line instead of a table");
  return addSettings(command, databaseSettings).action((who: string, options: { json?: boolean }) =>
    withIdentity(command, async (identity) => {
      const sessions = await identity.listSessions(await identity.findPerson(who));
      if (options.json) for (const session of sessions) console.log(JSON.stringify(summaryOf(session)));
      else console.log(formatTable(header, sessions.map(rowOf)));
    }),
  );
}

function revokeCommand(): Command {
  const command = new Command("revoke")
    .summary("end a person's sessions")
    .description(
      "Ends the sessions of a person, all of them or one; running servers refuse them within 5 seconds. Who may sign in is the " +
        "identity provider's business: the person may come back. Tokens go on: see `asktell token revoke`.",
    )
    .argument("<person>", person)
    .addOption(
      new Option("--id <number>", "only this session, as `asktell session list` shows it").argParser(parseId),
    );
  return addSettings(command, databaseSettings).action((who: string, { id }: { id?: number }) =>
    withIdentity(command, async (identity) => {
      const userId = await identity.findPerson(who);
      const log = await identity.getProject(defaultProjectName);
      const target = `users/${userId}/sessions${id === undefined ? "" : `/${id}`}`;
      const attempt = { ...attemptOf(log, "asktell session revoke", ""), target };
      const revoke = () => identity.revokeSessions({ userId, ...(id === undefined ? {} : { id }) });
      const ended = await identity.audited(attempt, revoke, () => "failed");
      if (id !== undefined && ended === 0) throw new CommandError(`User ${userId} has no session ${id}.`);
      console.error(`${ended} ${ended === 1 ? "session" : "sessions"} of user ${userId} ended.`);
    }),
  );
}

function parseId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a number.");
}

function summaryOf({ id, user, method, address, userAgent, createdAt, seenAt, expiresAt }: Session) {
  return { id, userId: user.id, method, address, userAgent, createdAt, seenAt, expiresAt };
}

const header = ["ID", "BY", "ADDRESS", "BEGAN", "LAST USED", "ENDS", "BROWSER"];

function rowOf({ id, method, address, createdAt, seenAt, expiresAt, userAgent }: Session): string[] {
  // A browser says what it likes: nothing of it may steer the terminal.
  const browser = userAgent.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 60);
  return [String(id), method, address, ...[createdAt, seenAt, expiresAt].map(formatTime), browser];
}
