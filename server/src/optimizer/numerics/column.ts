type Numbers = Float64Array | Int32Array | Uint8Array;

/** Rows of `width` numbers that grow by doubling. Rows come as views, which growth leaves behind: never keep them. */
export interface Column<T extends Numbers> {
  /** Number of rows. */
  readonly length: number;
  readonly bytes: number;
  /** Adds a row; a number stands for a row of nothing else. */
  push(row: ArrayLike<number> | number): void;
  row(index: number): T;
  /** One number of a row, without making a view. */
  get(index: number, at?: number): number;
  set(index: number, at: number, value: number): void;
  slice(start: number, end: number): T;
  all(): T;
  /** Takes out one row and closes the gap. */
  remove(index: number): void;
  truncate(length: number): void;
}

type Constructor<T extends Numbers> = new (length: number) => T;

export function createColumn<T extends Numbers>(Type: Constructor<T>, width: number): Column<T> {
  let data = new Type(16 * width);
  let length = 0;
  const check = (index: number): void => {
    if (index < 0 || index >= length) throw new RangeError(`no row ${index} among ${length}`);
  };
  const view = (start: number, end: number): T => data.subarray(start * width, end * width) as T; // subarray keeps the type
  return {
    get length() {
      return length;
    },
    get bytes() {
      return data.byteLength;
    },
    push(row) {
      if ((length + 1) * width > data.length) {
        const grown = new Type(data.length * 2);
        grown.set(data);
        data = grown;
      }
      const start = length * width;
      for (let at = 0; at < width; at++) data[start + at] = typeof row === "number" ? row : row[at]!;
      length++;
    },
    row(index) {
      check(index);
      return view(index, index + 1);
    },
    get(index, at = 0) {
      check(index);
      return data[index * width + at]!;
    },
    set(index, at, value) {
      check(index);
      data[index * width + at] = value;
    },
    slice: view,
    all: () => view(0, length),
    remove(index) {
      data.copyWithin(index * width, (index + 1) * width, length * width);
      length--;
    },
    truncate(newLength) {
      length = newLength;
    },
  };
}
