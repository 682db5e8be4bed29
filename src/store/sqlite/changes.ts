import { hash } from "node:crypto";
import { EVERYTHING, type StoreChange } from "../../protocol/changes.ts";
import type { Connection, Statement } from "./connection.ts";
import { fillInOlderSchema } from "./olderSchema.ts";

/** Runs compared by one statement: about 15 ms. */
const RUNS_AT_ONCE = 1_000;

interface RunLook {
  id: number;
  run_uuid: string;
  experiment_id: number;
  info: string;
}

/** Tables whose new rows are found by their rowid, and the run each row belongs to. */
const TAILS = {
  metrics: "run_uuid",
  params: "run_uuid",
  tags: "run_uuid",
  runs: "run_uuid",
  inputs: "CASE WHEN destination_type = 'RUN' THEN destination_id ELSE source_id END",
} as const;

/** What can change in place: status, name and tags. New rows of other tables show by their rowid. */
const RUN_LOOK = `SELECT r.rowid AS id, r.run_uuid, r.experiment_id,
  coalesce(r.status, '') || '/' || coalesce(r.lifecycle_stage, '') || '/' || coalesce(r.end_time, 0) || '/' || coalesce(r.name, '') || '/' ||
  (SELECT coalesce(group_concat(t.key || '=' || coalesce(t.value, ''), char(10)), '')
   FROM tags t WHERE t.run_uuid = r.run_uuid) AS info FROM runs r`;

