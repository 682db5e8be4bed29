import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { RunRequest } from "../../projects/request.ts";
import { registerCommand, type RunArguments } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { askText, pickOne } from "../platform/questions.ts";
import { choose } from "./choose.ts";
import type { ProjectParts } from "./commands.ts";
import { declaredValues } from "./formState.ts";
import type { Values } from "./parameterValues.ts";
import { askValues } from "./runForm.ts";
import { checkTrusted, prepareStart, startRemedy } from "./starting.ts";

/** What was chosen the last time, for an entry point. */
interface Remembered {
  backend?: string;
  config?: string;
  values: Values;
}

/** Runs an entry point by Python's `mlflow run` on kubernetes, Databricks, or the backend of a plugin. */
export function registerBackendCommand(platform: Platform, parts: ProjectParts): vscode.Disposable {
  return registerCommand(
    platform,
    "flowdeck.projects.runElsewhere",
    (...args) => runElsewhere(platform, parts, ...args),
    startRemedy,
  );
}

async function runElsewhere(platform: Platform, parts: ProjectParts, ...[target, name]: RunArguments): Promise<void> {
  checkTrusted();
  const chosen = await choose(parts.files, target, name);
  if (chosen === undefined) return;
  const { project, entryPoint } = chosen;
  const memory = platform.context.workspaceState;
  const key = `flowdeck.projects.backend ${project.file.toString()} ${entryPoint.name}`;
  const last = memory.get<Remembered>(key, { values: {} });
  const backend = await pickBackend(last.backend);
  if (backend === undefined) return;
  const config = await pickConfig(backend, project.folder, last.config);
  if (config === undefined) return;
  const values = await askValues(entryPoint, declaredValues(entryPoint, last.values));
  if (values === undefined) return;
  const path = config.file;
  await memory.update(key, { backend, values, ...(path === undefined ? {} : { config: path }) });
  const { folder, file } = project;
  // Its own `mlflow run` is told where the interpreter is missing.
  const start = await prepareStart(parts, { file, folder, name: entryPoint.name, needsPython: () => true });
  const request: RunRequest = {
    ...start.request,
    // Nothing of this machine can be reached from there.
    ...(backend === "databricks" ? { tracking_uri: "databricks" } : {}),
    env_manager: "auto",
    projectFolder: folder,
    entry_point: entryPoint.name,
    parameters: Object.entries(values),
    backend,
    ...(path === undefined ? {} : { backend_config: path }),
  };
  await parts.runs.start(request, { uri: start.uri, name: `${entryPoint.name}, ${backend}`, folder });
}

async function pickBackend(last: string | undefined): Promise<string | undefined> {
  const known = [
    { label: "kubernetes", description: "a job of a cluster, in an image that docker makes" },
    { label: "databricks", description: "a job on a new cluster, logged to Databricks" },
  ];
  const other = { label: "$(plug) Another one…", description: "of a plugin of mlflow" };
  const plugin = last === undefined || known.some(({ label }) => label === last) ? [] : [{ label: last }];
  const items = [...plugin, ...known].toSorted((a, b) => Number(b.label === last) - Number(a.label === last));
  const chosen = await pickOne([...items, other], { placeHolder: "Backend that runs it, by mlflow run" });
  if (chosen !== other) return chosen?.label;
  return askText({ title: "Backend", prompt: "Name of a backend that a Python package brings for mlflow" });
}

interface Config {
  /** Absent: the backend gets none. */
  file?: string;
}

/** Undefined: the person went away. */
async function pickConfig(backend: string, folder: string, last: string | undefined): Promise<Config | undefined> {
  const found = await configsIn(folder, backend);
  const files = last === undefined || found.includes(last) ? found : [last, ...found];
  const ordered = files.toSorted((a, b) => Number(b === last) - Number(a === last));
  const items = ordered.map((file) => ({ label: `$(json) ${basename(file)}`, description: file, file }));
  const browse = { label: "$(folder-opened) Browse…", description: "a JSON file", file: undefined };
  const none = { label: "$(circle-slash) No configuration", description: "", file: undefined };
  const needsOne = backend === "kubernetes" || backend === "databricks";
  const chosen = await pickOne([...items, browse, ...(needsOne ? [] : [none])], {
    placeHolder: `Configuration of ${backend} (--backend-config)`,
  });
  if (chosen === undefined) return undefined;
  if (chosen === none) return {};
  if (chosen.file !== undefined) return { file: chosen.file };
  const defaultUri = vscode.Uri.file(folder);
  const filters = { "Configuration of a backend": ["json"] };
  const [picked] =
    (await vscode.window.showOpenDialog({ openLabel: "Use This Configuration", defaultUri, filters })) ?? [];
  return picked === undefined ? undefined : { file: picked.fsPath };
}

/** Files in the project's folder that say that they are for this backend; for a plugin's, all JSON there may be. */
async function configsIn(folder: string, backend: string): Promise<string[]> {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => name.endsWith(".json")).toSorted();
  const found: string[] = [];
  const { backendFileOf, readJsonText } = await import("../../projects/backendConfig.ts");
  for (const name of names) {
    const { root } = readJsonText(await readFile(join(folder, name), "utf8").catch(() => ""));
    if (root?.kind !== "map") continue;
    const kind = backendFileOf(root.entries.map(({ key }) => key.scalar.text));
    if (kind === backend || (kind === undefined && backend !== "kubernetes" && backend !== "databricks"))
      found.push(join(folder, name));
  }
  return found;
}
