import { Command } from "commander";
import { publicUrl } from "./addresses.ts";
import { addSettings, addressSettings, databaseSettings, settle } from "./settings-options.ts";
import { withIdentity } from "./with-identity.ts";

/** `asktell login-link`: standard output gets the link and nothing else. */
export function loginLinkCommand(): Command {
  const command = new Command("login-link")
    .summary("Prints a link that signs a browser in, once.")
    .description(
      "Prints a link that signs one browser in to the dashboard, once, within ten minutes. Give the port or public URL that the server was started with.",
    );
  return addSettings(command, [...databaseSettings, ...addressSettings]).action(() =>
    withIdentity(command, async (identity) => {
      const config = settle(command);
      console.log(`${publicUrl(config, config.port)}/#login=${await identity.createLoginCode()}`);
    }),
  );
}
