import type { TokenRow, TokenTable } from "../store/cold/tokens.ts";
import { TokenFieldError, TokenNotFoundError } from "./errors.ts";
import { type Scope, scopeNumber, scopeOf, widest } from "./scope.ts";
import { createSecret, hashSecret, hintOf } from "./secret.ts";

/** A token as its owner sees it: without the secret. */
export interface Token extends Omit<TokenRow, "scope"> {
  readonly scope: Scope;
}

export interface NewToken {
  readonly projectId: number;
  /** What it is for, 1 to 100 characters. */
  readonly displayName: string;
  /** The widest counts. @default work */
  readonly scopes?: readonly Scope[];
  /** One day to 365 days. @default 30 days */
  readonly validSeconds?: number;
}

export interface TokenPage {
  readonly tokens: Token[];
  /** For the next page; empty on the last. */
  readonly nextPageToken: string;
}

export interface Tokens {
  /** Makes a token; the secret is in this answer and nowhere else. Throws TokenFieldError. */
  createToken(token: NewToken): Promise<{ token: Token; secret: string }>;
  /** Newest first, revoked and expired ones included. Throws TokenFieldError for a foreign page token. */
  listTokens(query: { projectId: number; pageSize?: number; pageToken?: string }): Promise<TokenPage>;
  /** Revokes a token for good; again changes nothing. Throws TokenNotFoundError. */
  revokeToken(token: { projectId: number; id: number }): Promise<Token>;
}

const day = 86_400;
const defaultPageSize = 100;
const maxPageSize = 1_000;

/** @param revoked told the id of each token that was revoked */
export function createTokens(table: TokenTable, revoked: (tokenId: number) => void): Tokens {
  return {
    async createToken({ projectId, displayName, scopes = [], validSeconds = 30 * day }) {
      checkDisplayName(displayName);
      checkValidity(validSeconds);
      const secret = createSecret();
      const row = await table.insert({
        projectId,
        displayName,
        hint: hintOf(secret),
        hash: hashSecret(secret),
        scope: scopeNumber(widest(scopes) ?? "work"),
        validSeconds,
      });
      return { token: toToken(row), secret };
    },

    async listTokens({ projectId, pageSize = 0, pageToken = "" }) {
      const size = Math.min(pageSize === 0 ? defaultPageSize : pageSize, maxPageSize);
      // One more than asked for tells whether there is a next page.
      const rows = await table.list({ projectId, limit: size + 1, before: parsePageToken(pageToken) });
      const tokens = rows.slice(0, size).map(toToken);
      const last = rows.length > size ? tokens.at(-1) : undefined;
      return { tokens, nextPageToken: last === undefined ? "" : String(last.id) };
    },

    async revokeToken({ projectId, id }) {
      const row = await table.revoke({ projectId, id });
      if (row === undefined) throw new TokenNotFoundError(`This project has no token ${id}.`);
      revoked(id);
      return toToken(row);
    },
  };
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

function parsePageToken(pageToken: string): number | undefined {
  if (pageToken === "") return undefined;
  if (/^[1-9]\d{0,14}$/.test(pageToken)) return Number(pageToken);
  throw new TokenFieldError("page_token", "is not one that ListTokens answered");
}

const toToken = (row: TokenRow): Token => ({ ...row, scope: scopeOf(row.scope) });
