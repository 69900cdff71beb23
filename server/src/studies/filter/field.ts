import type { TrialField } from "../../store/hot/trial-query.ts";
import { type KnownNames, listed, refusal, shown } from "./source.ts";
import type { TokenReader } from "./token-reader.ts";

export const fieldForms = "number, state, worker, attempt, params.NAME, values.NAME or metrics.NAME";

/** Reads a field; a name with unusual characters may stand in double quotes: `params."learning rate"`. */
export function parseField(tokens: TokenReader, names: KnownNames): TrialField {
  if (tokens.peek().kind !== "word") throw tokens.unexpected(`a field: ${fieldForms}`);
  const head = tokens.take();
  switch (head.text) {
    case "number":
    case "state":
    case "worker":
    case "attempt":
      return { kind: head.text };
  }
  const dot = head.text.indexOf(".");
  const kind = head.text.slice(0, dot);
  if (kind !== "params" && kind !== "values" && kind !== "metrics") {
    const unknown = `found ${shown(head.text)}, which is no field`;
    throw refusal(
      tokens.source,
      head.start,
      `${unknown}: ${meant(head.text, names) ?? `expected ${fieldForms}`}`,
    );
  }
  const name = head.text.slice(dot + 1) || quotedName(tokens, head.end, kind);
  return namedField(kind, name, names, (problem) => refusal(tokens.source, head.start, problem));
}

function namedField(
  kind: "params" | "values" | "metrics",
  name: string,
  { objectives, parameters }: KnownNames,
  refused: (problem: string) => Error,
): TrialField {
  if (kind === "metrics") return { kind, name };
  const [known, noun] = kind === "values" ? [objectives, "objective"] : [parameters, "parameter"];
  const index = known.indexOf(name);
  if (index < 0) {
    const choice = known.length === 0 ? "none" : listed(known);
    throw refused(`the study has no ${noun} ${shown(name)}; it has ${choice}`);
  }
  return kind === "values" ? { kind, name, index } : { kind, name };
}

/** The name in quotes directly behind a dot. */
function quotedName(tokens: TokenReader, end: number, kind: string): string {
  const next = tokens.peek();
  if (next.kind !== "text" || next.start !== end) throw tokens.unexpected(`a name behind ${kind}.`);
  if (next.text === "" && kind === "metrics") {
    throw refusal(tokens.source, next.start, "found an empty name, expected a name behind metrics.");
  }
  return tokens.take().text;
}

/** What someone meant who left the prefix out. */
function meant(word: string, { objectives, parameters }: KnownNames): string | undefined {
  if (objectives.includes(word)) return `the objective is written values.${word}`;
  if (parameters.includes(word)) return `the parameter is written params.${word}`;
  return undefined;
}
