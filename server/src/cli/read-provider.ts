import { readFileSync } from "node:fs";
import type { Config } from "../config.ts";
import type { ProviderOptions } from "../identity/index.ts";
import { CommandError } from "./command-error.ts";

/** The identity provider that the settings name, its secret read from the file; undefined for none. */
export function readProvider(config: Config): ProviderOptions | undefined {
  const { "oidc-issuer": issuer, "oidc-client-id": clientId } = config;
  if (issuer === undefined || clientId === undefined) return undefined;
  return {
    issuer,
    clientId,
    clientSecret: readSecret(config["oidc-client-secret-file"]),
    scopes: config["oidc-scopes"],
    groupsClaim: config["oidc-groups-claim"],
  };
}

function readSecret(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  let secret: string;
  try {
    // Editors end files with a line break, which is no part of the secret.
    secret = readFileSync(file, "utf8").trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`The identity provider's secret cannot be read from ${file}: ${reason}.`);
  }
  if (secret === "")
    throw new CommandError(`${file} is empty; it should hold the identity provider's secret.`);
  return secret;
}