/** Tells what the last commits of other connections touched. */
export class ChangeFinder {
  readonly #connection: Connection;
  readonly #version: Statement<[], { data_version: number }>;
  readonly #tails: {
    last: number;
    max: Statement<[], { last: number | null }>;
    since: Statement<[number], { run: string }>;
  }[];
  readonly #look: Statement<[number, number], RunLook>;
  readonly #lookAt: Statement<[string], RunLook>;
  readonly #experimentsOf: Statement<[string], { experiment_id: number }>;
  readonly #experiments: Statement<[], { experiment_id: number; info: string }>;
  readonly #models: Statement<[], { info: string }>;
  /** Digests of the runs' looks by run id. */
  #runs = new Map<string, string>();
  #running = new Set<string>();
  #covered = false;
  #experimentInfo: Map<number, string>;
  #modelInfo: string;
  #dataVersion: number;
  readonly #schema: Statement<[], { schema_version: number }>;
  readonly #schemaVersion: number;

  /** Takes the connection over. */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.#schema = connection.prepare("PRAGMA main.schema_version");
    this.#schemaVersion = this.#schema.get()?.schema_version ?? 0;
    fillInOlderSchema(connection);
    this.#version = connection.prepare("PRAGMA data_version");
    // First, so that a commit during the following looks is seen as one.
    this.#dataVersion = this.#version.get()?.data_version ?? 0;
    this.#tails = Object.entries(TAILS).map(([table, run]) => {
      const max = connection.prepare<[], { last: number | null }>(`SELECT max(rowid) AS last FROM ${table}`);
      const since = connection.prepare<[number], { run: string }>(
        `SELECT DISTINCT ${run} AS run FROM ${table} WHERE rowid > ?`,
      );
      return { last: max.get()?.last ?? 0, max, since };
    });
    this.#look = connection.prepare(`${RUN_LOOK} WHERE r.rowid > ? ORDER BY r.rowid LIMIT ?`);
    this.#lookAt = connection.prepare(`${RUN_LOOK} WHERE r.run_uuid IN (SELECT value FROM json_each(?))`);
    this.#experimentsOf = connection.prepare(
      "SELECT DISTINCT experiment_id FROM runs WHERE run_uuid IN (SELECT value FROM json_each(?))",
    );
    this.#experiments = connection.prepare(
      `SELECT e.experiment_id, e.name || '/' || e.lifecycle_stage || '/' ||
         coalesce((SELECT group_concat(t.key || '=' || coalesce(t.value, ''), '/') FROM experiment_tags t
                   WHERE t.experiment_id = e.experiment_id), '') AS info FROM experiments e`,
    );
    this.#models = connection.prepare(MODEL_LOOK);
    this.#experimentInfo = this.#readExperiments();
    this.#modelInfo = this.#models.get()?.info ?? "";
  }

  /** True when another program has upgraded the database: this finder knows its old tables only. */
  upgraded(): boolean {
    return this.#schema.get()?.schema_version !== this.#schemaVersion;
  }

  /** True once after each commit by another connection. */
  committed(): boolean {
    const version = this.#version.get()?.data_version ?? 0;
    const changed = version !== this.#dataVersion;
    this.#dataVersion = version;
    return changed;
  }

  /** New rows, running runs, experiments and models: quick however large the store is. */
  findTails(): StoreChange {
    const run_ids = new Set<string>();
    for (const tail of this.#tails) {
      const last = tail.max.get()?.last ?? 0;
      // Rows were removed (`mlflow gc`): rowids are used again, so nothing can be told by them.
      if (last < tail.last) return this.#everything();
      if (last > tail.last) for (const { run } of tail.since.all(tail.last)) run_ids.add(run);
      tail.last = last;
    }
    const hot = JSON.stringify([...new Set([...run_ids, ...this.#running])]);
    for (const look of this.#lookAt.all(hot)) if (this.#note(look)) run_ids.add(look.run_uuid);
    const changed = new Set(this.#changedExperiments());
    for (const { experiment_id } of this.#experimentsOf.all(JSON.stringify([...run_ids]))) changed.add(experiment_id);
    const models = this.#models.get()?.info ?? "";
    const modelsChanged = models !== this.#modelInfo;
    this.#modelInfo = models;
    return {
      everything: false,
      experiment_ids: [...changed].map(String),
      run_ids: [...run_ids],
      models: modelsChanged,
    };
  }

  /** Compares every run, calling `rest` between two statements. The first time it only takes notes. */
  async findInPlace(rest: () => Promise<void>): Promise<StoreChange> {
    const run_ids = new Set<string>();
    const experiments = new Set<string>();
    const seen = new Set<string>();
    let last = -1;
    for (;;) {
      const looks = this.#look.all(last, RUNS_AT_ONCE);
      for (const look of looks) {
        seen.add(look.run_uuid);
        last = look.id;
        if (!this.#note(look) || !this.#covered) continue;
        run_ids.add(look.run_uuid);
        experiments.add(String(look.experiment_id));
      }
      if (looks.length < RUNS_AT_ONCE) break;
      await rest();
    }
    const vanished = [...this.#runs.keys()].filter((run_id) => !seen.has(run_id));
    for (const run_id of vanished) this.#runs.delete(run_id);
    if (this.#covered && vanished.length > 0) return this.#everything();
    this.#covered = true;
    return { everything: false, experiment_ids: [...experiments], run_ids: [...run_ids], models: false };
  }

  close(): void {
    this.#connection.close();
  }

  /** Remembers a run's look; true when it differs from the last one. */
  #note({ run_uuid, info }: RunLook): boolean {
    const before = this.#runs.get(run_uuid);
    const now = hash("sha1", info, "base64");
    this.#runs.set(run_uuid, now);
    if (info.startsWith("RUNNING/active")) this.#running.add(run_uuid);
    else this.#running.delete(run_uuid);
    return before !== now;
  }

  #changedExperiments(): number[] {
    const before = this.#experimentInfo;
    this.#experimentInfo = this.#readExperiments();
    return [...this.#experimentInfo].filter(([id, info]) => before.get(id) !== info).map(([id]) => id);
  }

  #readExperiments(): Map<number, string> {
    return new Map(this.#experiments.all().map(({ experiment_id, info }) => [experiment_id, info]));
  }

  #everything(): StoreChange {
    for (const tail of this.#tails) tail.last = tail.max.get()?.last ?? 0;
    return EVERYTHING;
  }
}

const MODEL_LOOK = `SELECT
  (SELECT count(*) || '.' || coalesce(sum(last_updated_time), 0) FROM registered_models) || '/' ||
  (SELECT count(*) || '.' || coalesce(sum(last_updated_time), 0) FROM model_versions) || '/' ||
  (SELECT coalesce(group_concat(name || alias || version), '') FROM registered_model_aliases) || '/' ||
  (SELECT coalesce(group_concat(name || key || coalesce(value, ''), char(10)), '') FROM registered_model_tags) || '/' ||
  (SELECT coalesce(group_concat(name || version || key || coalesce(value, ''), char(10)), '')
   FROM model_version_tags) || '/' ||
  (SELECT count(*) || '.' || coalesce(sum(last_updated_timestamp_ms), 0) FROM logged_models) || '/' ||
  (SELECT count(*) || '.' || coalesce(sum(length(tag_value)), 0) FROM logged_model_tags) || '/' ||
  (SELECT count(*) FROM logged_model_metrics) || '/' || (SELECT count(*) FROM logged_model_params) AS info`;
