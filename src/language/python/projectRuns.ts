// Calls of `mlflow.run(…)` and `mlflow.projects.run(…)` in a Python file.
import type { TextRange } from "../../projects/document.ts";
import type { CallNode, Expression, FunctionNode, ImportNode, PythonFile, Statement } from "./syntax.ts";
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
  /** Not all that is given may be in `parameters`. */
  hasOtherParameters: boolean;
  /** Names of parameters may stand elsewhere in the file. */
  hasHiddenNames: boolean;
}

/** The order of the arguments of `mlflow.projects.run` (3.17.2). */
const ORDER = ["uri", "entry_point", "version", "parameters"];

/** The runs a file starts. `imported`: names that other cells of a notebook may have bound count, too. */
export function projectRuns(file: PythonFile, isNotebook = false): ProjectRun[] {
  if (!/\brun\s*\(/.test(file.text) || !(isNotebook || file.text.includes("mlflow"))) return [];
  const names = runNames(file.body);
  if (isNotebook) names.add("mlflow.run").add("mlflow.projects.run");
  const calls = [...expressionsIn(file.body)].filter((one) => one.kind === "call");
  const isRun = ({ callee }: CallNode) => names.has(dottedName(callee) ?? "");
  const assigned = assignmentsIn(file.body);
  for (const { callee } of calls) {
    const changed = callee.kind === "member" && CHANGES.has(callee.name) ? callee.of : undefined;
    if (changed?.kind === "name") assigned.set(changed.name, [...(assigned.get(changed.name) ?? []), changed]);
  }
  const direct = calls.filter(isRun).map((call) => runOf(givenTo(call), call, assigned));
  return [...direct, ...[...functionsIn(file.body)].flatMap((node) => runsThrough(node, isRun, calls, assigned))];
}

/** Methods that change a dict. */
const CHANGES = new Set(["update", "setdefault", "pop", "popitem", "clear"]);

/** The arguments of a run. */
interface RunArguments {
  uri: Expression | undefined;
  entryPoint: Expression | undefined;
  parameters: Expression | undefined;
  isOpen: boolean;
}

function givenTo(call: CallNode): RunArguments {
  const argument = (name: string) =>
    call.keywords.find((keyword) => keyword.name === name)?.value ?? call.args[ORDER.indexOf(name)];
  return {
    uri: argument("uri"),
    entryPoint: argument("entry_point"),
    parameters: argument("parameters"),
    isOpen: call.spread,
  };
}

/** The runs that calls of a function start, when it hands its own parameters on to `mlflow.run`. */
function runsThrough(
  node: FunctionNode,
  isRun: (call: CallNode) => boolean,
  calls: readonly CallNode[],
  assigned: ReadonlyMap<string, Expression[]>,
): ProjectRun[] {
  const inside = [...expressionsIn(node.body)].filter((one) => one.kind === "call").filter(isRun);
  const [only] = inside;
  if (only === undefined || inside.length > 1) return [];
  const given = givenTo(only);
  const index = (value: Expression | undefined) =>
    value?.kind === "name" && !assigned.has(value.name)
      ? node.parameters.findIndex(({ name, kind }) => name === value.name && kind === "plain")
      : -1;
  const [entryPoint, parameters] = [index(given.entryPoint), index(given.parameters)];
  if (entryPoint < 0) return [];
  const passed = (call: CallNode, at: number) =>
    call.keywords.find(({ name }) => name === node.parameters[at]?.name)?.value ?? call.args[at];
  return calls
    .filter(({ callee }) => callee.kind === "name" && callee.name === node.name)
    .map((call) => {
      const values = { entryPoint: passed(call, entryPoint), isOpen: call.spread || given.isOpen, uri: given.uri };
      const taken = parameters < 0 ? given.parameters : passed(call, parameters);
      const run = runOf({ ...values, parameters: taken }, call, assigned);
      run.isOpen ||= run.entryPoint === undefined;
      return run;
    });
}

function* functionsIn(body: readonly Statement[]): Generator<FunctionNode> {
  for (const statement of body) {
    if (statement.kind === "function") yield statement;
    for (const inner of bodiesOf(statement)) yield* functionsIn(inner);
  }
}

/** What is assigned to each name, anywhere in the file. */
function assignmentsIn(body: readonly Statement[], found = new Map<string, Expression[]>()): Map<string, Expression[]> {
  for (const statement of body) {
    if (statement.kind === "assign" || statement.kind === "update") {
      const targets = statement.kind === "assign" ? statement.targets : [statement.target];
      for (const target of targets) {
        const of = target.kind === "index" ? target.of : target;
        if (of.kind !== "name") continue;
        const list = found.get(of.name) ?? [];
        list.push(target.kind === "name" && statement.kind === "assign" ? (statement.value ?? target) : target);
        found.set(of.name, list);
      }
    }
    for (const inner of bodiesOf(statement)) assignmentsIn(inner, found);
  }
  return found;
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

function runOf(values: RunArguments, { range }: CallNode, assigned: ReadonlyMap<string, Expression[]>): ProjectRun {
  const { uri, entryPoint, isOpen } = values;
  const run: ProjectRun = { range, isOpen, hasOtherParameters: isOpen, hasHiddenNames: isOpen };
  if (uri?.kind === "text") run.uri = { text: uri.value, range: uri.range };
  if (entryPoint?.kind === "text") run.entryPoint = { text: entryPoint.value, range: entryPoint.range };
  else if (entryPoint !== undefined) run.isOpen = true;
  let { parameters } = values;
  if (parameters === undefined || (parameters.kind === "constant" && parameters.value === null)) return run;
  // Between its assignment and the run more may be put into a dict.
  if (parameters.kind === "name") {
    const [only, another] = assigned.get(parameters.name) ?? [];
    run.hasOtherParameters = true;
    if (only?.kind === "dict" && another === undefined) parameters = only;
  }
  const entries = parameters.kind === "dict" && !parameters.spread ? parameters.entries : undefined;
  if (entries === undefined || entries.some(({ key }) => key.kind !== "text")) {
    run.hasOtherParameters = true;
    run.hasHiddenNames = true;
  }
  if (parameters.kind !== "dict") return run;
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
