import type { ViewType } from "../../mlflow/entities.ts";
import { parseFilter } from "../../mlflow/filter/parse.ts";
import type { FilterTree, OrderBy } from "../../mlflow/filter/tree.ts";
import type { ChangedRuns } from "../changedRuns.ts";
import type { SearchRuns } from "../trackingStore.ts";
import { offsetOf } from "../pageToken.ts";
import { checkMaxResults, experimentNumber } from "../validation.ts";
import { SqlError, type SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { stagesOf } from "./experiments.ts";
import { distinctOrder, runOrder, runWhere } from "./filterToSql.ts";
import { Unsupported } from "../runs/runColumn.ts";
import type { RunChanges } from "./runChanges.ts";
import { RunTable } from "./runTable.ts";
import { testOf } from "./runTableFilter.ts";
import { RunOrders } from "./runTableOrder.ts";

/** ms after the last search at which the columns are let go. */
const IDLE = 10 * 60_000;

/** ms for which a table that these columns cannot hold is left to SQL. */
const REFUSED_FOR = 60_000;

/** With more ids than these in a filter the table is asked. */
const MOST_NAMED = 200;
/** With more changed runs than these the table is read anew. */
const MOST_PENDING = 2_000;

const NOTHING: ChangedRuns = { others: false, run_ids: [] };
const EVERYTHING: ChangedRuns = { others: true, run_ids: [] };

/** A search that was read; `offset` and `count` say which of the runs found are wanted. */
export interface RunQuery {
  source: SearchRuns;
  experiments: ReadonlySet<number>;
  view: ViewType;
  tree: FilterTree;
  orders: OrderBy[];
  offset: number;
  count: number;
}

/** Throws INVALID_PARAMETER_VALUE in MLflow's wording. `count` is one more than a page has, to see whether another one follows. */
export function readRunQuery(source: SearchRuns): RunQuery {
  const { experiment_ids, run_view_type = "ACTIVE_ONLY", max_results = 1_000, filter, order_by, page_token } = source;
  checkMaxResults(max_results);
  return {
    source,
    tree: parseFilter("runs", filter),
    orders: distinctOrder("runs", order_by),
    offset: offsetOf(page_token),
    experiments: new Set(experiment_ids.map(experimentNumber)),
    view: run_view_type,
    count: max_results + 1,
  };
}

/** Finds runs by columns in memory: the same runs in the same order as the SQL of `runWhere` and `runOrder`. */
export class RunSearch {
  readonly #table: RunTable;
  readonly #orders: RunOrders;
  readonly #changes: RunChanges;
  readonly #db: Database;
  /** Hears of changes before what was found is told. */
  onChanges: (changes: ChangedRuns) => void = () => undefined;
  #refusedUntil = 0;
  #generation = 0;
  /** What the table has not been told of yet. */
  #pending = NOTHING;
  #idle: NodeJS.Timeout | undefined;

  constructor(db: Database, changes: RunChanges) {
    this.#db = db;
    this.#changes = changes;
    this.#table = new RunTable(db);
    this.#orders = new RunOrders(this.#table);
  }

  /** Ids of the runs found, in order; inside a read transaction. */
  find(query: RunQuery): string[] {
    this.#hear();
    // Few runs are found by their ids sooner than a table of all runs is read or walked through.
    const found = namesRuns(query.tree) ? undefined : this.#inMemory(query);
    return found ?? runIdsBySql(this.#db, query);
  }

  /** Rises whenever slots may mean other runs, or runs have other values. */
  get generation(): number {
    return this.#generation;
  }

  /** Does `work` with the runs as they are now; inside a read transaction. Throws Unsupported where columns cannot hold them. */
  withTable<T>(work: (table: RunTable, orders: RunOrders) => T): T {
    this.#hear();
    if (!this.#update()) throw new Unsupported();
    try {
      return work(this.#table, this.#orders);
    } catch (error) {
      throw isForSql(error) ? new Unsupported() : error;
    } finally {
      this.#table.trim();
      this.#restLater();
    }
  }

  clear(): void {
    this.#generation += 1;
    this.onChanges(EVERYTHING);
    clearTimeout(this.#idle);
    this.#table.clear();
    this.#orders.clear();
  }

  /** Undefined where the columns cannot tell. */
  #inMemory(query: RunQuery): string[] | undefined {
    if (!this.#update()) return undefined;
    try {
      return this.#scan(query);
    } catch (error) {
      if (isForSql(error)) return undefined;
      throw error;
    } finally {
      this.#table.trim();
      this.#restLater();
    }
  }

  #hear(): void {
    const changes = this.#changes.take();
    this.onChanges(changes);
    this.#pending = joined(this.#pending, changes);
  }

  #update(): boolean {
    if (Date.now() < this.#refusedUntil) return false;
    try {
      const changed = this.#table.update(this.#pending);
      if (changed === "everything" || changed.length > 0) this.#generation += 1;
      this.#orders.changed(changed);
      this.#pending = NOTHING;
      return true;
    } catch (error) {
      this.clear();
      if (!isForSql(error)) throw error;
      this.#refusedUntil = Date.now() + REFUSED_FOR;
      return false;
    }
  }

  #scan({ experiments, view, tree, orders, offset, count }: RunQuery): string[] {
    const table = this.#table;
    const test = testOf(table, tree);
    const order = this.#orders.inOrder(orders);
    const { experiments: experimentOf, stages, ids } = table;
    const active = view !== "DELETED_ONLY";
    const deleted = view !== "ACTIVE_ONLY";
    const [only] = experiments;
    const one = experiments.size === 1;
    const found: string[] = [];
    let skip = offset;
    for (let place = 0; place < order.length && found.length < count; place++) {
      const slot = order[place] ?? 0;
      const stage = stages[slot];
      if (!((stage === 1 && active) || (stage === 2 && deleted))) continue;
      const experiment = experimentOf[slot] ?? -1;
      if ((one ? experiment !== only : !experiments.has(experiment)) || !test(slot)) continue;
      if (skip > 0) skip -= 1;
      else found.push(ids[slot] ?? "");
    }
    return found;
  }

  #restLater(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.clear(), IDLE);
    this.#idle.unref();
  }
}

/** Whether every run found has one of a few ids that the filter names. */
export function namesRuns(tree: FilterTree): boolean {
  if (tree.kind !== "condition") return tree.kind === "and" && tree.terms.some(namesRuns);
  const { entity, key, comparator, value } = tree;
  if (entity !== "attribute" || key !== "run_id") return false;
  return comparator === "=" || (comparator === "IN" && Array.isArray(value) && value.length <= MOST_NAMED);
}

function joined(before: ChangedRuns, { others, run_ids }: ChangedRuns): ChangedRuns {
  const all = before.run_ids.concat(run_ids);
  return before.others || others || all.length > MOST_PENDING ? EVERYTHING : { others: false, run_ids: all };
}

/** Whether SQL answers what columns cannot: also where values are of a kind that no list of JSON holds, such as a blob for a time. */
export function isForSql(error: unknown): boolean {
  return error instanceof Unsupported || (error instanceof SqlError && error.failure === "other");
}

/** The same by SQL alone. */
export function runIdsBySql(db: Database, { source, experiments, view, offset, count }: RunQuery): string[] {
  const where = runWhere(source.filter);
  const order = runOrder(source.order_by);
  const sql = `SELECT r.run_uuid FROM runs r ${order.joins}
    WHERE r.experiment_id IN (SELECT value FROM json_each(?))
    AND r.lifecycle_stage IN (SELECT value FROM json_each(?)) AND ${where.sql}
    ORDER BY ${order.orderBy} LIMIT ? OFFSET ?`;
  const wanted = [JSON.stringify([...experiments]), stagesOf(view), ...where.values, count, offset];
  const rows = db.prepare<SqlValue[], { run_uuid: string }>(sql).all(...order.values, ...wanted);
  return rows.map(({ run_uuid }) => run_uuid);
}
