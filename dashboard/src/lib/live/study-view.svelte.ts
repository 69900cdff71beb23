import { getContext, setContext } from "svelte";

/** What the charts and tables of a study share: the trial pointed at, and the trials picked out by brushing. */
export interface StudyView {
  /** The trial pointed at; -1 for none. */
  hovered: number;
  /** Whether a trial is picked out; undefined while nothing is. */
  chosen: ((row: number) => boolean) | undefined;
}

const KEY = Symbol("study view");

/** Shares a view with the pages of one study. */
export function provideStudyView(): StudyView {
  let hovered = $state(-1);
  let chosen = $state.raw<((row: number) => boolean) | undefined>();
  return setContext(KEY, {
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
      chosen = test;
    },
  });
}

/** The view of the study that this page belongs to. */
export function useStudyView(): StudyView {
  return getContext<StudyView>(KEY);
}
