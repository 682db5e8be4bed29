import type { Page } from "../../mlflow/entities.ts";
import { createPageToken, pageOf } from "../pageToken.ts";
import type { PrintedPart, RestOf } from "../printedReads.ts";
import type { Search } from "../trackingStore.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { latestVersionIds } from "./modelRows.ts";
import { PrintedCopies } from "./printedCopies.ts";
import { readIds, toPart } from "./printedPart.ts";
import { type ModelQuery, readModelsQuery, readVersionsQuery } from "./searchModels.ts";

/** Versions that are printed at once: about 350 kB. */
const AT_ONCE = 1_000;

/** A model version whose text stands ready but for its source, which may be another one here. */
interface VersionText {
  source: string | null;
  /** What precedes and what follows the source. */
  head: string;
  tail: string;
}

interface ModelText {
  head: string;
  latest_versions: VersionText[];
  tail: string;
}

/** Versions of an answer, or of a part of it. */
interface VersionTexts extends Page<VersionText> {
  /** Versions precede these ones in the answer. */
  isLater: boolean;
  /** Asks for those that follow. */
  more?: string;
}

/** A field with its comma before; nothing where it is null. */
function field(name: string, column: string): string {
  return `CASE WHEN ${column} IS NULL THEN '' ELSE ',"${name}":' || json_quote(${column}) END`;
}

/** A field that lists `item` of `from`; nothing where there is none. */
function list(name: string, item: string, from: string): string {
  return `coalesce((SELECT ',"${name}":[' || group_concat(${item}) || ']' FROM (${from})), '')`;
}

const TAG = "json_object('key', key, 'value', coalesce(value, ''))";

/** Columns of VersionText, of `model_versions v`; the fields in the order of the wire. */
const VERSION_TEXT = `v.source AS source,
  '{"name":' || json_quote(v.name) || ',"version":' || json_quote(CAST(v.version AS TEXT))
    || ',"creation_timestamp":' || json_quote(coalesce(v.creation_time, 0))
    || ',"last_updated_timestamp":' || json_quote(coalesce(v.last_updated_time, 0))
    || ${field("user_id", "v.user_id")} || ${field("current_stage", "v.current_stage")}
    || ${field("description", "v.description")} AS head,
  ${field("run_id", "v.run_id")} || ',"status":' || json_quote(coalesce(v.status, 'READY'))
    || ${field("status_message", "v.status_message")}
    || ${list(
      "tags",
      TAG,
      `SELECT key, value FROM model_version_tags
       WHERE workspace = 'default' AND name = v.name AND version = v.version ORDER BY rowid`,
    )}
    || ${field("run_link", "v.run_link")} || '}' AS tail`;
const VERSIONS = `SELECT ${VERSION_TEXT} FROM json_each(?) k CROSS JOIN model_versions v ON v.rowid = k.value`;

const MODELS = `SELECT m.name AS name,
    '{"name":' || json_quote(m.name) || ',"creation_timestamp":' || json_quote(coalesce(m.creation_time, 0))
      || ',"last_updated_timestamp":' || json_quote(coalesce(m.last_updated_time, 0))
      || ${field("description", "nullif(m.description, '')")} AS head,
    ${list("tags", TAG, "SELECT key, value FROM registered_model_tags WHERE workspace = 'default' AND name = m.name ORDER BY rowid")}
      || ${list(
        "aliases",
        "json_object('alias', alias, 'version', CAST(version AS TEXT))",
        "SELECT alias, version FROM registered_model_aliases WHERE workspace = 'default' AND name = m.name ORDER BY rowid",
      )} || '}' AS tail
  FROM json_each(?) k CROSS JOIN registered_models m ON m.rowid = k.value`;

