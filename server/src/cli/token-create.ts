import { Command, InvalidArgumentError, Option } from "commander";
import { type Scope, scopes } from "../identity/index.ts";
import { attemptOf } from "./attempt.ts";
import { projectOption } from "./project-option.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { withIdentity } from "./with-identity.ts";

interface Options {
  name: string;
  scopes: Scope[];
  days: number;
  project: string;
  study?: string;
  maxAsks?: number;
}

/** `asktell token create`: standard output gets the token and nothing else, so that a script can keep it. */
export function tokenCreateCommand(): Command {
  const command = new Command("create")
    .summary("make a token and print it")
    .description(
      "Makes an API token and prints it, alone, on standard output. It is shown this once: the database keeps its hash.",
    )
    .requiredOption("--name <text>", "what the token is for, 1 to 100 characters")
    .addOption(
      new Option("--scopes <list>", `what it may do, of ${scopes.join(", ")}; the widest counts`)
        .argParser(parseScopes)
        .default(["work"] satisfies Scope[], "work"),
    )
    .addOption(
      new Option("--days <number>", "how long it works, 1 to 365 days").argParser(parseDays).default(30),
    );
  command
    .addOption(projectOption("the project that it opens"))
    .option("--study <name>", "the only study of the project that it opens")
    .addOption(
      new Option("--max-asks <number>", "how many trials it may be handed").argParser((text) => {
        if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
        throw new InvalidArgumentError("It is an integer from 1 to 999999999.");
      }),
    );
  return addSettings(command, databaseSettings).action((options: Options) =>
    withIdentity(command, async (identity) => {
      const project = await identity.getProject(options.project);
      const wanted = {
        projectId: project.id,
        displayName: options.name,
        scopes: options.scopes,
        study: options.study,
        maxAsks: options.maxAsks,
        validSeconds: options.days * 86_400,
      };
      const attempt = attemptOf(project, "asktell token create", "tokens");
      const { token, secret } = await identity.audited(
        attempt,
        () => identity.createToken(wanted),
        () => "failed",
        ({ token: { id } }) => `projects/${project.name}/tokens/${id}`,
      );
      console.log(secret);
      if (process.stdout.isTTY) {
        const until = token.expiresAt.toISOString().slice(0, 10);
        console.error(`Token ${token.id} may ${token.scope} until ${until}. Keep it: it is not shown again.`);
      }
    }),
  );
}

function parseScopes(text: string): Scope[] {
  return text.split(",").map((word) => {
    const scope = scopes.find((known) => known === word.trim().toLowerCase());
    if (scope === undefined) throw new InvalidArgumentError(`"${word}" is none of ${scopes.join(", ")}.`);
    return scope;
  });
}

function parseDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 365) return days;
  throw new InvalidArgumentError("It is an integer from 1 to 365.");
}
