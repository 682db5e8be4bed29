export interface FactSource<T> {
  /** Asks the client, for all names of a file at once; rejects where it does not know the request. */
  ask(uri: string, names: string[]): Promise<Array<T | null>>;
  /** Has the client draw its lenses again. */
  refresh(): Promise<void>;
  failed(error: unknown): void;
}

/** ms for which an answer counts as fresh: lenses are asked for at every keystroke, and each answer costs a search. */
const FRESH = 2000;

/** What the client told of names in a file. A lens never waits: it shows what is known, and is drawn again when that changes. */
export class ClientFacts<T> {
  readonly #source: FactSource<T>;
  readonly #known = new Map<string, T | null>();
  readonly #askedAt = new Map<string, number>();

  constructor(source: FactSource<T>) {
    this.#source = source;
  }

  known(uri: string, name: string): T | undefined {
    return this.#known.get(keyOf(uri, name)) ?? undefined;
  }

  /** Forgets how fresh the answers are: something changed. */
  expire(): void {
    this.#askedAt.clear();
  }

  /** Asks for the names of a file whose answers are old (`now` in ms), and refreshes when one has changed. */
  update(uri: string, names: readonly string[], now: number): void {
    const old = [...new Set(names)].filter((name) => {
      const askedAt = this.#askedAt.get(keyOf(uri, name));
      return askedAt === undefined || now - askedAt >= FRESH;
    });
    for (const name of old) this.#askedAt.set(keyOf(uri, name), now);
    this.#update(uri, old).catch((error: unknown) => this.#source.failed(error));
  }

  async #update(uri: string, names: string[]): Promise<void> {
    if (names.length === 0) return;
    const results = await this.#source.ask(uri, names);
    let hasChanged = false;
    for (const [index, name] of names.entries()) {
      const key = keyOf(uri, name);
      const after = results[index] ?? null;
      hasChanged ||= JSON.stringify(this.#known.get(key) ?? null) !== JSON.stringify(after);
      this.#known.set(key, after);
    }
    if (hasChanged) await this.#source.refresh();
  }
}

function keyOf(uri: string, name: string): string {
  return `${uri}#${name}`;
}
