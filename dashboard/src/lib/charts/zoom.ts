import { SvelteMap } from "svelte/reactivity";
import { halfOf, type Range, type ScaleKind } from "./scales.ts";

export type Side = "left" | "right" | "lower" | "upper";

/** What the frame of a chart does with what part of it is shown. */
export interface ZoomControls {
  readonly isZoomed: boolean;
  reset(): void;
  /** The halves that there are to show. */
  readonly sides: readonly Side[];
  /** Shows half of what is shown now: for those who cannot drag. */
  half(side: Side): void;
}

/** What part of its x axis a chart shows. */
export interface Zoom extends ZoomControls {
  /** The part that somebody chose; undefined shows everything. */
  readonly range: Range | undefined;
  /** What is shown. */
  readonly domain: [number, number];
  set(range: Range | undefined): void;
}

/** An axis of which a part may be shown. */
export interface ZoomAxis {
  /** Identifies it among the axes of a chart, at whatever place it stands. */
  readonly name: string;
  readonly direction: "x" | "y";
  /** What there is to see, as it is now. */
  readonly whole: () => Range;
  readonly kind?: ScaleKind;
  /** Widens a part to one that can be shown. */
  readonly snap?: (range: Range) => Range;
}

/** What parts of several axes a chart shows. */
export interface Zooms extends ZoomControls {
  /** The part of an axis that somebody chose; undefined shows everything. */
  range(name: string): Range | undefined;
  set(name: string, range: Range | undefined): void;
}

/** @param axes those of the chart as it is now; a part that was chosen comes back with its axis */
export function createZooms(axes: () => readonly ZoomAxis[]): Zooms {
  const ranges = new SvelteMap<string, Range>();
  const set = (name: string, range: Range | undefined): void => {
    if (range === undefined) ranges.delete(name);
    else
      ranges.set(
        name,
        axes()
          .find((axis) => axis.name === name)
          ?.snap?.(range) ?? range,
      );
  };
  return {
    get isZoomed() {
      return axes().some(({ name }) => ranges.has(name));
    },
    range: (name) => ranges.get(name),
    set,
    reset() {
      for (const { name } of axes()) ranges.delete(name);
    },
    get sides(): readonly Side[] {
      return axes().some(({ direction }) => direction === "y")
        ? ["left", "right", "lower", "upper"]
        : ["left", "right"];
    },
    half(side) {
      const wanted = side === "left" || side === "right" ? "x" : "y";
      const end = side === "left" || side === "lower" ? "low" : "high";
      for (const { name, direction, whole, kind = "linear" } of axes())
        if (direction === wanted) set(name, halfOf(ranges.get(name) ?? whole(), kind, end));
    },
  };
}

/** @param whole what there is to see, as it is now */
export function createZoom(whole: () => Range, kind: () => ScaleKind = () => "linear"): Zoom {
  const name = "x";
  const zooms = createZooms(() => [{ name, direction: "x", whole, kind: kind() }]);
  return {
    get isZoomed() {
      return zooms.isZoomed;
    },
    get range() {
      return zooms.range(name);
    },
    get domain(): [number, number] {
      const [low, high] = zooms.range(name) ?? whole();
      return [low, high];
    },
    set: (range) => zooms.set(name, range),
    reset: zooms.reset,
    sides: ["left", "right"],
    half: zooms.half,
  };
}
