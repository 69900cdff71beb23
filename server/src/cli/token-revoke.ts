import { Command, InvalidArgumentError } from "commander";
import { attemptOf } from "./attempt.ts";
import { projectOption } from "./project-option.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { withIdentity } from "./with-identity.ts";

/** `asktell token revoke` */
export function tokenRevokeCommand(): Command {
  const command = new Command("revoke")
    .summary("revoke a token")
    .description("Revokes a token for good; running servers refuse it within 5 seconds.")
    .argument("<id>", "the token's number, as `asktell token list` shows it", parseId)
    .addOption(projectOption("the project that it opens"));
  return addSettings(command, databaseSettings).action((id: number, options: { project: string }) =>
    withIdentity(command, async (identity) => {
      const project = await identity.getProject(options.project);
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
