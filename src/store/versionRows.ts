import type { Metric, ModelVersion, Run } from "../mlflow/entities.ts";
import { filterByIds, textValue } from "../mlflow/filter/write.ts";
import { loggedModelOf } from "../mlflow/modelVersions.ts";
import { metricsOfVersion } from "../mlflow/versionMetrics.ts";
import {
  MOST_VERSION_ROWS,
  type VersionMetrics,
  type VersionOrder,
  type VersionOrderKey,
  type VersionRow,
  type VersionRows,
  type VersionRowsQuery,
} from "../protocol/versions.ts";
import type { ModelRegistryStore } from "./registryStore.ts";
import type { TrackingStore } from "./trackingStore.ts";
import { invalid } from "./validation.ts";

// The table of a model's versions, made of MLflow's searches: for stores that have no statement for it.

export const NEWEST: VersionOrder = { by: "version_number", ascending: false };

/** Versions of one answer of a search. */
const PAGE = 1_000;
/** Runs and logged models that are asked for together. */
const AT_ONCE = 8;
/** Versions whose metrics are read, one by one, to sort by one of them. */
const MOST_SORTED = 1_000;
const STAGES = ["Production", "Staging", "None", "Archived"] as const;

/** Throws INVALID_PARAMETER_VALUE. */
export function checkRowsQuery({ offset, limit }: VersionRowsQuery): void {
  const isWindow = Number.isInteger(offset) && offset >= 0 && Number.isInteger(limit) && limit >= 0;
  if (isWindow && limit <= MOST_VERSION_ROWS) return;
  throw invalid(`A window of versions begins at 0 or later and has at most ${MOST_VERSION_ROWS}.`);
}

type Parts = Pick<ModelRegistryStore, "getRegisteredModel" | "searchModelVersions"> &
  Pick<TrackingStore, "getRun" | "runColumns" | "getLoggedModel">;

/** A version with where it came from. */
interface Told {
  version: ModelVersion;
  run: Run | undefined;
  metrics: readonly Metric[];
}

