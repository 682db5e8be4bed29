import { MlflowError } from "../../mlflow/errors.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";

/** Copies that are kept at once, and how long nobody has to ask for the next part, in ms. */
const MOST_COPIES = 8;
const KEPT_FOR = 60_000;

/** Rows of a copy that make its next part: those with a rowid above `after` and up to `until`. */
export interface CopiedRows<T> {
  /** What was said when the copy was made. */
  of: T;
  table: string;
  after: number;
  until: number;
  /** Asks for the part after this one; absent = there is none, and the copy goes. */
  more?: string;
}

interface Copy<T> {
  of: T;
  rows: number;
  taken: number;
  forget: NodeJS.Timeout;
}

/**
 * Temporary tables of what long answers say, which are printed part by part, so that they need little memory and are of one moment.
 * All is called inside a read transaction.
 */
export class PrintedCopies<T> {
  readonly #db: Database;
  readonly #kind: string;
  readonly #inAPart: number;
  readonly #copies = new Map<string, Copy<T>>();
  #made = 0;

  /** `kind` is the first word of a copy's name. */
  constructor(db: Database, kind: string, inAPart: number) {
    this.#db = db;
    this.#kind = kind;
    this.#inAPart = inAPart;
  }

  /** Whether `more` asks for a part of these. */
  has(more: string): boolean {
    return more.startsWith(`${this.#kind}_`);
  }

  /** Copies what `select` lists, `rows` rows with these columns; the name that `next` takes. */
  start(columns: string, select: string, values: SqlValue[], { rows, of }: { rows: number; of: T }): string {
    const [oldest] = this.#copies.keys();
    if (oldest !== undefined && this.#copies.size >= MOST_COPIES) this.forget(oldest);
    const name = `${this.#kind}_${++this.#made}`;
    this.#db.prepare(`CREATE TEMP TABLE ${name} (${columns})`).run();
    this.#db.prepare<SqlValue[], unknown>(`INSERT INTO ${name} ${select}`).run(...values);
    this.#copies.set(name, { of, rows, taken: 0, forget: this.#forgetLater(name) });
    return name;
  }

  /** The rows of the next part; after the last one the caller forgets the copy. Throws when it was not asked for in time. */
  next(name: string): CopiedRows<T> {
    const copy = this.#copies.get(name);
    if (copy === undefined)
      throw new MlflowError("DEADLINE_EXCEEDED", "The rest of the answer was not asked for in time.");
    const after = copy.taken;
    copy.taken += this.#inAPart;
    clearTimeout(copy.forget);
    copy.forget = this.#forgetLater(name);
    const more = copy.taken < copy.rows ? { more: name } : {};
    return { of: copy.of, table: `temp.${name}`, after, until: copy.taken, ...more };
  }

  forget(name: string): void {
    const copy = this.#copies.get(name);
    clearTimeout(copy?.forget);
    this.#copies.delete(name);
    // The table goes with its connection when the file was opened again meanwhile.
    this.#db.read(() => this.#db.prepare(`DROP TABLE IF EXISTS temp.${name}`).run());
  }

  #forgetLater(name: string): NodeJS.Timeout {
    const timer = setTimeout(() => this.forget(name), KEPT_FOR);
    return timer.unref();
  }
}
