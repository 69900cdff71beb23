import type { ComparisonOperator, TrialField, TrialFilter } from "../../store/hot/trial-query.ts";
import { trialStates } from "../../store/states.ts";
import { fieldForms, parseField } from "./field.ts";
import { literalOf } from "./literal.ts";
import { type KnownNames, checkText, refusal, shown } from "./source.ts";
import { type TokenReader, readTokens } from "./token-reader.ts";

/** Bounds on a filter, so that none can keep the server or the database busy for long. */
export const filterLimits = { characters: 2_000, depth: 32, comparisons: 100 } as const;

const operators: readonly string[] = ["=", "!=", "<", "<=", ">", ">="] satisfies ComparisonOperator[];

/**
 * Parses a filter as AIP-160 has it, with the fields of trials. From loose to tight: AND, OR, NOT, comparison or parentheses.
 *
 * @returns undefined when the text is blank: every trial
 * @throws StudyError INVALID_REQUEST that names the place, what is there and what is accepted
 */
export function parseFilter(text: string, names: KnownNames): TrialFilter | undefined {
  const source = { field: "filter", text } as const;
  checkText(source, filterLimits.characters);
  if (text.trim() === "") return undefined;
  const tokens = readTokens(source);
  let comparisons = 0;

  function conjunction(depth: number): TrialFilter {
    return chain("and", "AND", () => chain("or", "OR", () => term(depth)));
  }

  function chain(kind: "and" | "or", keyword: string, operand: () => TrialFilter): TrialFilter {
    const first = operand();
    const operands = [first];
    while (tokens.skip("word", keyword)) operands.push(operand());
    return operands.length === 1 ? first : { kind, operands };
  }

  function term(depth: number): TrialFilter {
    const { start } = tokens.peek();
    if (depth > filterLimits.depth) {
      throw refusal(source, start, `parentheses and NOT are nested more than ${filterLimits.depth} deep`);
    }
    if (tokens.skip("word", "NOT")) return { kind: "not", operand: term(depth + 1) };
    if (tokens.skip("(")) {
      const inner = conjunction(depth + 1);
      if (!tokens.skip(")")) throw tokens.unexpected("AND, OR or )");
      return inner;
    }
    if (++comparisons > filterLimits.comparisons) {
      throw refusal(source, start, `there are more than ${filterLimits.comparisons} comparisons`);
    }
    if (isKeyword(tokens.peek().text) || tokens.peek().kind !== "word") {
      throw tokens.unexpected(`NOT, ( or a field: ${fieldForms}`);
    }
    return comparison(tokens, parseField(tokens, names));
  }

  const filter = conjunction(0);
  if (tokens.peek().kind !== "end") throw tokens.unexpected("AND, OR (in capitals) or the end");
  return filter;
}

function comparison(tokens: TokenReader, field: TrialField): TrialFilter {
  const sign = tokens.peek();
  if (sign.kind !== "operator") throw tokens.unexpected(`an operator: ${operators.join(", ")}`);
  const operator = tokens.take().text as ComparisonOperator; // The lexer knows no others.
  const value = tokens.peek();
  if ((value.kind !== "word" && value.kind !== "text") || (value.kind === "word" && isKeyword(value.text))) {
    throw tokens.unexpected("a value: a number, a word, text in double quotes, true, false or null");
  }
  if (field.kind !== "state") {
    tokens.take();
    return { kind: "comparison", field, operator, value: literalOf(value, field) };
  }
  if (operator !== "=" && operator !== "!=") {
    throw refusal(
      tokens.source,
      sign.start,
      `found ${shown(operator)}, but states have no order: expected = or !=`,
    );
  }
  const wanted = value.text.toLowerCase().replace(/^trial_state_/, "");
  const state = trialStates.find((name) => name !== "unspecified" && name === wanted);
  if (state === undefined || state === "unspecified") {
    throw tokens.unexpected(`a state: ${trialStates.slice(1).join(", ").toUpperCase()}`);
  }
  tokens.take();
  return { kind: "state", operator, state };
}

function isKeyword(word: string): boolean {
  return word === "AND" || word === "OR" || word === "NOT";
}
