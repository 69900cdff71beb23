/** The most trials that can be selected: a link must stay short enough for every browser and chat. */
export const MOST = 1_000;

/** Trials in the words of an address: `3,5-9,12`, ascending; empty for none. */
export function writeSelection(numbers: Iterable<number>): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length;) {
    const first = sorted[i]!;
    let last = first;
    while (sorted[i + 1] === last + 1) {
      last += 1;
      i += 1;
    }
    i += 1;
    parts.push(first === last ? String(first) : `${first}-${last}`);
  }
  return parts.join(",");
}

/** The trials that an address names, ascending, at most {@link MOST}; what is no number or range is left out. */
export function readSelection(text: string): ReadonlySet<number> {
  const numbers: number[] = [];
  for (const part of text.split(",")) {
    const [, from, to] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
    if (from === undefined) continue;
    const last = Math.min(Number(to ?? from), Number(from) + MOST);
    for (let number = Number(from); number <= last; number++) numbers.push(number);
  }
  return new Set([...new Set(numbers)].sort((a, b) => a - b).slice(0, MOST));
}
