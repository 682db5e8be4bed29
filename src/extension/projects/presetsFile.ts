// Presets of runs as a file of the repository. No vscode: tested as tables.
import { ENV_MANAGERS } from "../../projects/request.ts";
import { entryOf, parseJsonc, textOf, withItem, withValue, type JsonNode } from "../platform/jsonc.ts";
import type { RunForm } from "./formState.ts";
import type { Values } from "./parameterValues.ts";

/** What an entry point is run with, under a name that a person gave it. Keys as in `tasks.json`. */
export interface Preset {
  name: string;
  /** Folder of the MLproject file, relative to the workspace folder. */
  project: string;
  entryPoint: string;
  /** Declared or not. */
  parameters: Values;
  envManager?: NonNullable<RunForm["env_manager"]>;
  experimentName?: string;
  runName?: string;
}

/** An empty file, in which `withPreset` writes. */
export const NO_PRESETS = '{\n  "presets": []\n}\n';

/** The presets of a file; undefined when it is damaged. What is no preset in it is passed over. */
export function parsePresets(text: string): Preset[] | undefined {
  const list = listIn(text);
  return list?.items.flatMap((item) => presetOf(item) ?? []);
}

/** The file with a preset more, or in place of the one of its name, project and entry point. Undefined when it is damaged. */
export function withPreset(text: string, preset: Preset): string | undefined {
  const list = listIn(text);
  if (list === undefined) return undefined;
  const known = list.items.find((item) => {
    const one = presetOf(item);
    return one !== undefined && isSame(one, preset);
  });
  return known === undefined ? withItem(text, list, preset) : withValue(text, known, preset);
}

export function isSame(one: Preset, other: Preset): boolean {
  const isThere = folderName(one.project) === folderName(other.project);
  return isThere && one.name === other.name && one.entryPoint === other.entryPoint;
}

/** `./examples/` and `examples` are one folder. */
export function folderName(path: string): string {
  const bare = path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
  return bare === "" ? "." : bare;
}

/** The form that a preset fills in: what the entry point does not declare is appended. */
export function formOfPreset(preset: Preset, declared: readonly string[]): RunForm {
  const { parameters, envManager, experimentName, runName } = preset;
  const entries = Object.entries(parameters);
  return {
    values: Object.fromEntries(entries.filter(([name]) => declared.includes(name))),
    extra: Object.fromEntries(entries.filter(([name]) => !declared.includes(name))),
    ...(envManager === undefined ? {} : { env_manager: envManager }),
    ...(experimentName === undefined ? {} : { experiment_name: experimentName }),
    ...(runName === undefined ? {} : { run_name: runName }),
  };
}

export function presetOfForm(name: string, project: string, entryPoint: string, form: RunForm): Preset {
  const { values, extra, env_manager, experiment_name, run_name } = form;
  return {
    name,
    project,
    entryPoint,
    parameters: { ...values, ...extra },
    ...(env_manager === undefined ? {} : { envManager: env_manager }),
    ...(experiment_name === undefined ? {} : { experimentName: experiment_name }),
    ...(run_name === undefined ? {} : { runName: run_name }),
  };
}

function listIn(text: string): (JsonNode & { kind: "array" }) | undefined {
  const { root, wrongAt } = parseJsonc(text);
  const list = entryOf(root, "presets");
  return wrongAt === undefined && list?.kind === "array" ? list : undefined;
}

function presetOf(node: JsonNode): Preset | undefined {
  const name = textOf(entryOf(node, "name"));
  if (name === undefined || name === "") return undefined;
  const parameters: Values = {};
  const given = entryOf(node, "parameters");
  for (const { key, value } of given?.kind === "object" ? given.entries : []) {
    if (value.kind === "value" && value.value !== null) parameters[key.text] = textOfValue(value.value);
  }
  const manager = textOf(entryOf(node, "envManager"));
  const envManager = ENV_MANAGERS.find((one) => one === manager);
  const [experimentName, runName] = [textOf(entryOf(node, "experimentName")), textOf(entryOf(node, "runName"))];
  return {
    name,
    project: textOf(entryOf(node, "project")) ?? ".",
    entryPoint: textOf(entryOf(node, "entryPoint")) ?? "main",
    parameters,
    ...(envManager === undefined ? {} : { envManager }),
    ...(experimentName === undefined ? {} : { experimentName }),
    ...(runName === undefined ? {} : { runName }),
  };
}

/** As Python would print it, which is what the script gets from an MLproject. */
function textOfValue(value: string | number | boolean): string {
  return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}
