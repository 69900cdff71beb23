/** Numbers kept in ascending order: insertion and removal move the larger ones, reading is a look-up. No NaN. */
export interface SortedNumbers {
  readonly length: number;
  insert(value: number): void;
  /** Takes one occurrence out; does nothing when there is none. */
  remove(value: number): void;
  /** How many of the numbers are smaller. */
  countBelow(value: number): number;
  /** The number at this place, the smallest one at 0; NaN outside. */
  at(index: number): number;
  /** The value below which the share `p` of the numbers lies, by linear interpolation; NaN when there are none. */
  quantile(p: number): number;
}

export function createSortedNumbers(): SortedNumbers {
  let numbers = new Float64Array(8);
  let length = 0;
  /** How many numbers are at most `value`. */
  const countUpTo = (value: number): number => {
    let low = 0;
    for (let high = length; low < high;) {
      const middle = (low + high) >>> 1;
      if (numbers[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
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
      const place = countUpTo(value);
      numbers.copyWithin(place + 1, place, length);
      numbers[place] = value;
      length++;
    },
    remove(value) {
      const place = countUpTo(value) - 1;
      if (place < 0 || numbers[place] !== value) return;
      numbers.copyWithin(place, place + 1, length);
      length--;
    },
    countBelow(value) {
      let low = 0;
      for (let high = length; low < high;) {
        const middle = (low + high) >>> 1;
        if (numbers[middle]! < value) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    at: (index) => (index >= 0 && index < length ? numbers[index]! : NaN),
    quantile(p) {
      if (length === 0) return NaN;
      const position = p * (length - 1);
      const below = numbers[Math.floor(position)]!;
      const above = numbers[Math.ceil(position)]!;
      const fraction = position - Math.floor(position);
      // Equal ends may both be infinite, whose difference is not a number.
      if (below === above || fraction === 0) return below;
      if (Number.isFinite(above - below)) return below + (above - below) * fraction;
      const mixed = below * (1 - fraction) + above * fraction;
      return Number.isNaN(mixed) ? below : Math.min(above, Math.max(below, mixed));
    },
  };
}
