/** Characters that are kept: those of about ten thousand model versions. */
const MOST_CHARACTERS = 4_000_000;
const MOST_QUERIES = 32;
/** Ids of all queries together. */
const MOST_IDS = 50_000;

/** Texts of rows that were printed lately, until something changes. */
export class KeptTexts<T> {
  readonly #sizeOf: (text: T) => number;
  readonly #texts = new Map<number, T>();
  #characters = 0;

  constructor(sizeOf: (text: T) => number) {
    this.#sizeOf = sizeOf;
  }

  /** The texts of these rows, in their order; those not kept are read, and rows that are gone left out. */
  all(ids: readonly number[], read: (ids: number[]) => [number, T][]): T[] {
    const missing = ids.filter((id) => !this.#texts.has(id));
    for (const [id, text] of missing.length === 0 ? [] : read(missing)) {
      this.#texts.set(id, text);
      this.#characters += this.#sizeOf(text);
    }
    const found = ids.map((id) => this.#texts.get(id)).filter((text) => text !== undefined);
    this.#trim();
    return found;
  }

  clear(): void {
    this.#texts.clear();
    this.#characters = 0;
  }

  /** Lets go of the oldest ones that are too many. */
  #trim(): void {
    for (const [id, text] of this.#texts) {
      if (this.#characters <= MOST_CHARACTERS) return;
      this.#texts.delete(id);
      this.#characters -= this.#sizeOf(text);
    }
  }
}

/** Rows that were found lately by a query, until something changes. */
export class KeptIds {
  readonly #ids = new Map<string, number[]>();
  #count = 0;

  /** What `find` found for the query of this name. */
  of(name: string, find: () => number[]): number[] {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const found = find();
    if (this.#ids.size >= MOST_QUERIES || this.#count + found.length > MOST_IDS) this.clear();
    this.#ids.set(name, found);
    this.#count += found.length;
    return found;
  }

  clear(): void {
    this.#ids.clear();
    this.#count = 0;
  }
}
