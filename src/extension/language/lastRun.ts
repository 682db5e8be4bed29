import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import * as vscode from "vscode";
import type { LastRunResult, LastRunsParams } from "../../protocol/language.ts";
import { directionByName } from "../../protocol/metricDirection.ts";
import { setting } from "../platform/settings.ts";
import type { Stores } from "../stores/stores.ts";
import { readPastRuns } from "./pastRuns.ts";

/**
 * What the lenses above the entry points of a file tell of their last runs; null for one that never ran here. `source`: not those of
 * the file, but those of the project that `mlflow.source.name` calls so, in the store of the file.
 */
export async function readLastRuns(
  stores: Stores,
  { uri, entry_points }: LastRunsParams,
  source?: string,
): Promise<Array<LastRunResult | null>> {
  const file = vscode.Uri.parse(uri, true);
  const store = await stores.of(file);
  if (store === undefined || store.status.state !== "open") return entry_points.map(() => null);
  const folder = dirname(file.fsPath);
  const directions = setting("flowdeck.metrics.direction", {}, file);
  return await readPastRuns(store.remote, {
    entry_points,
    // A run in a git repository names the real path of its folder, which may have been opened by a link.
    folders: source === undefined ? [folder, await realpath(folder)] : [source],
    directionOf: (key) => directions[key] ?? directionByName(key),
  });
}
