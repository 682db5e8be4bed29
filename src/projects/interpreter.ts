import { access, constants, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { outputOf } from "../processes/processes.ts";

/** A Python that runs. */
export interface Interpreter {
  /** Absolute path. */
  path: string;
  /** Such as `3.11.7`. */
  version: string;
}

/**
 * The interpreters a project may be built with, best first: the one asked for, those on PATH, those of pyenv.
 * `wanted` is a version or its beginning.
 */
export async function findInterpreters(asked: string | undefined, wanted: string | undefined): Promise<Interpreter[]> {
  const minor = /^\d+\.\d+/.exec(wanted ?? "")?.[0];
  const names = ["python3", "python", ...(minor === undefined ? [] : [`python${minor}`])];
  const onPath = await Promise.all(names.map((name) => findOnPath(name)));
  const paths = [asked, ...onPath.flat(), ...(wanted === undefined ? [] : await pyenvPaths(wanted))];
  const unique = [...new Set(paths.filter((path) => path !== undefined))];
  const found = await Promise.all(unique.map(readInterpreter));
  return found.filter((interpreter) => interpreter !== undefined);
}

/** The first of them that runs: the one asked for, else what `python3` or `python` is here. */
export async function findFirstInterpreter(asked: string | undefined): Promise<Interpreter | undefined> {
  const paths = asked === undefined ? [...(await findOnPath("python3")), ...(await findOnPath("python"))] : [asked];
  for (const path of paths) {
    const found = await readInterpreter(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `3.1` begins `3.1.4`, not `3.11.4`. */
export function matchesVersion(version: string, wanted: string | undefined): boolean {
  return wanted === undefined || version === wanted || version.startsWith(`${wanted}.`);
}

export async function readInterpreter(path: string): Promise<Interpreter | undefined> {
  const version = await outputOf(path, ["-I", "-S", "-c", "import sys; print(sys.version.split()[0])"]);
  return version === undefined || !/^\d+\.\d+/.test(version) ? undefined : { path, version };
}

/** Every program of that name on PATH, in PATH's order. */
export async function findOnPath(name: string, path = process.env["PATH"] ?? ""): Promise<string[]> {
  const files = path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name));
  const there = await Promise.all(files.map(isExecutable));
  return files.filter((_, index) => there[index]);
}

/** Pythons that pyenv has installed, the newest first. */
async function pyenvPaths(wanted: string): Promise<string[]> {
  const root = await outputOf("pyenv", ["root"]);
  if (root === undefined) return [];
  const folder = join(root, "versions");
  const versions = await readdir(folder).catch(() => []);
  return versions
    .filter((version) => matchesVersion(version, wanted))
    .toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .map((version) => join(folder, version, "bin", "python"));
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
