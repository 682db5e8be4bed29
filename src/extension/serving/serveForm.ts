import * as vscode from "vscode";
import { mismatchText } from "../../models/requirements.ts";
import { readModelEnvironment } from "../models/modelEnvironment.ts";
import { selectedPython } from "../models/selectedPython.ts";
import { readFolderText } from "../models/versionFiles.ts";
import { SERVING_ENV_MANAGERS, type ServingEnvManager } from "../../protocol/serving.ts";
import { askText, pickOne } from "../platform/questions.ts";
import { findPythons } from "../projects/python.ts";
import type { StoreHandle } from "../stores/stores.ts";
import type { ServeChoices } from "./choices.ts";
import { folderOf } from "./startServing.ts";
import type { ServedModel } from "./target.ts";

const MANAGERS: Record<ServingEnvManager, string> = {
  local: "the interpreter's own packages",
  virtualenv: "packages of the model's requirements, made once",
  uv: "as virtualenv, made by uv",
  conda: "packages of the model's conda.yaml, made once",
};

type Line = vscode.QuickPickItem & { change?: (choices: ServeChoices) => Promise<ServeChoices | undefined> };

/** Shows how a model will be served, and changes it line by line; undefined when the person goes away. */
export async function askChoices(
  store: StoreHandle,
  served: ServedModel,
  choices: ServeChoices,
): Promise<ServeChoices | undefined> {
  const otherwise = await otherwiseText(store, served, choices);
  const chosen = await pickOne(linesOf(store, served, choices, otherwise), {
    title: `Serve ${served.title}`,
    placeHolder: "Enter serves it; choose a line to change it",
  });
  if (chosen === undefined) return undefined;
  if (chosen.change === undefined) return choices;
  // Escape in a question goes back to the lines.
  return askChoices(store, served, (await chosen.change(choices)) ?? choices);
}

/** Packages that are named. */
const NAMED = 2;

/** What the chosen interpreter has otherwise than the model was logged with, where its own packages serve it. */
async function otherwiseText(
  store: StoreHandle,
  { files }: ServedModel,
  { python, env_manager }: ServeChoices,
): Promise<string | undefined> {
  if (env_manager !== "local" || files === undefined) return undefined;
  const read = (name: string) => readFolderText(store.remote, files, name);
  const { mismatches } = await readModelEnvironment(read, async () => python ?? (await selectedPython(store)));
  if (mismatches.length === 0) return undefined;
  const named = mismatches.slice(0, NAMED).map((one) => mismatchText(one, "here"));
  const more = mismatches.length > NAMED ? ` and ${mismatches.length - NAMED} more` : "";
  return `$(warning) ${named.join("; ")}${more}`;
}

function linesOf(
  store: StoreHandle,
  served: ServedModel,
  choices: ServeChoices,
  otherwise: string | undefined,
): Line[] {
  const { python, env_manager, workers, timeout, port, keep } = choices;
  const version = served.model?.alias === undefined ? "" : `version ${served.model.version}`;
  return [
    { label: `$(broadcast) Serve ${served.title}`, description: version },
    {
      ...{ label: "Python", description: python ?? "the workspace's", change: (now) => askPython(store, now) },
      ...(otherwise === undefined ? {} : { detail: otherwise }),
    },
    { label: "Environment", description: `${env_manager} · ${MANAGERS[env_manager]}`, change: askManager },
    { label: "Port", description: port === undefined ? "the first free one" : String(port), change: askPort },
    { label: "Workers", description: String(workers), change: askWorkers },
    { label: "Timeout", description: `${timeout} s for a request`, change: askTimeout },
    {
      label: "When the window closes",
      description: keep ? "it keeps running" : "it stops",
      change: async (now) => ({ ...now, keep: !now.keep }),
    },
  ];
}

async function askPython(store: StoreHandle, choices: ServeChoices): Promise<ServeChoices | undefined> {
  const found = await findPythons(folderOf(store) ?? vscode.Uri.file(store.status.path));
  const items: (vscode.QuickPickItem & { path?: string })[] = found.map(({ path, from }) => ({
    label: path,
    description: from,
    path,
  }));
  const chosen = await pickOne([...items, { label: "$(folder-opened) Browse…" }], {
    placeHolder: "Python whose mlflow serves the model",
  });
  if (chosen === undefined) return undefined;
  const path = chosen.path ?? (await vscode.window.showOpenDialog({ openLabel: "Use This Python" }))?.[0]?.fsPath;
  return path === undefined ? undefined : { ...choices, python: path };
}

async function askManager(choices: ServeChoices): Promise<ServeChoices | undefined> {
  const items = SERVING_ENV_MANAGERS.map((label) => ({ label, description: MANAGERS[label] }));
  const chosen = await pickOne(items, { placeHolder: "Where the model's packages come from" });
  return chosen === undefined ? undefined : { ...choices, env_manager: chosen.label };
}

async function askPort(choices: ServeChoices): Promise<ServeChoices | undefined> {
  const { port, ...others } = choices;
  const text = await askNumber("Port on 127.0.0.1; empty: the first free one", port, 1, 65_535, true);
  if (text === undefined) return undefined;
  return text === "" ? others : { ...others, port: Number(text) };
}

async function askWorkers(choices: ServeChoices): Promise<ServeChoices | undefined> {
  const text = await askNumber("Processes that answer; each loads the model", choices.workers, 1, 64);
  return text === undefined ? undefined : { ...choices, workers: Number(text) };
}

async function askTimeout(choices: ServeChoices): Promise<ServeChoices | undefined> {
  const text = await askNumber("Seconds that one request may take", choices.timeout, 1, 86_400);
  return text === undefined ? undefined : { ...choices, timeout: Number(text) };
}

/** A whole number as text, or "" where nothing is an answer too; undefined when the person goes away. */
async function askNumber(
  prompt: string,
  value: number | undefined,
  least: number,
  most: number,
  isOptional = false,
): Promise<string | undefined> {
  const text = await askText({
    prompt,
    value: value === undefined ? "" : String(value),
    validateInput: (typed) => {
      const trimmed = typed.trim();
      if (trimmed === "" && isOptional) return undefined;
      const fits = /^\d+$/.test(trimmed) && Number(trimmed) >= least && Number(trimmed) <= most;
      return fits ? undefined : `A whole number from ${least} to ${most}.`;
    },
  });
  return text?.trim();
}
