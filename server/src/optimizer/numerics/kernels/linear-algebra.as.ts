/*
 * AssemblyScript, compiled to WebAssembly by `npm run generate`; module.ts holds the result. Plain SIMD without fused or relaxed instructions, and
 * each sum in the order in which cholesky.ts and triangular.ts make it, so that the results are the same to the last bit on every machine.
 *
 * Matrices lie in panels: four rows at a time, column by column. Number k of row r of a panel is at 4 k + r, so that a step of
 * a tile's sixteen dot products reads eight neighbours. All sizes are multiples of four.
 */

/** Bytes of one column of a panel. */
const COLUMN: usize = 32;
/** Where a tile leaves its sixteen sums, row by row. */
const SUMS: usize = 64;

@inline
function panel(base: usize, row: i32, columns: i32): usize {
  return base + ((<usize>row * <usize>columns) << 3);
}

@inline
function number(panelStart: usize, column: i32, row: i32): usize {
  return panelStart + <usize>column * COLUMN + (<usize>row << 3);
}

@inline
function sum(row: i32, column: i32): f64 {
  return load<f64>(SUMS + (<usize>(4 * row + column) << 3));
}

/** Rows one after the other, `columns` numbers each, into panels; with `isLower` only up to the diagonal's tile. */
export function pack(source: usize, target: usize, rows: i32, columns: i32, isLower: bool): void {
  const stride: usize = <usize>columns << 3;
  for (let i = 0; i < rows; i += 4) {
    let from = panel(source, i, columns);
    let to = panel(target, i, columns);
    const end = isLower ? i + 4 : columns;
    for (let k = 0; k < end; k++) {
      store<f64>(to, load<f64>(from));
      store<f64>(to, load<f64>(from + stride), 8);
      store<f64>(to, load<f64>(from + 2 * stride), 16);
      store<f64>(to, load<f64>(from + 3 * stride), 24);
      from += 8;
      to += COLUMN;
    }
  }
}

/** The inverse of `pack`. */
export function unpack(source: usize, target: usize, rows: i32, columns: i32, isLower: bool): void {
  const stride: usize = <usize>columns << 3;
  for (let i = 0; i < rows; i += 4) {
    let from = panel(source, i, columns);
    let to = panel(target, i, columns);
    const end = isLower ? i + 4 : columns;
    for (let k = 0; k < end; k++) {
      store<f64>(to, load<f64>(from));
      store<f64>(to + stride, load<f64>(from, 8));
      store<f64>(to + 2 * stride, load<f64>(from, 16));
      store<f64>(to + 3 * stride, load<f64>(from, 24));
      from += COLUMN;
      to += 8;
    }
  }
}

/** Sixteen dot products of the rows of two panels over `count` columns, into SUMS. */
@inline
function tile(a: usize, b: usize, count: i32): void {
  let s00 = f64x2.splat(0);
  let s02 = f64x2.splat(0);
  let s10 = f64x2.splat(0);
  let s12 = f64x2.splat(0);
  let s20 = f64x2.splat(0);
  let s22 = f64x2.splat(0);
  let s30 = f64x2.splat(0);
  let s32 = f64x2.splat(0);
  for (let k = 0; k < count; k++) {
    const low = v128.load(b);
    const high = v128.load(b, 16);
    const a0 = v128.load64_splat(a);
    s00 = f64x2.add(s00, f64x2.mul(a0, low));
    s02 = f64x2.add(s02, f64x2.mul(a0, high));
    const a1 = v128.load64_splat(a, 8);
    s10 = f64x2.add(s10, f64x2.mul(a1, low));
    s12 = f64x2.add(s12, f64x2.mul(a1, high));
    const a2 = v128.load64_splat(a, 16);
    s20 = f64x2.add(s20, f64x2.mul(a2, low));
    s22 = f64x2.add(s22, f64x2.mul(a2, high));
    const a3 = v128.load64_splat(a, 24);
    s30 = f64x2.add(s30, f64x2.mul(a3, low));
    s32 = f64x2.add(s32, f64x2.mul(a3, high));
    a += COLUMN;
    b += COLUMN;
  }
  v128.store(SUMS, s00);
  v128.store(SUMS, s02, 16);
  v128.store(SUMS, s10, 32);
  v128.store(SUMS, s12, 48);
  v128.store(SUMS, s20, 64);
  v128.store(SUMS, s22, 80);
  v128.store(SUMS, s30, 96);
  v128.store(SUMS, s32, 112);
}