/** Pages of registered models and model versions without an object for each tag. */
export function modelTexts(db: Database) {
  const versions = db.prepare<[string], VersionText>(VERSIONS);
  const models = db.prepare<[string], ModelText & { name: string }>(MODELS);
  const latestOf = latestVersionIds(db);
  const copies = new PrintedCopies<string | undefined>(db, "versions", AT_ONCE);

  const idsOf = (row: string, { from, values }: ModelQuery): number[] =>
    readIds(
      db
        .prepare<SqlValue[], { ids: string }>(
          `SELECT json_group_array(id) AS ids FROM (SELECT ${row}.rowid AS id ${from})`,
        )
        .get(...values)?.ids,
    );
  const next = (name: string): VersionTexts => {
    const { of: next_page_token, table, after, until, more } = copies.next(name);
    const select = db.prepare<[number, number], VersionText>(
      `SELECT source, head, tail FROM ${table} WHERE rowid > ? AND rowid <= ?`,
    );
    const items = select.all(after, until);
    const isLater = after > 0;
    if (more !== undefined) return { items, isLater, more };
    copies.forget(name);
    return { items, isLater, ...(next_page_token === undefined ? {} : { next_page_token }) };
  };
  const readModels = (ids: number[]): ModelText[] => {
    const found = models.all(JSON.stringify(ids));
    const versionsOf = new Map<string, VersionText[]>(found.map(({ name }) => [name, []]));
    const latest = latestOf(found.map(({ name }) => name));
    const texts = versions.all(JSON.stringify(latest.map(({ id }) => id)));
    for (const [i, text] of texts.entries()) versionsOf.get(latest[i]?.name ?? "")?.push(text);
    return found.map(({ name, head, tail }) => ({ head, tail, latest_versions: versionsOf.get(name) ?? [] }));
  };

  return {
    textsOfModels: async (search: Search): Promise<Page<ModelText>> => {
      const query = readModelsQuery(search);
      return db.read(() => pageOf(idsOf("m", query), query.offset, query.max_results, readModels));
    },
    textsOfVersions: async (search: Search): Promise<VersionTexts> => {
      const query = readVersionsQuery(search);
      return db.read(() => {
        const { offset, max_results } = query;
        const ids = idsOf("v", query);
        const all = (wanted: number[]) => versions.all(JSON.stringify(wanted));
        if (ids.length <= AT_ONCE) return { ...pageOf(ids, offset, max_results, all), isLater: false };
        const wanted = ids.slice(0, max_results);
        const of = ids.length > max_results ? createPageToken(offset + max_results) : undefined;
        const values = [JSON.stringify(wanted)];
        return next(copies.start("source, head, tail", VERSIONS, values, { rows: wanted.length, of }));
      });
    },
    /** Versions that follow those of a part. */
    moreOfVersions: async ({ more }: RestOf): Promise<VersionTexts | undefined> =>
      copies.has(more) ? db.read(() => next(more)) : undefined,
    dropVersions: async ({ more }: RestOf): Promise<void> => copies.forget(more),
  };
}

/** SearchRegisteredModelsResponse. */
export function printModels({ items, next_page_token }: Page<ModelText>): PrintedPart {
  const models = items.map(({ head, latest_versions, tail }) => {
    const latest =
      latest_versions.length === 0 ? "" : `,"latest_versions":[${latest_versions.map(printVersion).join()}]`;
    return head + latest + tail;
  });
  const fields = models.length === 0 ? [] : [`"registered_models":[${models.join()}]`];
  if (next_page_token !== undefined) fields.push(`"next_page_token":"${next_page_token}"`);
  return toPart(`{${fields.join()}}`);
}

/** SearchModelVersionsResponse, or a part of it. */
export function printVersions({ items, next_page_token, isLater, more }: VersionTexts): PrintedPart {
  const token = next_page_token === undefined ? "" : `"next_page_token":"${next_page_token}"`;
  if (items.length === 0) return toPart(`{${token}}`);
  const text = `${isLater ? "," : '{"model_versions":['}${items.map(printVersion).join()}`;
  if (more !== undefined) return { ...toPart(text), more };
  return toPart(`${text}]${token === "" ? "" : `,${token}`}}`);
}

function printVersion({ source, head, tail }: VersionText): string {
  return source === null ? head + tail : `${head},"source":${JSON.stringify(source)}${tail}`;
}
