import type { FileInfo } from "../../../mlflow/entities.ts";
import type { ComparedFile } from "../../../protocol/panels/compare.ts";

/** Files of each run that are listed, and folders that are entered. */
const FILES = 500;
const FOLDERS = 100;

type List = (query: { path?: string }) => Promise<FileInfo[]>;

/** Files of two runs by path, folders entered. */
export async function compareFiles(left: List, right: List): Promise<{ files: ComparedFile[]; more: boolean }> {
  const [before, after] = await Promise.all([filesOf(left), filesOf(right)]);
  const paths = [...new Set([...before.sizes.keys(), ...after.sizes.keys()])].toSorted();
  const files = paths.map(
    (path): ComparedFile => ({
      path,
      in: [before.sizes.has(path), after.sizes.has(path)],
      size: [before.sizes.get(path) ?? null, after.sizes.get(path) ?? null],
    }),
  );
  return { files, more: before.more || after.more };
}

async function filesOf(list: List): Promise<{ sizes: Map<string, number | undefined>; more: boolean }> {
  const sizes = new Map<string, number | undefined>();
  const folders: (string | undefined)[] = [undefined];
  let entered = 0;
  while (folders.length > 0) {
    const folder = folders.shift();
    if (entered >= FOLDERS || sizes.size >= FILES) return { sizes, more: true };
    entered += 1;
    for (const file of await list(folder === undefined ? {} : { path: folder })) {
      if (file.is_dir) folders.push(file.path);
      else sizes.set(file.path, file.file_size);
    }
  }
  return { sizes, more: false };
}
