import { createPageToken, offsetOf } from "../pageToken.ts";
import type { TraceStore } from "../traceStore.ts";
import { checkMaxResults, experimentNumber, invalid } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { traceOrder, traceWhere } from "./traceFilterToSql.ts";
import { TRACE_COLUMNS, traceAssembler, type TraceRow } from "./traceRows.ts";

export function traceSearch(db: Database): Pick<TraceStore, "searchTraces" | "countTraces"> {
  const assemble = traceAssembler(db);
  return {
    searchTraces: async ({ experiment_ids, filter, max_results, order_by, page_token }) => {
      checkMaxResults(max_results);
      const experiments = experimentList(experiment_ids);
      const order = traceOrder(order_by);
      const where = traceWhere(filter, experiments);
      const offset = offsetOf(page_token);
      const sql = `SELECT ${TRACE_COLUMNS} FROM trace_info t ${order.joins} WHERE ${where.sql}
        ORDER BY ${order.orderBy} LIMIT ? OFFSET ?`;
      return db.read(() => {
        const values = [...order.values, ...where.values, max_results, offset];
        const items = assemble(db.prepare<SqlValue[], TraceRow>(sql).all(...values));
        // A full page is followed by another one, which may be empty (mlflow 3.17).
        if (items.length < max_results) return { items };
        return { items, next_page_token: createPageToken(offset + max_results) };
      });
    },
    countTraces: async ({ experiment_ids, first, second, base_filter }) => {
      const experiments = experimentList(experiment_ids);
      const base = traceWhere(base_filter, experiments);
      const [one, two] = [first, second].map((filter) => traceWhere(filter, experiments));
      if (one === undefined || two === undefined) throw invalid("Two filters are needed.");
      const sql = `SELECT count(*) AS total, coalesce(sum(a), 0) AS first, coalesce(sum(b), 0) AS second,
          coalesce(sum(a AND b), 0) AS both
        FROM (SELECT coalesce(${one.sql}, 0) AS a, coalesce(${two.sql}, 0) AS b FROM trace_info t WHERE ${base.sql})`;
      type Counts = Awaited<ReturnType<TraceStore["countTraces"]>>;
      return db.read(() => {
        const values = [...one.values, ...two.values, ...base.values];
        const counts = db.prepare<SqlValue[], Counts>(sql).get(...values);
        return counts ?? { total: 0, first: 0, second: 0, both: 0 };
      });
    },
  };
}

/** Experiments to search as a JSON list to bind. Throws INVALID_PARAMETER_VALUE in MLflow's wording. */
function experimentList(ids: string[]): string {
  const others = ids.filter((id) => id.includes(".")).join(", ");
  if (others !== "") {
    const shown = others.length > 20 ? `${others.slice(0, 20)}...` : others;
    throw invalid(`Locations must be a list of experiment IDs. Found invalid experiment IDs: ${shown}.`);
  }
  return JSON.stringify(ids.map(experimentNumber));
}
