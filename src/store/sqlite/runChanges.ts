import type { ChangedRuns } from "../changedRuns.ts";
import type { Database } from "./database.ts";

/** More runs than this are not told one by one. */
const MOST_TOLD = 2_000;

const EVERYTHING: ChangedRuns = { others: true, run_ids: [] };

/**
 * What has changed since it was asked last. Somebody who sees every write may tell it (the server, whose reads have a connection of their own);
 * until then it is seen by the database itself, which cannot tell one run from another.
 */
export class RunChanges {
  readonly #db: Database;
  #told: { others: boolean; run_ids: Set<string> } | undefined;
  #seen = "";
  #seenOthers = "";
  #seenRegistry = "";
  #toldRegistry = true;

  constructor(db: Database) {
    this.#db = db;
  }

  /** From here on only what is told has changed. */
  tell({ others, run_ids, registry }: ChangedRuns): void {
    if (others || registry === true) this.#toldRegistry = true;
    const told = (this.#told ??= { others: true, run_ids: new Set() });
    for (const run_id of run_ids) told.run_ids.add(run_id);
    if (others || told.run_ids.size > MOST_TOLD) told.others = true;
  }

  /** True once after other programs have written, or another file was opened. */
  byOthers(): boolean {
    const { opened, others } = this.#db.look();
    const seen = `${opened}.${others}`;
    const changed = seen !== this.#seenOthers;
    this.#seenOthers = seen;
    return changed;
  }

  /** Call it inside the read transaction that takes its answer to heart. */
  take(): ChangedRuns {
    const told = this.#told;
    const seen = this.#look();
    const same = seen === this.#seen;
    this.#seen = seen;
    if (told === undefined) return same ? { others: false, run_ids: [] } : EVERYTHING;
    this.#told = { others: false, run_ids: new Set() };
    return told.others || !same ? EVERYTHING : { others: false, run_ids: [...told.run_ids] };
  }

  /** The same of the model registry: true when anything of it may have changed. */
  takeRegistry(): boolean {
    const seen = this.#look();
    const same = seen === this.#seenRegistry && !(this.#told !== undefined && this.#toldRegistry);
    this.#seenRegistry = seen;
    this.#toldRegistry = false;
    return !same;
  }

  /** Differs after everything that is not told. */
  #look(): string {
    const { opened, others, own } = this.#db.look();
    return this.#told === undefined ? `${opened}.${others}.${own}` : `${opened}`;
  }
}
