import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { readGitPlace, shownAddress, withoutCredentials } from "../../projects/git.ts";
import { GitProblem } from "../../projects/gitProblems.ts";
import { latestCommits, listVersions } from "../../projects/gitVersions.ts";
import { splitUri } from "../../projects/projectUri.ts";
import type { RunRequest } from "../../projects/request.ts";
import { fetchProject, type ProjectSource } from "../../projects/sources.ts";
import type { GitTarget } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { withProgress } from "../platform/progress.ts";
import { askText, pickOne } from "../platform/questions.ts";
import { bareEntryPoint, choose } from "./choose.ts";
import type { ProjectParts } from "./commands.ts";
import { requestPart } from "./formState.ts";
import { NotFetched } from "./gitCommands.ts";
import { askUri, askVersion, uriProblem } from "./gitQuestions.ts";
import { projectsIn } from "./projectsIn.ts";
import { askKeptForm } from "./keptForm.ts";
import { readProjectIn, type Project } from "./projectFiles.ts";
import { short } from "./runVersion.ts";
import { checkTrusted } from "./starting.ts";
import { checkRun, prepareRun } from "./startRun.ts";

const RECENT = "flowdeck.projects.repositories";
const MOST_RECENT = 10;

/** An address that was fetched, without credentials, and the version that was chosen of it. */
interface Recent {
  uri: string;
  version?: string;
}

/** Asks for a repository, fetches it, and runs an entry point of it. */
export async function runFromGit(platform: Platform, parts: ProjectParts, given: GitTarget = {}): Promise<void> {
  checkTrusted();
  const workspace = await pickWorkspaceFolder();
  if (workspace === undefined) return;
  const folder = workspace.uri.fsPath;
  const memory = platform.context.globalState;
  const recent = memory.get<Recent[]>(RECENT, []);
  const uri =
    given.uri ??
    (await askUri(
      recent.map((one) => one.uri),
      folder,
    ));
  if (uri === undefined) return;
  const problem = uriProblem(uri, folder);
  if (problem !== undefined) throw new MlflowError("INVALID_PARAMETER_VALUE", problem);
  const target = { ...given, uri };
  const before = recent.find((one) => one.uri === withoutCredentials(uri))?.version;
  if (given.unseen === true) return runUnseen(platform, parts, target, workspace);
  const chosen = given.version === undefined ? await chooseVersion(target, folder, before) : { version: given.version };
  if (chosen === undefined) return;
  const source = await fetch({ ...target, ...chosen }, folder);
  let isTaken = false;
  try {
    const project = await projectOf(source, uri);
    if (project === undefined) return;
    // Credentials are no part of what is remembered.
    const kept: Recent = { uri: withoutCredentials(uri), ...chosen };
    await memory.update(RECENT, [kept, ...recent.filter((one) => one.uri !== kept.uri)].slice(0, MOST_RECENT));
    isTaken = await runFetched(platform, parts, { ...target, ...chosen }, workspace, { source, project });
  } finally {
    if (!isTaken) await source.remove();
  }
}

/** Undefined: the person went away. A ZIP file, and a folder in no repository, have no versions. */
async function chooseVersion(
  target: GitTarget & { uri: string },
  folder: string,
  before: string | undefined,
): Promise<{ version?: string } | undefined> {
  const [base] = splitUri(target.uri);
  const path = base.startsWith("file:") ? vscode.Uri.parse(base).fsPath : resolve(folder, base);
  const isHere = existsSync(path);
  const root = isHere ? (await readGitPlace(path)).root : undefined;
  if (base.endsWith(".zip") || (isHere && root === undefined)) return {};
  const name = shownAddress(base);
  const versions = await tellAgain(target, () =>
    withProgress(`Flowdeck: asking ${name} for its versions…`, (stop) => listVersions(root ?? base, stop)),
  );
  const unnamed = isHere
    ? { label: "$(folder) As it lies there", description: "with changes that are not committed" }
    : { label: "$(repo) Default branch", description: versions.defaultBranch ?? "whichever it is" };
  return askVersion({ versions, commits: root === undefined ? [] : await latestCommits(path, 20), before, unnamed });
}

function fetch(target: GitTarget & { uri: string }, folder: string): Promise<ProjectSource> {
  const { uri, version } = target;
  const name = shownAddress(uri);
  return tellAgain(target, () =>
    withProgress(`Flowdeck: fetching ${name}${version === undefined ? "" : ` (${version})`}…`, (stop) =>
      fetchProject({
        uri,
        folder,
        stop,
        quiet: true,
        say: () => undefined,
        ...(version === undefined ? {} : { version }),
      }),
    ),
  );
}

/** What git could not do, told together with what was asked. */
async function tellAgain<T>(target: GitTarget, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof GitProblem ? new NotFetched(error, target) : error;
  }
}

