/** Which of two numbers comes first in a list: the smaller one with a direction of 1, the larger with −1, NaN last in either. */
export function compareNumbers(a: number, b: number, direction: 1 | -1): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return direction * (a - b);
}
