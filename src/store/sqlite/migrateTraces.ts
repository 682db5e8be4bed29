import { TRACE_METADATA, TRACE_TAG } from "../../mlflow/traces.ts";
import { aggregateOf } from "./assessmentRows.ts";
import type { Connection, SqlValue } from "./connection.ts";
import { COST_COLUMNS, numberColumns, TOKEN_COLUMNS } from "./traceColumns.ts";

// mlflow 3.17 keeps in columns what were tags and metadata of traces, and counts what assessments say.

/** Traces and assessments read by one statement. */
const AT_ONCE = 1_000;
/** Longer names and sessions are cut, as MLflow's own migration cuts them. */
const MAX_NAME = 4_096;
const MAX_SESSION = 250;

interface OldTrace {
  id: number;
  name: string | null;
  session: string | null;
  tokens: string | null;
  cost: string | null;
}

/** Inside the transaction of a migration, when the new columns are there and empty. */
export function moveTraceValues(connection: Connection): void {
  moveTraces(connection);
  countAssessments(connection);
}

function moveTraces(connection: Connection): void {
  const metadata = (key: string) =>
    `(SELECT value FROM trace_request_metadata m WHERE m.request_id = t.request_id AND m.key = '${key}')`;
  const some = connection.prepare<[number, number], OldTrace>(
    `SELECT t.rowid AS id,
       (SELECT value FROM trace_tags g WHERE g.request_id = t.request_id AND g.key = '${TRACE_TAG.name}') AS name,
       ${metadata(TRACE_METADATA.session)} AS session, ${metadata(TRACE_METADATA.tokenUsage)} AS tokens,
       ${metadata(TRACE_METADATA.cost)} AS cost
     FROM trace_info t WHERE t.rowid > ? ORDER BY t.rowid LIMIT ?`,
  );
  const numbers = [...TOKEN_COLUMNS, ...COST_COLUMNS];
  const set = ["trace_name", "session_id", ...numbers].map((column) => `${column} = ?`).join(", ");
  const update = connection.prepare<SqlValue[], unknown>(`UPDATE trace_info SET ${set} WHERE rowid = ?`);
  for (let last = -1; ; ) {
    const traces = some.all(last, AT_ONCE);
    for (const { id, name, session, tokens, cost } of traces) {
      last = id;
      const values = numberColumns(tokens ?? undefined, cost ?? undefined);
      const texts = [cut(name, MAX_NAME), cut(session, MAX_SESSION)];
      update.run(...texts, ...numbers.map((column) => values.get(column) ?? null), id);
    }
    if (traces.length < AT_ONCE) break;
  }
  connection.exec(`DELETE FROM trace_tags WHERE key = '${TRACE_TAG.name}'`);
  const { session, tokenUsage, cost } = TRACE_METADATA;
  connection.exec(`DELETE FROM trace_request_metadata WHERE key IN ('${session}', '${tokenUsage}', '${cost}')`);
}

function cut(text: string | null, length: number): string | null {
  return text === null || text.length <= length ? text : [...text].slice(0, length).join("");
}

function countAssessments(connection: Connection): void {
  const some = connection.prepare<[number, number], { id: number; value: string }>(
    "SELECT rowid AS id, value FROM assessments WHERE rowid > ? ORDER BY rowid LIMIT ?",
  );
  const update = connection.prepare<[number | null, number, number], unknown>(
    `UPDATE assessments SET aggregate_value = ?, is_numeric_value = ?,
       experiment_id = (SELECT experiment_id FROM trace_info t WHERE t.request_id = trace_id),
       trace_timestamp_ms = (SELECT timestamp_ms FROM trace_info t WHERE t.request_id = trace_id)
     WHERE rowid = ?`,
  );
  for (let last = -1; ; ) {
    const found = some.all(last, AT_ONCE);
    for (const { id, value } of found) {
      last = id;
      const { aggregate, numeric } = aggregateOf(value);
      update.run(aggregate, numeric, id);
    }
    if (found.length < AT_ONCE) return;
  }
}
