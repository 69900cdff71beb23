import { readFile } from "node:fs/promises";
import type { Examples } from "./mlp.ts";

/**
 * The tumours of examples/data, standardised: every fifth row is for validation. Means and deviations come from the training
 * rows alone.
 */
export async function readTumours(): Promise<{ training: Examples; validation: Examples }> {
  const text = await readFile(new URL("../data/breast-cancer.csv", import.meta.url), "utf8");
  const table = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));
  const isValidation = (_row: number[], index: number): boolean => index % 5 === 0;
  const training = table.filter((row, index) => !isValidation(row, index));
  const validation = table.filter(isValidation);
  const width = table[0]!.length - 1;
  const scales = Array.from({ length: width }, (_, i) => {
    const column = training.map((row) => row[i + 1]!);
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
    return { mean, deviation: Math.sqrt(variance) };
  });
  const standardised = (rows: number[][]): Examples => ({
    labels: rows.map((row) => row[0]!),
    features: rows.map((row) =>
      Float64Array.from(scales, ({ mean, deviation }, i) => (row[i + 1]! - mean) / deviation),
    ),
  });
  return { training: standardised(training), validation: standardised(validation) };
}
