/* Lower triangular systems, row-major. */

/** x with L x = b. */
export function forward(factor: Float64Array, b: ArrayLike<number>, x: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * length + k]! * x[k]!;
    x[i] = sum / factor[i * length + i]!;
  }
}

/** x with Lᵀ x = b, in place. */
export function backward(factor: Float64Array, x: Float64Array, length: number): void {
  for (let i = length - 1; i >= 0; i--) {
    const value = (x[i]! /= factor[i * length + i]!);
    for (let k = 0; k < i; k++) x[k]! -= factor[i * length + k]! * value;
  }
}
