import { describeDomain } from "./check-params.ts";
import type {
  CategoricalDomain,
  Domain,
  IntegerDomain,
  NormalPrior,
  Parameter,
  ParameterValue,
  RealDomain,
} from "./parameter.ts";
import { MOST_CELLS, narrowestDeviation } from "./prior.ts";
import { createScale, gridSize } from "./create-scale.ts";
import { show } from "./show.ts";

/** What is wrong with a declaration: the path of the field below the study, the value there and what should be. */
export interface DeclarationProblem {
  readonly field: string;
  readonly value: string;
  readonly expected: string;
}

type Tell = (field: string, value: unknown, expected: string) => void;

/** Every problem of a declared search space; `createSpace` may be called only when there is none. */
export function checkParameters(parameters: readonly Parameter[]): DeclarationProblem[] {
  const problems: DeclarationProblem[] = [];
  const tellAt =
    (path: string): Tell =>
    (field, value, expected) => {
      problems.push({ field: `${path}.${field}`, value: show(value), expected });
    };
  const names = new Map<string, Parameter>();
  parameters.forEach((parameter, index) => {
    const tell = tellAt(`parameters[${index}]`);
    if (parameter.name === "") tell("name", "", "a name");
    if (names.has(parameter.name)) tell("name", parameter.name, "a name that no other parameter has");
    else names.set(parameter.name, parameter);
  });
  const sound = parameters.map((parameter, index) => {
    const before = problems.length;
    checkDomain(parameter.domain, tellAt(`parameters[${index}]`));
    return problems.length === before;
  });
  parameters.forEach((parameter, index) => {
    const tell = tellAt(`parameters[${index}]`);
    checkCondition(parameter, names, (parent) => sound[parameters.indexOf(parent)] === true, tell);
    const { default: initial, domain } = parameter;
    if (initial === undefined || !sound[index]) return;
    if (createScale(domain).snap(initial) === undefined) tell("default", initial, describeDomain(domain));
  });
  return problems;
}

function checkDomain(domain: Domain, tell: Tell): void {
  if (domain.kind === "categorical") return checkChoices(domain, tell);
  const at = (field: string): string => `${domain.kind}.${field}`;
  for (const bound of ["low", "high"] as const) {
    if (!Number.isFinite(domain[bound])) return tell(at(bound), domain[bound], "a finite number");
    if (
      domain.kind === "integer" &&
      !Number.isSafeInteger(domain[bound]) &&
      Math.abs(domain[bound]) !== 2 ** 53
    ) {
      return tell(at(bound), domain[bound], "a whole number between -2^53 and 2^53");
    }
  }
  const { low, high, log, step } = domain;
  if (low > high) return tell(at("low"), low, `at most high, which is ${high}`);
  if (!Number.isFinite(high - low)) return tell(at("high"), high, "a range whose width is a finite number");
  if (log && low <= 0) tell(at("low"), low, "above 0 on a logarithmic scale");
  if (step !== undefined) checkStep(domain, step, tell);
  if (domain.prior !== undefined) checkPrior(domain, domain.prior, tell);
}

function checkPrior(domain: RealDomain | IntegerDomain, { mean, deviation }: NormalPrior, tell: Tell): void {
  const field = `${domain.kind}.prior`;
  const { low, high } = domain;
  if (!(mean >= low && mean <= high)) tell(`${field}.mean`, mean, `a number from ${low} to ${high}`);
  const { cells } = createScale({ ...domain, prior: undefined });
  if (cells !== Infinity && cells > MOST_CELLS)
    tell(field, cells, `at most ${MOST_CELLS} values with a prior`);
  const least = narrowestDeviation(domain, cells);
  const most = 1e6 * (high - low) + 1e6;
  if (!(deviation >= least && deviation <= most))
    tell(`${field}.deviation`, deviation, `a number from ${show(least)} to ${show(most)}`);
}

function checkStep(domain: RealDomain | IntegerDomain, step: number, tell: Tell): void {
  const field = `${domain.kind}.step`;
  if (!(step > 0) || !Number.isFinite(step)) return tell(field, step, "a finite number above 0");
  if (domain.kind === "integer" && !Number.isSafeInteger(step)) return tell(field, step, "a whole number");
  if (domain.log && (domain.kind === "real" || step !== 1))
    return tell(field, step, "no step on a logarithmic scale");
  // Beyond this, neighbours on the grid are the same double.
  const magnitude = Math.max(Math.abs(domain.low), Math.abs(domain.high));
  if (
    domain.kind === "real" &&
    (gridSize(domain.low, domain.high, step) > 2 ** 48 || step < magnitude * 2 ** -48)
  ) {
    tell(field, step, "a step that is not below 2^-48 of the bounds");
  }
}

function checkChoices({ choices, weights = [] }: CategoricalDomain, tell: Tell): void {
  if (weights.length > 0 && weights.length !== choices.length)
    tell("categorical.weights", weights, `${choices.length} numbers, one a choice`);
  weights.forEach((weight, index) => {
    if (!(weight >= 1e-6 && weight <= 1e6))
      tell(`categorical.weights[${index}]`, weight, "a number from 0.000001 to 1000000");
  });
  if (choices.length === 0) tell("categorical.choices", choices, "at least one choice");
  const earlier = new Set<ParameterValue>();
  choices.forEach((choice, index) => {
    const field = `categorical.choices[${index}]`;
    if (typeof choice === "number" && !Number.isFinite(choice)) tell(field, choice, "a finite number");
    if (earlier.has(choice)) tell(field, choice, "a choice that is not yet in the list");
    earlier.add(choice);
  });
}

function checkCondition(
  parameter: Parameter,
  names: ReadonlyMap<string, Parameter>,
  isSound: (parameter: Parameter) => boolean,
  tell: Tell,
): void {
  const { condition } = parameter;
  if (condition === undefined) return;
  const parent = names.get(condition.parent);
  if (parent === undefined)
    return tell("condition.parent", condition.parent, "the name of another parameter");
  if (isCyclic(parameter, names))
    return tell("condition.parent", condition.parent, "a parent that does not depend on it");
  if (condition.values.length === 0) tell("condition.values", [], "at least one value of the parent");
  if (!isSound(parent)) return;
  const scale = createScale(parent.domain);
  if (scale.kind === "continuous") {
    return tell(
      "condition.parent",
      condition.parent,
      "a categorical or integer parameter, or a real one with a step",
    );
  }
  const accepted = describeDomain(parent.domain);
  condition.values.forEach((value, index) => {
    if (scale.snap(value) === undefined) tell(`condition.values[${index}]`, value, accepted);
  });
}

function isCyclic(parameter: Parameter, names: ReadonlyMap<string, Parameter>): boolean {
  const seen = new Set<Parameter>();
  let current: Parameter | undefined = parameter;
  while (current !== undefined) {
    if (seen.has(current)) return true;
    seen.add(current);
    current = current.condition && names.get(current.condition.parent);
  }
  return false;
}

/** The same declaration with every grid's `high` pulled down onto the grid. Call it after checkParameters. */
export function normalizeParameters(parameters: readonly Parameter[]): Parameter[] {
  return parameters.map((parameter) => {
    const { domain } = parameter;
    if (domain.kind === "categorical" || domain.step === undefined) return parameter;
    const high = createScale(domain).toValue(1);
    if (typeof high !== "number") return parameter;
    const { prior } = domain;
    const cut = prior && { prior: { ...prior, mean: Math.min(high, prior.mean) } };
    return { ...parameter, domain: { ...domain, high, ...cut } };
  });
}
