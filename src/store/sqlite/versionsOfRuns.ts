import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import type { ModelQuery } from "./searchModels.ts";

/** Of more model versions none are kept: these take about 5 MB. */
const MOST_VERSIONS = 50_000;

/** Rows of model versions by the run that they were made from, which no index of MLflow's has, until something changes. */
export class VersionsOfRuns {
  readonly #read: () => { id: number; run_id: string }[];
  readonly #most: number;
  #rows: Map<string, number[]> | undefined;

  constructor(db: Database, most = MOST_VERSIONS) {
    const select = db.prepare<[number], { id: number; run_id: string }>(
      "SELECT rowid AS id, CAST(run_id AS TEXT) AS run_id FROM model_versions WHERE run_id IS NOT NULL LIMIT ?",
    );
    this.#most = most;
    this.#read = () => select.all(most + 1);
  }

  /** The same search by the rows that may be meant, where that is one run's and they are few. */
  narrowed(query: ModelQuery): Pick<ModelQuery, "from" | "values"> {
    const rows = query.run_id === undefined ? undefined : this.#of(query.run_id);
    if (rows === undefined) return query;
    const among = "FROM json_each(?) k CROSS JOIN model_versions v ON v.rowid = k.value";
    const values: SqlValue[] = [JSON.stringify(rows), ...query.values];
    return { from: query.from.replace("FROM model_versions v", among), values };
  }

  clear(): void {
    this.#rows = undefined;
  }

  #of(run_id: string): number[] | undefined {
    const rows = (this.#rows ??= this.#group());
    return rows.size === 0 ? undefined : (rows.get(run_id) ?? []);
  }

  #group(): Map<string, number[]> {
    const found = this.#read();
    const rows = new Map<string, number[]>();
    // Too many of them: an empty map says so, too.
    if (found.length > this.#most) return rows;
    for (const { id, run_id } of found) {
      const of = rows.get(run_id);
      if (of === undefined) rows.set(run_id, [id]);
      else of.push(id);
    }
    return rows;
  }
}
