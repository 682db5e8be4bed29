import * as vscode from "vscode";
import { pickOne } from "../../platform/questions.ts";
import type { Run } from "../../../mlflow/entities.ts";
import { MlflowError } from "../../../mlflow/errors.ts";
import { REQUIREMENT_FILES } from "../../../models/requirements.ts";
import type { DiffPart } from "../../../protocol/panels/compare.ts";
import { artifactUri } from "../artifacts/artifactFiles.ts";
import type { FoundRun } from "../find.ts";
import { changedFiles, repositoryOf } from "../git.ts";
import { sourceOf } from "../source.ts";
import { diffDocument } from "./diffDocuments.ts";
import { modelFolders } from "./environments.ts";

/** A file, or a part of a run, on both sides. */
interface Pair {
  /** Names the pair; its ending tells the language. */
  name: string;
  left: vscode.Uri | undefined;
  right: vscode.Uri | undefined;
}

/** Where one run's commit is found, with its full hash. */
interface CodePlace {
  root: string;
  left: string;
  right: string;
}

const PARTS: Record<DiffPart, { label: string; description: string }> = {
  everything: { label: "Everything", description: "params, tags, environment, MLmodel" },
  params: { label: "Params and Tags", description: "" },
  environment: { label: "Environment", description: REQUIREMENT_FILES.join(", ") },
  model: { label: "MLmodel", description: "" },
  code: { label: "Source Commits", description: "" },
};

/** What of two runs can be set side by side. */
class RunPair {
  readonly left: FoundRun;
  readonly right: FoundRun;
  #folders: Promise<[string | undefined, string | undefined]> | undefined;

  constructor(left: FoundRun, right: FoundRun) {
    this.left = left;
    this.right = right;
  }

  get title(): string {
    return `${this.left.run.info.run_name} ↔ ${this.right.run.info.run_name}`;
  }

  params(): Pair {
    const document = ({ store, run }: FoundRun) =>
      diffDocument({ kind: "run", uri: store.uri, run_id: run.info.run_id }, `${run.info.run_name}.yaml`);
    return { name: "params.yaml", left: document(this.left), right: document(this.right) };
  }

  async files(names: readonly string[]): Promise<Pair[]> {
    const [left, right] = await this.#modelFolders();
    const pairs: Pair[] = [];
    for (const name of names) {
      const pair = { name, left: await fileOf(this.left, left, name), right: await fileOf(this.right, right, name) };
      if (pair.left !== undefined || pair.right !== undefined) pairs.push(pair);
    }
    return pairs;
  }

  /** Where git can tell what changed between the commits of the runs. */
  async code(): Promise<CodePlace | undefined> {
    const [left, right] = [this.left, this.right].map(({ store, run }) => sourceOf(store, run));
    if (!vscode.workspace.isTrusted || left?.commit === undefined || right?.commit === undefined) return undefined;
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    const places = [left.path, right.path].flatMap((path) => path ?? []);
    const root = await repositoryOf(left.commit, [...places, ...folders]);
    if (root === undefined || (await repositoryOf(right.commit, [root])) !== root) return undefined;
    return { root, left: left.commit, right: right.commit };
  }

  /** The folders of the first model of each; of the same name where both have one. */
  #modelFolders(): Promise<[string | undefined, string | undefined]> {
    this.#folders ??= (async () => {
      const [left = [], right = []] = await Promise.all(
        [this.left, this.right].map(({ store, run }) =>
          modelFolders(store.remote, run.info.run_id).catch((): string[] => []),
        ),
      );
      const same = left.find((folder) => right.includes(folder));
      return [same ?? left[0], same ?? right[0]];
    })();
    return this.#folders;
  }
}

/** Opens two runs in the native diff editor; what of them is asked for unless `part` tells it. */
export async function openAsDiff(left: FoundRun, right: FoundRun, part?: DiffPart): Promise<void> {
  const pair = new RunPair(left, right);
  const chosen = part ?? (await pickPart(pair));
  if (chosen === undefined) return;
  if (chosen === "code") return openCode(pair);
  const pairs = await pairsOf(pair, chosen);
  if (pairs.length === 0) {
    const what = chosen === "model" ? "no MLmodel" : "no environment file";
    throw new MlflowError(
      "RESOURCE_DOES_NOT_EXIST",
      `${pair.title}: neither run has logged a model, so there is ${what}.`,
    );
  }
  await showPairs(pair.title, pairs);
}

async function pairsOf(pair: RunPair, part: Exclude<DiffPart, "code">): Promise<Pair[]> {
  switch (part) {
    case "params":
      return [pair.params()];
    case "environment":
      return pair.files(REQUIREMENT_FILES);
    case "model":
      return pair.files(["MLmodel"]);
    case "everything":
      return [pair.params(), ...(await pair.files([...REQUIREMENT_FILES, "MLmodel"]))];
    default:
      return part satisfies never;
  }
}

