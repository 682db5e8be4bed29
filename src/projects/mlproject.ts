// The one reader of MLproject files. Rules of mlflow 3.17.2 `projects/_project_spec.py`.
import type { ReadOnce } from "./brokenYaml.ts";
import { problemsOfBroken } from "./brokenYaml.ts";
import { checkCommand } from "./checkCommand.ts";
import { checkLevel, checkMain } from "./checkKeys.ts";
import { readDatabricksJob, readEnvironment } from "./projectEnvironment.ts";
import { readParameters } from "./parameters.ts";
import type { EntryPoint, MlprojectDocument, Placeholder } from "./document.ts";
import { allFields, parseFormat } from "./formatString.ts";
import { placeOf, Problems, whatItIs } from "./problems.ts";
import { sourceMap } from "./commandSource.ts";
import { readPlainYaml } from "./plainYaml.ts";
import type { MapEntry, MapNode, ScalarNode, YamlTree } from "./yamlTree.ts";
import { entryOf, isNull, isTruthy, pythonText, readYaml, textOf } from "./yamlTree.ts";

/** A file that a program such as cookiecutter makes an MLproject file of; nothing more can be said of it. */
const TEMPLATE = /\{%[^%\n]*%\}/;

/** Reads an MLproject file. Never throws: `problems` says what is wrong, and the rest is read as far as possible. */
export function readMlproject(text: string): MlprojectDocument {
  const { document, mistakes } = readOnce(text);
  const mistake = document.problems.find((problem) => problem.code === "yaml-syntax");
  if (mistake === undefined) return document;
  if (TEMPLATE.test(text)) {
    const message = "MLflow cannot read this file: it is a template, whose `{% … %}` must be filled in first.";
    document.problems = [{ ...mistake, message }];
  } else {
    document.problems = [...problemsOfBroken({ document, mistakes }, readOnce)];
  }
  return document;
}

function readOnce(text: string): ReadOnce {
  const plain = readPlainYaml(text);
  const tree: YamlTree = plain === undefined ? readYaml(text) : { root: plain, problems: [], mistakes: 0 };
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
    readProject(tree.root, document, problems);
  }
  document.problems = problems.list();
  return { document, mistakes: tree.mistakes };
}

/** The MLproject file among the names of a folder: `mlproject` in any letter case, the first found (as mlflow 3.17.2). */
export function findMlprojectName(fileNames: readonly string[]): string | undefined {
  return fileNames.find((name) => name.toLowerCase() === "mlproject");
}

function readProject(root: MapNode, document: MlprojectDocument, problems: Problems): void {
  checkLevel(root, "project", problems);
  const name = entryOf(root, "name")?.value;
  if (name !== undefined && isTruthy(name)) document.name = pythonText(name);
  const entryPoints = entryOf(root, "entry_points");
  if (entryPoints !== undefined) document.entryPoints = readEntryPoints(entryPoints, problems);
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

function readEntryPoint(entry: MapEntry, problems: Problems): EntryPoint {
  const name = entry.key.scalar.text;
  const entryPoint: EntryPoint = {
    name,
    nameRange: entry.key.range,
    range: entry.range,
    placeholders: [],
    parameters: [],
  };
  if (entry.key.scalar.kind !== "str") {
    const message = `MLflow reads this name as ${whatItIs(entry.key)}, so that no one can ask for it; quotes make it a text.`;
    const quoted = { title: "Quote the name", range: entry.key.range, newText: `"${entry.key.scalar.source}"` };
    problems.warning("name-not-text", message, entry.key.range, [quoted]);
  }
  if (entry.value.kind !== "map") {
    const found = isNull(entry.value) ? "nothing stands here" : `this is ${whatItIs(entry.value)}`;
    const message = `MLflow needs \`command\` and \`parameters\` below ${name}, but ${found}.`;
    problems.error("entry-point-not-map", message, placeOf(entry.value, entry.key.range));
    return entryPoint;
  }
  checkLevel(entry.value, "entry point", problems);
  const parameters = entryOf(entry.value, "parameters");
  if (parameters !== undefined) {
    entryPoint.parametersRange = parameters.range;
    entryPoint.parameters = readParameters(parameters, problems);
  }
  readCommand(entryPoint, entryOf(entry.value, "command"), problems);
  return entryPoint;
}

function readCommand(entryPoint: EntryPoint, entry: MapEntry | undefined, problems: Problems): void {
  const command = textOf(entry?.value);
  if (entry?.value.kind === "scalar" && command !== undefined) {
    entryPoint.command = command;
    entryPoint.commandRange = entry.value.range;
    entryPoint.placeholders = placeholdersOf(entry.value);
    checkCommand(entryPoint, entry.value, problems);
  } else if (entry === undefined || isNull(entry.value)) {
    const range = entry?.key.range ?? entryPoint.nameRange;
    problems.error("command-missing", `Running ${entryPoint.name} fails, since it has no \`command\`.`, range);
  } else {
    const message = `Running ${entryPoint.name} fails, since its command is ${whatItIs(entry.value)}; it must be a text.`;
    problems.error("command-not-text", message, entry.value.range);
  }
}

function placeholdersOf(node: ScalarNode): Placeholder[] {
  const map = sourceMap(node);
  return allFields(parseFormat(node.scalar.text).parts).map((field) => ({
    name: field.name,
    range: map.rangeOf(field.start, field.end),
    nameRange: map.rangeOf(field.nameStart, field.nameEnd),
  }));
}
