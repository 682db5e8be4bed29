// Calls of `mlflow.run(…)` and `mlflow.projects.run(…)` in a Python file.
import type { TextRange } from "../../projects/document.ts";
import type { CallNode, Expression, ImportNode, PythonFile, Statement } from "./syntax.ts";
import { bodiesOf, dottedName, expressionsIn } from "./syntax.ts";

export interface GivenText {
  text: string;
  /** With its quotes. */
  range: TextRange;
}

export interface GivenParameter {
  name: string;
  /** Of the name, between its quotes. */
  nameRange: TextRange;
  /** A literal; absent for what is only known at run time. */
  value?: string;
  valueRange: TextRange;
}

export interface ProjectRun {
  range: TextRange;
  /** Undefined: not a text that stands there. */
  uri?: GivenText;
  /** Undefined: `main`, or what is only known at run time. */
  entryPoint?: GivenText;
  /** The entry point cannot be told. */
  isOpen: boolean;
  /** Undefined: none is given, or what is given cannot be told (`isOpen` of `parameters`). */
  parameters?: { range: TextRange; given: GivenParameter[] };
  hasOtherParameters: boolean;
}

/** The order of the arguments of `mlflow.projects.run` (3.17.2). */
const ORDER = ["uri", "entry_point", "version", "parameters"];

/** The runs a file starts. `imported`: names that other cells of a notebook may have bound count, too. */
export function projectRuns(file: PythonFile, isNotebook = false): ProjectRun[] {
  if (!/\brun\s*\(/.test(file.text) || !(isNotebook || file.text.includes("mlflow"))) return [];
  const names = runNames(file.body);
  if (isNotebook) names.add("mlflow.run").add("mlflow.projects.run");
  const runs: ProjectRun[] = [];
  for (const expression of expressionsIn(file.body)) {
    if (expression.kind !== "call") continue;
    const name = dottedName(expression.callee);
    if (name !== undefined && names.has(name)) runs.push(runOf(expression));
  }
  return runs;
}

/** The names by which `mlflow.projects.run` can be called. */
function runNames(body: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  for (const { module, names: imported, as, level } of importsIn(body)) {
    if (level > 0) continue;
    if (imported === undefined) {
      if (module === "mlflow" || module.startsWith("mlflow.")) {
        const base = as ?? "mlflow";
        if (as === undefined || module === "mlflow") names.add(`${base}.run`).add(`${base}.projects.run`);
        else if (module === "mlflow.projects") names.add(`${base}.run`);
      }
      continue;
    }
    for (const { name, as: bound } of imported) {
      if ((module === "mlflow" || module === "mlflow.projects") && name === "run") names.add(bound);
      if (module === "mlflow" && name === "projects") names.add(`${bound}.run`);
    }
  }
  return names;
}

function* importsIn(body: readonly Statement[]): Generator<ImportNode> {
  for (const statement of body) {
    if (statement.kind === "import") yield statement;
    for (const inner of bodiesOf(statement)) yield* importsIn(inner);
  }
}

function runOf(call: CallNode): ProjectRun {
  const argument = (name: string) =>
    call.keywords.find((keyword) => keyword.name === name)?.value ?? call.args[ORDER.indexOf(name)];
  const [uri, entryPoint, parameters] = ["uri", "entry_point", "parameters"].map(argument);
  const run: ProjectRun = { range: call.range, isOpen: call.spread, hasOtherParameters: call.spread };
  if (uri?.kind === "text") run.uri = { text: uri.value, range: uri.range };
  if (entryPoint?.kind === "text") run.entryPoint = { text: entryPoint.value, range: entryPoint.range };
  else if (entryPoint !== undefined) run.isOpen = true;
  if (parameters === undefined || (parameters.kind === "constant" && parameters.value === null)) return run;
  if (parameters.kind !== "dict") {
    run.hasOtherParameters = true;
    return run;
  }
  if (parameters.spread || parameters.entries.some(({ key }) => key.kind !== "text")) run.hasOtherParameters = true;
  run.parameters = {
    range: parameters.range,
    given: parameters.entries.flatMap(({ key, value }) => givenOf(key, value)),
  };
  return run;
}

function givenOf(key: Expression, value: Expression): GivenParameter[] {
  if (key.kind !== "text") return [];
  // The name ends in front of the closing quote, whatever stands before it (`r"`, `"""`).
  const end = key.range.end - 1;
  const nameRange = { start: end - key.value.length, end };
  const literal = literalOf(value);
  return [
    { name: key.value, nameRange, valueRange: value.range, ...(literal === undefined ? {} : { value: literal }) },
  ];
}

function literalOf(value: Expression): string | undefined {
  if (value.kind === "text") return value.value;
  return value.kind === "number" && value.isInt ? String(value.value) : undefined;
}
