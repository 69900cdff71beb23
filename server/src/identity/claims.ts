import type { Person } from "./users.ts";

/** More groups than anybody is a member of; whoever sends more does not mean well. */
const maxGroups = 10_000;
const maxTextLength = 500;

/**
 * Reads what an OpenID provider says of a person, by the standard's names (OpenID Connect Core 1.0, section 5.1). Names and
 * addresses are for show: they change, and may come to belong to somebody else. Only issuer and subject identify.
 *
 * @param groupsClaim - the claim with the groups: a list of texts, or one text
 */
export function readClaims(
  issuer: string,
  subject: string,
  claims: Readonly<Record<string, unknown>>,
  groupsClaim: string,
): Person {
  const first = (...names: string[]) =>
    names.map((name) => textOf(claims[name])).find((text) => text !== "") ?? subject;
  return {
    issuer,
    subject,
    username: first("preferred_username", "nickname", "email", "name").replace(/@.*/, ""),
    email: textOf(claims["email"]),
    emailVerified: claims["email_verified"] === true,
    displayName: first("name", "preferred_username", "nickname", "email"),
    groups: [claims[groupsClaim]]
      .flat()
      .slice(0, maxGroups)
      .map(textOf)
      .filter((group) => group !== ""),
  };
}

/** PostgreSQL's text holds any character but NUL. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value.replaceAll("\0", "").slice(0, maxTextLength) : "";
}
