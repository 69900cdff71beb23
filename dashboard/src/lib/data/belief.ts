import type { Parameter } from "@asktell/proto/asktell/v1/study_pb";
import { formatValue } from "../format.ts";

/** What the owner of a study expects of a parameter, in words; undefined: nothing. */
export function beliefOf({ domain }: Pick<Parameter, "domain">): string | undefined {
  if (domain.case === undefined) return undefined;
  if (domain.case === "categorical") {
    const { weights } = domain.value;
    return weights.length === 0
      ? undefined
      : `weighed ${weights.map((weight) => formatValue(weight, 3)).join(" : ")}`;
  }
  const { prior, log } = domain.value;
  if (prior === undefined) return undefined;
  const spread = log
    ? `within a factor of ${formatValue(Math.exp(prior.deviation), 3)}`
    : `± ${formatValue(prior.deviation, 3)}`;
  return `expected near ${formatValue(prior.mean, 3)}${log ? "," : ""} ${spread}`;
}
