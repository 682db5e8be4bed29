import type { ComparedKey, TextRow } from "../../../protocol/panels/compare.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { ArtifactStore } from "../../../store/artifactStore.ts";
import { packagesOf, readRequirementTexts } from "../../../models/requirements.ts";
import { readText } from "../../stores/readText.ts";
import type { StoreSource } from "./readComparison.ts";

// What a run's model needs, as the files beside its MLmodel tell.

/** Folders at the top of a run's artifacts that are looked into for a model. */
const FOLDERS = 20;
/** Bytes; no list of packages has more. */
const LARGEST = 200_000;
/** Runs that are looked at together. */
const AT_ONCE = 8;

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
  // Its reader brings the one of YAML with it: with the first comparison, not with the window.
  const { requirementsOf } = await import("../../../models/environmentFiles.ts");
  const texts = await readRequirementTexts((name) =>
    readText(remote, { run_id }, folder === "" ? name : `${folder}/${name}`, LARGEST),
  );
  return packagesOf(requirementsOf(texts));
}
