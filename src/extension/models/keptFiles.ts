// What the files of versions say, read once for as long as they are the same. No vscode: tested on real stores.
import type { FileInfo } from "../../mlflow/entities.ts";
import type { ModelFile } from "../../mlflow/modelFile.ts";
import { readRequirementTexts, REQUIREMENT_FILES, type RequirementTexts } from "../../models/requirements.ts";
import type { StoreMethods } from "../../store/store.ts";
import { type ArtifactFolder, readFolderText } from "./versionFiles.ts";

/** What the files of a version say. */
export interface ReadFiles {
  /** Absent: there is no MLmodel, or nobody can read it. */
  file?: ModelFile;
  /** Of its environment files. */
  texts: RequirementTexts;
}

type FolderStore = Pick<StoreMethods, "listArtifacts" | "readArtifact">;

/** Folders that are kept. */
const KEPT = 20;

/** Files that were read, by their folder and by the names and sizes of what is in it. Who asks at once is answered by one reading. */
export class KeptFiles {
  readonly #kept = new Map<string, Promise<ReadFiles>>();

  async read(store: FolderStore, folder: ArtifactFolder): Promise<ReadFiles> {
    const { path, ...owner } = folder;
    const listed = await store.listArtifacts({ ...owner, ...(path === "" ? {} : { path }) }).catch(() => undefined);
    const key = JSON.stringify([folder, listed?.map((info) => [info.path, info.file_size])]);
    const reading = this.#kept.get(key) ?? readFiles(store, folder);
    // The one asked for last is let go last.
    this.#kept.delete(key);
    this.#kept.set(key, reading);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    const found = await reading;
    // What is missed of it may only have been out of reach.
    if (listed === undefined || !isWhole(found, listed)) this.#kept.delete(key);
    return found;
  }

  /** Something was changed that lists tell nothing of. */
  clear(): void {
    this.#kept.clear();
  }
}

/** Whether everything was read that is there. */
function isWhole({ file, texts }: ReadFiles, listed: readonly FileInfo[]): boolean {
  const there = new Set(listed.map(({ path }) => path.split("/").at(-1)));
  return file !== undefined && REQUIREMENT_FILES.every((name) => texts[name] !== undefined || !there.has(name));
}

async function readFiles(store: FolderStore, folder: ArtifactFolder): Promise<ReadFiles> {
  const [mlmodel, texts] = await Promise.all([
    readFolderText(store, folder, "MLmodel"),
    readRequirementTexts((name) => readFolderText(store, folder, name)),
  ]);
  if (mlmodel === undefined) return { texts };
  // Its reader brings the one of YAML with it: with the first model that is looked at, not with the window.
  const { readMlmodel } = await import("../../models/mlmodel.ts");
  const file = readable(() => readMlmodel(mlmodel));
  return { texts, ...(file === undefined ? {} : { file }) };
}

/** An MLmodel that nobody can read is as good as none. */
export function readable(read: () => ModelFile): ModelFile | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
