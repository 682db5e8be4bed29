import type { LastRunResult, LastRunsParams } from "../protocol/language.ts";

export interface LastRunSource {
  /** Asks the client, for all entry points of a file at once; rejects where it does not know the request. */
  ask(params: LastRunsParams): Promise<Array<LastRunResult | null>>;
  /** Has the client draw its lenses again. */
  refresh(): Promise<void>;
  failed(error: unknown): void;
}

interface EntryPointOf {
  /** URI of the file. */
  uri: string;
  entry_point: string;
}

/** ms for which an answer counts as fresh: lenses are asked for at every keystroke, and each answer costs a search. */
const FRESH = 2000;

/** The last runs as the client told them. A lens never waits: it shows what is known, and is drawn again when that changes. */
export class LastRuns {
  readonly #source: LastRunSource;
  readonly #known = new Map<string, LastRunResult | null>();
  readonly #askedAt = new Map<string, number>();

  constructor(source: LastRunSource) {
    this.#source = source;
  }

  known(params: EntryPointOf): LastRunResult | undefined {
    return this.#known.get(keyOf(params)) ?? undefined;
  }

  /** Forgets how fresh the answers are: something ran. */
  expire(): void {
    this.#askedAt.clear();
  }

  /** Asks for the entry points of a file whose answers are old (`now` in ms), and refreshes when one has changed. */
  update(uri: string, entryPoints: readonly string[], now: number): void {
    const old = entryPoints.filter((entry_point) => {
      const askedAt = this.#askedAt.get(keyOf({ uri, entry_point }));
      return askedAt === undefined || now - askedAt >= FRESH;
    });
    for (const entry_point of old) this.#askedAt.set(keyOf({ uri, entry_point }), now);
    this.#update(uri, old).catch((error: unknown) => this.#source.failed(error));
  }

  async #update(uri: string, entryPoints: readonly string[]): Promise<void> {
    if (entryPoints.length === 0) return;
    const results = await this.#source.ask({ uri, entry_points: [...entryPoints] });
    let hasChanged = false;
    for (const [index, entry_point] of entryPoints.entries()) {
      const key = keyOf({ uri, entry_point });
      const after = results[index] ?? null;
      hasChanged ||= JSON.stringify(this.#known.get(key) ?? null) !== JSON.stringify(after);
      this.#known.set(key, after);
    }
    if (hasChanged) await this.#source.refresh();
  }
}

function keyOf({ uri, entry_point }: EntryPointOf): string {
  return `${uri}#${entry_point}`;
}
