import { Command } from "commander";
import type { Identity, Token } from "../identity/index.ts";
import { projectOption } from "./project-option.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { formatTable, formatTime } from "./table.ts";
import { withIdentity } from "./with-identity.ts";

/** `asktell token list` */
export function tokenListCommand(): Command {
  const command = new Command("list")
    .summary("list a project's tokens")
    .description("Lists the tokens of a project, newest first, without their secrets. Times are UTC.")
    .addOption(projectOption("the project that they open"))
    .option("--json", "print one JSON object a line instead of a table");
  return addSettings(command, databaseSettings).action((options: { project: string; json?: boolean }) =>
    withIdentity(command, async (identity) => {
      const tokens = await allTokens(identity, options.project);
      if (options.json) for (const token of tokens) console.log(JSON.stringify(token));
      else console.log(formatTable(header, tokens.map(rowOf)));
    }),
  );
}

async function allTokens(identity: Identity, project: string): Promise<Token[]> {
  const projectId = (await identity.getProject(project)).id;
  const tokens: Token[] = [];
  for (let pageToken = ""; ;) {
    const page = await identity.listTokens({ projectId, pageSize: 1_000, pageToken });
    tokens.push(...page.tokens);
    pageToken = page.nextPageToken;
    if (pageToken === "") return tokens;
  }
}

const header = ["ID", "NAME", "SCOPE", "BEGINS", "STATE", "CREATED", "EXPIRES", "LAST USED"];

function rowOf(token: Token): string[] {
  const { id, displayName, scope, hint, createdAt, expiresAt, lastUsedAt } = token;
  return [
    String(id),
    displayName,
    scope,
    `${hint}…`,
    stateOf(token),
    ...[createdAt, expiresAt, lastUsedAt].map(formatTime),
  ];
}

function stateOf(token: Token): string {
  if (token.revokedAt !== undefined) return "revoked";
  return token.expiresAt.getTime() <= Date.now() ? "expired" : "good";
}
