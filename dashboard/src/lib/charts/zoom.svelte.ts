import { halfOf, type Range, type ScaleKind } from "./scales.ts";

/** What part of its x axis a chart shows. */
export interface Zoom {
  /** The part that somebody chose; undefined shows everything. */
  readonly range: Range | undefined;
  /** What is shown. */
  readonly domain: [number, number];
  set(range: Range | undefined): void;
  /** Shows half of what is shown now: for those who cannot drag. */
  half(side: "left" | "right"): void;
}

/** @param whole what there is to see, as it is now */
export function createZoom(whole: () => Range, kind: () => ScaleKind = () => "linear"): Zoom {
  let range = $state.raw<Range>();
  return {
    get range() {
      return range;
    },
    get domain(): [number, number] {
      const [low, high] = range ?? whole();
      return [low, high];
    },
    set(next) {
      range = next;
    },
    half(side) {
      range = halfOf(range ?? whole(), kind(), side);
    },
  };
}
