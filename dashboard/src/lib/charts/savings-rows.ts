import type { GetPruningSavingsResponse } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { formatValue, plural } from "../format.ts";

/** A part of the reports, from left to right. */
export interface SavingsRow {
  readonly key: "completed" | "pruned" | "saved";
  readonly label: string;
  /** Where it begins, and how many it holds. */
  readonly from: number;
  readonly reports: number;
}

/** Reports of completed trials, of stopped ones, and those that were not made; those that are hidden leave no gap. */
export function savingsRows(
  savings: Pick<GetPruningSavingsResponse, "spent" | "saved" | "stoppedReports">,
  hidden: ReadonlySet<SavingsRow["key"]> = new Set(),
): SavingsRow[] {
  const spent = Number(savings.spent);
  const stopped = Number(savings.stoppedReports);
  let from = 0;
  return (
    [
      { key: "completed", label: "made by trials that went on", reports: spent - stopped },
      { key: "pruned", label: "made by trials that were stopped", reports: stopped },
      { key: "saved", label: "saved", reports: savings.saved },
    ] as const
  )
    .filter(({ key }) => !hidden.has(key))
    .map((row) => ({ ...row, from: (from += row.reports) - row.reports }));
}

/** After how many reports trials were stopped, in a sentence; empty where that is not known. */
export function whenStopped({
  pruned,
  stoppedAfter,
  fullLength,
}: Pick<GetPruningSavingsResponse, "pruned" | "stoppedAfter" | "fullLength">): string {
  const [low, , middle, , high] = stoppedAfter;
  if (low === undefined || middle === undefined || high === undefined) return "";
  const [from, half, to, whole] = [low, middle, high, fullLength].map((reports) => formatValue(reports, 3));
  const who = plural(pruned, "stopped trial");
  if (from === to) return `Nine in ten of the ${who} stopped after ${from} of ${whole} reports.`;
  return `Half of the ${who} stopped after ${half} of ${whole} reports, nine in ten between ${from} and ${to}.`;
}
