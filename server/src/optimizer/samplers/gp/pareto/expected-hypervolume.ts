import { tabledExcessSlope, tabledLogExcess } from "./excess-table.ts";
import type { Boxes } from "./boxes.ts";

/** The logarithm of the expected hypervolume improvement, given each loss's mean and deviation; then its derivatives by them. */
export interface ExpectedHypervolume {
  at(means: ArrayLike<number>, deviations: ArrayLike<number>): number;
  /** Writes the derivatives at the place given to `at` last. */
  slopes(byMean: Float64Array, byDeviation: Float64Array): void;
}

/**
 * Exact for independent normal losses: in each box the improvement is a product of lengths, and the expected length between two levels is
 * the difference of the expected improvements on them. All in logarithms, so that it has a slope wherever it underflows (Ament et al.,
 * NeurIPS 2023, arXiv:2310.20708; the closed form: Yang et al., J. Global Optimization 75, 2019).
 */
export function createExpectedHypervolume({ levels, count, lower, upper }: Boxes): ExpectedHypervolume {
  const width = levels.length;
  const z = levels.map((values) => new Float64Array(values.length));
  const logs = levels.map((values) => new Float64Array(values.length));
  const shares = levels.map((values) => new Float64Array(values.length));
  const deviationsHere = new Float64Array(width);
  const volumes = new Float64Array(count);
  /** Of each box and loss: how much of the expectation at the upper level the lower one takes away. */
  const ratios = new Float64Array(count * width);
  let total = 0;
  return {
    at(means, deviations) {
      for (let j = 0; j < width; j++) {
        const deviation = deviations[j]!;
        const logDeviation = Math.log(deviation);
        deviationsHere[j] = deviation;
        for (let k = 0; k < levels[j]!.length; k++) {
          z[j]![k] = (levels[j]![k]! - means[j]!) / deviation;
          logs[j]![k] = logDeviation + tabledLogExcess(z[j]![k]!);
        }
      }
      let largest = -Infinity;
      for (let box = 0, at = 0; box < count; box++) {
        let volume = 0;
        for (let j = 0; j < width; j++, at++) {
          const top = logs[j]![upper[at]!]!;
          volume += top;
          ratios[at] = 0;
          if (lower[at]! < 0) continue;
          const ratio = Math.exp(logs[j]![lower[at]!]! - top);
          ratios[at] = ratio;
          volume += ratio < 1 ? Math.log1p(-ratio) : -Infinity;
        }
        volumes[box] = volume;
        largest = Math.max(largest, volume);
      }
      if (!(largest > -Infinity)) return (total = -Infinity);
      let sum = 0;
      for (let box = 0; box < count; box++) sum += Math.exp(volumes[box]! - largest);
      return (total = largest + Math.log(sum));
    },
    slopes(byMean, byDeviation) {
      for (const values of shares) values.fill(0);
      for (let box = 0, at = 0; box < count; box++) {
        const weight = Math.exp(volumes[box]! - total);
        for (let j = 0; j < width; j++, at++) {
          if (!(weight > 1e-14)) continue;
          const scale = weight / (1 - ratios[at]!);
          shares[j]![upper[at]!] = shares[j]![upper[at]!]! + scale;
          if (lower[at]! >= 0) shares[j]![lower[at]!] = shares[j]![lower[at]!]! - scale * ratios[at]!;
        }
      }
      for (let j = 0; j < width; j++) {
        byMean[j] = 0;
        byDeviation[j] = 0;
        for (let k = 0; k < levels[j]!.length; k++) {
          const share = shares[j]![k]!;
          if (share === 0) continue;
          const here = z[j]![k]!;
          const slope = tabledExcessSlope(here);
          byMean[j] = byMean[j]! - (share * slope) / deviationsHere[j]!;
          byDeviation[j] = byDeviation[j]! + (share * (1 - here * slope)) / deviationsHere[j]!;
        }
      }
    },
  };
}
