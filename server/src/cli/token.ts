import { Command } from "commander";
import { tokenCreateCommand } from "./token-create.ts";
import { tokenListCommand } from "./token-list.ts";
import { tokenRevokeCommand } from "./token-revoke.ts";

/** `asktell token …` */
export function tokenCommand(): Command {
  return new Command("token")
    .description("Makes, lists and revokes API tokens. Works while a server runs, and without one.")
    .addCommand(tokenCreateCommand())
    .addCommand(tokenListCommand())
    .addCommand(tokenRevokeCommand());
}
