import type { Training } from "./likelihood.ts";

/** Whether results at the same row differ, which shows that they are noisy; undefined while no two share a row. */
export function doReplicatesDiffer({ count, width, rows, targets }: Training): boolean | undefined {
  const first = new Map<string, number>();
  let isRepeated = false;
  for (let i = 0; i < count; i++) {
    const key = rows.subarray(i * width, (i + 1) * width).join();
    const known = first.get(key);
    if (known === undefined) first.set(key, targets[i]!);
    else if (known !== targets[i]) return true;
    else isRepeated = true;
  }
  return isRepeated ? false : undefined;
}
