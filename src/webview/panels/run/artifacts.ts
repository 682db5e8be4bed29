import { type Signal, signal } from "@preact/signals";
import type { FileInfo } from "../../../mlflow/entities.ts";
import { type SteppedImage, withSteps } from "./stepped.ts";

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
  /** Images of several steps that the row stands for. */
  stepped?: SteppedImage;
}

/** Folders that a search looks into. */
const SEARCHED = 2000;

export class ArtifactTree {
  readonly unfolded: Signal<ReadonlySet<string>>;
  /** Why a folder could not be listed; the run's other facts may be there all the same. */
  readonly failure: Signal<unknown> = signal(undefined);
  /** Rows whose path holds this text are shown, wherever they are. */
  readonly search: Signal<string>;
  readonly #listed = signal<ReadonlyMap<string, FileInfo[]>>(new Map());
  readonly #list: (path: string) => Promise<FileInfo[]>;

  constructor(list: (path: string) => Promise<FileInfo[]>, unfolded: string[], search = "") {
    this.#list = list;
    this.search = signal(search);
    this.unfolded = signal<ReadonlySet<string>>(new Set(unfolded));
  }

  /** Lists the root, every unfolded folder and that of `shown` again. */
  refresh(shown = ""): void {
    this.failure.value = undefined;
    for (const path of new Set(["", ...this.unfolded.peek(), folderOf(shown)])) this.#read(path);
  }

  /** Whether the folder that `path` is in has been listed. */
  knows(path: string): boolean {
    return this.#listed.value.has(folderOf(path));
  }

  toggle(path: string): void {
    const next = new Set(this.unfolded.peek());
    if (!next.delete(path)) {
      next.add(path);
      this.#read(path);
    }
    this.unfolded.value = next;
  }

  /** Looks for `text` in all folders, those too that nobody has unfolded. */
  find(text: string): void {
    this.search.value = text;
    if (text.trim() !== "") this.#readAll("", { left: SEARCHED });
  }

  /** Undefined until the root is listed. */
  rows(): ArtifactRow[] | undefined {
    return this.#listed.value.has("") ? this.#below("", 0) : undefined;
  }

  /** The images with steps that `path` stands for. */
  stepped(path: string): SteppedImage | undefined {
    return withSteps(this.#listed.value.get(folderOf(path)) ?? []).stepped.find((one) => one.path === path);
  }

  /** Lists a folder without unfolding it. */
  look(path: string): void {
    if (!this.#listed.peek().has(path)) this.#read(path);
  }

  /** Every file that is known, by path. */
  known(): FileInfo[] {
    const files = [...this.#listed.value.values()].flat().filter(({ is_dir }) => !is_dir);
    return files.toSorted((a, b) => a.path.localeCompare(b.path));
  }

  /** Undefined where its folder is not listed. */
  file(path: string): FileInfo | undefined {
    return this.#listed.value.get(folderOf(path))?.find((file) => file.path === path);
  }

  /** Bytes of all files; undefined while a folder is not listed. */
  size(): number | undefined {
    return this.#sizeOf({ path: "", is_dir: true });
  }

  #below(folder: string, depth: number): ArtifactRow[] {
    const { files, stepped } = withSteps(this.#listed.value.get(folder) ?? []);
    const wanted = this.search.value.trim().toLowerCase();
    const images = stepped.map((one): [FileInfo, SteppedImage?] => [{ path: one.path, is_dir: false }, one]);
    const all = [...files.map((file): [FileInfo, SteppedImage?] => [file]), ...images];
    const sorted = all.toSorted(([a], [b]) => Number(b.is_dir) - Number(a.is_dir) || a.path.localeCompare(b.path));
    return sorted.flatMap(([file, images]) => {
      const matches = wanted === "" || file.path.toLowerCase().includes(wanted);
      const inside = wanted === "" || matches || !file.is_dir ? undefined : this.#below(file.path, depth + 1);
      if (!matches && (inside === undefined || inside.length === 0)) return [];
      const unfolded = file.is_dir && (inside !== undefined || this.unfolded.value.has(file.path));
      const row = {
        file,
        name: images?.key ?? file.path.split("/").at(-1) ?? file.path,
        depth,
        size: images === undefined ? this.#sizeOf(file) : undefined,
        unfolded,
        loading: unfolded && !this.#listed.value.has(file.path),
        ...(images === undefined ? {} : { stepped: images }),
      };
      return unfolded ? [row, ...(inside ?? this.#below(file.path, depth + 1))] : [row];
    });
  }

  #sizeOf(file: FileInfo): number | undefined {
    if (!file.is_dir) return file.file_size;
    const inside = this.#listed.value.get(file.path);
    const sizes = inside?.map((each) => this.#sizeOf(each)) ?? [undefined];
    return sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
  }

  #read(path: string, then?: (files: FileInfo[]) => void): void {
    this.#list(path)
      .then((files) => {
        this.#listed.value = new Map(this.#listed.peek()).set(path, files);
        then?.(files);
      })
      .catch((error: unknown) => {
        this.failure.value = error;
      });
  }

  #readAll(path: string, budget: { left: number }): void {
    budget.left -= 1;
    const into = (files: FileInfo[]) => {
      for (const file of files) if (file.is_dir && budget.left > 0) this.#readAll(file.path, budget);
    };
    const known = this.#listed.peek().get(path);
    if (known === undefined) this.#read(path, into);
    else into(known);
  }
}

function folderOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
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
  parquet: "table",
  tsv: "table",
  geojson: "globe",
  htm: "code",
  wav: "unmute",
  mp3: "unmute",
  ogg: "unmute",
  flac: "unmute",
  mp4: "device-camera-video",
  webm: "device-camera-video",
  ipynb: "notebook",
};
