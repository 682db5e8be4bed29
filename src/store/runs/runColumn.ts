import { sortByKey, sortByNumber } from "./radixSort.ts";

// One key of all runs in memory, by slot: what a filter tests and an order compares.

export const PRESENT = 0;
export const NAN = 1;
export const ABSENT = 2;

/** What a run has for a key; undefined = no row, null = a row without a value. */
export type Cell = string | number | null | undefined;

/** A column of the runs that is kept while it is used. */
export interface RunColumn {
  /** Makes room for this many slots. */
  grow(capacity: number): void;
  set(slot: number, value: Cell): void;
  /** Negative when `a` comes first in ascending order; what a run lacks comes last in both directions. */
  compare(a: number, b: number, direction: 1 | -1): number;
  /** Slots in the order that `compare` tells; those that compare equal keep theirs. */
  sort(slots: Uint32Array, direction: 1 | -1): Uint32Array;
  /** About how much memory it takes. */
  readonly bytes: number;
}

/** Numbers; of metrics also NaN, which SQL marks beside the value. */
export class NumberColumn implements RunColumn {
  values: Float64Array;
  /** PRESENT, NAN or ABSENT by slot. */
  kinds: Uint8Array;
  readonly #nullIsNan: boolean;

  constructor(capacity: number, nullIsNan: boolean) {
    this.values = new Float64Array(capacity);
    this.kinds = new Uint8Array(capacity).fill(ABSENT);
    this.#nullIsNan = nullIsNan;
  }

  get bytes(): number {
    return this.values.byteLength + this.kinds.byteLength;
  }

  grow(capacity: number): void {
    const values = new Float64Array(capacity);
    values.set(this.values);
    const kinds = new Uint8Array(capacity).fill(ABSENT);
    kinds.set(this.kinds);
    this.values = values;
    this.kinds = kinds;
  }

  set(slot: number, value: Cell): void {
    if (typeof value === "number") {
      // SQLite's integers beyond 2^53 are no longer told apart here.
      if (!this.#nullIsNan && !Number.isSafeInteger(value)) throw new Unsupported();
      this.values[slot] = value;
      this.kinds[slot] = PRESENT;
      return;
    }
    if (typeof value === "string") throw new Unsupported();
    this.values[slot] = 0;
    this.kinds[slot] = value === null && this.#nullIsNan ? NAN : ABSENT;
  }

  /** Undefined where there is none. */
  valueAt(slot: number): number | undefined {
    const kind = this.kinds[slot] ?? ABSENT;
    return kind === ABSENT ? undefined : kind === NAN ? Number.NaN : (this.values[slot] ?? 0);
  }

  compare(a: number, b: number, direction: 1 | -1): number {
    const kind = (this.kinds[a] ?? ABSENT) - (this.kinds[b] ?? ABSENT);
    if (kind !== 0) return kind;
    const difference = (this.values[a] ?? 0) - (this.values[b] ?? 0);
    // The difference of two infinities is NaN.
    return difference === difference ? difference * direction : 0;
  }

  sort(slots: Uint32Array, direction: 1 | -1): Uint32Array {
    if (slots.every((slot) => this.kinds[slot] === PRESENT)) return sortByNumber(slots, this.values, direction);
    const kept = [PRESENT, NAN, ABSENT].map((kind) => this.#ofKind(slots, kind));
    const [numbers] = kept;
    if (numbers) kept[0] = sortByNumber(numbers, this.values, direction);
    const result = new Uint32Array(slots.length);
    let at = 0;
    for (const part of kept) {
      result.set(part, at);
      at += part.length;
    }
    return result;
  }

  #ofKind(slots: Uint32Array, kind: number): Uint32Array {
    const found = new Uint32Array(slots.length);
    let count = 0;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] ?? 0;
      if (this.kinds[slot] === kind) found[count++] = slot;
    }
    return found.subarray(0, count);
  }
}

const NO_ROW = -1;
const NO_VALUE = -2;

/** Texts, each different one kept once. */
export class TextColumn implements RunColumn {
  /** Index into `texts` by slot; negative where there is no text. */
  codes: Int32Array;
  readonly texts: string[] = [];
  readonly #codeOf = new Map<string, number>();
  #characters = 0;
  #ranks: Int32Array | undefined;
  /** Whether a text has characters whose order in UTF-16 is not that of their code points. */
  #wide = false;
  readonly #tests = new Map<string, Uint8Array>();

