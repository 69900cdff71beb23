/** A value that a parameter takes: what a worker reads from `params`. */
export type ParameterValue = number | string | boolean | null;

/** The values of the active parameters of one point, by parameter name, in the order of the space. */
export type Params = Readonly<Record<string, ParameterValue>>;

/**
 * Where the owner of a study expects good values: around `mean`, mostly within a `deviation` or two, in the parameter's units; on a
 * logarithmic scale the deviation is one of natural logarithms.
 */
export interface NormalPrior {
  readonly mean: number;
  readonly deviation: number;
}

/** Real numbers in [low, high]; on the grid `low + k * step` if there is a step; `log` excludes `step` and needs low > 0. */
export interface RealDomain {
  readonly kind: "real";
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly step: number | undefined;
  readonly prior?: NormalPrior | undefined;
}

/** Whole numbers `low + k * step` in [low, high], within ±2^53; `log` needs low > 0 and step 1. */
export interface IntegerDomain {
  readonly kind: "integer";
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly step: number;
  readonly prior?: NormalPrior | undefined;
}

/** One of a list of different values; `ordered` says that neighbours are alike, `weights` how likely each is to be good. */
export interface CategoricalDomain {
  readonly kind: "categorical";
  readonly choices: readonly ParameterValue[];
  readonly ordered: boolean;
  /** One a choice, above 0, in any unit; absent or empty when all are alike. */
  readonly weights?: readonly number[] | undefined;
}

export type Domain = RealDomain | IntegerDomain | CategoricalDomain;

/** The parameter exists only where the parent exists and has one of these values. */
export interface Condition {
  readonly parent: string;
  readonly values: readonly ParameterValue[];
}

/** One dimension of a search space, as declared by the user. */
export interface Parameter {
  readonly name: string;
  readonly domain: Domain;
  readonly condition: Condition | undefined;
  /** A value to try first; lies in the domain. */
  readonly default: ParameterValue | undefined;
}
