import type { Dimension, Target } from "./spec.ts";
import { readBrushes, writeBrushes, type Brushes } from "./parallel.ts";

/** What the reader has chosen to see of the analyses; the address holds it. */
export interface AnalysisView {
  readonly brushes: Brushes;
  /** Index of the objective. */
  readonly objective: number;
  readonly method: "fanova" | "ped";
  /** Parameters of contour and ranks; empty lets the server choose. */
  readonly x: string;
  readonly y: string;
}

/** The view that an address asks for; what the study does not have is as if it had not been asked for. */
export function readView(
  query: Pick<URLSearchParams, "get">,
  dimensions: readonly Pick<Dimension, "name">[],
  targets: readonly Pick<Target, "name">[],
): AnalysisView {
  const parameter = (key: string): string => {
    const name = query.get(key) ?? "";
    return dimensions.some((dimension) => dimension.name === name) ? name : "";
  };
  const [x, y] = [parameter("x"), parameter("y")];
  return {
    brushes: readBrushes(query.get("pick") ?? ""),
    objective: Math.max(
      0,
      targets.findIndex(({ name }) => name === query.get("objective")),
    ),
    method: query.get("importances") === "best" ? "ped" : "fanova",
    x,
    y: y === x ? "" : y,
  };
}

/** The reverse of {@link readView}: only what differs from the first sight is written. */
export function writeView(view: AnalysisView, targets: readonly Pick<Target, "name">[]): URLSearchParams {
  const query = new URLSearchParams();
  if (view.objective > 0) query.set("objective", targets[view.objective]?.name ?? "");
  if (view.method === "ped") query.set("importances", "best");
  if (view.x !== "") query.set("x", view.x);
  if (view.y !== "") query.set("y", view.y);
  if (view.brushes.size > 0) query.set("pick", writeBrushes(view.brushes));
  return query;
}
