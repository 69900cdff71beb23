import type { Family } from "./problem.ts";
import { compare, holm, mean, median, ranks, regretAt, type Scale } from "./statistics.ts";
import type { Trace } from "./simulate.ts";

/** All arms on one problem with one seed. */
export interface Cell {
  readonly problem: string;
  readonly family: Family;
  readonly seed: number;
  readonly scale: Scale;
  /** By arm. */
  readonly traces: ReadonlyMap<string, Trace>;
}

/** Families that are summed up together. */
const GROUPS: Readonly<Record<string, readonly Family[]>> = {
  "synthetic functions": [
    "smooth",
    "multimodal",
    "discrete",
    "categorical",
    "conditional",
    "noisy",
    "constrained",
  ],
  "tables and surrogates": ["table", "lcbench", "xgboost"],
  "tables of single trainings": ["noisy-table"],
  "trainings of scikit-learn": ["live"],
  "several objectives": ["several"],
};
export const OURS = "auto";

const line = (name: string, columns: readonly string[]): string =>
  name.padEnd(24) + columns.map((column) => column.padStart(13)).join("");

/** Cells that have all of the arms that any cell of the group has: a fair field. */
function fieldOf(cells: readonly Cell[], arms: readonly string[]): Cell[] {
  return cells.filter(({ traces }) => arms.every((arm) => traces.has(arm)));
}

/** Arms that took part wherever Optuna did; one that suits some problems alone is left to the tables of those. */
function armsOf(cells: readonly Cell[]): string[] {
  const tried = cells.filter(({ traces }) => traces.has("Optuna tpe"));
  const [first, ...others] = tried.length === 0 ? cells : tried;
  return [...(first?.traces.keys() ?? [])].filter((arm) => others.every(({ traces }) => traces.has(arm)));
}

export function tablesOf(cells: readonly Cell[], marks: readonly number[]): string {
  const parts: string[] = [];
  for (const [group, families] of Object.entries(GROUPS)) {
    const own = cells.filter(({ family }) => families.includes(family));
    const arms = armsOf(own);
    const field = fieldOf(own, arms);
    if (field.length === 0 || !arms.includes(OURS)) continue;
    const problems = new Set(field.map(({ problem }) => problem)).size;
    parts.push(`${group}: ${problems} problems, ${field.length} runs an arm`);
    parts.push(line("mean regret (rank) at T", marks.map(String)));
    for (const arm of arms) {
      const columns = marks.map((mark) => {
        const regret = mean(field.map(({ traces, scale }) => regretAt(traces.get(arm)!, mark, scale)));
        const rank = mean(
          field.map(
            ({ traces, scale }) =>
              ranks(arms.map((other) => regretAt(traces.get(other)!, mark, scale)))[arms.indexOf(arm)]!,
          ),
        );
        return `${regret.toFixed(3)} (${rank.toFixed(2)})`;
      });
      parts.push(line(arm, columns));
    }
    const others = [...new Set(own.flatMap(({ traces }) => [...traces.keys()]))].filter(
      (arm) => arm !== OURS,
    );
    const shared = new Map(others.map((other) => [other, fieldOf(own, [OURS, other])]));
    parts.push(
      "",
      `${OURS} against           runs    T  wins-ties-losses   ratio of mean regrets (95 %)   p (Holm)`,
    );
    for (const mark of marks) {
      const results = others.map((other) =>
        compare(
          shared.get(other)!.map(({ problem, traces, scale }) => ({
            problem,
            ours: regretAt(traces.get(OURS)!, mark, scale),
            theirs: regretAt(traces.get(other)!, mark, scale),
          })),
        ),
      );
      const corrected = holm(results.map(({ p }) => p));
      results.forEach(({ wins, ties, losses, ratio, low, high }, i) => {
        const other = others[i]!;
        parts.push(
          other.padEnd(20) +
            String(shared.get(other)!.length).padStart(9) +
            String(mark).padStart(5) +
            `${wins}-${ties}-${losses}`.padStart(14) +
            `${ratio.toFixed(2)} (${low.toFixed(2)} – ${high.toFixed(2)})`.padStart(28) +
            corrected[i]!.toPrecision(2).padStart(13),
        );
      });
    }
    parts.push("");
  }
  return `${parts.join("\n")}\n${familyTable(cells, marks)}`;
}