  readonly #anyText: boolean;

  /** `anyText`: also what SQLite could not compare. */
  constructor(capacity: number, anyText = false) {
    this.codes = new Int32Array(capacity).fill(NO_ROW);
    this.#anyText = anyText;
  }

  get bytes(): number {
    return this.codes.byteLength + this.#characters + this.texts.length * 64;
  }

  grow(capacity: number): void {
    const codes = new Int32Array(capacity).fill(NO_ROW);
    codes.set(this.codes);
    this.codes = codes;
  }

  set(slot: number, value: Cell): void {
    if (typeof value === "number") throw new Unsupported();
    this.codes[slot] = value === undefined ? NO_ROW : value === null ? NO_VALUE : this.#coded(value);
  }

  /** The code of a text that some run has or had. */
  codeOf(text: string): number | undefined {
    return this.#codeOf.get(text);
  }

  textAt(slot: number): string | undefined {
    const code = this.codes[slot] ?? NO_ROW;
    return code < 0 ? undefined : this.texts[code];
  }

  hasRow(slot: number): boolean {
    return this.codes[slot] !== NO_ROW;
  }

  /** Whether the run's text passes `test`, which is asked once for each text while `name` is remembered. */
  tester(name: string, test: (text: string) => boolean): (slot: number) => boolean {
    let known = this.#tests.get(name);
    if (known === undefined || known.length < this.texts.length) {
      // A few: a person looks with one filter at a time.
      if (this.#tests.size >= 4) this.#tests.clear();
      known = new Uint8Array(this.texts.length);
      this.#tests.set(name, known);
    }
    const results = known;
    return (slot) => {
      const code = this.codes[slot] ?? NO_ROW;
      if (code < 0) return false;
      const result = results[code] ?? 0;
      if (result !== 0) return result === 1;
      const passes = test(this.texts[code] ?? "");
      results[code] = passes ? 1 : 2;
      return passes;
    };
  }

  compare(a: number, b: number, direction: 1 | -1): number {
    const codeA = this.codes[a] ?? NO_ROW;
    const codeB = this.codes[b] ?? NO_ROW;
    if (codeA < 0 || codeB < 0) return (codeA < 0 ? 1 : 0) - (codeB < 0 ? 1 : 0);
    if (codeA === codeB) return 0;
    const compare = this.#wide ? byCodePoint : byCodeUnit;
    return compare(this.texts[codeA] ?? "", this.texts[codeB] ?? "") * direction;
  }

  sort(slots: Uint32Array, direction: 1 | -1): Uint32Array {
    const ranks = (this.#ranks ??= this.#rank());
    const last = this.texts.length;
    const keys = new Uint32Array(this.codes.length);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] ?? 0;
      const code = this.codes[slot] ?? NO_ROW;
      const place = ranks[code] ?? 0;
      keys[slot] = code < 0 ? last : direction === 1 ? place : last - 1 - place;
    }
    return sortByKey(slots, keys);
  }

  /** The place of each text in SQLite's order, which is that of code points. */
  #rank(): Int32Array {
    // Without a function of ours the engine compares, several times faster.
    const order = this.#wide ? this.texts.toSorted(byCodePoint) : this.texts.toSorted();
    const ranks = new Int32Array(order.length);
    for (const [place, text] of order.entries()) ranks[this.#codeOf.get(text) ?? 0] = place;
    return ranks;
  }

  #coded(text: string): number {
    const known = this.#codeOf.get(text);
    if (known !== undefined) return known;
    // SQLite's text functions stop at a NUL.
    if (!this.#anyText && text.includes("\0")) throw new Unsupported();
    const code = this.texts.push(text) - 1;
    this.#codeOf.set(text, code);
    this.#characters += text.length;
    this.#wide ||= /[\ud800-\uffff]/.test(text);
    this.#ranks = undefined;
    return code;
  }
}

/** What this table of columns cannot hold or answer: SQL has to. */
export class Unsupported extends Error {}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** UTF-16 puts surrogates before U+E000. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
