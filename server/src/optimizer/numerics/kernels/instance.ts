import { FRACTIONS } from "../exp.ts";
import { wasmBase64 } from "./module.ts";

/** What the sources *.as.ts export; addresses are bytes into the memory. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  pack(source: number, target: number, rows: number, columns: number, isLower: boolean): void;
  unpack(source: number, target: number, rows: number, columns: number, isLower: boolean): void;
  cholesky(a: number, size: number): number;
  solveLowerRows(l: number, size: number, b: number, rows: number): void;
  invertFactored(l: number, size: number, work: number, inverse: number): void;
  addKernels(
    rows: number,
    pairs: number,
    norms: number,
    rowLogs: number,
    weights: number,
    rowCodes: number,
    width: number,
    choiceWidth: number,
    hasGaps: boolean,
    columns: number,
    sharedColumns: number,
    columnCount: number,
    choices: number,
    sharedChoices: number,
    choiceCount: number,
    shared: number,
    units: number,
    codes: number,
    misses: number,
    matches: number,
    slack: number,
    lanes: number,
    maxima: number,
    bounds: number,
    sums: number,
  ): void;
  addLine(
    rows: number,
    kernels: number,
    top: number,
    bound: number,
    units: number,
    lanes: number,
    sums: number,
  ): void;
}

const bytes = Uint8Array.from(atob(wasmBase64), (character) => character.charCodeAt(0));
export const wasm = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Exports;

/** Address of the memory for what is handed over; before it lie the kernels' own scratch and tables. */
export const START = 1_024;
/** Where product-mixture.as.ts looks for the powers of two. */
const FRACTIONS_START = 192;
const PAGE = 65_536;

/** The memory as doubles, as 32-bit and as 16-bit integers; it loses them when it grows. */
let views = { numbers: new Float64Array(0), words: new Int32Array(0), halves: new Int16Array(0) };

/** The memory, with room for so many doubles from START on. Good until the next call, whoever makes it. */
export function memoryFor(doubles: number): typeof views {
  const missing = START + 8 * doubles - wasm.memory.buffer.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE));
  const { buffer } = wasm.memory;
  if (views.numbers.buffer !== buffer) {
    views = {
      numbers: new Float64Array(buffer),
      words: new Int32Array(buffer),
      halves: new Int16Array(buffer),
    };
  }
  return views;
}

memoryFor(0).numbers.set(FRACTIONS, FRACTIONS_START / 8);