/** Our mean regret by family at the last mark, and over each other arm's on the runs that both have. */
function familyTable(cells: readonly Cell[], marks: readonly number[]): string {
  const mark = marks.at(-1)!;
  const lines = [
    `mean regret of ${OURS} at T = ${mark} by family, and its ratio to others' on the runs that both have`,
  ];
  for (const [family, own] of Map.groupBy(cells, (cell) => cell.family)) {
    const field = fieldOf(own, [OURS]);
    if (field.length === 0) continue;
    const regretOf = (arm: string, among: readonly Cell[]): number =>
      mean(among.map(({ traces, scale }) => regretAt(traces.get(arm)!, mark, scale)));
    const arms = [...new Set(field.flatMap(({ traces }) => [...traces.keys()]))].filter(
      (arm) => arm !== OURS,
    );
    const ratios = arms.map((arm) => {
      const both = fieldOf(field, [arm]);
      return `${arm} ${(regretOf(OURS, both) / regretOf(arm, both)).toFixed(2)} (${both.length})`;
    });
    lines.push(`${family.padEnd(12)} ${regretOf(OURS, field).toFixed(3)}  ${ratios.join(", ")}`);
  }
  return lines.join("\n");
}

/** By problem: the median regret of each arm, for whoever looks for the worst. */
export function problemTable(cells: readonly Cell[], mark: number): string {
  const lines: string[] = [];
  for (const [problem, own] of Map.groupBy(cells, (cell) => cell.problem)) {
    const arms = [...own[0]!.traces.keys()];
    const columns = arms.map((arm) => {
      const present = own.filter(({ traces }) => traces.has(arm));
      const regret = median(present.map(({ traces, scale }) => regretAt(traces.get(arm)!, mark, scale)));
      return `${arm} ${regret.toFixed(4)}`;
    });
    lines.push(`${problem.padEnd(28)}${columns.join("  ")}`);
  }
  return lines.join("\n");
}

const COLOURS = ["#d6336c", "#1c7ed6", "#2f9e44", "#f08c00", "#7048e8", "#495057", "#0c8599"];

/** Mean regret of each arm over the number of trials, one panel a group, both axes logarithmic. */
export function regretCurves(cells: readonly Cell[], budget: number): string {
  const width = 360;
  const height = 260;
  const panels = Object.entries(GROUPS).flatMap(([group, families]) => {
    const own = cells.filter(({ family }) => families.includes(family));
    const arms = armsOf(own);
    const field = fieldOf(own, arms);
    return field.length === 0 ? [] : [{ group, arms, field }];
  });
  const [top, bottom] = [1.5, 0.005];
  const x = (trials: number): number => 40 + (width - 55) * (Math.log(trials / 5) / Math.log(budget / 5));
  const y = (regret: number): number =>
    30 + (height - 60) * (Math.log(top / Math.max(bottom, regret)) / Math.log(top / bottom));
  const trials = Array.from({ length: budget - 4 }, (_, i) => i + 5);
  const text = (at: readonly [number, number], words: string, more = ""): string =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${words}</text>`;
  const drawn = panels.map(({ group, arms, field }, at) => {
    const curves = arms.map((arm, i) => {
      const points = trials.map((t) => {
        const regret = mean(field.map(({ traces, scale }) => regretAt(traces.get(arm)!, t, scale)));
        return `${x(t).toFixed(1)},${y(regret).toFixed(1)}`;
      });
      const colour = COLOURS[i % COLOURS.length]!;
      const label = text([52, height - 34 - 13 * (arms.length - 1 - i)], arm, `fill="${colour}"`);
      return `<polyline fill="none" stroke="${colour}" stroke-width="${arm === OURS ? 2.5 : 1.3}" points="${points.join(" ")}"/>${label}`;
    });
    const ticks = [
      ...[5, 10, 25, 50, 100, 200]
        .filter((t) => t <= budget)
        .map((t) => text([x(t), height - 12], String(t), 'text-anchor="middle"')),
      ...[1, 0.3, 0.1, 0.03, 0.01].map(
        (r) =>
          `<line x1="40" x2="${width - 15}" y1="${y(r)}" y2="${y(r)}" stroke="#dee2e6"/>${text([36, y(r) + 4], String(r), 'text-anchor="end"')}`,
      ),
    ];
    return `<g transform="translate(${at * width} 0)">${ticks.join("")}${text([40, 18], `Mean regret over trials: ${group}`, 'font-weight="bold"')}${curves.join("")}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.max(1, panels.length) * width} ${height}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>${drawn.join("\n")}</svg>\n`;
}
