import type { Dimension } from "../../space/dimension.ts";
import type { Space } from "../../space/space.ts";
import type { Point } from "../sampler.ts";

/** What the square of a distance beyond a constraint costs, in units of the acquisition per unit of the cube. */
const HEIGHT = 1_000;

/**
 * A price on places beyond linear constraints, which grows with the square of the distance, for climbs that know no constraints: what they
 * find is moved inside afterwards, and then is not far. Answers the price at a point and writes its derivatives by coordinate.
 *
 * @param start - where the climb begins: distances are measured by the coordinates' scales there
 */
export function createWall(space: Space, start: Point): (point: Point, slopes: Float64Array) => number {
  const { rows } = space.linear;
  const steepness = rows.map(({ indices, coefficients }) =>
    Math.hypot(
      ...indices.map(
        (index, at) => coefficients[at]! * valueAt(space.dimensions[index]!, start[index]!).slope,
      ),
    ),
  );
  return (point, slopes) => {
    slopes.fill(0);
    let price = 0;
    rows.forEach(({ indices, coefficients, upper }, j) => {
      const values = indices.map((index) => valueAt(space.dimensions[index]!, point[index]!));
      const sum = values.reduce((total, { value }, at) => total + coefficients[at]! * value, 0);
      const beyond = (sum - upper) / steepness[j]!;
      if (!(beyond > 0) || beyond === Infinity) return;
      price += HEIGHT * beyond * beyond;
      indices.forEach((index, at) => {
        const rise = (coefficients[at]! * values[at]!.slope) / steepness[j]!;
        slopes[index] = slopes[index]! + 2 * HEIGHT * beyond * rise;
      });
    });
    return price;
  };
}

/** A number's value and its derivative at a coordinate, between the values of a grid too. */
function valueAt(
  { kind, cells, cell, centre, toValue }: Dimension,
  unit: number,
): { value: number; slope: number } {
  if (kind === "continuous") {
    const [low, high] = [Math.max(0, unit - 1e-5), Math.min(1, unit + 1e-5)];
    return {
      value: Number(toValue(unit)),
      slope: (Number(toValue(high)) - Number(toValue(low))) / (high - low),
    };
  }
  const own = cell(unit);
  const value = Number(toValue(centre(own)));
  if (cells < 2) return { value, slope: 0 };
  const next = own === 0 || (unit > centre(own) && own < cells - 1) ? own + 1 : own - 1;
  const slope = (Number(toValue(centre(next))) - value) / (centre(next) - centre(own));
  return { value: value + slope * (unit - centre(own)), slope };
}
