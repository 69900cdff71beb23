import { create } from "@bufbuild/protobuf";
import { LinearConstraintSchema, type LinearConstraint } from "@asktell/proto/asktell/v1/study_pb";
import type { ParameterDraft } from "./parameter-form.ts";

/** One linear constraint as it is typed. */
export interface LinearDraft {
  readonly key: number;
  text: string;
}

/** A linear constraint that was read, or why it cannot be. */
export type LinearReading = { readonly constraint: LinearConstraint } | { readonly problem: string };

let keys = 0;

/** A constraint to begin with. */
export function newLinear(text = ""): LinearDraft {
  return { key: ++keys, text };
}

/** A constraint of a study, as one would type it: `2 wide - deep <= 512`. */
export function linearDraftFrom({ terms, upper }: LinearConstraint): LinearDraft {
  const sum = terms.map(({ parameter, coefficient }, index) => {
    const size = Math.abs(coefficient);
    const sign = coefficient < 0 ? "-" : "+";
    return `${index > 0 ? ` ${sign} ` : coefficient < 0 ? sign : ""}${size === 1 ? "" : `${size} `}${parameter}`;
  });
  return newLinear(`${sum.join("")} <= ${upper}`);
}

/** Thrown while reading; its message is for whoever typed. */
class Unreadable extends Error {}

/**
 * Reads `2 wide + deep <= 512`, `wide >= deep` and the like: sums of parameters and numbers on both sides.
 *
 * @param parameters names of those that can be added up, which may hold any characters, and of those that cannot
 */
export function readLinear(
  text: string,
  parameters: readonly { readonly name: string; readonly isNumber: boolean }[],
): LinearReading {
  const [left = "", relation = "", right, ...more] = text.split(/(<=|>=|≤|≥)/);
  if (right === undefined || more.length > 0)
    return { problem: "Write two sums with one <= or >= between them, such as a + 2 b <= 10." };
  try {
    const sign = relation === "<=" || relation === "≤" ? 1 : -1;
    const coefficients = new Map<string, number>();
    let upper = 0;
    for (const [side, factor] of [
      [left, sign],
      [right, -sign],
    ] as const) {
      for (const { name, value } of readSum(side, parameters)) {
        if (name === undefined) upper -= factor * value;
        else coefficients.set(name, (coefficients.get(name) ?? 0) + factor * value);
      }
    }
    const terms = [...coefficients].flatMap(([parameter, coefficient]) =>
      coefficient === 0 ? [] : [{ parameter, coefficient }],
    );
    if (terms.length === 0) return { problem: "No parameter is left of it." };
    // Plus zero: a negative zero would read as one.
    return { constraint: create(LinearConstraintSchema, { terms, upper: upper + 0 }) };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}

/** A number, or a parameter and what it is multiplied by. */
interface Term {
  readonly name: string | undefined;
  readonly value: number;
}

const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

function readSum(text: string, parameters: Parameters<typeof readLinear>[1]): Term[] {
  const byLength = parameters.toSorted((a, b) => b.name.length - a.name.length);
  const terms: Term[] = [];
  let rest = text.trim();
  if (rest === "") throw new Unreadable("One side is empty.");
  const take = (length: number): void => void (rest = rest.slice(length).trimStart());
  const takeName = (): string | undefined => {
    const found = byLength.find(
      ({ name }) => name !== "" && rest.startsWith(name) && /^($|[\s+\-−*·×])/.test(rest.slice(name.length)),
    );
    if (found?.isNumber === false)
      throw new Unreadable(`"${found.name}" is a choice, which cannot be added up.`);
    take(found?.name.length ?? 0);
    return found?.name;
  };
  while (rest !== "") {
    let value = 1;
    let isSigned = false;
    for (; /^[+\-−]/.test(rest); take(1)) {
      if (!rest.startsWith("+")) value = -value;
      isSigned = true;
    }
    if (terms.length > 0 && !isSigned) throw new Unreadable(`A + or - is missing before "${rest}".`);
    let name = takeName();
    const factor = name === undefined ? number.exec(rest)?.[0] : undefined;
    if (factor !== undefined) {
      value *= Number(factor);
      take(factor.length);
      if (/^[*·×]/.test(rest)) take(1);
      name = takeName();
    }
    const unknown = /^[^+\-−*·×]*/.exec(rest)?.[0].trim() ?? "";
    if (name === undefined && (factor === undefined || unknown !== ""))
      throw new Unreadable(
        unknown === "" ? "Something is missing after a sign." : `There is no parameter "${unknown}".`,
      );
    terms.push({ name, value });
  }
  return terms;
}

/** What a typed constraint says of the parameters as they are typed. */
export function readLinearDraft(
  { text }: LinearDraft,
  parameters: readonly Pick<ParameterDraft, "name" | "kind">[],
): LinearReading {
  return readLinear(
    text,
    parameters.map(({ name, kind }) => ({ name: name.trim(), isNumber: kind !== "categorical" })),
  );
}
