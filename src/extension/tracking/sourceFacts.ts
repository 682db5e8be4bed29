import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type KeyValue, RUN_TAG } from "../../mlflow/entities.ts";

// Where a run's code came from, as its tags tell. No vscode: tested as tables.

export interface SourceFacts {
  /** Absolute path of the script, or of the project's folder; absent when it was run from elsewhere. */
  path?: string;
  isProject: boolean;
  entry_point?: string;
  /** Full hash. */
  commit?: string;
}

/** A plain relative name counts from `base`, as the client that wrote it ran there. */
export function sourceFacts(tags: KeyValue[], base: string | undefined): SourceFacts {
  const tag = (key: string) => tags.find((one) => one.key === key)?.value || undefined;
  const name = tag(RUN_TAG.sourceName);
  const entry_point = tag(RUN_TAG.projectEntryPoint);
  const isProject = tag(RUN_TAG.sourceType) === "PROJECT";
  const commit = tag(RUN_TAG.gitCommit);
  const path = name === undefined ? undefined : localPath(name, base);
  return {
    isProject,
    ...(path === undefined ? {} : { path }),
    ...(entry_point === undefined ? {} : { entry_point }),
    // Anything else would be an option of git.
    ...(commit !== undefined && /^[0-9a-f]{7,64}$/i.test(commit) ? { commit } : {}),
  };
}

/** `file:///repository#folder/in/it`, a path, or undefined for another machine's and for an address. */
function localPath(name: string, base: string | undefined): string | undefined {
  if (name.startsWith("file://")) {
    const [place = "", below] = name.split("#", 2);
    try {
      const root = fileURLToPath(place);
      return below === undefined || below === "" ? root : join(root, below);
    } catch {
      // Another host's folder.
      return undefined;
    }
  }
  if (/^[a-z][a-z0-9+.-]+:/i.test(name)) return undefined;
  if (isAbsolute(name)) return name;
  return base === undefined ? undefined : resolve(base, name);
}
