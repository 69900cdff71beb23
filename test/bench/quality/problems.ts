import { dataFolder } from "./data-folder.ts";
import { liveTrainings } from "./live.ts";
import type { Problem } from "./problem.ts";
import { SEVERAL } from "./several.ts";
import { surrogates } from "./surrogates.ts";
import { SYNTHETIC } from "./synthetic.ts";
import { tables } from "./tables.ts";

/** Every development problem that can run here; says which cannot. */
export function developmentProblems(): Problem[] {
  const fromData = [...tables(), ...surrogates()];
  if (fromData.length === 0)
    console.log(`No tables and surrogates in ${dataFolder()}: left out. HPO_BENCHMARKS names their folder.`);
  return [...SYNTHETIC, ...fromData, ...SEVERAL, ...liveTrainings()];
}
