import type { Page } from "../../mlflow/entities.ts";
import { createPageToken, pageOf } from "../pageToken.ts";
import type { RestOf } from "../printedReads.ts";
import type { Search } from "../trackingStore.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { KeptIds, KeptTexts } from "./keptTexts.ts";
import { latestVersionIds } from "./modelRows.ts";
import { PrintedCopies } from "./printedCopies.ts";
import { PrintedLists } from "./printedLists.ts";
import { type ModelText, sizeOfModel, sizeOfVersion, type VersionText, type VersionTexts } from "./printedModels.ts";
import { readIds } from "./printedPart.ts";
import type { RunChanges } from "./runChanges.ts";
import { type ModelQuery, readModelsQuery, readVersionsQuery } from "./searchModels.ts";
import { VersionsOfRuns } from "./versionsOfRuns.ts";

/** Versions that are printed at once: about 350 kB. */
const AT_ONCE = 1_000;
/** More versions, or longer ones together, are copied to a table for an answer, not kept. */
const MOST_LISTED = { versions: 12_000, characters: 5_000_000 };

/** A field with its comma before; nothing where it is null. */
function field(name: string, column: string): string {
  return `CASE WHEN ${column} IS NULL THEN '' ELSE ',"${name}":' || json_quote(CAST(${column} AS TEXT)) END`;
}

/** A field that lists `item` of `from`; nothing where there is none. */
function list(name: string, item: string, from: string): string {
  return `coalesce((SELECT ',"${name}":[' || group_concat(${item}) || ']' FROM (${from})), '')`;
}

const TAG = "json_object('key', CAST(key AS TEXT), 'value', CAST(coalesce(value, '') AS TEXT))";

/** Columns of VersionText, of `model_versions v`; the fields in the order of the wire. */
const VERSION_TEXT = `v.source AS source,
  '{"name":' || json_quote(CAST(v.name AS TEXT)) || ',"version":' || json_quote(CAST(v.version AS TEXT))
    || ',"creation_timestamp":' || json_quote(CAST(coalesce(v.creation_time, 0) AS INTEGER))
    || ',"last_updated_timestamp":' || json_quote(CAST(coalesce(v.last_updated_time, 0) AS INTEGER))
    || ${field("user_id", "v.user_id")} || ${field("current_stage", "v.current_stage")}
    || ${field("description", "v.description")} AS head,
  ${field("run_id", "v.run_id")} || ',"status":' || json_quote(CAST(coalesce(v.status, 'READY') AS TEXT))
    || ${field("status_message", "v.status_message")}
    || ${list(
      "tags",
      TAG,
      `SELECT key, value FROM model_version_tags
       WHERE workspace = 'default' AND name = v.name AND version = v.version ORDER BY rowid`,
    )}
    || ${field("run_link", "v.run_link")} || '}' AS tail`;
const FROM_VERSIONS = "FROM json_each(?) k CROSS JOIN model_versions v ON v.rowid = k.value";

const MODELS = `SELECT m.rowid AS id, m.name AS name,
    '{"name":' || json_quote(CAST(m.name AS TEXT)) || ',"creation_timestamp":' || json_quote(CAST(coalesce(m.creation_time, 0) AS INTEGER))
      || ',"last_updated_timestamp":' || json_quote(CAST(coalesce(m.last_updated_time, 0) AS INTEGER))
      || ${field("description", "nullif(m.description, '')")} AS head,
    ${list("tags", TAG, "SELECT key, value FROM registered_model_tags WHERE workspace = 'default' AND name = m.name ORDER BY rowid")}
      || ${list(
        "aliases",
        "json_object('alias', CAST(alias AS TEXT), 'version', CAST(version AS TEXT))",
        "SELECT alias, version FROM registered_model_aliases WHERE workspace = 'default' AND name = m.name ORDER BY alias",
      )} || '}' AS tail
  FROM json_each(?) k CROSS JOIN registered_models m ON m.rowid = k.value`;

interface ModelRow {
  id: number;
  name: string;
  head: string;
  tail: string;
}

