import type { ChangedRuns } from "../changedRuns.ts";
import type { Database } from "./database.ts";
import { printsExactly } from "./exactness.ts";
import { ABSENT, type Cell, NumberColumn, type RunColumn, TextColumn, Unsupported } from "../runs/runColumn.ts";

/** Columns of `runs` that a search can name. */
const RUN_ATTRIBUTES = ["name", "user_id", "status", "end_time", "artifact_uri", "start_time", "run_uuid"] as const;
type RunAttribute = (typeof RUN_ATTRIBUTES)[number];
export type KeyedTable = "params" | "tags" | "latest_metrics";

/** A column: an attribute, or one key of what runs logged. */
type ColumnName = { attribute: RunAttribute } | { table: KeyedTable; key: string };

/** More runs than this are left to SQL: each takes about 150 bytes. */
const MOST_RUNS = 400_000;
/** Bytes of columns that are kept for searches of clients. */
const MOST_BYTES = 24 * 1024 * 1024;
/** Runs that are read again one by one; with more it is quicker to start anew. */
const MOST_CHANGED = 2_000;

/** Rows that are read at once. */
const AT_ONCE = 8_192;

/** Runs as SQLite lists them. */
interface BaseRows {
  ids: string | null;
  starts: string;
  experiments: string;
  stages: string;
}

/** One key of runs. */
interface CellRows {
  ids: string | null;
  cells: string;
}

interface BaseRow {
  run_uuid: string;
  start_time: number | null;
  experiment_id: number;
  lifecycle_stage: string;
}

const ATTRIBUTES: Readonly<Record<string, RunAttribute>> = {
  run_id: "run_uuid",
  run_name: "name",
  user_id: "user_id",
  status: "status",
  start_time: "start_time",
  end_time: "end_time",
  artifact_uri: "artifact_uri",
};

const VALUE: Readonly<Record<KeyedTable, string>> = {
  params: "CAST(x.value AS TEXT)",
  tags: "CAST(x.value AS TEXT)",
  latest_metrics: "CASE WHEN x.is_nan = 1 THEN NULL ELSE CAST(x.value AS REAL) END",
};

/**
 * The runs of a database as columns in memory, each read when a search first needs it. Slots are handed out as runs appear.
 * Everything is called inside a read transaction, `update` first.
 */
export class RunTable {
  readonly #db: Database;
  /** Bytes of columns that are kept. */
  mostBytes = MOST_BYTES;
  ids: string[] = [];
  /** Experiment of each slot. */
  experiments = new Float64Array(0);
  /** Slots that are new or start at another time since the last `update`. */
  readonly restarted = new Set<number>();
  /** 1 = active, 2 = deleted, 0 = neither. */
  stages = new Uint8Array(0);
  /** 1 = running. */
  running = new Uint8Array(0);
  startTimes: NumberColumn = new NumberColumn(0, false);
  readonly #columns = new Map<string, { name: ColumnName; column: RunColumn }>();
  #slots: Map<string, number> | undefined;
  #loaded = false;

  constructor(db: Database) {
    this.#db = db;
  }

  get size(): number {
    return this.ids.length;
  }

  /** Brings the table up to date; tells which slots changed, or that all of them did. Throws Unsupported. */
  update({ others, run_ids }: ChangedRuns): "everything" | number[] {
    this.restarted.clear();
    if (others || !this.#loaded || run_ids.length > MOST_CHANGED) {
      this.#load();
      return "everything";
    }
    const slots: number[] = [];
    for (const run_id of run_ids) {
      const slot = this.#updateRun(run_id);
      if (slot !== undefined) slots.push(slot);
      else if (this.slotOf(run_id) !== undefined) {
        // A run that was there has gone.
        this.#load();
        return "everything";
      }
    }
    return slots;
  }

  /** Forgets everything. */
  clear(): void {
    this.#loaded = false;
    this.ids = [];
    this.experiments = new Float64Array(0);
    this.stages = new Uint8Array(0);
    this.running = new Uint8Array(0);
    this.startTimes = new NumberColumn(0, false);
    this.#slots = undefined;
    this.#columns.clear();
  }

