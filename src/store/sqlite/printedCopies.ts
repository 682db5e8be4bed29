import { randomUUID } from "node:crypto";
import { MlflowError } from "../../mlflow/errors.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";

/** Copies that are kept at once. Each is of an answer that is being sent, however slowly it is read. */
export const MOST_COPIES = 8;

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

  /**
   * Copies what `select` lists, `rows` rows with these columns; the name that `next` takes. It is kept until it is forgotten.
   * Throws REQUEST_LIMIT_EXCEEDED while there are too many.
   */
  start(columns: string, select: string, values: SqlValue[], { rows, of }: { rows: number; of: T }): string {
    if (this.#copies.size >= MOST_COPIES) throw tooManyCopies();
    // Never that of another copy, not even of one of a thread that died.
    const name = `${this.#kind}_${randomUUID().replaceAll("-", "")}`;
    this.#db.prepare(`CREATE TEMP TABLE ${name} (${columns})`).run();
    this.#db.prepare<SqlValue[], unknown>(`INSERT INTO ${name} ${select}`).run(...values);
    this.#copies.set(name, { of, rows, taken: 0 });
    return name;
  }

  /** The rows of the next part; after the last one the caller forgets the copy. Throws when it is gone. */
  next(name: string): CopiedRows<T> {
    const copy = this.#copies.get(name);
    if (copy === undefined) throw restGone();
    const after = copy.taken;
    copy.taken += this.#inAPart;
    const more = copy.taken < copy.rows ? { more: name } : {};
    return { of: copy.of, table: `temp.${name}`, after, until: copy.taken, ...more };
  }

  forget(name: string): void {
    if (!this.#copies.delete(name)) return;
    // The table goes with its connection when the file was opened again meanwhile.
    this.#db.read(() => this.#db.prepare(`DROP TABLE IF EXISTS temp.${name}`).run());
  }
}

export function tooManyCopies(): MlflowError {
  const message = `${MOST_COPIES} answers of this length are being read; try again, or ask for pages (max_results).`;
  return new MlflowError("REQUEST_LIMIT_EXCEEDED", message);
}

export function restGone(): MlflowError {
  return new MlflowError("DEADLINE_EXCEEDED", "The rest of the answer is gone.");
}
