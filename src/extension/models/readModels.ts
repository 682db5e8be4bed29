// Reads the Models view's rows from the stores by pages, and keeps what was read. No vscode: tested on real stores.
import type { ModelVersion, Page, RegisteredModel } from "../../mlflow/entities.ts";
import { asMlflowError } from "../../mlflow/errors.ts";
import { textValue } from "../../mlflow/filter/write.ts";
import { newestFirst } from "../../mlflow/modelVersions.ts";
import { checkReadable, readAcross } from "../stores/readAcross.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { emptyListing } from "../tracking/rows.ts";
import type { ModelRow, StoreRow, VersionRow } from "./rows.ts";

/** Rows of a page. */
export const PAGE = 100;
/** A search for registered models answers no more at once (mlflow 3.17). */
const MOST = 1_000;

/** The search for the versions of a model; of others too where the language cannot say its name. */
export function versionsFilter(name: string): { filter: string } {
  const value = textValue(name);
  if (value !== undefined) return { filter: `name = ${value}` };
  return { filter: `name LIKE '${name.replaceAll("'", "_")}'` };
}

/** Reads the rows below `row`; where that fails it keeps why, and its rows stay: nobody else's are read less for it. */
export async function readBelow<T>(row: StoreRow | ModelRow, read: () => Promise<T>): Promise<T | undefined> {
  try {
    const found = await read();
    delete row.failure;
    return found;
  } catch (error) {
    row.failure = asMlflowError(error);
    return undefined;
  }
}

/** Whether any of the stores has a registered model; undefined where none that could be read has one. */
export async function anyModel(stores: readonly StoreHandle[]): Promise<boolean | undefined> {
  const { found, failed } = await readAcross(stores, async ({ remote }) => {
    return (await remote.searchRegisteredModels({ max_results: 1 })).items;
  });
  return found.length > 0 || (failed.length > 0 ? undefined : false);
}

/** Reads the models of a store again, as many as were there; tells whether rows came or went, and which changed in place. */
export async function readModels(
  row: StoreRow,
  filter: string | undefined,
  more = false,
): Promise<{ listChanged: boolean; changed: ModelRow[] }> {
  checkReadable(row.store);
  const asked = row.models;
  const page = await atLeast(more ? PAGE : asked.rows.length, more ? asked.next : undefined, (part) =>
    row.store.remote.searchRegisteredModels({ ...part, ...(filter === undefined ? {} : { filter }) }),
  );
  // Another reading may have made rows meanwhile.
  const before = row.models;
  const known = new Map(before.rows.map((model) => [model.name, model]));
  const changed: ModelRow[] = [];
  const read = page.items.map((model): ModelRow => {
    const { name } = model;
    const old = known.get(name);
    if (old === undefined) {
      const { uri } = row;
      return { kind: "model", uri, name, model, parent: row, versions: emptyListing(), unfolded: false };
    }
    if (!same(old.model, model)) changed.push(old);
    old.model = model;
    return old;
  });
  const rows = more ? [...before.rows, ...read.filter((model) => !before.rows.includes(model))] : read;
  row.models = { rows, loaded: true, next: page.next_page_token };
  const listChanged =
    !before.loaded || !sameRows(before.rows, rows) || (before.next === undefined) !== !page.next_page_token;
  return { listChanged, changed };
}

/** Reads the versions of a model again, as many as were there, or the next page of them. */
export async function readVersions(
  row: ModelRow,
  more = false,
): Promise<{ listChanged: boolean; changed: VersionRow[] }> {
  const asked = row.versions;
  const query = { ...versionsFilter(row.name), order_by: ["version_number DESC"] };
  const page = await atLeast(more ? PAGE : asked.rows.length, more ? asked.next : undefined, (part) =>
    row.parent.store.remote.searchModelVersions({ ...query, ...part }),
  );
  const before = row.versions;
  const aliases = Map.groupBy(row.model.aliases, ({ version }) => version);
  const known = new Map(before.rows.map((version) => [version.version, version]));
  const changed: VersionRow[] = [];
  const own = page.items.filter(({ name }) => name === row.name);
  const read = own.map((found): VersionRow => {
    const { version, run_id = "" } = found;
    const named = (aliases.get(version) ?? []).map(({ alias }) => alias);
    const old = known.get(version);
    if (old === undefined) {
      const { uri, name } = row;
      return { kind: "version", uri, name, version, run_id, found, aliases: named, parent: row };
    }
    if (!same([old.found, old.aliases], [found, named])) changed.push(old);
    old.found = found;
    old.aliases = named;
    return old;
  });
  const rows = more ? [...before.rows, ...read.filter((version) => !before.rows.includes(version))] : read;
  row.versions = { rows, loaded: true, next: page.next_page_token };
  const listChanged =
    !before.loaded || !sameRows(before.rows, rows) || (before.next === undefined) !== !page.next_page_token;
  return { listChanged, changed };
}

/** Counts the versions of a model; true when there are more or fewer than before. */
export async function countVersions(row: ModelRow): Promise<boolean> {
  const { rows, loaded, next } = row.versions;
  const { remote } = row.parent.store;
  const all = loaded && next === undefined;
  const count = all ? rows.length : (await remote.versionRows({ name: row.name, offset: 0, limit: 0 })).versions;
  const changed = count !== row.count;
  row.count = count;
  return changed;
}

/** The newest version that a model tells of; undefined when it has none. */
export function newestVersion({ latest_versions }: RegisteredModel): ModelVersion | undefined {
  return newestFirst(latest_versions)[0];
}

/** Pages in a row, until they hold as many as are `wanted`. */
async function atLeast<T>(
  wanted: number,
  from: string | undefined,
  search: (part: { max_results: number; page_token?: string }) => Promise<Page<T>>,
): Promise<Page<T>> {
  const items: T[] = [];
  let page_token = from;
  do {
    const max_results = Math.min(MOST, Math.max(PAGE, wanted - items.length));
    const page = await search({ max_results, ...(page_token === undefined ? {} : { page_token }) });
    items.push(...page.items);
    page_token = page.next_page_token;
  } while (page_token !== undefined && items.length < wanted);
  return { items, ...(page_token === undefined ? {} : { next_page_token: page_token }) };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sameRows<Row>(one: readonly Row[], other: readonly Row[]): boolean {
  return one.length === other.length && one.every((row, at) => row === other[at]);
}
