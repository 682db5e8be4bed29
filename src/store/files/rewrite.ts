import { join } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { type MetaValue, readMeta } from "./metaYaml.ts";
import { readText } from "./stamps.ts";
import { writeMetaFile } from "./write.ts";

/** Changes some fields of a folder's meta.yaml; what else is in it stays, undefined takes a field away. */
export function rewriteMeta(folder: string, changes: Record<string, MetaValue | undefined>): void {
  const meta = readMeta(readText(join(folder, "meta.yaml")) ?? "");
  if (meta === undefined) throw new MlflowError("INVALID_STATE", "The folder's meta.yaml cannot be read.");
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete meta[key];
    else meta[key] = value;
  }
  writeMetaFile(folder, meta);
}
