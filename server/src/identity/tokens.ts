import type { TokenRow, TokenTable } from "../store/cold/tokens.ts";
import { StudyNotFoundError, TokenFieldError, TokenNotFoundError } from "./errors.ts";
import { pageOf } from "./page.ts";
import { type Scope, scopeNumber, scopeOf, widest } from "./scope.ts";
import { createSecret, hashSecret, hintOf } from "./secret.ts";

/** What a token is for: programs, or people who may look at one study. */
export type TokenKind = "token" | "link";

const kinds: readonly TokenKind[] = ["token", "link"];

/** A token as its owner sees it: without the secret. */
export interface Token extends Omit<TokenRow, "scope" | "kind"> {
  readonly scope: Scope;
  readonly kind: TokenKind;
}

export interface NewToken {
  readonly projectId: number;
  /** The user who makes it. @default nobody: a token or the command line does */
  readonly userId?: number | undefined;
  /** What it is for, 1 to 100 characters. */
  readonly displayName: string;
  /** A link reads, and is for one study. @default token */
  readonly kind?: TokenKind;
  /** The widest counts. @default work, of a link read */
  readonly scopes?: readonly Scope[];
  /** The name of the only study that it reaches. @default the whole project */
  readonly study?: string | undefined;
  /** How many trials it may be handed, 1 or more. @default any number */
  readonly maxAsks?: number | undefined;
  /** One day to 365 days. @default 30 days */
  readonly validSeconds?: number;
}

export interface Rotation {
  readonly projectId: number;
  readonly id: number;
  /** One day to 365 days. @default 30 days */
  readonly validSeconds?: number;
  /** How long the old token goes on working, up to 30 days. @default one day */
  readonly overlapSeconds?: number;
}

export interface TokenPage {
  readonly tokens: Token[];
  /** For the next page; empty on the last. */
  readonly nextPageToken: string;
}

export interface Tokens {
  /**
   * Makes a token; the secret is in this answer and nowhere else. Throws TokenFieldError, and StudyNotFoundError for a study that the
   * project has not.
   */
  createToken(token: NewToken): Promise<{ token: Token; secret: string }>;
  /**
   * Makes a token with the rights of an old one, which goes on working for a while. Both share what is left of a cap. Throws
   * TokenNotFoundError for a token that is none of the project's, or no longer good.
   */
  rotateToken(rotation: Rotation): Promise<{ token: Token; secret: string }>;
  /** Newest first, revoked and expired ones included. Throws TokenFieldError for a foreign page token. */
  listTokens(query: { projectId: number; pageSize?: number; pageToken?: string }): Promise<TokenPage>;
  /** Revokes a token for good; again changes nothing. Throws TokenNotFoundError. */
  revokeToken(token: { projectId: number; id: number }): Promise<Token>;
}

const day = 86_400;
/** The database's int4. */
const maxCap = 2 ** 31 - 1;

/** @param changed told the id of each token that was revoked or rotated */
export function createTokens(table: TokenTable, changed: (tokenId: number) => void): Tokens {
  return {
    async createToken({ projectId, userId, displayName, kind = "token", study, maxAsks, ...token }) {
      const { scopes = [], validSeconds = 30 * day } = token;
      const scope = widest(scopes) ?? (kind === "link" ? "read" : "work");
      checkDisplayName(displayName);
      checkValidity(validSeconds);
      checkCap(maxAsks);
      if (kind === "link") checkLink(scope, study);
      const secret = createSecret(undefined, kind);
      const row = await table.insert({
        projectId,
        userId,
        displayName,
        hint: hintOf(secret),
        hash: hashSecret(secret),
        scope: scopeNumber(scope),
        kind: kinds.indexOf(kind) + 1,
        study,
        maxAsks,
        validSeconds,
      });
      if (row === undefined)
        throw new StudyNotFoundError(`there is no study ${JSON.stringify(study)} in this project`);
      return { token: toToken(row), secret };
    },

    async rotateToken({ projectId, id, validSeconds = 30 * day, overlapSeconds = day }) {
      checkValidity(validSeconds);
      if (!(overlapSeconds >= 0 && overlapSeconds <= 30 * day)) {
        const description = `is ${overlapSeconds} s; accepted are 0 s to 2592000 s (30 days)`;
        throw new TokenFieldError("overlap", description);
      }
      const secret = createSecret();
      const hash = hashSecret(secret);
      const row = await table.rotate({
        projectId,
        id,
        hint: hintOf(secret),
        hash,
        validSeconds,
        overlapSeconds,
      });
      if (row === undefined) {
        throw new TokenNotFoundError(
          `This project has no token ${id} that is still good and was not rotated before.`,
        );
      }
      changed(id);
      return { token: toToken(row), secret };
    },

    async listTokens({ projectId, pageSize, pageToken }) {
      const { limit, after } = pageOf(pageSize, pageToken);
      // One more than asked for tells whether there is a next page.
      const rows = await table.list({ projectId, limit: limit + 1, before: after });
      const tokens = rows.slice(0, limit).map(toToken);
      const last = rows.length > limit ? tokens.at(-1) : undefined;
      return { tokens, nextPageToken: last === undefined ? "" : String(last.id) };
    },

    async revokeToken({ projectId, id }) {
      const row = await table.revoke({ projectId, id });
      if (row === undefined) throw new TokenNotFoundError(`This project has no token ${id}.`);
      changed(id);
      return toToken(row);
    },
  };
}

/** Throws on a number that no version has written. */
export function tokenKindOf(number: number): TokenKind {
  const kind = kinds[number - 1];
  if (kind === undefined) throw new RangeError(`no kind of token has the number ${number}`);
  return kind;
}

function checkDisplayName(name: string): void {
  const length = Array.from(name).length;
  if (length < 1 || length > 100) {
    throw new TokenFieldError("token.display_name", `has ${length} characters; accepted are 1 to 100`);
  }
  // PostgreSQL's text holds any character but this one.
  if (name.includes("\0")) throw new TokenFieldError("token.display_name", "holds a NUL character");
}

function checkValidity(seconds: number): void {
  if (seconds >= day && seconds <= 365 * day) return;
  throw new TokenFieldError(
    "validity",
    `is ${seconds} s; accepted are 86400 s (1 day) to 31536000 s (365 days)`,
  );
}

function checkCap(maxAsks: number | undefined): void {
  if (maxAsks === undefined || (Number.isInteger(maxAsks) && maxAsks >= 1 && maxAsks <= maxCap)) return;
  throw new TokenFieldError("token.max_asks", `is ${maxAsks}; accepted are 1 to ${maxCap}`);
}

function checkLink(scope: Scope, study: string | undefined): void {
  if (study === undefined)
    throw new TokenFieldError("token.study", "is empty: a share link is for one study");
  if (scope !== "read") throw new TokenFieldError("token.scopes", `hold ${scope}: a share link only reads`);
}

const toToken = (row: TokenRow): Token => ({
  ...row,
  scope: scopeOf(row.scope),
  kind: tokenKindOf(row.kind),
});
