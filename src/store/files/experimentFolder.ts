import { basename, join } from "node:path";
import type { Experiment, LifecycleStage } from "../../mlflow/entities.ts";
import type { Relocate } from "../relocate.ts";
import { numberOf, readMeta, textOf } from "./metaYaml.ts";
import { readTexts } from "./runFolder.ts";
import type { Look } from "./stamps.ts";

/** Reads an experiment's folder. Undefined when it is none. It is deleted when it lies in `.trash` (mlflow 1.x says so nowhere else). */
export function readExperiment(
  look: Look,
  experiment_id: string,
  lifecycle_stage: LifecycleStage,
  store: { root: string; relocate: Relocate; learnPlace(): void },
): Experiment | undefined {
  const names = look.list("").map(({ name }) => name);
  if (!names.includes("meta.yaml")) return undefined;
  const meta = readMeta(look.text("meta.yaml") ?? "");
  if (meta === undefined || textOf(meta["experiment_id"]) !== experiment_id) return undefined;
  const creation_time = numberOf(meta["creation_time"]);
  const last_update_time = numberOf(meta["last_update_time"]);
  const written = textOf(meta["artifact_location"]) ?? "";
  const own = basename(written) === experiment_id ? join(store.root, experiment_id) : undefined;
  if (own === undefined) store.learnPlace();
  return {
    experiment_id,
    name: textOf(meta["name"]) ?? "",
    artifact_location: store.relocate(written, own),
    lifecycle_stage,
    ...(creation_time === undefined ? {} : { creation_time }),
    ...(last_update_time === undefined ? {} : { last_update_time }),
    tags: names.includes("tags") ? readTexts(look, "tags") : [],
  };
}
