import type { LinearConstraint } from "@asktell/proto/asktell/v1/study_pb";
import { formatValue } from "../format.ts";

/** A constraint as people write it: `2 n − a ≤ 3`. */
export function describeLinear({ terms, upper }: Pick<LinearConstraint, "terms" | "upper">): string {
  const sum = terms.map(({ parameter, coefficient }, index) => {
    const sign = coefficient < 0 ? "−" : "+";
    const before = index > 0 ? ` ${sign} ` : coefficient < 0 ? sign : "";
    const size = Math.abs(coefficient);
    return `${before}${size === 1 ? "" : `${formatValue(size)} `}${parameter}`;
  });
  return `${sum.join("")} ≤ ${formatValue(upper)}`;
}