/** Pages of registered models and model versions without an object for each tag; those read lately are kept until the registry changes. */
export function modelTexts(db: Database, changes: RunChanges) {
  const versions = db.prepare<[string], VersionText & { id: number }>(
    `SELECT v.rowid AS id, ${VERSION_TEXT} ${FROM_VERSIONS}`,
  );
  const models = db.prepare<[string], ModelRow>(MODELS);
  const latestOf = latestVersionIds(db);
  const copies = new PrintedCopies<string | undefined>(db, "versions", AT_ONCE);
  const lists = new PrintedLists<VersionText, string | undefined>("listed", AT_ONCE);
  const kept = {
    ids: new KeptIds(),
    versions: new KeptTexts<VersionText>(sizeOfVersion),
    models: new KeptTexts<ModelText>(sizeOfModel),
    ofRuns: new VersionsOfRuns(db),
  };

  /** `work` on one state of the database, with nothing kept that is not true of it. */
  const read = <T>(work: () => T): T =>
    db.read(() => {
      if (changes.takeRegistry()) for (const each of Object.values(kept)) each.clear();
      return work();
    });
  const idsOf = (row: string, query: ModelQuery): number[] =>
    kept.ids.of(JSON.stringify([row, query.from, query.values]), () => {
      const { from, values } = kept.ofRuns.narrowed(query);
      const sql = `SELECT json_group_array(id) AS ids FROM (SELECT ${row}.rowid AS id ${from})`;
      return readIds(db.prepare<SqlValue[], { ids: string }>(sql).get(...values)?.ids);
    });
  const readVersions = (ids: number[]): VersionText[] =>
    kept.versions.all(ids, (missing) =>
      versions.all(JSON.stringify(missing)).map(({ id, source, head, tail }) => [id, { source, head, tail }]),
    );
  /** Undefined where they are too long to be kept for an answer. */
  const readShortVersions = (ids: number[]): VersionText[] | undefined => {
    const texts: VersionText[] = [];
    let characters = 0;
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      for (const text of readVersions(ids.slice(at, at + AT_ONCE))) {
        texts.push(text);
        characters += sizeOfVersion(text);
      }
      if (characters > MOST_LISTED.characters) return undefined;
    }
    return texts;
  };
  const readModels = (ids: number[]): ModelText[] =>
    kept.models.all(ids, (missing) => {
      const found = models.all(JSON.stringify(missing));
      const versionsOf = new Map<string, VersionText[]>(found.map(({ name }) => [name, []]));
      const latest = latestOf(found.map(({ name }) => name));
      const texts = readVersions(latest.map(({ id }) => id));
      for (const [i, text] of texts.entries()) versionsOf.get(latest[i]?.name ?? "")?.push(text);
      return found.map(({ id, name, head, tail }) => [id, { head, tail, latest_versions: versionsOf.get(name) ?? [] }]);
    });
  const nextOfCopy = (name: string): VersionTexts => {
    const { of, table, after, until, more } = copies.next(name);
    const select = db.prepare<[number, number], VersionText>(
      `SELECT source, head, tail FROM ${table} WHERE rowid > ? AND rowid <= ?`,
    );
    const items = select.all(after, until);
    if (more === undefined) copies.forget(name);
    return partOf(items, after > 0, more, of);
  };
  const nextOfList = (name: string): VersionTexts => {
    const { of, items, isLater, more } = lists.next(name);
    return partOf(items, isLater, more, of);
  };

  return {
    textsOfModels: async (search: Search): Promise<Page<ModelText>> => {
      const query = readModelsQuery(search);
      return read(() => pageOf(idsOf("m", query), query.offset, query.max_results, readModels));
    },
    textsOfVersions: async (search: Search): Promise<VersionTexts> => {
      const query = readVersionsQuery(search);
      return read(() => {
        const { offset, max_results } = query;
        const ids = idsOf("v", query);
        if (ids.length <= AT_ONCE) return { ...pageOf(ids, offset, max_results, readVersions), isLater: false };
        const wanted = ids.slice(0, max_results);
        const of = ids.length > max_results ? createPageToken(offset + max_results) : undefined;
        const texts = wanted.length <= MOST_LISTED.versions ? readShortVersions(wanted) : undefined;
        if (texts !== undefined) return nextOfList(lists.start(texts, of));
        const select = `SELECT ${VERSION_TEXT} ${FROM_VERSIONS}`;
        return nextOfCopy(
          copies.start("source, head, tail", select, [JSON.stringify(wanted)], { rows: wanted.length, of }),
        );
      });
    },
    /** Versions that follow those of a part. */
    moreOfVersions: async ({ more }: RestOf): Promise<VersionTexts | undefined> => {
      if (lists.has(more)) return nextOfList(more);
      return copies.has(more) ? db.read(() => nextOfCopy(more)) : undefined;
    },
    dropVersions: async ({ more }: RestOf): Promise<void> => {
      lists.forget(more);
      copies.forget(more);
    },
  };
}

/** `next_page_token` is that of the whole answer, which ends with it. */
function partOf(items: VersionText[], isLater: boolean, more?: string, next_page_token?: string): VersionTexts {
  if (more !== undefined) return { items, isLater, more };
  return { items, isLater, ...(next_page_token === undefined ? {} : { next_page_token }) };
}
