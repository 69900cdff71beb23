import type { NormalPrior } from "@asktell/proto/asktell/v1/study_pb";

/** What somebody expects of a number, as it is typed. */
export interface PriorTexts {
  readonly believes: boolean;
  readonly mean: string;
  readonly spread: string;
}

type Wrong = (field: string, text: string) => void;

/** The bounds of one weight, as the API has them. */
const [least, most] = [1e-6, 1e6];

/**
 * A prior of a study, as one would type it. On a log scale people think in factors: a deviation of 0.7 natural logarithms reads
 * “within a factor of 2.01”.
 */
export function priorTexts(
  prior: Pick<NormalPrior, "mean" | "deviation"> | undefined,
  log: boolean,
): PriorTexts {
  if (prior === undefined) return { believes: false, mean: "", spread: "" };
  const spread = log ? Math.exp(prior.deviation) : prior.deviation;
  return { believes: true, mean: String(prior.mean), spread: String(Number(spread.toPrecision(6))) };
}

/** The message of what was typed; tells what is wrong with it. */
export function priorFrom(
  { mean: meanText, spread: spreadText, log }: Pick<PriorTexts, "mean" | "spread"> & { log: boolean },
  low: number,
  high: number,
  wrong: Wrong,
): { mean: number; deviation: number } {
  const [mean, spread] = [numberOf(meanText), numberOf(spreadText)];
  if (Number.isNaN(mean)) wrong("prior.mean", "This is not a number.");
  else if (mean < low || mean > high) wrong("prior.mean", "It must lie between the bounds.");
  if (Number.isNaN(spread)) wrong("prior.deviation", "This is not a number.");
  else if (log && spread <= 1) wrong("prior.deviation", "A factor above 1.");
  else if (spread <= 0) wrong("prior.deviation", "Above 0.");
  return { mean, deviation: log ? Math.log(spread) : spread };
}

/** One weight a choice; tells what is wrong with them. */
export function weightsFrom(texts: readonly string[], choices: number, wrong: Wrong): number[] {
  const weights = texts.map(numberOf);
  if (weights.length !== choices)
    wrong("weights", `One number a choice is needed: ${choices}, and here are ${weights.length}.`);
  else if (!weights.every((weight) => weight >= least && weight <= most))
    wrong("weights", "Numbers from 0.000001 to 1,000,000 are needed.");
  return weights;
}

function numberOf(text: string): number {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) ? NaN : value;
}
