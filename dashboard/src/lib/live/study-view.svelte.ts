import { getContext, setContext } from "svelte";
import { MOST, readSelection, writeSelection } from "../data/selection.ts";
import { address, changeQuery } from "./address.svelte.ts";

/** What the charts and tables of a study share: the trial pointed at, those picked out by brushing, and those selected. */
export interface StudyView {
  /** The trial pointed at; -1 for none. */
  hovered: number;
  /** Whether a trial is picked out; undefined while nothing is. Set by brushing; without that the selected trials are. */
  chosen: ((row: number) => boolean) | undefined;
  /** The trials selected by hand, ascending. The address holds them, under `select`. */
  readonly selected: ReadonlySet<number>;
  /** Selects these trials, the first {@link MOST} of them, and no others. */
  select(numbers: Iterable<number>): void;
}

const KEY = Symbol("study view");

/** Shares a view with the pages of one study. */
export function provideStudyView(): StudyView {
  let hovered = $state(-1);
  let brushed = $state.raw<((row: number) => boolean) | undefined>();
  const text = $derived(address.query.get("select") ?? "");
  const selected = $derived(readSelection(text));
  const chosen = $derived(
    brushed ?? (selected.size === 0 ? undefined : (row: number): boolean => selected.has(row)),
  );
  return setContext<StudyView>(KEY, {
    get hovered() {
      return hovered;
    },
    set hovered(row) {
      hovered = row;
    },
    get chosen() {
      return chosen;
    },
    set chosen(test) {
      brushed = test;
    },
    get selected() {
      return selected;
    },
    select(numbers) {
      changeQuery({ select: writeSelection([...numbers].slice(0, MOST)) });
    },
  });
}

/** The view of the study that this page belongs to. */
export function useStudyView(): StudyView {
  return getContext<StudyView>(KEY);
}
