import type { MessageInitShape } from "@bufbuild/protobuf";
import { Scope } from "@asktell/proto/asktell/v1/access_pb";
import { type CreateTokenRequestSchema, TokenKind } from "@asktell/proto/asktell/v1/token_service_pb";
import { lengthProblem } from "./validity.ts";

/** What programs may be allowed, from the narrowest to the widest. */
export const scopes = [
  { value: Scope.READ, label: "Read", what: "See studies and trials." },
  { value: Scope.WORK, label: "Work", what: "Also ask, report and tell. For training jobs." },
  { value: Scope.EDIT, label: "Edit", what: "Also create, change, pause and finish studies." },
  { value: Scope.MANAGE, label: "Manage", what: "Also delete studies, and manage members and tokens." },
] as const;

/** "Work" for a token that may work; the widest of its scopes counts. */
export function scopeLabel(held: readonly Scope[]): string {
  return scopes.findLast(({ value }) => held.includes(value))?.label ?? "Work";
}

/** A token as it is typed. */
export interface TokenDraft {
  name: string;
  kind: "program" | "link";
  scope: Scope;
  /** `all` of the project, or `one` study. */
  reach: "all" | "one";
  study: string;
  /** Days, as text. */
  days: string;
  /** The cap on asks, as text; empty for none. */
  maxAsks: string;
}

export function newTokenDraft(): TokenDraft {
  return { name: "", kind: "program", scope: Scope.WORK, reach: "all", study: "", days: "30", maxAsks: "" };
}

export type TokenRequest = MessageInitShape<typeof CreateTokenRequestSchema>;

/** The most asks that a token may be capped at. */
const mostAsks = 2 ** 31 - 1;

/** Turns the form into a request, or says what is wrong with it, by the form's own fields. */
export function tokenRequestFrom(
  draft: TokenDraft,
  parent: string,
): { readonly request: TokenRequest; readonly problems: ReadonlyMap<string, string> } {
  const problems = new Map<string, string>();
  const isLink = draft.kind === "link";
  const name = draft.name.trim();
  const study = isLink || draft.reach === "one" ? draft.study.trim() : "";
  if (name === "") problems.set("name", "A name is needed, to know it again.");
  if (study === "" && (isLink || draft.reach === "one")) problems.set("study", "Say which study, by its id.");
  const days = lengthProblem(draft.days);
  if (days !== undefined) problems.set("days", days);
  const asks = isLink || draft.maxAsks.trim() === "" ? 0 : Number(draft.maxAsks);
  const isCount = Number.isInteger(asks) && asks >= (draft.maxAsks.trim() === "" || isLink ? 0 : 1);
  if (!isCount || asks > mostAsks) problems.set("maxAsks", "A whole number from 1 on, or nothing.");
  return {
    request: {
      parent,
      token: {
        displayName: name,
        kind: isLink ? TokenKind.SHARE_LINK : TokenKind.PROGRAM,
        scopes: [isLink ? Scope.READ : draft.scope],
        study,
        maxAsks: isCount ? asks : 0,
      },
      validity: { seconds: BigInt(days === undefined ? Number(draft.days) * 86_400 : 0) },
    },
    problems,
  };
}

/** The form's field that a refusal of the server is about; undefined: none in particular. */
export function tokenFieldOf(field: string): string | undefined {
  const known: Readonly<Record<string, string>> = {
    "token.display_name": "name",
    "token.scopes": "scope",
    "token.study": "study",
    "token.max_asks": "maxAsks",
    validity: "days",
  };
  return known[field];
}