  slotOf(run_id: string): number | undefined {
    return (this.#slots ??= new Map(this.ids.map((id, slot) => [id, slot]))).get(run_id);
  }

  /** The column of an attribute by MLflow's name for it. Throws Unsupported. */
  attribute(key: string): NumberColumn | TextColumn {
    const attribute = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
    if (attribute === undefined) throw new Unsupported();
    const name = { attribute };
    return attribute === "start_time" || attribute === "end_time" ? this.numbers(name) : this.texts(name);
  }

  numbers(name: ColumnName): NumberColumn {
    const column = this.#column(name);
    if (!(column instanceof NumberColumn)) throw new Unsupported();
    return column;
  }

  texts(name: ColumnName): TextColumn {
    const column = this.#column(name);
    if (!(column instanceof TextColumn)) throw new Unsupported();
    return column;
  }

  /** Lets go of the columns that were not used for longest. */
  trim(): void {
    let bytes = [...this.#columns.values()].reduce((sum, { column }) => sum + column.bytes, 0);
    for (const [key, { column }] of this.#columns) {
      if (bytes <= this.mostBytes) return;
      this.#columns.delete(key);
      bytes -= column.bytes;
    }
  }

  #load(): void {
    this.clear();
    const count = this.#db.prepare<[], { runs: number }>("SELECT count(*) AS runs FROM runs").get()?.runs ?? 0;
    if (count > MOST_RUNS) throw new Unsupported();
    const capacity = roomFor(count);
    this.experiments = new Float64Array(capacity);
    this.stages = new Uint8Array(capacity);
    this.running = new Uint8Array(capacity);
    this.startTimes = new NumberColumn(capacity, false);
    const select = `group_concat(run_uuid) AS ids, json_group_array(start_time) AS starts,
      json_group_array(experiment_id) AS experiments,
      group_concat(CASE lifecycle_stage WHEN 'active' THEN 1 WHEN 'deleted' THEN 2 ELSE 0 END
        + CASE status WHEN 'RUNNING' THEN 3 ELSE 0 END, '') AS stages`;
    for (const rows of this.#parts<BaseRows>(select, "run_uuid, start_time, experiment_id, lifecycle_stage, status")) {
      const starts = readList(rows.starts);
      const ids = splitIds(rows.ids, starts.length);
      const first = this.ids.length;
      for (let i = 0; i < ids.length; i++) this.ids.push(ids[i] ?? "");
      readNumbers(readList(rows.experiments), this.experiments, first);
      readStages(rows.stages, this.stages, this.running, first);
      for (let i = 0; i < starts.length; i++) this.startTimes.set(first + i, starts[i]);
    }
    this.#loaded = true;
  }

  /** What `select` says of all runs, of AT_ONCE of them at a time: long texts would stay in memory for long. */
  *#parts<R>(select: string, columns: string): Generator<R> {
    const statement = this.#db.prepare<[number], R & { last: number | null }>(
      `SELECT max(id) AS last, ${select}
       FROM (SELECT rowid AS id, ${columns} FROM runs WHERE rowid > ? ORDER BY rowid LIMIT ${AT_ONCE})`,
    );
    for (let last: number | null = -(2 ** 53); last !== null; ) {
      const rows = statement.get(last);
      last = rows?.last ?? null;
      if (rows !== undefined && last !== null) yield rows;
    }
  }

  #updateRun(run_id: string): number | undefined {
    const row = this.#db
      .prepare<[string], BaseRow & Record<RunAttribute, string | number | null>>(
        `SELECT ${RUN_ATTRIBUTES.join(", ")}, experiment_id, lifecycle_stage FROM runs WHERE run_uuid = ?`,
      )
      .get(run_id);
    if (row === undefined) return undefined;
    const known = this.slotOf(run_id);
    const slot = known ?? this.#add(run_id);
    const { values, kinds } = this.startTimes;
    const before = kinds[slot] === ABSENT ? null : values[slot];
    if (known === undefined || before !== row.start_time) this.restarted.add(slot);
    this.experiments[slot] = asInteger(row.experiment_id);
    this.stages[slot] = row.lifecycle_stage === "active" ? 1 : row.lifecycle_stage === "deleted" ? 2 : 0;
    this.running[slot] = row.status === "RUNNING" ? 1 : 0;
    this.startTimes.set(slot, row.start_time);
    const logged = new Map<KeyedTable, Map<string, Cell>>();
    for (const { name, column } of this.#columns.values()) {
      if ("attribute" in name) {
        column.set(slot, row[name.attribute]);
        continue;
      }
      const { table, key } = name;
      let cells = logged.get(table);
      if (cells === undefined) logged.set(table, (cells = this.#cellsOf(run_id, table)));
      column.set(slot, cells.get(key));
    }
    return slot;
  }

  #cellsOf(run_id: string, table: KeyedTable): Map<string, Cell> {
    const rows = this.#db
      .prepare<[string], { key: string; value: string | number | null }>(
        `SELECT key, ${VALUE[table]} AS value FROM ${table} x WHERE run_uuid = ?`,
      )
      .all(run_id);
    return new Map(rows.map(({ key, value }) => [key, value]));
  }

  #add(run_id: string): number {
    const slot = this.ids.push(run_id) - 1;
    this.#slots?.set(run_id, slot);
    if (slot < this.stages.length) return slot;
    const capacity = roomFor(this.ids.length);
    const experiments = new Float64Array(capacity);
    experiments.set(this.experiments);
    this.experiments = experiments;
    const stages = new Uint8Array(capacity);
    stages.set(this.stages);
    this.stages = stages;
    const running = new Uint8Array(capacity);
    running.set(this.running);
    this.running = running;
    this.startTimes.grow(capacity);
    for (const { column } of this.#columns.values()) column.grow(capacity);
    return slot;
  }

  #column(name: ColumnName): RunColumn {
    if ("attribute" in name && name.attribute === "start_time") return this.startTimes;
    const key = JSON.stringify(name);
    const known = this.#columns.get(key);
    const column = known?.column ?? this.#read(name);
    // The last one used stands last.
    this.#columns.delete(key);
    this.#columns.set(key, { name, column });
    return column;
  }

  #read(name: ColumnName): RunColumn {
    const capacity = this.stages.length;
    if ("attribute" in name) {
      const column = name.attribute === "end_time" ? new NumberColumn(capacity, false) : new TextColumn(capacity);
      const { attribute } = name;
      if (attribute === "run_uuid") for (const [slot, id] of this.ids.entries()) column.set(slot, id);
      else {
        const value = attribute === "end_time" ? attribute : `CAST(${attribute} AS TEXT)`;
        const select = `group_concat(run_uuid) AS ids, json_group_array(${value}) AS cells`;
        this.#fill(column, this.#parts<CellRows>(select, `run_uuid, ${attribute}`));
      }
      return column;
    }
    const { table, key } = name;
    const metric = table === "latest_metrics";
    if (metric && !printsExactly(this.#db)) throw new Unsupported();
    const column = metric ? new NumberColumn(capacity, true) : new TextColumn(capacity);
    this.#fill(column, this.#partsOfKey(table, key));
    return column;
  }

  *#partsOfKey(table: KeyedTable, key: string): Generator<CellRows> {
    // The index has the rows of a key in the order of the runs' ids; read in the table's own order, each page is read once.
    const found = this.#db
      .prepare<[string], { rowids: string }>(`SELECT json_group_array(rowid) AS rowids FROM ${table} WHERE key = ?`)
      .get(key)?.rowids;
    const rowids = Float64Array.from(readList(found), Number).sort();
    asInteger(rowids[0] ?? 0);
    asInteger(rowids.at(-1) ?? 0);
    const statement = this.#db.prepare<[string], CellRows>(
      `SELECT group_concat(x.run_uuid) AS ids, json_group_array(${VALUE[table]}) AS cells
       FROM json_each(?) k CROSS JOIN ${table} x ON x.rowid = k.value`,
    );
    for (let from = 0; from < rowids.length; from += AT_ONCE) {
      const rows = statement.get(`[${rowids.subarray(from, from + AT_ONCE).join()}]`);
      if (rows !== undefined) yield rows;
    }
  }

  #fill(column: RunColumn, parts: Iterable<CellRows>): void {
    let next = 0;
    for (const { ids, cells } of parts) next = this.#fillPart(column, ids ?? "", readList(cells), next);
  }

  /** Rows mostly come in the order in which the runs were made: the first one is likely that of `next`. Tells the slot after the last one. */
  #fillPart(column: RunColumn, text: string, cells: Cell[], next: number): number {
    let likely = next;
    let at = 0;
    for (let i = 0; i < cells.length; i++) {
      let id = this.ids[likely] ?? "";
      let slot: number | undefined = likely;
      if (id === "" || !text.startsWith(id, at) || !endsAt(text, at + id.length)) {
        const end = text.indexOf(",", at);
        id = text.slice(at, end < 0 ? text.length : end);
        slot = this.slotOf(id);
      }
      at += id.length + 1;
      if (slot === undefined) continue;
      column.set(slot, cells[i]);
      likely = slot + 1;
    }
    // A comma in an id, or none, has put everything in the wrong place.
    if (at < text.length) throw new Unsupported();
    return likely;
  }
}

