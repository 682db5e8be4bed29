import { RUN_TAG } from "../../mlflow/entities.ts";
import type { LifecycleStage, RunStatus } from "../../mlflow/entities.ts";
import type { AttributeKey, FieldColumn, NumberFieldColumn, RunFacts, RunField } from "../../protocol/runs.ts";
import { historyField, type HistoryValues } from "../runs/historyValues.ts";
import type { Database } from "./database.ts";
import { linkCells } from "./linkCells.ts";

interface FactRow {
  ordinal: number;
  run_uuid: string;
  experiment_id: number;
  name: string | null;
  status: RunStatus;
  lifecycle_stage: LifecycleStage;
  start_time: number | null;
  end_time: number | null;
  parent: string | null;
  name_tag: string | null;
}

interface TextRow {
  run_uuid: string;
  value: string | null;
}

const AMONG = "run_uuid IN (SELECT value FROM json_each(?))";

/** Cells of some runs, each column by one short statement. */
export function rowReader(db: Database, histories: HistoryValues) {
  const links = linkCells(db);
  const factRows = db.prepare<[string], FactRow>(
    `SELECT r.rowid AS ordinal, r.run_uuid, r.experiment_id, r.name, r.status, r.lifecycle_stage, r.start_time, r.end_time,
       p.value AS parent, n.value AS name_tag
     FROM runs r
     LEFT JOIN tags p ON p.key = '${RUN_TAG.parentRunId}' AND p.run_uuid = r.run_uuid
     LEFT JOIN tags n ON n.key = '${RUN_TAG.runName}' AND n.run_uuid = r.run_uuid
     WHERE r.${AMONG}`,
  );
  const params = db.prepare<[string, string], TextRow>(`SELECT run_uuid, value FROM params WHERE key = ? AND ${AMONG}`);
  const tags = db.prepare<[string, string], TextRow>(`SELECT run_uuid, value FROM tags WHERE key = ? AND ${AMONG}`);
  const metrics = db.prepare<[string, string], { run_uuid: string; value: number | null }>(
    `SELECT run_uuid, CASE WHEN is_nan = 1 THEN NULL ELSE value END AS value FROM latest_metrics
     WHERE key = ? AND ${AMONG}`,
  );

  const readFacts = (run_ids: readonly string[]) => {
    const found = new Map(factRows.all(JSON.stringify(run_ids)).map((row) => [row.run_uuid, row]));
    return run_ids.map((run_id) => found.get(run_id));
  };
  const texts = (run_ids: readonly string[], rows: TextRow[]): FieldColumn => {
    const found = new Map(rows.map(({ run_uuid, value }) => [run_uuid, value]));
    return { kind: "text", texts: run_ids.map((run_id) => found.get(run_id) ?? null) };
  };

  const attributes = (key: AttributeKey, run_ids: readonly string[], ids: string): FieldColumn => {
    switch (key) {
      case "source":
        return texts(run_ids, tags.all(RUN_TAG.sourceName, ids));
      case "version":
        return texts(run_ids, tags.all(RUN_TAG.gitCommit, ids));
      case "run_id":
        return { kind: "text", texts: [...run_ids] };
      case "user_id":
      case "artifact_uri":
      case "status":
      case "lifecycle_stage":
        return texts(
          run_ids,
          db.prepare<[string], TextRow>(`SELECT run_uuid, ${key} AS value FROM runs WHERE ${AMONG}`).all(ids),
        );
      case "experiment": {
        const names = links.experimentNames();
        const found = readFacts(run_ids);
        return { kind: "text", texts: found.map((row) => names.get(String(row?.experiment_id)) ?? null) };
      }
      case "run_name":
        return { kind: "text", texts: readFacts(run_ids).map((row) => row?.name || row?.name_tag || null) };
      case "start_time":
      case "end_time":
        return numbers(readFacts(run_ids).map((row) => row?.[key] ?? undefined));
      case "duration":
        return numbers(readFacts(run_ids).map((row) => durationOf(row)));
      default:
        return key satisfies never;
    }
  };

  const readCells = (field: RunField, run_ids: readonly string[], ids: string): FieldColumn => {
    switch (field.kind) {
      case "param":
        return texts(run_ids, params.all(field.key, ids));
      case "tag":
        return texts(run_ids, tags.all(field.key, ids));
      case "metric": {
        const past = historyField(field);
        if (past !== undefined) return numbers(run_ids.map(histories.values(past)));
        const found = new Map(
          metrics.all(field.key, ids).map(({ run_uuid, value }) => [run_uuid, value ?? Number.NaN]),
        );
        return numbers(run_ids.map((run_id) => found.get(run_id)));
      }
      case "attribute":
        return attributes(field.key, run_ids, ids);
      case "datasets": {
        const cells = links.datasets(ids);
        return { kind: "datasets", cells: run_ids.map((run_id) => cells.get(run_id) ?? []) };
      }
      case "models": {
        const cells = links.models(ids);
        return { kind: "models", cells: run_ids.map((run_id) => cells.get(run_id) ?? []) };
      }
      default:
        return field satisfies never;
    }
  };

  return {
    experimentNames: () => links.experimentNames(),
    /** A run that has gone meanwhile has empty facts. */
    facts: (run_ids: readonly string[]): RunFacts => {
      const rows = db.read(() => readFacts(run_ids));
      return {
        run_names: rows.map((row) => row?.name || row?.name_tag || ""),
        statuses: rows.map((row) => row?.status ?? "FINISHED"),
        lifecycle_stages: rows.map((row) => row?.lifecycle_stage ?? "active"),
        experiment_ids: rows.map((row) => String(row?.experiment_id ?? "")),
        parent_run_ids: rows.map((row) => row?.parent ?? null),
        ordinals: Float64Array.from(rows, (row) => row?.ordinal ?? 0),
        start_times: Float64Array.from(rows, (row) => row?.start_time ?? Number.NaN),
        end_times: Float64Array.from(rows, (row) => row?.end_time ?? Number.NaN),
      };
    },
    cells: (field: RunField, run_ids: readonly string[]): FieldColumn =>
      db.read(() => readCells(field, run_ids, JSON.stringify(run_ids))),
  };
}

function durationOf(row: FactRow | undefined): number | undefined {
  if (row === undefined || row.start_time === null || row.end_time === null) return undefined;
  return row.end_time - row.start_time;
}

function numbers(list: readonly (number | undefined)[]): NumberFieldColumn {
  const values = new Float64Array(list.length);
  const logged = new Uint8Array(list.length);
  for (const [at, value] of list.entries()) {
    if (typeof value !== "number") continue;
    values[at] = value;
    logged[at] = 1;
  }
  return { kind: "number", values, logged };
}
