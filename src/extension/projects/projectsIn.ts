import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { findMlprojectName } from "../../projects/mlprojectName.ts";

/** Folders below the top that are looked into. */
const DEPTH = 4;
const MOST = 50;
const PASSED_OVER = new Set(["node_modules", "mlruns", "site-packages", "venv"]);

/** The folders below `root` that hold an MLproject file, the nearest first, as they are named behind `#`: without dots. */
export async function projectsIn(root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [""];
  for (let depth = 0; depth < DEPTH && found.length < MOST; depth += 1) {
    const next: string[] = [];
    for (const place of level) {
      const entries = await readdir(join(root, place), { withFileTypes: true });
      const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      if (place !== "" && findMlprojectName(names) !== undefined) found.push(place);
      for (const entry of entries) {
        if (!entry.isDirectory() || entry.name.includes(".") || PASSED_OVER.has(entry.name)) continue;
        next.push(place === "" ? entry.name : `${place}/${entry.name}`);
      }
    }
    level = next.toSorted();
  }
  return found.slice(0, MOST);
}
