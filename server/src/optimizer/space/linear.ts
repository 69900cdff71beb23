import type { Point } from "./point.ts";
import type { Dimension } from "./dimension.ts";
import { createRepair } from "./linear-repair.ts";
import type { Row } from "./linear-row.ts";
import type { Parameter, Params } from "./parameter.ts";
import { show } from "./show.ts";

/** A parameter's part in a linear constraint. */
export interface LinearTerm {
  readonly parameter: string;
  /** Finite and not 0. */
  readonly coefficient: number;
}

/**
 * Coefficients times parameter values add up to at most `upper`, in the parameters' own units whatever their scales. Only for numeric
 * parameters without a condition, which every point has.
 */
export interface LinearConstraint {
  readonly terms: readonly LinearTerm[];
  readonly upper: number;
}

/** A space's linear constraints. */
export interface Linear {
  readonly constraints: readonly LinearConstraint[];
  readonly rows: readonly Row[];
  /** Whether a whole point keeps all of them. */
  keeps(point: Point): boolean;
  /**
   * The place in the cube where a point's constrained coordinates keep all constraints, near where they are now, fixed ones unchanged;
   * all other coordinates as they are. Undefined when none was found.
   *
   * @param effort - how hard to look: a candidate among many may be given up, the only one may not
   */
  nearest(point: Point, fixed: Point | undefined, effort?: "little" | "much"): Point | undefined;
  /** In words, what is wrong with given values; some may be left out. Undefined when nothing is. */
  explain(params: Params): string | undefined;
}

/** Of the largest sum that the terms can have: 0.1 + 0.2 ≤ 0.3 holds. */
const ROUNDING = 1e-9;

/** The constraints over checked parameters (see checkLinear). */
export function createLinear(
  parameters: readonly Parameter[],
  dimensions: readonly Dimension[],
  constraints: readonly LinearConstraint[],
): Linear {
  const indexOf = new Map(parameters.map(({ name }, index) => [name, index]));
  const rows = constraints.map(({ terms, upper }): Row => {
    const indices = terms.map(({ parameter }) => indexOf.get(parameter)!);
    const coefficients = terms.map(({ coefficient }) => coefficient);
    const largest = terms.reduce((sum, { coefficient }, at) => {
      const { domain } = parameters[indices[at]!]!;
      const size = domain.kind === "categorical" ? 0 : Math.max(Math.abs(domain.low), Math.abs(domain.high));
      return sum + Math.abs(coefficient) * size;
    }, Math.abs(upper));
    return { indices, coefficients, upper, slack: ROUNDING * largest };
  });
  const sumOf = ({ indices, coefficients }: Row, point: Point): number =>
    indices.reduce(
      (sum, index, at) => sum + coefficients[at]! * Number(dimensions[index]!.toValue(point[index]!)),
      0,
    );
  const keeps = (point: Point): boolean => rows.every((row) => sumOf(row, point) <= row.upper + row.slack);
  const repair = createRepair(dimensions, rows);
  let known: Point | undefined | "none";

  const nearest: Linear["nearest"] = (point, fixed, effort = "little") => {
    const near = repair(point, fixed, effort === "much");
    if (near !== undefined) return near;
    const isFree = rows.every(({ indices }) => indices.every((index) => Number.isNaN(fixed?.[index] ?? NaN)));
    if (!isFree) return effort === "much" ? undefined : repair(point, fixed, true);
    known ??= repair(new Float64Array(dimensions.length).fill(0.5), undefined, true) ?? "none";
    if (known === "none") return undefined;
    const anchor = known;
    const constrained = new Set(rows.flatMap(({ indices }) => indices));
    return point.map((unit, index) => (constrained.has(index) ? anchor[index]! : unit));
  };
  return {
    constraints,
    rows,
    keeps,
    nearest,
    explain(params) {
      const point = Float64Array.from(dimensions, ({ name, toUnit }) =>
        Object.hasOwn(params, name) ? toUnit(params[name]!) : NaN,
      );
      const at = rows.findIndex(
        (row) =>
          row.indices.every((index) => !Number.isNaN(point[index]!)) &&
          sumOf(row, point) > row.upper + row.slack,
      );
      if (at >= 0) {
        const sum = sumOf(rows[at]!, point);
        return `breaks linear_constraints[${at}]: ${describeTerms(constraints[at]!)} is ${show(sum)}, expected at most ${show(rows[at]!.upper)}`;
      }
      if (rows.length === 0 || nearest(point, point, "much") !== undefined) return undefined;
      return `leaves the other parameters no values that keep ${constraints.map(describeConstraint).join(" and ")}`;
    },
  };
}

/** "2 a − b ≤ 3" */
export const describeConstraint = (constraint: LinearConstraint): string =>
  `${describeTerms(constraint)} ≤ ${show(constraint.upper)}`;

function describeTerms({ terms }: LinearConstraint): string {
  return terms
    .map(({ parameter, coefficient }, at) => {
      const size = Math.abs(coefficient);
      const sign = coefficient < 0 ? (at === 0 ? "−" : " − ") : at === 0 ? "" : " + ";
      return `${sign}${size === 1 ? "" : `${size} `}${parameter}`;
    })
    .join("");
}