function endsAt(text: string, at: number): boolean {
  return at === text.length || text[at] === ",";
}

/** The ids that SQLite put commas between. Throws Unsupported where these are not plain ids. */
function splitIds(text: string | null, count: number): string[] {
  // Other characters have another order in SQLite than here.
  if (text === null || /[^\x20-\x7e]/.test(text)) throw new Unsupported();
  const ids = text.split(",");
  if (ids.length !== count) throw new Unsupported();
  return ids;
}

// Loops of their own: each is compiled while the first thousand runs are read.

function readNumbers(from: (string | number | null)[], to: Float64Array, first: number): void {
  for (let i = 0; i < from.length; i++) to[first + i] = asInteger(from[i] ?? null);
}

/** A digit for each run: its stage, and 3 more while it runs. */
function readStages(digits: string, stages: Uint8Array, running: Uint8Array, first: number): void {
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i) - 48;
    stages[first + i] = digit % 3;
    running[first + i] = digit >= 3 ? 1 : 0;
  }
}

function roomFor(count: number): number {
  return Math.ceil(count * 1.1) + 256;
}

/** The border: what SQLite printed as a JSON list. */
function readList(text: string | undefined): (string | number | null)[] {
  return JSON.parse(text ?? "[]");
}

function asInteger(value: string | number | null): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new Unsupported();
  return value;
}
