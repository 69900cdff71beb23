import type { Dimension } from "./dimension.ts";
import { cellsFor } from "./enumerate.ts";
import type { Domain, Parameter, ParameterValue, Params } from "./parameter.ts";
import { show, showList } from "./show.ts";

/** What is wrong with one given value, in words for people. */
export interface Problem {
  readonly parameter: string;
  /** The value as given, as JSON; empty when it is missing. */
  readonly value: string;
  /** What should be there, such as `a number from 0 to 1`. */
  readonly expected: string;
}

export interface CheckOptions {
  /** Allow active parameters to be missing: the values fix some coordinates only. */
  readonly partial?: boolean;
}

/** Values of unknown parameters that are told one by one: a request may have hundreds of thousands. */
const mostUnknown = 100;

/** Compares given values with the space; no problems means that toPoint and key accept them. */
export function checkParams(
  parameters: readonly Parameter[],
  dimensions: readonly Dimension[],
  params: Params,
  { partial = false }: CheckOptions = {},
): Problem[] {
  if (partial && Object.keys(params).length === 0) return [];
  const given = (name: string): ParameterValue | undefined =>
    Object.hasOwn(params, name) ? params[name] : undefined;
  const problems: Problem[] = [];
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = Object.keys(params).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    const expected = `one of the study's parameters: ${showList([...known])}`;
    for (const name of unknown.slice(0, mostUnknown))
      problems.push({ parameter: name, value: show(given(name)), expected });
  }
  /** Active, inactive, or undefined while an ancestor is left free or has a wrong value. */
  const isActive = (index: number): boolean | undefined => {
    const { parent, activeCells } = dimensions[index]!;
    if (parent < 0) return true;
    const { name, snap, cell, toUnit } = dimensions[parent]!;
    const value = given(name);
    const isKnown = value !== undefined && snap(value) !== undefined;
    if (isKnown && !activeCells.includes(cell(toUnit(value)))) return false;
    const above = isActive(parent);
    return above === true && !isKnown ? undefined : above;
  };
  parameters.forEach((parameter, index) => {
    const value = given(parameter.name);
    const active = isActive(index);
    const tell = (expected: string): void => {
      problems.push({ parameter: parameter.name, value: show(value), expected });
    };
    if (value === undefined) {
      if (active === true && !partial) tell(describeDomain(parameter.domain));
      return;
    }
    if (active === false) {
      const { parent = "", values = [] } = parameter.condition ?? {};
      return tell(`no value: it is active only where ${parent} is ${values.map(show).join(" or ")}`);
    }
    if (dimensions[index]!.snap(value) === undefined) tell(describeDomain(parameter.domain));
  });
  if (problems.length === 0 && partial) problems.push(...checkTogether(parameters, dimensions, params));
  return problems;
}

/** Values given below a free parent must be able to be active together. */
function checkTogether(
  parameters: readonly Parameter[],
  dimensions: readonly Dimension[],
  params: Params,
): Problem[] {
  const units = dimensions.map(({ name, toUnit }) =>
    Object.hasOwn(params, name) ? toUnit(params[name]!) : NaN,
  );
  const fixed = Float64Array.from(units);
  return dimensions.flatMap(({ index, children }) => {
    if (!Number.isNaN(fixed[index]!) || cellsFor(dimensions, index, fixed)?.length !== 0) return [];
    const child = children.find((at) => !Number.isNaN(fixed[at]!)) ?? children[0]!;
    const { name } = parameters[child]!;
    const expected = `no value: together with the other values given it leaves none for ${parameters[index]!.name}`;
    return [{ parameter: name, value: show(params[name]), expected }];
  });
}

/** What a domain admits, in words: "a whole number from 1 to 9 in steps of 2". */
export function describeDomain(domain: Domain): string {
  if (domain.kind === "categorical") return `one of ${showList(domain.choices.map(show))}`;
  const { low, high, step } = domain;
  const what = domain.kind === "integer" ? "a whole number" : "a number";
  const grid = step === undefined || (domain.kind === "integer" && step === 1) ? "" : ` in steps of ${step}`;
  return `${what} from ${low} to ${high}${grid}`;
}
