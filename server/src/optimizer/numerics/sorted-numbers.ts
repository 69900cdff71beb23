/** Numbers kept in ascending order: insertion moves the larger ones up, reading is a look-up. No NaN. */
export interface SortedNumbers {
  readonly length: number;
  insert(value: number): void;
  /** The value below which the share `p` of the numbers lies, by linear interpolation; NaN when there are none. */
  quantile(p: number): number;
}

export function createSortedNumbers(): SortedNumbers {
  let numbers = new Float64Array(8);
  let length = 0;
  return {
    get length() {
      return length;
    },
    insert(value) {
      if (length === numbers.length) {
        const longer = new Float64Array(length * 2);
        longer.set(numbers);
        numbers = longer;
      }
      let low = 0;
      for (let high = length; low < high;) {
        const middle = (low + high) >>> 1;
        if (numbers[middle]! <= value) low = middle + 1;
        else high = middle;
      }
      numbers.copyWithin(low + 1, low, length);
      numbers[low] = value;
      length++;
    },
    quantile(p) {
      if (length === 0) return NaN;
      const position = p * (length - 1);
      const below = numbers[Math.floor(position)]!;
      const above = numbers[Math.ceil(position)]!;
      // Equal ends may both be infinite, whose difference is not a number.
      return below === above ? below : below + (above - below) * (position - Math.floor(position));
    },
  };
}