/** The project that was fetched. @throws MlflowError when there is none, and names those that are below. */
async function projectOf(source: ProjectSource, uri: string): Promise<Project | undefined> {
  const { folder } = source;
  const read = (place: string) => readProjectIn(join(folder, place));
  const here = await read(".");
  if (here !== undefined) return here;
  const below = await projectsIn(folder);
  const [base, part] = splitUri(uri);
  const name = shownAddress(base);
  if (below.length === 0) {
    const where = part === "" ? name : `${part} of ${name}`;
    const message = `There is no MLproject in ${where}; name the folder that holds one behind a #, or another version.`;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
  }
  const items = below.map((place) => ({ label: `$(project) ${place}`, place }));
  const picked = await pickOne(items, {
    title: "Project to Run",
    placeHolder: `${name} has its projects in folders; each is named by #folder`,
  });
  return picked === undefined ? undefined : read(picked.place);
}

interface Fetched {
  source: ProjectSource;
  project: Project;
}

/** Asks what to run of it. True: what was fetched is left to the run. */
async function runFetched(
  platform: Platform,
  parts: ProjectParts,
  { uri, version, entry_point, values, experiment_name }: GitTarget & { uri: string },
  workspace: vscode.WorkspaceFolder,
  { source, project }: Fetched,
): Promise<boolean> {
  const chosen = await choose(
    parts.files,
    entry_point === undefined ? project.file : { uri: project.file.toString(), entry_point },
    undefined,
  );
  if (chosen === undefined) return false;
  const below = relative(source.folder, project.folder);
  const [base, part] = splitUri(uri);
  const place = [part, below].filter((one) => one !== "").join("/");
  const project_uri = place === "" ? base : `${base}#${place}`;
  const name = below === "" ? source.name : `${withoutCredentials(base)}#${place}`;
  const folder = workspace.uri.fsPath;
  const home = homeIn(workspace);
  const title = version === undefined ? shownAddress(name) : `${shownAddress(name)}, ${short(version)}`;
  const form = await askKeptForm(platform, parts, {
    ...{ chosen, values, experiment_name },
    key: withoutCredentials(project_uri),
    elsewhere: { folder, home, source: name, title },
  });
  if (form === undefined) return false;
  await checkRun(chosen, form, folder);
  const start = await prepareRun(parts, chosen, form, home);
  const { root, branch } = source;
  const request: RunRequest = {
    ...start.request,
    ...requestPart(form),
    projectFolder: folder,
    project_uri,
    entry_point: chosen.entryPoint.name,
    ...(version === undefined ? {} : { version }),
    ...(root === undefined
      ? {}
      : { fetched: { root, folder: project.folder, name, ...(branch === undefined ? {} : { branch }) } }),
  };
  await parts.runs.start(request, { uri: start.uri, name: chosen.entryPoint.name, folder });
  return root !== undefined;
}

/** Runs without having looked: in the terminal git may ask for what it needs. */
async function runUnseen(
  platform: Platform,
  parts: ProjectParts,
  { uri, version: known, entry_point }: GitTarget & { uri: string },
  workspace: vscode.WorkspaceFolder,
): Promise<void> {
  const prompt = "Branch, tag or commit; empty for the default branch";
  const version = known ?? (await askText({ title: "Version to Run", prompt }));
  if (version === undefined) return;
  const name =
    entry_point ??
    (await askText({ title: "Entry Point to Run", prompt: "As the project's MLproject names it", value: "main" }));
  if (name === undefined || name === "") return;
  const folder = workspace.uri.fsPath;
  const file = homeIn(workspace);
  const document = { text: "", entryPoints: [], problems: [] };
  const chosen = { entryPoint: bareEntryPoint(name), project: { file, folder, name, document } };
  const source = withoutCredentials(uri);
  const form = await askKeptForm(platform, parts, { chosen, key: source, elsewhere: { folder, home: file, source } });
  if (form === undefined) return;
  const start = await prepareRun(parts, chosen, form);
  const request: RunRequest = {
    ...start.request,
    ...requestPart(form),
    projectFolder: folder,
    project_uri: uri,
    entry_point: name,
    ...(version === "" ? {} : { version }),
  };
  await parts.runs.start(request, { uri: start.uri, name, folder });
}

/** Where runs are logged, and paths count from; undefined when the person went away. */
async function pickWorkspaceFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [first] = folders;
  if (first === undefined) {
    throw new MlflowError("INVALID_STATE", "Open a folder first; the runs of the project are logged to its store.");
  }
  if (folders.length === 1) return first;
  return vscode.window.showWorkspaceFolderPick({
    placeHolder: "Folder whose store the run is logged to",
    ignoreFocusOut: true,
  });
}

/** Names the folder's store and settings, whether there is such a file or not. */
function homeIn({ uri }: vscode.WorkspaceFolder): vscode.Uri {
  return vscode.Uri.joinPath(uri, "MLproject");
}
