import { type Signal, signal } from "@preact/signals";
import type { FileInfo } from "../../../mlflow/entities.ts";

// The artifact tree: folders are listed when they are unfolded.

export interface ArtifactRow {
  file: FileInfo;
  name: string;
  depth: number;
  /** Bytes of the file, or of what the folder is known to hold once all of it is listed. */
  size: number | undefined;
  unfolded: boolean;
  /** Its content was asked for and is not there yet. */
  loading: boolean;
}

export class ArtifactTree {
  readonly unfolded: Signal<ReadonlySet<string>>;
  /** Why a folder could not be listed; the run's other facts may be there all the same. */
  readonly failure: Signal<unknown> = signal(undefined);
  readonly #listed = signal<ReadonlyMap<string, FileInfo[]>>(new Map());
  readonly #list: (path: string) => Promise<FileInfo[]>;

  constructor(list: (path: string) => Promise<FileInfo[]>, unfolded: string[]) {
    this.#list = list;
    this.unfolded = signal<ReadonlySet<string>>(new Set(unfolded));
  }

  /** Lists the root and every unfolded folder again. */
  refresh(): void {
    this.failure.value = undefined;
    for (const path of ["", ...this.unfolded.peek()]) this.#read(path);
  }

  toggle(path: string): void {
    const next = new Set(this.unfolded.peek());
    if (!next.delete(path)) {
      next.add(path);
      this.#read(path);
    }
    this.unfolded.value = next;
  }

  /** Undefined until the root is listed. */
  rows(): ArtifactRow[] | undefined {
    return this.#listed.value.has("") ? this.#below("", 0) : undefined;
  }

  /** Bytes of all files; undefined while a folder is not listed. */
  size(): number | undefined {
    return this.#sizeOf({ path: "", is_dir: true });
  }

  #below(folder: string, depth: number): ArtifactRow[] {
    const files = this.#listed.value.get(folder) ?? [];
    const sorted = files.toSorted((a, b) => Number(b.is_dir) - Number(a.is_dir) || a.path.localeCompare(b.path));
    return sorted.flatMap((file) => {
      const unfolded = file.is_dir && this.unfolded.value.has(file.path);
      const listed = this.#listed.value.has(file.path);
      const row = {
        file,
        name: file.path.split("/").at(-1) ?? file.path,
        depth,
        size: this.#sizeOf(file),
        unfolded,
        loading: unfolded && !listed,
      };
      return unfolded ? [row, ...this.#below(file.path, depth + 1)] : [row];
    });
  }

  #sizeOf(file: FileInfo): number | undefined {
    if (!file.is_dir) return file.file_size;
    const inside = this.#listed.value.get(file.path);
    const sizes = inside?.map((each) => this.#sizeOf(each)) ?? [undefined];
    return sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
  }

  #read(path: string): void {
    this.#list(path)
      .then((files) => {
        this.#listed.value = new Map(this.#listed.peek()).set(path, files);
      })
      .catch((error: unknown) => {
        this.failure.value = error;
      });
  }
}

/** The codicon of a file, by its name. */
export function fileIcon({ path, is_dir }: FileInfo, unfolded: boolean): string {
  if (is_dir) return unfolded ? "folder-opened" : "folder";
  const name = path.split("/").at(-1) ?? path;
  if (name === "MLmodel") return "package";
  const extension = name.split(".").at(-1)?.toLowerCase() ?? "";
  return ICONS[extension] ?? "file";
}

const ICONS: Record<string, string> = {
  png: "file-media",
  jpg: "file-media",
  jpeg: "file-media",
  gif: "file-media",
  svg: "file-media",
  webp: "file-media",
  json: "json",
  csv: "table",
  tsv: "table",
  parquet: "table",
  txt: "file-text",
  md: "markdown",
  html: "code",
  py: "python",
  pkl: "file-binary",
  pickle: "file-binary",
  bin: "file-binary",
  ubj: "file-binary",
  pt: "file-binary",
  onnx: "file-binary",
  log: "output",
  yaml: "settings",
  yml: "settings",
  zip: "file-zip",
  gz: "file-zip",
  pdf: "file-pdf",
}; // prettier-ignore
