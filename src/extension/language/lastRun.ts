import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { RUN_TAG, type Run } from "../../mlflow/entities.ts";
import type { LastRunParams, LastRunResult, PastRun } from "../../protocol/language.ts";
import { directionByName } from "../../protocol/metricDirection.ts";
import { setting } from "../platform/settings.ts";
import type { Stores } from "../stores/stores.ts";
import { bestRun } from "./bestRun.ts";
import { projectFolderOf } from "./projectFolder.ts";

/** The last runs of an entry point's name that are looked at: another project's may have the same name. */
const LOOKED_AT = 100;

/** Runs whose values are told. */
const LATEST = 12;

/** What the lens above an entry point tells of its last run; null when it never ran here. */
export async function readLastRun(stores: Stores, { uri, entry_point }: LastRunParams): Promise<LastRunResult | null> {
  const file = vscode.Uri.parse(uri, true);
  const store = await stores.of(file);
  if (store === undefined || store.status.state !== "open") return null;
  const experiments = await store.remote.searchExperiments({ max_results: 1000 });
  const page = await store.remote.searchRuns({
    experiment_ids: experiments.items.map((experiment) => experiment.experiment_id),
    filter: `tags.\`${RUN_TAG.projectEntryPoint}\` = '${entry_point.replaceAll("'", "''")}'`,
    order_by: ["attributes.start_time DESC"],
    max_results: LOOKED_AT,
  });
  const folder = dirname(file.fsPath);
  // A run in a git repository names the real path of its folder, which may have been opened by a link.
  const folders = [folder, await realpath(folder)];
  const runs = page.items.filter((one) => folders.includes(projectFolderOf(sourceOf(one)) ?? "")).map(pastRunOf);
  const directions = setting("flowdeck.metrics.direction", {}, file);
  const best = bestRun(runs, (key) => directions[key] ?? directionByName(key));
  const latest = runs
    .filter((one, index) => index < LATEST || one === best)
    .map((one) => (one === best ? { ...one, best: true } : one));
  const [run] = latest;
  if (run === undefined) return null;
  const { run_id, status, start_time, end_time, metric } = run;
  return {
    run_id,
    status,
    start_time,
    ...(end_time === undefined ? {} : { end_time }),
    ...(metric === undefined ? {} : { metric }),
    latest,
  };
}

function pastRunOf({ info, data }: Run): PastRun {
  const [metric] = data.metrics;
  return {
    run_id: info.run_id,
    experiment_id: info.experiment_id,
    run_name: info.run_name ?? info.run_id.slice(0, 8),
    status: info.status,
    start_time: info.start_time ?? 0,
    params: data.params.map(({ key, value }) => ({ key, value })),
    ...(info.end_time === undefined ? {} : { end_time: info.end_time }),
    ...(metric === undefined ? {} : { metric: { key: metric.key, value: metric.value } }),
  };
}

function sourceOf(run: Run): string {
  return run.data.tags.find((tag) => tag.key === RUN_TAG.sourceName)?.value ?? "";
}
