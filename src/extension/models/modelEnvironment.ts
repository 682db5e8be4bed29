import type { ModelEnvironment } from "../../mlflow/modelFile.ts";
import { requirementsOf } from "../../models/environmentFiles.ts";
import {
  mismatchText,
  missedRequirements,
  readRequirementTexts,
  type RequirementTexts,
} from "../../models/requirements.ts";
import { readInstalledPackages } from "../../models/sitePackages.ts";
import type { StoreMethods } from "../../store/store.ts";
import type { KeptFiles } from "./keptFiles.ts";
import { type FilesStore, versionFolder } from "./versionFiles.ts";

// A model's environment files beside what the selected interpreter has. No vscode: the interpreter is given.

/**
 * `read` gives the text of a file below the model, undefined where there is none; `findPython` the interpreter of the workspace.
 * Without one, or where what it has is not known, nothing is said of it.
 */
export async function readModelEnvironment(
  read: (file: string) => Promise<string | undefined>,
  findPython: () => Promise<string | undefined>,
): Promise<ModelEnvironment> {
  return environmentOf(await readRequirementTexts(read), findPython);
}

async function environmentOf(
  texts: RequirementTexts,
  findPython: () => Promise<string | undefined>,
): Promise<ModelEnvironment> {
  const files = Object.keys(texts);
  if (files.length === 0) return { files, mismatches: [] };
  const python = await findPython().catch(() => undefined);
  const installed = python === undefined ? undefined : await readInstalledPackages(python);
  if (python === undefined || installed === undefined) return { files, mismatches: [] };
  const missed = missedRequirements(requirementsOf(texts), installed);
  return { files, mismatches: missed.map((one) => ({ ...one, text: mismatchText(one) })), python };
}

/** That of a version of a registered model; nothing is known of one whose files are elsewhere. `kept`: those read before. */
export async function readVersionEnvironment(
  store: FilesStore & Pick<StoreMethods, "getModelVersion">,
  version: { name: string; version: string },
  findPython: () => Promise<string | undefined>,
  kept: KeptFiles,
): Promise<ModelEnvironment> {
  const folder = await versionFolder(store, await store.getModelVersion(version));
  if (folder === undefined) return { files: [], mismatches: [] };
  return environmentOf((await kept.read(store, folder)).texts, findPython);
}
