import { Command, InvalidArgumentError } from "commander";
import { defaultProjectName } from "../identity/index.ts";
import { attemptOf } from "./attempt.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { withIdentity } from "./with-identity.ts";

/** `asktell token revoke` */
export function tokenRevokeCommand(): Command {
  const command = new Command("revoke")
    .summary("revoke a token")
    .description("Revokes a token for good; running servers refuse it within 5 seconds.")
    .argument("<id>", "the token's number, as `asktell token list` shows it", parseId);
  return addSettings(command, databaseSettings).action((id: number) =>
    withIdentity(command, async (identity) => {
      const project = await identity.getProject(defaultProjectName);
      const attempt = attemptOf(project, "asktell token revoke", `tokens/${id}`);
      const revoke = () => identity.revokeToken({ projectId: project.id, id });
      const token = await identity.audited(attempt, revoke, () => "failed");
      console.error(`Token ${token.id} ("${token.displayName}") is revoked.`);
    }),
  );
}

function parseId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a number.");
}