/** What is left of a tile's row once the sums are known: forward substitution within the tile of four. */
@inline
function substitute(value: f64, left: usize, row: i32, lower: usize, i: i32, c: i32): f64 {
  for (let k = 0; k < c; k++) value -= load<f64>(number(left, i + k, row)) * load<f64>(number(lower, i + k, c));
  return value;
}

/** cholesky.ts: the factor in the place of the matrix; false when a pivot is not positive. */
export function cholesky(a: usize, size: i32): bool {
  for (let i = 0; i < size; i += 4) {
    const own = panel(a, i, size);
    for (let j = 0; j < i; j += 4) {
      const other = panel(a, j, size);
      tile(own, other, j);
      for (let r = 0; r < 4; r++) {
        for (let c = 0; c < 4; c++) {
          const at = number(own, j + c, r);
          const value = substitute(load<f64>(at) - sum(r, c), own, r, other, j, c);
          store<f64>(at, value / load<f64>(number(other, j + c, c)));
        }
      }
    }
    tile(own, own, i);
    for (let r = 0; r < 4; r++) {
      for (let c = 0; c <= r; c++) {
        const at = number(own, i + c, r);
        const value = substitute(load<f64>(at) - sum(r, c), own, r, own, i, c);
        if (c < r) store<f64>(at, value / load<f64>(number(own, i + c, c)));
        else if (value > 0) store<f64>(at, sqrt<f64>(value));
        else return false;
      }
    }
  }
  return true;
}

/** triangular.ts, solveLowerRows: each row of b becomes L⁻¹ b. */
export function solveLowerRows(l: usize, size: i32, b: usize, rows: i32): void {
  for (let p = 0; p < rows; p += 4) {
    const own = panel(b, p, size);
    for (let i = 0; i < size; i += 4) {
      const lower = panel(l, i, size);
      tile(own, lower, i);
      for (let r = 0; r < 4; r++) {
        for (let c = 0; c < 4; c++) {
          const at = number(own, i + c, r);
          const value = substitute(load<f64>(at) - sum(r, c), own, r, lower, i, c);
          store<f64>(at, value / load<f64>(number(lower, i + c, c)));
        }
      }
    }
  }
}

/** triangular.ts, invertFactored: `work` gets L⁻¹ transposed, in panels; `inverse` the lower triangle, row by row. */
export function invertFactored(l: usize, size: i32, work: usize, inverse: usize): void {
  memory.fill(work, 0, (<usize>size * <usize>size) << 3);
  for (let j = 0; j < size; j += 4) {
    const own = panel(work, j, size);
    for (let i = j; i < size; i += 4) {
      const lower = panel(l, i, size);
      tile(own + <usize>j * COLUMN, lower + <usize>j * COLUMN, i - j);
      for (let r = 0; r < 4; r++) {
        for (let c = 0; c < 4; c++) {
          if (i + c < j + r) continue;
          const unit: f64 = i + c === j + r ? 1 : 0;
          const value = substitute(unit - sum(r, c), own, r, lower, i, c);
          store<f64>(number(own, i + c, r), value / load<f64>(number(lower, i + c, c)));
        }
      }
    }
  }
  for (let i = 0; i < size; i += 4) {
    const own = panel(work, i, size) + <usize>i * COLUMN;
    for (let j = 0; j <= i; j += 4) {
      tile(own, panel(work, j, size) + <usize>i * COLUMN, size - i);
      for (let r = 0; r < 4; r++) {
        const at = panel(inverse, i + r, size) + (<usize>j << 3);
        for (let c = 0; c < 4; c++) store<f64>(at + (<usize>c << 3), sum(r, c));
      }
    }
  }
}
