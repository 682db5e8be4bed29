import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { shellQuote } from "./shellQuote.ts";
import { textRepr } from "./yamlScalars.ts";
import { readYamlText } from "./plainYaml.ts";
import { entryOf, isNull, isTruthy, textOf, type MapNode, type YamlNode } from "./yamlTree.ts";

/** What a python_env.yaml or conda.yaml asks for. */
export interface PythonEnv {
  /** Version or its beginning, such as `3.10`; absent: whichever Python there is. */
  python?: string;
  /** Requirement lines installed before the others. */
  build_dependencies: string[];
  /** Requirement lines; `-r FILE` is relative to the project folder. */
  dependencies: string[];
  /** Conda packages that pip cannot install. */
  dropped: string[];
}

const PYTHON_ENV_KEYS = ["python", "build_dependencies", "dependencies"];

/** @throws MlflowError in one sentence for what MLflow (3.17.2) answers with a TypeError. */
export function readPythonEnv(text: string, file: string): PythonEnv {
  const map = rootMap(text, file);
  for (const { key } of map.entries) {
    if (!PYTHON_ENV_KEYS.includes(key.scalar.text))
      throw wrong(file, `the key "${key.scalar.text}" is not known there`);
  }
  const given = entryOf(map, "python")?.value;
  const python = textOf(given);
  if (given !== undefined && python === undefined && !isNull(given)) {
    throw wrong(file, 'the version of `python` must be a text: write it in quotes, as in "3.10"');
  }
  return {
    ...(python === undefined || python === "" ? {} : { python }),
    build_dependencies: texts(map, "build_dependencies", file),
    dependencies: texts(map, "dependencies", file),
    dropped: [],
  };
}

const CONDA_DEPENDENCY = /^(python|pip|setuptools|wheel)(<|>|<=|>=|=|==|!=)?([\d.]+)?$/;

/** What of a conda file pip can install, by MLflow's rules for conda projects under virtualenv and uv (3.17.2). */
export function readCondaEnv(text: string, file: string): PythonEnv {
  const env: PythonEnv = { build_dependencies: [], dependencies: [], dropped: [] };
  const list = entryOf(rootMap(text, file), "dependencies")?.value;
  for (const item of list?.kind === "list" ? list.items : []) {
    const line = textOf(item);
    if (line === undefined) env.dependencies = pipList(item, file);
    else addCondaLine(env, line, file);
  }
  return env;
}

/**
 * Name of the environment's folder, the one that MLflow (3.17.2) gives it: both then share it. `folder` is the project's.
 * @throws MlflowError when a requirements file is missing.
 */
export async function environmentName(env: PythonEnv, version: string, folder: string): Promise<string> {
  const list = (lines: string[]) => `[${lines.map(textRepr).join(", ")}]`;
  const head = `{'python': ${textRepr(env.python ?? version)}, 'build_dependencies': ${list(env.build_dependencies)}, 'dependencies': ${list(env.dependencies)}}`;
  const requirements = await expand(env.dependencies, folder, false);
  const tail = requirements
    .toSorted(
      (a, b) => Buffer.compare(Buffer.from(a.line), Buffer.from(b.line)) || Number(a.constraint) - Number(b.constraint),
    )
    .map(
      ({ line, constraint }) =>
        `_Requirement(req_str=${textRepr(line)}, is_constraint=${constraint ? "True" : "False"})`,
    );
  return `mlflow-${createHash("sha1")
    .update(head + tail.join(""))
    .digest("hex")}`;
}

/** The lines that are installed, those of requirement files among them. @throws MlflowError when such a file is missing. */
export async function requirementLines(env: PythonEnv, folder: string): Promise<string[]> {
  return (await expand(env.dependencies, folder, false)).map(({ line }) => line);
}

interface Requirement {
  line: string;
  constraint: boolean;
}

const FILE_OPTION = /^(-r|--requirement|-c|--constraint) +(.*)$/;