export function versionRowMethods(store: Parts): Pick<ModelRegistryStore, "versionRows" | "versionMetrics"> {
  /** A run keeps its colour as long as it is known. */
  const ordinals = new Map<string, number>();

  const everyVersion = async (name: string, filter: string | undefined): Promise<ModelVersion[]> => {
    const quoted = textValue(name);
    const conditions = [
      ...(quoted === undefined ? [] : [`name = ${quoted}`]),
      ...(filter === undefined ? [] : [filter]),
    ];
    const versions: ModelVersion[] = [];
    let page_token: string | undefined;
    do {
      const page = await store.searchModelVersions({
        ...(conditions.length === 0 ? {} : { filter: conditions.join(" and ") }),
        ...(page_token === undefined ? {} : { page_token }),
        max_results: PAGE,
      });
      versions.push(...page.items);
      page_token = page.next_page_token;
    } while (page_token !== undefined);
    return versions.filter((version) => version.name === name);
  };

  /** Runs and logged models may be another store's, or removed for good. */
  const tell = async (versions: readonly ModelVersion[]): Promise<Told[]> => {
    const told: Told[] = [];
    for (let from = 0; from < versions.length; from += AT_ONCE) {
      const some = versions.slice(from, from + AT_ONCE).map(async (version): Promise<Told> => {
        const { run_id = "" } = version;
        const model_id = loggedModelOf(version);
        const [run, model] = await Promise.all([
          run_id === "" ? undefined : store.getRun({ run_id }).catch(() => undefined),
          model_id === undefined ? undefined : store.getLoggedModel({ model_id }).catch(() => undefined),
        ]);
        return { version, run, metrics: metricsOfVersion(run?.data.metrics ?? [], model?.data.metrics ?? []) };
      });
      told.push(...(await Promise.all(some)));
    }
    return told;
  };

  const readOrdinals = async (told: readonly Told[]): Promise<void> => {
    const runs = told.flatMap(({ run }) => (run === undefined || ordinals.has(run.info.run_id) ? [] : run.info));
    if (runs.length === 0) return;
    const columns = await store.runColumns({
      experiment_ids: [...new Set(runs.map(({ experiment_id }) => experiment_id))],
      filter: filterByIds(runs.map(({ run_id }) => run_id)),
      run_view_type: "ALL",
      ...{ offset: 0, limit: runs.length, fields: [] },
    });
    columns.run_ids.forEach((run_id, i) => ordinals.set(run_id, columns.ordinals[i] ?? 0));
  };

  return {
    async versionRows(query): Promise<VersionRows> {
      const { name, metric, offset, limit, order = NEWEST } = query;
      checkRowsQuery(query);
      const filter = query.filter || undefined;
      // Behind REST a search tells no aliases (mlflow 3.17).
      const aliases = Map.groupBy((await store.getRegisteredModel({ name })).aliases, ({ version }) => version);
      const matching = (await everyVersion(name, filter)).map((version) => ({
        ...version,
        aliases: (aliases.get(version.version) ?? []).map(({ alias }) => alias).sort(),
      }));
      const versions = filter === undefined ? matching.length : (await everyVersion(name, undefined)).length;
      const window = (all: readonly Told[]) => sortedVersions(all, order, metric).slice(offset, offset + limit);
      let told: Told[];
      if (order.by === "metric" || order.by === "run_name") {
        if (matching.length > MOST_SORTED) {
          throw invalid(
            `This would read the runs of ${matching.length} versions from the store, one by one: narrow the filter to ${MOST_SORTED} or fewer.`,
          );
        }
        told = window(await tell(matching));
      } else told = await tell(window(matching.map(alone)).map(({ version }) => version));
      await readOrdinals(told);
      const values = told.map(({ metrics }) => metrics.find(({ key }) => key === metric)?.value);
      return {
        total: matching.length,
        versions,
        rows: told.map((one) => toRow(one, ordinals)),
        metrics: Float64Array.from(values, (value) => value ?? 0),
        logged: Uint8Array.from(values, (value) => (value === undefined ? 0 : 1)),
      };
    },
    async versionMetrics({ name }): Promise<VersionMetrics> {
      await store.getRegisteredModel({ name });
      const newest = sortedVersions((await everyVersion(name, undefined)).map(alone), NEWEST, undefined);
      const counts = new Map<string, number>();
      const told = await tell(newest.slice(0, MOST_LOOKED_AT).map(({ version }) => version));
      const first = told.flatMap(({ run }) => run?.data.metrics[0] ?? [])[0]?.key;
      for (const { metrics } of told) {
        for (const { key } of metrics) counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const keys = [...counts].map(([key, versions]) => ({ key, versions }));
      keys.sort((a, b) => (a.key < b.key ? -1 : 1));
      return { keys, ...(first === undefined ? {} : { first }) };
    },
  };
}

/** Newest versions whose metrics are looked at here: each is a question. */
const MOST_LOOKED_AT = 40;

function alone(version: ModelVersion): Told {
  return { version, run: undefined, metrics: [] };
}

/** What decides an order; undefined comes last both ways. */
function orderValue({ version, run, metrics }: Told, by: VersionOrderKey, metric: string | undefined) {
  switch (by) {
    case "version_number":
      return Number(version.version);
    case "creation_timestamp":
      return version.creation_timestamp;
    case "stage":
      return STAGES.indexOf(version.current_stage);
    case "alias":
      return version.aliases[0];
    case "run_name":
      return run?.info.run_name;
    case "metric":
      return metrics.find(({ key }) => key === metric)?.value;
    default:
      return by satisfies never;
  }
}

function sortedVersions(all: readonly Told[], { by, ascending }: VersionOrder, metric: string | undefined): Told[] {
  const keyed = all.map((told) => {
    const value = orderValue(told, by, metric);
    return { told, value, rank: value === undefined ? 2 : Number.isNaN(value) ? 1 : 0 };
  });
  const way = ascending ? 1 : -1;
  keyed.sort((a, b) => {
    if (a.rank !== b.rank) return a.rank - b.rank;
    const newer = Number(b.told.version.version) - Number(a.told.version.version);
    if (a.value === undefined || b.value === undefined || a.value === b.value || a.rank === 1) return newer;
    return a.value < b.value ? -way : way;
  });
  return keyed.map(({ told }) => told);
}

function toRow({ version, run }: Told, ordinals: ReadonlyMap<string, number>): VersionRow {
  const { status_message, user_id, description } = version;
  const model_id = loggedModelOf(version);
  return {
    version: version.version,
    aliases: version.aliases,
    current_stage: version.current_stage,
    status: version.status,
    ...(status_message ? { status_message } : {}),
    creation_timestamp: version.creation_timestamp,
    ...(user_id ? { user_id } : {}),
    ...(description ? { description } : {}),
    ...(model_id === undefined ? {} : { model_id }),
    ...(run === undefined
      ? {}
      : {
          run: {
            run_id: run.info.run_id,
            run_name: run.info.run_name,
            experiment_id: run.info.experiment_id,
            lifecycle_stage: run.info.lifecycle_stage,
            ordinal: ordinals.get(run.info.run_id) ?? 0,
          },
        }),
  };
}
