// What must be the same for a run to be taken instead of a new one, beside its entry point: code, environment, parameters.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { EnvironmentPlan } from "../environment.ts";
import { readGitFacts } from "../git.ts";
import { findOnPath } from "../interpreter.ts";
import { parseObject } from "../jsonObject.ts";
import { outputOf } from "../../processes/processes.ts";

export interface Identity {
  /** The commit, with a `+` and a hash when files have changed since; absent without git: then nothing can be reused. */
  code?: string;
  /** The manager, and a hash of what it gives. */
  environment: string;
  /** Hash of the parameters as they were given. */
  params: string;
  /** By parameter a hash of the file or folder that its value names; absent when there is none, or when it could not be told. */
  files?: Record<string, string>;
  /** Hash of the runs of the steps named in `needs:`, which leave behind what no value tells; absent when there are none. */
  needs?: string;
}

/** Of a project in git; undefined where git knows no commit of it. */
export async function readCode(projectFolder: string): Promise<string | undefined> {
  const { commit } = await readGitFacts(projectFolder);
  if (commit === undefined) return undefined;
  const printed = await outputOf("git", [
    "--no-optional-locks",
    "-C",
    projectFolder,
    "status",
    "--porcelain=v1",
    "-z",
    "--no-renames",
    "--untracked-files=all",
    "--",
    ".",
  ]);
  // What cannot be told is taken for changed, in a way that is never the same.
  if (printed === undefined) return undefined;
  const top = await outputOf("git", ["-C", projectFolder, "rev-parse", "--show-toplevel"]);
  const changed = changedFiles(printed).filter(({ path, isNew }) => !OURS.test(path) && (!isNew || CODE.test(path)));
  if (changed.length === 0 || top === undefined) return commit;
  const hash = createHash("sha256");
  for (const { path } of changed.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const content = await readFile(join(top, path)).catch(() => undefined);
    hash.update(`${path}\0${content === undefined ? "gone" : createHash("sha256").update(content).digest("hex")}\0`);
  }
  return `${commit}+${hash.digest("hex").slice(0, 12)}`;
}

/** Workflow files change what is run, which is compared by itself; stores and their artifacts are results. */
const OURS = /(?:^|\/)(?:mlruns|mlartifacts|__pycache__)\/|(?:^|\/)(?:mlflow\.db[^/]*|[^/]*\.mlflow\.ya?ml)$/;
/** Among files that git does not know yet, results lie beside code. */
const CODE = /\.(?:py|pyx|sh|[rR]|sql|jl)$|(?:^|\/)mlproject$/i;

function changedFiles(printed: string): { path: string; isNew: boolean }[] {
  return printed
    .split("\0")
    .filter((entry) => entry.length > 2)
    .map((entry) => {
      // The first blank is lost when what was printed is trimmed.
      const [, state = "", path = ""] = /^(..?) (.*)$/s.exec(entry) ?? [];
      return { path, isNew: state === "??" };
    });
}

/** A built environment is known by its folder, whose name hashes what it holds; an image by its id; a local one by its interpreter. */
export async function environmentIdentity(plan: EnvironmentPlan): Promise<string> {
  const { manager, build: _, detail: __, container, ...rest } = plan;
  // One that is still to be fetched has no id yet.
  const image = await container?.image().catch(() => undefined);
  const search = [...plan.path, process.env["PATH"] ?? ""].join(delimiter);
  const python = manager === "local" ? (await findOnPath("python", search))[0] : undefined;
  return `${manager} ${shortHash(JSON.stringify([rest, python ?? "", ...(image === undefined ? [] : [image.id])]))}`;
}

export function needsIdentity(run_ids: readonly string[]): string | undefined {
  return run_ids.length === 0 ? undefined : shortHash(run_ids.join(" "));
}

export function paramsIdentity(params: ReadonlyMap<string, string>): string {
  return shortHash(JSON.stringify([...params].toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

/** Undefined for a tag that another tool, or another version, wrote otherwise. */
export function readIdentity(text: string | undefined): Partial<Identity> | undefined {
  return parseObject(text);
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
