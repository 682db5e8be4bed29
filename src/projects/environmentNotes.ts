import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { environmentRoot } from "./environmentFolder.ts";
import { requirementLines, type PythonEnv } from "./pythonEnv.ts";

// What a project's environment was built of the last time: a changed requirement has another environment, and the person is told why.

/** What has changed since the project's environment was built; undefined when nothing is known of that. */
export async function changeSince(env: PythonEnv, projectFolder: string): Promise<string | undefined> {
  const before = await readNote(projectFolder);
  if (before === undefined) return undefined;
  const lines = await linesOf(env, projectFolder);
  const [added] = lines.filter((line) => !before.includes(line));
  const [removed] = before.filter((line) => !lines.includes(line));
  if (added === undefined) return removed === undefined ? undefined : `${removed} is gone since it was built`;
  return removed === undefined ? `${added} is new since it was built` : `${added} was ${removed} when it was built`;
}

/** Remembers what the project's environment is built of. Without it all goes on; only the reason is not known. */
export async function noteBuilt(env: PythonEnv, projectFolder: string): Promise<void> {
  const file = noteFile(projectFolder);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(await linesOf(env, projectFolder)));
}

async function linesOf(env: PythonEnv, projectFolder: string): Promise<string[]> {
  const python = env.python === undefined ? [] : [`Python ${env.python}`];
  return [...python, ...env.build_dependencies, ...(await requirementLines(env, projectFolder))];
}

function noteFile(projectFolder: string): string {
  const name = createHash("sha1").update(projectFolder).digest("hex");
  return join(environmentRoot(), ".flowdeck-projects", `${name}.json`);
}

/** The border: undefined when there is none, or what is there is something else. */
async function readNote(projectFolder: string): Promise<string[] | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(noteFile(projectFolder), "utf8"));
    return Array.isArray(value) && value.every((line) => typeof line === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}
