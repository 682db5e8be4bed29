// Runs of projects in Python files, checked against the MLproject they mean.
import type { EntryPoint, Problem } from "../../projects/document.ts";
import { nearest } from "../../projects/spelling.ts";
import { hasScheme } from "../../projects/uriText.ts";
import type { GivenParameter, ProjectRun } from "../python/projectRuns.ts";
import { projectRuns } from "../python/projectRuns.ts";
import type { PythonFile } from "../python/syntax.ts";
import type { RunProject } from "./projectOfRun.ts";
import { entryPointOfRun, projectOfRun } from "./projectOfRun.ts";
import type { Workspace } from "./workspace.ts";

export interface PythonQuestion {
  file: PythonFile;
  isNotebook: boolean;
  /** Path of the file, and its folder, in the workspace. */
  path: string;
  folder: string;
  /** The folder of the nearest MLproject at or above the file, or else its own. */
  workspace: Workspace;
}

/** What would go wrong with the runs a file starts. */
export function checkProjectRuns({ file, isNotebook, folder, workspace }: PythonQuestion): Problem[] {
  return projectRuns(file, isNotebook).flatMap((run) => {
    const project = projectOfRun(run, folder, workspace);
    // Another problem stands in its way first.
    if (
      project === undefined ||
      project.document.problems.some(({ severity, code }) => severity === "error" && code.startsWith("yaml"))
    )
      return [];
    return [...checkEntryPoint(run, project), ...checkParameters(run, project)];
  });
}

function checkEntryPoint(run: ProjectRun, { document }: RunProject): Problem[] {
  const { entryPoint } = run;
  const names = document.entryPoints.map(({ name }) => name);
  const name = entryPoint?.text ?? "main";
  if (run.isOpen || names.includes(name) || /\.(?:py|sh|R)$/.test(name)) return [];
  const meant = nearest(name, names);
  const range = entryPoint?.range ?? run.range;
  const known =
    names.length === 0
      ? "it has none"
      : meant === undefined
        ? `it has ${names.map((one) => `\`${one}\``).join(", ")}`
        : `\`${meant}\` is one`;
  const message =
    entryPoint === undefined
      ? `This run fails: without \`entry_point\` it is \`main\`, which the project has not; ${known}.`
      : `This run fails: the project has no entry point \`${name}\`; ${known}.`;
  const inner = { start: range.end - 1 - name.length, end: range.end - 1 };
  const fixes =
    meant === undefined || entryPoint === undefined
      ? []
      : [{ title: `Change to ${meant}`, range: inner, newText: meant }];
  return [{ code: "run-entry-point-unknown", severity: "error", message, range, fixes }];
}

function checkParameters(run: ProjectRun, project: RunProject): Problem[] {
  const entryPoint = entryPointOfRun(run, project);
  if (entryPoint === undefined) return [];
  const given = run.parameters?.given ?? [];
  return [...given.flatMap((one) => checkGiven(entryPoint, one, given)), ...checkMissing(run, entryPoint, given)];
}

function checkGiven(entryPoint: EntryPoint, one: GivenParameter, all: readonly GivenParameter[]): Problem[] {
  const parameter = entryPoint.parameters.find(({ name }) => name === one.name);
  if (parameter === undefined) {
    const free = entryPoint.parameters
      .map(({ name }) => name)
      .filter((name) => !all.some((other) => other.name === name));
    const meant = nearest(one.name, free);
    // What is not declared becomes an option of the command, which may be meant.
    if (meant === undefined) return [];
    const message = `${entryPoint.name} has no parameter \`${one.name}\`, so that it becomes an option of the command; \`${meant}\` is one.`;
    const fixes = [{ title: `Change to ${meant}`, range: one.nameRange, newText: meant }];
    return [{ code: "run-parameter-unknown", severity: "warning", message, range: one.nameRange, fixes }];
  }
  if (parameter.type !== "uri" || one.value === undefined || hasScheme(one.value)) return [];
  const message = `This run fails: ${one.name} is a uri, and \`${one.value}\` has no scheme.`;
  return [{ code: "run-parameter-value", severity: "error", message, range: one.valueRange }];
}

function checkMissing(run: ProjectRun, entryPoint: EntryPoint, given: readonly GivenParameter[]): Problem[] {
  if (run.hasOtherParameters) return [];
  const missing = entryPoint.parameters.filter(
    (parameter) => parameter.default === undefined && !given.some(({ name }) => name === parameter.name),
  );
  if (missing.length === 0) return [];
  const names = missing.map(({ name }) => `\`${name}\``).join(", ");
  const message = `This run fails: ${entryPoint.name} requires ${names}.`;
  const range = run.parameters?.range ?? run.range;
  const fixes = [];
  if (run.parameters !== undefined) {
    const at = run.parameters.range.start + 1;
    const newText = missing.map(({ name }) => `"${name}": "", `).join("");
    const end = given.length === 0 ? newText.replace(/, $/, "") : newText;
    fixes.push({
      title: missing.length === 1 ? `Add ${missing[0]?.name}` : "Add the missing parameters",
      range: { start: at, end: at },
      newText: end,
    });
  }
  return [
    { code: "run-parameter-missing", severity: "error", message, range, ...(fixes.length === 0 ? {} : { fixes }) },
  ];
}
