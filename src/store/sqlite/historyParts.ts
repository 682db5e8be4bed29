import { MlflowError } from "../../mlflow/errors.ts";
import type { PrintedPart } from "../printedReads.ts";
import type { Database } from "./database.ts";
import { PRINTED_POINT, toPart } from "./printedPart.ts";

/** Points in a part: about 1 MB. */
const IN_A_PART = 10_000;
/** Copies that are kept at once, and how long nobody has to ask for the next part, in ms. */
const MOST_COPIES = 8;
const KEPT_FOR = 60_000;

/** What binds the statement that lists the points. */
type Bound = [run_id: string, metric_key: string, points: number, offset: number];

interface Copy {
  metric_key: string;
  points: number;
  /** Points that were printed. */
  printed: number;
  /** The field that follows the points; empty for none. */
  last: string;
  forget: NodeJS.Timeout;
}

/** Long histories, printed part by part from a temporary table, so that they need little memory and are of one moment. */
export class HistoryParts {
  readonly #db: Database;
  readonly #copies = new Map<string, Copy>();
  #made = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Copies the points that `rows` lists, and prints the first part; inside a read transaction. */
  start(rows: string, bound: Bound, last: string): PrintedPart {
    const [oldest] = this.#copies.keys();
    if (oldest !== undefined && this.#copies.size >= MOST_COPIES) this.#forget(oldest);
    const name = `history_${++this.#made}`;
    this.#db.prepare(`CREATE TEMP TABLE ${name} (value, timestamp, step, is_nan)`).run();
    this.#db.prepare<Bound, unknown>(`INSERT INTO ${name} ${rows}`).run(...bound);
    const [, metric_key, points] = bound;
    this.#copies.set(name, { metric_key, points, last, printed: 0, forget: this.#forgetLater(name) });
    return this.next(name);
  }

  /** The next part. Throws when it was not asked for in time. */
  next(name: string): PrintedPart {
    const copy = this.#copies.get(name);
    if (copy === undefined)
      throw new MlflowError("DEADLINE_EXCEEDED", "The rest of the history was not asked for in time.");
    const { metric_key, points, last, printed } = copy;
    const list =
      this.#db
        .prepare<[string, number, number], { points: string }>(
          `SELECT group_concat(${PRINTED_POINT}) AS points FROM ${name} WHERE rowid > ? AND rowid <= ?`,
        )
        .get(metric_key, printed, printed + IN_A_PART)?.points ?? "";
    copy.printed += IN_A_PART;
    clearTimeout(copy.forget);
    const text = `${printed === 0 ? '{"metrics":[' : ","}${list}`;
    if (copy.printed >= points) {
      this.#forget(name);
      return toPart(`${text}]${last === "" ? "" : `,${last}`}}`);
    }
    copy.forget = this.#forgetLater(name);
    return { ...toPart(text), more: name };
  }

  #forgetLater(name: string): NodeJS.Timeout {
    const timer = setTimeout(() => this.#forget(name), KEPT_FOR);
    return timer.unref();
  }

  #forget(name: string): void {
    const copy = this.#copies.get(name);
    clearTimeout(copy?.forget);
    this.#copies.delete(name);
    // The table goes with its connection when the file was opened again meanwhile.
    this.#db.read(() => this.#db.prepare(`DROP TABLE IF EXISTS temp.${name}`).run());
  }
}
