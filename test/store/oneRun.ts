import { join } from "node:path";
import { storeUri, openStore } from "../../src/store/open.ts";
import type { OpenStoreOptions } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/environment.ts";
import { metric } from "./contractCases.ts";

/** Opens an `mlruns` folder. */
export const open = (folder: string, options: OpenStoreOptions = {}) => openStore(storeUri(folder, "files"), options);

/** An `mlruns` folder with one run in one experiment. */
export async function withRun(options: OpenStoreOptions = {}) {
  const root = join(temporaryFolder(), "mlruns");
  const store = open(root, options);
  const { experiment_id } = await store.createExperiment({ name: "trees" });
  const { info } = await store.createRun({ experiment_id, run_name: "kept", start_time: 1 });
  const { run_id } = info;
  await store.logBatch({ run_id, metrics: [metric("loss", 1)], params: [{ key: "p", value: "1" }], tags: [] });
  return { root, store, experiment_id, run_id, folder: join(root, experiment_id, run_id) };
}