async function expand(lines: readonly string[], folder: string, constraint: boolean): Promise<Requirement[]> {
  const found: Requirement[] = [];
  for (const line of joined(lines.map((text) => withoutComment(text.trim())))) {
    const [, option, path] = FILE_OPTION.exec(line) ?? [];
    if (option === undefined || path === undefined) {
      if (line !== "" && !line.startsWith("#")) found.push({ line, constraint });
      continue;
    }
    const file = resolve(folder, path);
    found.push(
      ...(await expand(await linesOf(file), dirname(file), option.startsWith("-c") || option === "--constraint")),
    );
  }
  return found;
}

async function linesOf(file: string): Promise<string[]> {
  try {
    return (await readFile(file, "utf8")).split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  } catch (cause) {
    throw new MlflowError(
      "INVALID_PARAMETER_VALUE",
      `The requirements file ${file} does not exist; create it, or correct its name.`,
      { cause },
    );
  }
}

/** Lines that end in a backslash go on in the next one. */
function joined(lines: readonly string[]): string[] {
  const whole: string[] = [];
  let begun: string | undefined;
  for (const line of lines) {
    const text = (begun ?? "") + line.replace(/\\+$/, "");
    begun = line.endsWith("\\") ? text : undefined;
    if (begun === undefined) whole.push(text);
  }
  return begun === undefined ? whole : [...whole, begun];
}

/** Requirement lines for pip, started in another folder: `-r` and `-c` name their file by its whole path, in one word of a shell. */
export function absoluteLines(lines: readonly string[], folder: string): string[] {
  return lines.map((text) => {
    const line = text.trim();
    const [, option, path] = FILE_OPTION.exec(withoutComment(line)) ?? [];
    return option === undefined || path === undefined ? line : `${option} ${pipWord(resolve(folder, path))}`;
  });
}

/** In one word for pip, which cuts what looks like a comment before it reads quotes (25.3). */
function pipWord(path: string): string {
  return shellQuote(path).replaceAll(/(\s)#/g, "$1''#");
}

function withoutComment(line: string): string {
  return line.replace(/ #.*$/s, "").trimEnd();
}

function addCondaLine(env: PythonEnv, line: string, file: string): void {
  const [, name, operator, version] = CONDA_DEPENDENCY.exec(line) ?? [];
  if (name === undefined) {
    env.dropped.push(line);
  } else if (name === "python" && env.python === undefined) {
    if (operator === undefined) throw wrong(file, `${line} must name a version, such as python=3.11`);
    if (["<", ">", "!="].includes(operator)) throw wrong(file, `${line} must compare with =, ==, <= or >=`);
    if (version !== undefined) env.python = version;
  } else {
    env.build_dependencies.push(name + (operator === "=" ? "==" : (operator ?? "")) + (version ?? ""));
  }
}

function pipList(item: YamlNode, file: string): string[] {
  if (item.kind !== "map" || entryOf(item, "pip") === undefined)
    throw wrong(file, "a dependency must be a text or `pip:` with a list");
  return texts(item, "pip", file);
}

function texts(map: MapNode, key: string, file: string): string[] {
  const value = entryOf(map, key)?.value;
  if (value === undefined || !isTruthy(value)) return [];
  if (value.kind !== "list") throw wrong(file, `\`${key}\` must be a list`);
  return value.items.map((item) => {
    const text = textOf(item);
    if (text === undefined) throw wrong(file, `\`${key}\` must be a list of texts`);
    return text;
  });
}

function rootMap(text: string, file: string): MapNode {
  const { root, problems } = readYamlText(text);
  const [problem] = problems;
  if (problem !== undefined) throw wrong(file, problem.message.replace(/\.$/, ""));
  if (root?.kind !== "map") throw wrong(file, "it holds no keys");
  return root;
}

function wrong(file: string, what: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", `${basename(file)} cannot be used: ${what}.`);
}
