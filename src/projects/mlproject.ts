// The one reader of MLproject files. Rules of mlflow 3.17.2 `projects/_project_spec.py`.
import type { ReadOnce } from "./brokenYaml.ts";
import { problemsOfBroken } from "./brokenYaml.ts";
import { checkLevel, checkMain } from "./checkKeys.ts";
import { readDatabricksJob, readEnvironment } from "./projectEnvironment.ts";
import type { EntryPoint, MlprojectDocument, Problem } from "./document.ts";
import { readEntryPoint } from "./entryPoint.ts";
import { EntryPointMemory } from "./entryPointMemory.ts";
import { readParts } from "./entryPointParts.ts";
import { readPlainOutline, readYamlText } from "./plainYaml.ts";
import { Problems, whatItIs } from "./problems.ts";
import type { MapEntry, MapNode } from "./yamlTree.ts";
import { emptyNode, entryOf, isNull, isTruthy, pythonText } from "./yamlTree.ts";

/** A file that a program such as cookiecutter makes an MLproject file of; nothing more can be said of it. */
const TEMPLATE = /\{%[^%\n]*%\}/;

/**
 * Reads an MLproject file. Never throws: `problems` says what is wrong, and the rest is read as far as possible. A `memory` of the file as it
 * was before makes it fast, and changes nothing else.
 */
export function readMlproject(text: string, memory = new EntryPointMemory()): MlprojectDocument {
  memory.turn();
  return readWith(text, (version) => readByParts(version, memory) ?? readWhole(version));
}

/** The same, slowly: no entry point is read by itself. */
export function readMlprojectWhole(text: string): MlprojectDocument {
  return readWith(text, readWhole);
}

function readWith(text: string, readOnce: (text: string) => ReadOnce): MlprojectDocument {
  const { document, mistakes } = readOnce(text);
  const mistake = document.problems.find((problem) => problem.code === "yaml-syntax");
  if (mistake === undefined) return document;
  if (TEMPLATE.test(text)) {
    const message = "MLflow cannot read this file: it is a template, whose `{% … %}` must be filled in first.";
    document.problems = [{ ...mistake, message }];
    return document;
  }
  // Looked for when they are asked for: completion, which someone waits for, has no use for them.
  let found: Problem[] | undefined;
  const problems = (): Problem[] => (found ??= [...problemsOfBroken({ document, mistakes }, readOnce)]);
  return {
    ...document,
    get problems() {
      return problems();
    },
  };
}

/** Each entry point by itself; undefined for a file that must be read as a whole. */
function readByParts(text: string, memory: EntryPointMemory): ReadOnce | undefined {
  const outline = readPlainOutline(text);
  const parts = outline === undefined ? undefined : readParts(text, outline, { memory, readWhole });
  if (outline === undefined || parts === undefined) return undefined;
  const problems = new Problems(parts.problems);
  const document: MlprojectDocument = { text, entryPoints: [], problems: [] };
  readProject(outline.root, document, problems, (_, found) => {
    checkMain(namesOf(parts.entryPoints), found);
    return parts.entryPoints;
  });
  document.problems = problems.list();
  return { document, mistakes: parts.mistakes };
}

/** A map of entry points, with no more of them than their names. */
function namesOf(entryPoints: readonly EntryPoint[]): MapNode {
  const entries = entryPoints.map(({ name, nameRange }): MapEntry => {
    const scalar = { kind: "str", text: name, source: name, range: nameRange } as const;
    const key = { kind: "scalar", scalar, style: "plain", range: nameRange } as const;
    return { key, value: emptyNode(nameRange.end), range: nameRange };
  });
  return { kind: "map", entries, range: { start: 0, end: 0 } };
}

function readWhole(text: string): ReadOnce {
  const tree = readYamlText(text);
  const problems = new Problems(tree.problems);
  const document: MlprojectDocument = { text, entryPoints: [], problems: [] };
  if (tree.root === undefined) {
    const range = { start: 0, end: text.length };
    problems.error("file-empty", "MLflow cannot load an empty MLproject file; it needs `entry_points`.", range);
  } else if (tree.root.kind !== "map") {
    const what = whatItIs(tree.root);
    problems.error(
      "root-not-map",
      `MLflow needs keys such as \`entry_points:\` here, but this is ${what}.`,
      tree.root.range,
    );
  } else {
    readProject(tree.root, document, problems, readEntryPoints);
  }
  document.problems = problems.list();
  return { document, mistakes: tree.mistakes };
}

function readProject(
  root: MapNode,
  document: MlprojectDocument,
  problems: Problems,
  read: (entry: MapEntry, problems: Problems) => EntryPoint[],
): void {
  checkLevel(root, "project", problems);
  const name = entryOf(root, "name")?.value;
  if (name !== undefined && isTruthy(name)) document.name = pythonText(name);
  const entryPoints = entryOf(root, "entry_points");
  if (entryPoints !== undefined) document.entryPoints = read(entryPoints, problems);
  const environment = readEnvironment(root, problems);
  if (environment !== undefined) document.environment = environment;
  readDatabricksJob(root, document.entryPoints, problems);
}

function readEntryPoints(entry: MapEntry, problems: Problems): EntryPoint[] {
  if (entry.value.kind === "map") {
    checkMain(entry.value, problems);
    return entry.value.entries.map((each) => readEntryPoint(each, problems));
  }
  if (isNull(entry.value)) {
    const message = "MLflow cannot load `entry_points` without an entry point below it, such as `main:`.";
    problems.error("entry-points-null", message, entry.key.range);
  } else {
    const message = `MLflow needs entry points by name below \`entry_points\`, but this is ${whatItIs(entry.value)}.`;
    problems.error("entry-points-not-map", message, entry.value.range);
  }
  return [];
}
