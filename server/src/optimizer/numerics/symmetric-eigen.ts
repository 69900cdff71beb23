/** Eigenvalues, ascending, and eigenvectors of a symmetric matrix. */
export interface Eigen {
  readonly values: Float64Array;
  /** Row-major, n × n: column k belongs to values[k], unit length. */
  readonly vectors: Float64Array;
}

/** Steps of the implicit QL iteration per eigenvalue; three are usual. */
const MAX_STEPS = 60;

/**
 * Eigendecomposition of a symmetric row-major n × n matrix, of which the lower triangle is read: Householder reduction to
 * tridiagonal form, then implicit QL with Wilkinson's shift (Golub and Van Loan, Matrix Computations, 8.3). O(n³).
 * Throws a RangeError when the matrix holds numbers that are not finite.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = matrix[i * n + j]!;
      if (!Number.isFinite(value)) throw new RangeError("eigenvalues need finite numbers");
      a[i * n + j] = value;
      a[j * n + i] = value;
    }
  }
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n); // beside[i] couples i and i + 1
  const q = reduce(a, n, diagonal, beside);
  iterate(diagonal, beside, q, n);
  return sorted(diagonal, q, n);
}

/** Turns `a` into tridiagonal form by reflections; returns the orthogonal Q with A = Q T Qᵀ. */
function reduce(a: Float64Array, n: number, diagonal: Float64Array, beside: Float64Array): Float64Array {
  const reflectors: Float64Array[] = [];
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const v = new Float64Array(n);
    let scale = 0;
    for (let i = k + 1; i < n; i++) scale = Math.max(scale, Math.abs(a[i * n + k]!));
    reflectors.push(v);
    if (scale === 0) continue;
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm += (a[i * n + k]! / scale) ** 2;
    norm = Math.sqrt(norm) * scale;
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!;
    v[k + 1] = v[k + 1]! + (v[k + 1]! < 0 ? -norm : norm);
    let length = 0;
    for (let i = k + 1; i < n; i++) length += (v[i]! / scale) ** 2;
    length = Math.sqrt(length) * scale;
    for (let i = k + 1; i < n; i++) v[i] = v[i]! / length;
    // A ← H A H with H = I − 2vvᵀ, as A − vwᵀ − wvᵀ where w = 2(Av − (vᵀAv)v).
    let along = 0;
    for (let i = k; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      p[i] = sum;
      along += sum * v[i]!;
    }
    for (let i = k; i < n; i++) p[i] = 2 * (p[i]! - along * v[i]!);
    for (let i = k; i < n; i++) {
      for (let j = k; j < n; j++) a[i * n + j] = a[i * n + j]! - v[i]! * p[j]! - p[i]! * v[j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    diagonal[i] = a[i * n + i]!;
    if (i + 1 < n) beside[i] = a[(i + 1) * n + i]!;
  }
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  for (let k = reflectors.length - 1; k >= 0; k--) {
    const v = reflectors[k]!;
    p.fill(0);
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) p[j] = p[j]! + v[i]! * q[i * n + j]!;
    }
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) q[i * n + j] = q[i * n + j]! - 2 * v[i]! * p[j]!;
    }
  }
  return q;
}

/** Diagonalises the tridiagonal matrix by rotations, which are applied to the columns of `q` as well. */
function iterate(diagonal: Float64Array, beside: Float64Array, q: Float64Array, n: number): void {
  const isSmall = (i: number): boolean => {
    const around = Math.abs(diagonal[i]!) + Math.abs(diagonal[i + 1]!);
    return (
      Math.abs(beside[i]!) <= Number.EPSILON * around ||
      Math.abs(beside[i]!) < Number.MIN_VALUE / Number.EPSILON
    );
  };
  for (let low = 0; low < n; low++) {
    for (let step = 0; ; step++) {
      let high = low;
      while (high < n - 1 && !isSmall(high)) high++;
      if (high === low) break;
      if (step === MAX_STEPS) throw new RangeError("the eigenvalue iteration does not converge");
      const half = (diagonal[low + 1]! - diagonal[low]!) / (2 * beside[low]!);
      const root = Math.hypot(half, 1);
      let g = diagonal[high]! - diagonal[low]! + beside[low]! / (half + (half < 0 ? -root : root));
      let sine = 1;
      let cosine = 1;
      let shift = 0;
      let i = high - 1;
      for (; i >= low; i--) {
        const f = sine * beside[i]!;
        const b = cosine * beside[i]!;
        const radius = Math.hypot(f, g);
        beside[i + 1] = radius;
        if (radius === 0) {
          diagonal[i + 1] = diagonal[i + 1]! - shift;
          beside[high] = 0;
          break;
        }
        sine = f / radius;
        cosine = g / radius;
        g = diagonal[i + 1]! - shift;
        const mixed = (diagonal[i]! - g) * sine + 2 * cosine * b;
        shift = sine * mixed;
        diagonal[i + 1] = g + shift;
        g = cosine * mixed - b;
        for (let row = 0; row < n; row++) {
          const at = row * n + i;
          const left = q[at]!;
          const right = q[at + 1]!;
          q[at + 1] = sine * left + cosine * right;
          q[at] = cosine * left - sine * right;
        }
      }
      if (i >= low) continue;
      diagonal[low] = diagonal[low]! - shift;
      beside[low] = g;
      beside[high] = 0;
    }
  }
}

function sorted(diagonal: Float64Array, q: Float64Array, n: number): Eigen {
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => diagonal[i]! - diagonal[j]! || i - j);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let row = 0; row < n; row++) vectors[row * n + to] = q[row * n + from]!;
  });
  return { values: Float64Array.from(order, (i) => diagonal[i]!), vectors };
}
