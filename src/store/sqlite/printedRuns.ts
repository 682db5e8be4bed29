import type { Page, RunInfo } from "../../mlflow/entities.ts";
import { pageOf } from "../pageToken.ts";
import type { ChangedRuns } from "../changedRuns.ts";
import type { PrintedPart } from "../printedReads.ts";
import type { SearchRuns } from "../trackingStore.ts";
import type { Database } from "./database.ts";
import { printsExactly } from "./exactness.ts";
import { linkReader } from "./inputRows.ts";
import { noLinks, RUN_COLUMNS, type RunRow, toRunInfo } from "./runRows.ts";
import { toPart } from "./printedPart.ts";
import { isForSql, readRunQuery, type RunSearch } from "./runSearch.ts";

interface PrintedRow extends RunRow {
  metrics: string;
  params: string;
  tags: string;
  name_tag: string | null;
}

/** Of `runs r`: what each has logged as JSON lists, in the order in which it was logged. */
const LISTS = `
  (SELECT json_group_array(json_object('key', CAST(key AS TEXT), 'value', CASE WHEN is_nan = 1 THEN 'NaN' ELSE CAST(value AS REAL) END,
     'timestamp', CAST(timestamp AS INTEGER), 'step', CAST(step AS INTEGER)))
   FROM (SELECT key, value, is_nan, timestamp, step FROM latest_metrics WHERE run_uuid = r.run_uuid ORDER BY rowid)) AS metrics,
  (SELECT json_group_array(json_object('key', CAST(key AS TEXT), 'value', CAST(value AS TEXT)))
   FROM (SELECT key, value FROM params WHERE run_uuid = r.run_uuid ORDER BY rowid)) AS params,
  (SELECT json_group_array(json_object('key', CAST(key AS TEXT), 'value', CAST(coalesce(value, '') AS TEXT)))
   FROM (SELECT key, value FROM tags WHERE run_uuid = r.run_uuid ORDER BY rowid)) AS tags,
  CASE WHEN coalesce(r.name, '') = '' THEN
    (SELECT value FROM tags WHERE key = 'mlflow.runName' AND run_uuid = r.run_uuid) END AS name_tag`;

/** A run whose text stands ready but for its info, whose location may be another one here. */
interface RunText {
  info: RunInfo;
  /** What follows the info. */
  rest: string;
}

/** Characters of runs that are kept: those of a few pages. */
const MOST_CHARACTERS = 3_000_000;

/** Runs that were printed lately, until they change. */
class RunTexts {
  readonly #texts = new Map<string, RunText>();
  #characters = 0;

  get(run_id: string): RunText | undefined {
    return this.#texts.get(run_id);
  }

  keep(text: RunText): void {
    this.#texts.set(text.info.run_id, text);
    this.#characters += text.rest.length;
  }

  forget({ others, run_ids }: ChangedRuns): void {
    for (const run_id of others ? [...this.#texts.keys()] : run_ids) this.#drop(run_id);
  }

  /** Lets go of the oldest ones that are too many. */
  trim(): void {
    for (const run_id of this.#texts.keys()) {
      if (this.#characters <= MOST_CHARACTERS) return;
      this.#drop(run_id);
    }
  }

  #drop(run_id: string): void {
    this.#characters -= this.#texts.get(run_id)?.rest.length ?? 0;
    this.#texts.delete(run_id);
  }
}

/** Pages of runs without an object for each thing that a run has logged. */
export function runTexts(db: Database, search: RunSearch) {
  const select = db.prepare<[string], PrintedRow>(
    `SELECT ${RUN_COLUMNS}, ${LISTS} FROM json_each(?) k CROSS JOIN runs r ON r.run_uuid = k.value`,
  );
  const addLinks = linkReader(db);
  const kept = new RunTexts();
  search.onChanges = (changes) => kept.forget(changes);
  const read = (ids: string[]): void => {
    const list = JSON.stringify(ids);
    const runs = new Map(ids.map((id) => [id, noLinks()]));
    addLinks(runs, list);
    for (const row of select.all(list)) kept.keep(toText(row, runs.get(row.run_uuid)));
  };
  const textsOf = (ids: string[]): RunText[] => {
    read(ids.filter((id) => kept.get(id) === undefined));
    const texts = ids.map((id) => kept.get(id)).filter((text) => text !== undefined);
    kept.trim();
    return texts;
  };
  return async (query: SearchRuns): Promise<Page<RunText> | undefined> => {
    const wanted = readRunQuery(query);
    return db.read(() => {
      if (!printsExactly(db)) return undefined;
      const found = search.find(wanted);
      try {
        return pageOf(found, wanted.offset, wanted.count - 1, textsOf);
      } catch (error) {
        if (isForSql(error)) return undefined;
        throw error;
      }
    });
  };
}

/** A page of runs as MLflow prints it. */
export function printRuns(page: Page<RunText> | undefined): PrintedPart | undefined {
  if (page === undefined) return undefined;
  const { items, next_page_token } = page;
  const fields = items.length === 0 ? [] : [`"runs":[${items.map(printRun).join()}]`];
  if (next_page_token !== undefined) fields.push(`"next_page_token":"${next_page_token}"`);
  return toPart(`{${fields.join()}}`);
}

function printRun({ info, rest }: RunText): string {
  const { run_uuid, experiment_id, run_name, user_id, status, start_time, end_time, artifact_uri, lifecycle_stage } =
    info;
  // In the order of the wire, which lists `run_id` last.
  const times = { start_time, end_time };
  const printed = { run_uuid, experiment_id, run_name, user_id, status, ...times, artifact_uri, lifecycle_stage };
  return `{"info":${JSON.stringify({ ...printed, run_id: info.run_id })},${rest}}`;
}

function toText(row: PrintedRow, links = noLinks()): RunText {
  const info = toRunInfo(row);
  info.run_name ||= row.name_tag ?? "";
  const lists = Object.entries({ metrics: row.metrics, params: row.params, tags: row.tags });
  const data = lists.filter(([, list]) => list !== "[]").map(([name, list]) => `"${name}":${list}`);
  const { inputs, outputs } = links;
  return { info, rest: `"data":{${data.join()}},"inputs":${printLists(inputs)},"outputs":${printLists(outputs)}` };
}

/** A message of lists: empty ones are left out, at every depth. */
function printLists(message: object): string {
  return JSON.stringify(message, (_, value: unknown) =>
    Array.isArray(value) && value.length === 0 ? undefined : value,
  );
}
