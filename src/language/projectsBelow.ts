import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Folders that hold what others wrote, or what runs left. */
const SKIPPED = ["node_modules", "venv", "mlruns", "mlartifacts", "site-packages", "__pycache__"];
const DEEPEST = 8;
const MOST_FOLDERS = 2000;

/** The MLproject files below some folders. Links and hidden folders are not followed; very large trees are left off. */
export async function projectsBelow(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  let level = [...folders];
  let looked = 0;
  for (let depth = 0; depth < DEEPEST && level.length > 0 && looked < MOST_FOLDERS; depth += 1) {
    const next: string[] = [];
    for (const folder of level.slice(0, MOST_FOLDERS - looked)) {
      // What cannot be read holds nothing for us.
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !entry.name.startsWith(".") && !SKIPPED.includes(entry.name)) next.push(path);
        else if (entry.isFile() && /^mlproject$/i.test(entry.name)) found.push(path);
      }
    }
    looked += level.length;
    level = next;
  }
  return found;
}
