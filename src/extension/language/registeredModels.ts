// What the lenses of calls that register a model tell. No vscode: tested on a real store.
import { asMlflowError } from "../../mlflow/errors.ts";
import type { RegisteredModelResult, RegisteredVersionResult } from "../../protocol/language.ts";
import type { Direction } from "../../protocol/panels/settings.ts";
import { CHAMPION, type VersionRowsQuery } from "../../protocol/versions.ts";
import type { StoreMethods } from "../../store/store.ts";

export type RegistryReads = Pick<StoreMethods, "getRegisteredModel" | "versionMetrics" | "versionRows">;

/** The last version of a registered model, the best one by the metric that it is known by, and its champion. */
export async function readRegisteredModel(
  store: { uri: string; remote: RegistryReads },
  name: string,
  directionOf: (metricKey: string) => Direction,
): Promise<RegisteredModelResult | null> {
  const { uri, remote } = store;
  const model = await remote.getRegisteredModel({ name }).catch((error: unknown) => {
    if (asMlflowError(error).error_code === "RESOURCE_DOES_NOT_EXIST") return undefined;
    throw error;
  });
  if (model === undefined) return { uri };
  const { first: metric } = await remote.versionMetrics({ name });
  const one = async (query: Pick<VersionRowsQuery, "filter" | "order">) => {
    const found = await remote.versionRows({
      ...{ name, offset: 0, limit: 1, ...query },
      ...(metric === undefined ? {} : { metric }),
    });
    const [row] = found.rows;
    if (row === undefined) return undefined;
    const value = found.logged[0] === 1 ? found.metrics[0] : undefined;
    const told: RegisteredVersionResult = {
      ...{ version: row.version, time: row.creation_timestamp },
      ...(metric === undefined || value === undefined ? {} : { metric: { key: metric, value } }),
    };
    return { told, versions: found.versions };
  };
  const alias = model.aliases.find((each) => each.alias === CHAMPION);
  const [last, best, champion] = await Promise.all([
    one({}),
    metric === undefined ? undefined : one({ order: { by: "metric", ascending: directionOf(metric) === "lower" } }),
    alias === undefined ? undefined : one({ filter: `version_number = ${alias.version}` }),
  ]);
  const isAmong = (last?.versions ?? 0) > 1 && best?.told.metric !== undefined;
  return {
    uri,
    ...(last === undefined ? {} : { last: last.told }),
    ...(best === undefined || !isAmong ? {} : { best: best.told }),
    ...(champion === undefined ? {} : { champion: champion.told }),
  };
}
