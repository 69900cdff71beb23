import { readWords } from "../data/word-list.ts";
import { changeQuery } from "./address.svelte.ts";

/** What the table of trials shows, as its address says. */
export interface TableView {
  /** The expression that trials are filtered by; empty for none. */
  readonly filter: string;
  /** States by the names that filters use; empty for all. */
  readonly states: ReadonlySet<string>;
  /** Key of the column to sort by. */
  readonly sort: string;
  readonly down: boolean;
  /** Keys of the columns that are left out. */
  readonly hidden: ReadonlySet<string>;
  /** Whether only the selected trials are shown, whether they stand side by side, and whether a chart stands above. */
  readonly only: boolean;
  readonly comparing: boolean;
  readonly charted: boolean;
}

/** Reads the view from an address. */
export function readTableView(query: Pick<URLSearchParams, "get" | "has">): TableView {
  const list = (name: string): ReadonlySet<string> => readWords(query.get(name) ?? "");
  const order = query.get("sort") ?? "-number";
  return {
    filter: query.get("filter") ?? "",
    states: list("state"),
    sort: order.replace(/^-/, ""),
    down: order.startsWith("-"),
    hidden: list("hide"),
    only: query.has("only"),
    comparing: query.has("compare"),
    charted: query.has("chart"),
  };
}

/** Changes the view: words of the address, of which empty ones are left out. */
export function showInTable(
  changes: Readonly<Partial<Record<"filter" | "state" | "sort" | "hide" | "chart", string>>>,
): void {
  changeQuery(changes.sort === "-number" ? { ...changes, sort: "" } : changes);
}
