import type { ComparedKey, TextRow } from "../../../protocol/panels/compare.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { ArtifactStore } from "../../../store/artifactStore.ts";
import { readText } from "../../stores/readText.ts";
import type { StoreSource } from "./readComparison.ts";

// What a run's model needs, as the files beside its MLmodel tell.

/** Folders at the top of a run's artifacts that are looked into for a model. */
const FOLDERS = 20;
/** Bytes; no list of packages has more. */
const LARGEST = 200_000;
/** Runs that are looked at together. */
const AT_ONCE = 8;

/** Files that tell an environment, as MLflow names them. */
export const ENVIRONMENT_FILES = ["requirements.txt", "conda.yaml", "python_env.yaml"] as const;

type Artifacts = Pick<Remote<ArtifactStore>, "listArtifacts" | "readArtifact">;

/** Folders of a run's artifacts that hold an MLmodel file; empty text: the root itself. */
export async function modelFolders(store: Artifacts, run_id: string): Promise<string[]> {
  const root = await store.listArtifacts({ run_id });
  const found = root.some(({ path }) => path === "MLmodel") ? [""] : [];
  for (const { path } of root.filter(({ is_dir }) => is_dir).slice(0, FOLDERS)) {
    const files = await store.listArtifacts({ run_id, path });
    if (files.some((file) => file.path === `${path}/MLmodel`)) found.push(path);
  }
  return found;
}

/** Packages and their versions; `mlflow` alone has none. */
export function packagesOf(requirements: string): Map<string, string> {
  const packages = new Map<string, string>();
  for (const line of requirements.split(/\r?\n/)) {
    const [, name, rest = ""] = /^\s*([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*([^#;]*)/.exec(line) ?? [];
    if (name === undefined) continue;
    const version = rest.trim();
    // Names are compared as pip does: `scikit_learn` is `scikit-learn`.
    const key = name.toLowerCase().replaceAll(/[._-]+/g, "-");
    packages.set(key, version === "" ? "any" : version.replace(/^==\s*/, ""));
  }
  return packages;
}

/** The Python of a `python_env.yaml`. */
export function pythonOf(environment: string): string | undefined {
  return /^python:\s*["']?([^"'\s#]+)/m.exec(environment)?.[1];
}

/** Packages of each run's first model, a row each; a run without a model has none. */
export async function readEnvironments(stores: StoreSource, runs: ComparedKey[]): Promise<TextRow[]> {
  const found: ReadonlyMap<string, string>[] = [];
  for (let from = 0; from < runs.length; from += AT_ONCE) {
    const some = runs.slice(from, from + AT_ONCE);
    found.push(...(await Promise.all(some.map((run) => readEnvironment(stores, run).catch(() => NONE)))));
  }
  const keys = [...new Set(found.flatMap((packages) => [...packages.keys()]))];
  const first = (key: string) => (key === "python" ? 0 : 1);
  keys.sort((a, b) => first(a) - first(b) || a.localeCompare(b));
  return keys.map((key) => ({ key, texts: found.map((packages) => packages.get(key) ?? null) }));
}

const NONE: ReadonlyMap<string, string> = new Map();

async function readEnvironment(
  stores: StoreSource,
  { uri, run_id }: ComparedKey,
): Promise<ReadonlyMap<string, string>> {
  const { remote } = await stores.get(uri);
  const [folder] = await modelFolders(remote, run_id);
  if (folder === undefined) return NONE;
  const file = (name: string) => readText(remote, { run_id }, folder === "" ? name : `${folder}/${name}`, LARGEST);
  const [requirements = "", environment = ""] = [await file("requirements.txt"), await file("python_env.yaml")];
  const packages = packagesOf(requirements);
  const python = pythonOf(environment);
  if (python !== undefined) packages.set("python", python);
  return packages;
}
