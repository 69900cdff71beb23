/** Two different choices after one of them was chosen anew: choosing what the other one was exchanges them. */
export function exchange(x: string, y: string, which: 0 | 1, name: string): [x: string, y: string] {
  if (which === 0) return [name, name === y ? x : y];
  return [name === x ? y : x, name];
}
