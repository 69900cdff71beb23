import { expect, test } from "vitest";
import { createZoom, createZooms, type ZoomAxis } from "./zoom.ts";

test("halves of what is shown, in the scale's own distance, until it is reset", () => {
  let end = 100;
  const zoom = createZoom(
    () => [1, end],
    () => "log",
  );
  expect([zoom.isZoomed, zoom.range, zoom.domain]).toEqual([false, undefined, [1, 100]]);
  zoom.half("left");
  expect(zoom.domain[1]).toBeCloseTo(10, 12);
  zoom.half("right");
  expect(zoom.domain[0]).toBeCloseTo(Math.sqrt(10), 12);
  zoom.reset();
  end = 200;
  expect([zoom.isZoomed, zoom.domain]).toEqual([false, [1, 200]]);
  expect(zoom.sides).toEqual(["left", "right"]);
});

test("a plane is zoomed along both axes, and a part comes back with its axis, at whatever place that stands", () => {
  const axis = (name: string, direction: "x" | "y"): ZoomAxis => ({ name, direction, whole: () => [0, 8] });
  let axes = [axis("lr", "x"), axis("layers", "y")];
  const zooms = createZooms(() => axes);
  expect(zooms.sides).toEqual(["left", "right", "lower", "upper"]);
  zooms.half("upper");
  expect([zooms.range("lr"), zooms.range("layers")]).toEqual([undefined, [4, 8]]);
  zooms.set("lr", [1, 2]);
  axes = [axis("momentum", "x"), axis("dropout", "y")];
  expect(zooms.isZoomed).toBe(false);
  zooms.reset();
  axes = [axis("layers", "x"), axis("lr", "y")];
  expect([zooms.isZoomed, zooms.range("lr"), zooms.range("layers")]).toEqual([true, [1, 2], [4, 8]]);
  zooms.reset();
  expect([zooms.isZoomed, zooms.range("lr")]).toEqual([false, undefined]);
});

test("halves are those of every axis that lies so, widened to what can be shown", () => {
  const snap = ([low, high]: readonly [number, number]) => [Math.floor(low), Math.ceil(high)] as const;
  const zooms = createZooms(() => [
    { name: "choice", direction: "x", whole: () => [0, 3], snap },
    { name: "number", direction: "x", whole: () => [0, 3] },
  ]);
  zooms.half("right");
  expect([zooms.range("choice"), zooms.range("number")]).toEqual([
    [1, 3],
    [1.5, 3],
  ]);
});