/** Offers only what the runs have. */
async function pickPart(pair: RunPair): Promise<DiffPart | undefined> {
  const [environment, model, code] = await Promise.all([
    pair.files(REQUIREMENT_FILES),
    pair.files(["MLmodel"]),
    pair.code(),
  ]);
  const offered: DiffPart[] = [
    "everything",
    "params",
    ...(environment.length > 0 ? (["environment"] as const) : []),
    ...(model.length > 0 ? (["model"] as const) : []),
    ...(code === undefined ? [] : (["code"] as const)),
  ];
  const commits = code === undefined ? "" : `${code.left.slice(0, 7)} ↔ ${code.right.slice(0, 7)}`;
  const items = offered.map((part) => ({
    part,
    label: PARTS[part].label,
    description: part === "code" ? commits : PARTS[part].description,
  }));
  return (await pickOne(items, { title: pair.title, placeHolder: "Open as diff" }))?.part;
}

/** One pair in the diff editor, several in the one for many files. */
async function showPairs(title: string, pairs: Pair[]): Promise<void> {
  const [only] = pairs;
  if (only !== undefined && pairs.length === 1) {
    const none = diffDocument({ kind: "none" }, only.name);
    const named = only.name === "params.yaml" ? title : `${only.name}: ${title}`;
    await vscode.commands.executeCommand("vscode.diff", only.left ?? none, only.right ?? none, named);
    return;
  }
  const resources = pairs.map(({ left, right }) => [right ?? left, left, right]);
  await vscode.commands.executeCommand("vscode.changes", title, resources);
}

async function openCode(pair: RunPair): Promise<void> {
  const place = await pair.code();
  if (place === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", whyNoCode(pair));
  const { root, left, right } = place;
  if (left === right) {
    throw new MlflowError("INVALID_STATE", `Both runs were made with commit ${left.slice(0, 7)}, so no code differs.`);
  }
  const title = `${left.slice(0, 7)} ↔ ${right.slice(0, 7)}: ${pair.title}`;
  const git = await gitOf(root);
  if (git === undefined) {
    const document = diffDocument(
      { kind: "commits", root, left, right },
      `${left.slice(0, 7)}-${right.slice(0, 7)}.diff`,
    );
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(document), { preview: false });
    return;
  }
  const files = await changedFiles(root, left, right);
  const resources = files.map((file) => {
    const before = file.left === undefined ? undefined : git.toGitUri(vscode.Uri.file(file.left), left);
    const after = file.right === undefined ? undefined : git.toGitUri(vscode.Uri.file(file.right), right);
    return [vscode.Uri.file(file.right ?? file.left ?? root), before, after];
  });
  await vscode.commands.executeCommand("vscode.changes", title, resources);
}

function whyNoCode({ left, right, title }: RunPair): string {
  if (!vscode.workspace.isTrusted) return "This workspace is not trusted, so git is not asked about the runs' commits.";
  const without = [left, right].find(({ store, run }) => sourceOf(store, run).commit === undefined);
  if (without !== undefined) return `${without.run.info.run_name} tells no commit, so its code is not known.`;
  return `${title}: no repository of this window has the commits of both.`;
}

/** What is needed of the API of VS Code's own git extension. */
interface GitApi {
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}

/** Undefined where the git extension is absent, disabled, or has not opened the repository. */
async function gitOf(root: string): Promise<GitApi | undefined> {
  const extension = vscode.extensions.getExtension<unknown>("vscode.git");
  if (extension === undefined) return undefined;
  try {
    // The border to another extension: asked for by name, and nothing is taken for granted.
    const exported = (await extension.activate()) as {
      getAPI(version: 1): GitApi & { getRepository(uri: vscode.Uri): unknown };
    };
    const api = exported.getAPI(1);
    return api.getRepository(vscode.Uri.file(root)) === null ? undefined : api;
  } catch {
    // Disabled by setting.
    return undefined;
  }
}

/** A file beside a run's MLmodel; undefined when it is not there. */
async function fileOf(
  { store, run }: FoundRun,
  folder: string | undefined,
  name: string,
): Promise<vscode.Uri | undefined> {
  if (folder === undefined) return undefined;
  const path = folder === "" ? name : `${folder}/${name}`;
  return artifactOf({ store, run }, path);
}

async function artifactOf(
  { store, run }: { store: FoundRun["store"]; run: Run },
  path: string,
): Promise<vscode.Uri | undefined> {
  const { run_id } = run.info;
  const found = await store.remote.readArtifact({ run_id, path, offset: 0, length: 0 }).catch(() => undefined);
  return found === undefined ? undefined : artifactUri({ uri: store.uri, id: run_id, path });
}

/** Opens the same file of two runs in the native diff editor; a run without it has an empty side. */
export async function diffFile(left: FoundRun, right: FoundRun, path: string): Promise<void> {
  const pair = new RunPair(left, right);
  const name = path.split("/").at(-1) ?? path;
  const [before, after] = await Promise.all([artifactOf(left, path), artifactOf(right, path)]);
  if (before === undefined && after === undefined) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${name} is no longer among the artifacts of either run.`);
  }
  await showPairs(pair.title, [{ name, left: before, right: after }]);
}
