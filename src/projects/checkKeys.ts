// Keys that MLflow passes over although someone means them (mlflow 3.17.2 ignores every key that it does not know).
import type { Problems } from "./problems.ts";
import { nearest } from "./spelling.ts";
import type { MapEntry, MapNode, YamlNode } from "./yamlTree.ts";
import { entryOf, isNull } from "./yamlTree.ts";

/** Keys MLflow knows at the top of a file. */
export const PROJECT_KEYS = [
  "name",
  "python_env",
  "conda_env",
  "docker_env",
  "entry_points",
  "databricks_spark_job",
] as const;

/** Keys MLflow knows in an entry point. */
export const ENTRY_POINT_KEYS = ["parameters", "command"] as const;

/** Keys MLflow knows in a parameter. */
export const PARAMETER_KEYS = ["type", "default"] as const;

type Level = "project" | "entry point" | "parameter";

const KEYS: Record<Level, readonly string[]> = {
  project: PROJECT_KEYS,
  "entry point": ENTRY_POINT_KEYS,
  parameter: PARAMETER_KEYS,
};

/** Where the keys that are told at another level belong. */
const PLACES: Record<Level, string> = {
  project: "at the top of the file",
  "entry point": "in an entry point",
  parameter: "below a parameter's name",
};

/** Warns of the unknown keys in a map of that level which look like a known one, or belong elsewhere. */
export function checkLevel(map: MapNode, level: Level, problems: Problems): void {
  const unknown = checkKeys(map, KEYS[level], problems);
  const holdsCommands = level === "project" && entryOf(map, "entry_points") === undefined;
  let named: ReadonlySet<YamlNode | MapEntry> | undefined;
  for (const { key, value } of unknown) {
    const word = key.scalar.text;
    if (holdsCommands && value.kind === "map" && value.entries.some((entry) => hasCommand(entry.value))) {
      const fix = { title: "Change to entry_points", range: key.range, newText: "entry_points" };
      const message = `MLflow does not know \`${word}\` and passes over it; entry points stand below \`entry_points\`.`;
      problems.warning("unknown-key", message, key.range, [fix]);
      continue;
    }
    const home = (["project", "entry point", "parameter"] as const).find(
      (other) => other !== level && word !== "name" && KEYS[other].includes(word),
    );
    const isEntryPoint = level === "project" && hasCommand(value);
    if (home === undefined && !isEntryPoint) continue;
    // What an alias or a merge takes to another place may stand anywhere.
    named ??= partsOf(entryOf(map, "entry_points")?.value);
    if (named.has(value) || (value.kind === "map" && value.entries.some((entry) => named?.has(entry) === true)))
      continue;
    const place = home === undefined ? "below `entry_points`" : PLACES[home];
    problems.warning("misplaced-key", `MLflow passes over \`${word}\` here; it belongs ${place}.`, key.range);
  }
}

function hasCommand(value: YamlNode): boolean {
  return value.kind === "map" && value.entries.some((entry) => entry.key.scalar.text === "command");
}

/** Every node and entry below a node. */
function partsOf(root: YamlNode | undefined): ReadonlySet<YamlNode | MapEntry> {
  const parts = new Set<YamlNode | MapEntry>();
  const open = root === undefined ? [] : [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (parts.has(node)) continue;
    parts.add(node);
    if (node.kind === "list") open.push(...node.items);
    if (node.kind !== "map") continue;
    for (const entry of node.entries) {
      parts.add(entry);
      open.push(entry.value);
    }
  }
  return parts;
}

/** Warns of unknown keys that look like a slip of a known, absent one; gives the others. */
export function checkKeys(map: MapNode, known: readonly string[], problems: Problems): MapEntry[] {
  const present = map.entries.map((entry) => entry.key.scalar.text);
  const absent = known.filter((one) => !present.includes(one));
  const others = map.entries.filter(({ key }) => !known.includes(key.scalar.text) && key.scalar.text !== "description");
  return others.filter((entry) => !reportGlued(entry, known, problems) && !reportMisspelt(entry, absent, problems));
}

/** `type:float` and `type float` between brackets: the colon or the space behind it was forgotten. */
function reportGlued({ key, value }: MapEntry, known: readonly string[], problems: Problems): boolean {
  if (key.style !== "plain" || !isNull(value)) return false;
  const word = key.scalar.text;
  const [, name = "", between = ""] = /^(\w+)(:(?=\S)|\s+(?=\S))/.exec(word) ?? [];
  if (!known.includes(name)) return false;
  const start = key.range.start + name.length;
  if (between === ":") {
    const message = `MLflow reads \`${word}\` as one name and passes over it; a space belongs behind the colon.`;
    const fix = { title: "Put a space behind the colon", range: { start: start + 1, end: start + 1 }, newText: " " };
    problems.warning("unknown-key", message, key.range, [fix]);
  } else {
    const message = `MLflow reads \`${word}\` as one name and passes over it; a colon belongs behind \`${name}\`.`;
    const fix = { title: "Put a colon in", range: { start, end: start }, newText: ":" };
    problems.warning("unknown-key", message, key.range, [fix]);
  }
  return true;
}

/** What people call keys that MLflow calls otherwise. */
const OTHER_NAMES: Record<string, string> = {
  params: "parameters",
  param: "parameters",
  args: "parameters",
  arguments: "parameters",
  inputs: "parameters",
  cmd: "command",
  run: "command",
  script: "command",
  exec: "command",
  def: "default",
  default_value: "default",
  defaultvalue: "default",
  value: "default",
  env: "environment",
  conda_file: "conda_env",
  conda_yaml: "conda_env",
  conda: "conda_env",
  conda_environment: "conda_env",
  python_environment: "python_env",
  docker: "docker_env",
};

function reportMisspelt({ key }: MapEntry, absent: readonly string[], problems: Problems): boolean {
  const word = key.scalar.text;
  const other = OTHER_NAMES[word.toLowerCase()];
  const meant = other !== undefined && absent.includes(other) ? other : nearest(word, absent);
  if (meant === undefined) return false;
  const fix = { title: `Change to ${meant}`, range: key.range, newText: meant };
  const message = `MLflow does not know \`${word}\` and passes over it; \`${meant}\` is known.`;
  problems.warning("unknown-key", message, key.range, [fix]);
  return true;
}

/** Words that differ from `main` by a letter. */
const WORDS = new Set(["gain", "rain", "pain", "vain", "maid", "mail", "mai", "min", "man", "domain"]);

/** The entry point that runs when none is asked for, under another spelling. */
export function checkMain(map: MapNode, problems: Problems): void {
  const names = map.entries.map(({ key }) => key.scalar.text);
  if (names.includes("main")) return;
  // `main2` and `main_gpu` are names of their own, and so are words.
  const slip = map.entries.find(
    ({ key: { scalar } }) =>
      !/[0-9_-]/.test(scalar.text) && !WORDS.has(scalar.text) && nearest(scalar.text, ["main"]) !== undefined,
  );
  if (slip === undefined) return;
  const fix = { title: "Change to main", range: slip.key.range, newText: "main" };
  const message = `MLflow runs the entry point \`main\` when none is asked for, and \`${slip.key.scalar.text}\` is another name.`;
  problems.warning("main-misspelt", message, slip.key.range, [fix]);
}
