// A rename with all the edits after which the project runs as before, in the MLproject, its scripts and the files that run it.
import type { EntryPoint, MlprojectDocument } from "../../../projects/document.ts";
import { escaped } from "../../../projects/checkPlaceholders.ts";
import { plainTag } from "../../../projects/yamlScalars.ts";
import type { ScriptOption } from "../../python/model.ts";
import { usesOfDest } from "../../python/namespaceUses.ts";
import { bindingsOf } from "../callCursor.ts";
import { keysOf, mayBeGivenOtherwise, pythonFiles } from "../crossReferences.ts";
import { joinPath } from "../scriptCall.ts";
import type { KnownCall } from "../scriptFacts.ts";
import { callsOf, parameterOf } from "../scriptFacts.ts";
import type { Workspace } from "../workspace.ts";
import {
  abbreviationOf,
  flagsInCall,
  givenByCommands,
  isSameOption,
  optionsIn,
  placeholdersOf,
  sharersOf,
} from "./commandEdits.ts";
import type { ScriptPlace } from "./optionEdits.ts";
import { isNamedBy, notSure, renameDest, renameFlag } from "./optionEdits.ts";
import type { Edit } from "./spelling.ts";
import { bareFlag, inQuotes, isPythonName, isSpelledAlike, Refusal, spelledAs } from "./spelling.ts";
import type { Subject } from "./subject.ts";

/** A project without a folder has no scripts. */
export interface RenameProject {
  document: MlprojectDocument;
  workspace: Workspace | undefined;
  /** Path of the MLproject file in its workspace. */
  path: string;
}

/** The edits of a rename, each once; or why it is not done. */
export function renameSubject(project: RenameProject, subject: Subject, typed: string): Edit[] | Refusal {
  const newName = subject.kind === "option" ? typed.replace(/^--?/, "") : typed;
  if (newName === subject.name) return [];
  if (!/^[A-Za-z_][\w-]*$/.test(newName))
    return new Refusal("The name of a parameter has letters, digits, _ and -, and begins with a letter or _.");
  const edits =
    subject.kind === "parameter"
      ? renameFromParameter(project, subject, newName)
      : renameFromOption(project, subject, newName);
  if (edits instanceof Refusal) return edits;
  const known = new Map(edits.map((edit) => [`${edit.path}:${edit.range.start}:${edit.range.end}`, edit]));
  return [...known.values()];
}

function renameFromParameter(
  project: RenameProject,
  { entryPoint, name }: Extract<Subject, { kind: "parameter" }>,
  newName: string,
): Edit[] | Refusal {
  const own = renameParameter(project, entryPoint, name, newName);
  const { document, workspace } = project;
  if (own instanceof Refusal || workspace === undefined) return own;
  const shared = new Set(sharedNames(document, entryPoint, name));
  const options = linkedOptions(project, entryPoint, name).flatMap(({ option, flag }) => {
    // An option that others are given, too, keeps its name.
    const isShared = document.entryPoints.some(
      (other) =>
        !shared.has(other.name) &&
        callsOf({ ...document, entryPoints: [other] }, workspace).some(
          (known) => flagsInCall(document, known, option).length > 0,
        ),
    );
    const edits = isShared ? [] : renameOption(project, option, flag, `--${spelledAs(name, bareFlag(flag), newName)}`);
    return edits instanceof Refusal ? [] : edits;
  });
  return [...own, ...options];
}

function sharedNames(document: MlprojectDocument, entryPoint: EntryPoint, name: string): string[] {
  const sharers = sharersOf(document, entryPoint, name);
  return sharers instanceof Refusal ? [] : sharers.map((one) => one.name);
}

function renameFromOption(
  project: RenameProject,
  { option, flag, known, isUse, name }: Extract<Subject, { kind: "option" }>,
  newName: string,
): Edit[] | Refusal {
  const { document, workspace } = project;
  if (workspace === undefined) return [];
  const file = workspace.scripts?.file(option.namePlace.file);
  if (file === undefined) return [];
  if (isUse && !isPythonName(newName)) return new Refusal(`\`${newName}\` is no name for an attribute of Python.`);
  if (isUse && option.name !== newName && optionsIn(known.script).some((one) => one.name === newName))
    return new Refusal(`${known.call.name} has an argument ${newName} already; choose another name.`);
  if (flag === undefined) {
    const edits = renameDest(placeOf(workspace, known, option), newName);
    return edits instanceof Refusal ? edits : edits.map((edit) => ({ ...edit, path: option.namePlace.file }));
  }
  if (isUse && !usesOfDest(file, option.name).isSure) return notSure(option.name);
  const newFlag = `--${spelledAs(name, bareFlag(flag), newName)}`;
  const own = renameOption(project, option, flag, newFlag);
  if (own instanceof Refusal) return own;
  const all = [...own];
  for (const entryPoint of document.entryPoints) {
    for (const parameter of entryPoint.parameters) {
      const isLinked = linkedOptions(project, entryPoint, parameter.name).some(
        (link) => isSameOption(link.option, option) && link.flag === flag,
      );
      if (!isLinked) continue;
      const edits = renameParameter(project, entryPoint, parameter.name, spelledAs(name, parameter.name, newName));
      if (edits instanceof Refusal) return edits;
      all.push(...edits);
    }
  }
  return all;
}

/** The parameter with its placeholders, and the names by which Python files and commands give it a value. */
function renameParameter(
  { document, workspace, path }: RenameProject,
  entryPoint: EntryPoint,
  name: string,
  newName: string,
): Edit[] | Refusal {
  const sharers = sharersOf(document, entryPoint, name);
  if (sharers instanceof Refusal) return sharers;
  if (plainTag(newName) !== "str")
    return new Refusal(`YAML reads ${newName} as another value than a text; choose another name.`);
  const edits: Edit[] = [];
  for (const one of sharers) {
    const parameter = parameterOf(one, name);
    if (parameter === undefined) continue;
    if (parameterOf(one, newName) !== undefined)
      return new Refusal(`${one.name} has a parameter ${newName} already; choose another name.`);
    const given = mayBeGivenOtherwise(one, name, workspace);
    if (given !== undefined)
      return new Refusal(`${given} gives ${name} in a way that is not followed; rename it by hand.`);
    const keys = workspace === undefined ? [] : keysOf(one, name, workspace);
    const own = [
      inQuotes(document.text, parameter.nameRange),
      ...placeholdersOf(one, name),
      ...givenByCommands(document, one.name, name),
    ];
    const places = [...own.map((range) => ({ path, range })), ...keys.map((key) => ({ path, ...key }))];
    edits.push(...places.map((place) => ({ ...place, newText: newName })));
  }
  const isPlain = edits.every(
    (edit) => textOf(edit.path, { document, workspace, path }).slice(edit.range.start, edit.range.end) === name,
  );
  return isPlain ? edits : new Refusal(`${name} is written in a way that is not followed; rename it by hand.`);
}

function textOf(path: string, project: RenameProject): string {
  return path === project.path ? project.document.text : (project.workspace?.read(path) ?? "");
}

/** The options of the same name that get the parameter's value. */
function linkedOptions(
  { document, workspace }: RenameProject,
  entryPoint: EntryPoint,
  name: string,
): Array<{ option: ScriptOption; flag: string }> {
  if (workspace === undefined) return [];
  return bindingsOf(document, entryPoint, workspace)
    .filter(({ parameter }) => parameter.name === name)
    .flatMap(({ option, known }) => {
      const named = flagsInCall(document, known, option).find(({ flag }) => flag.startsWith("--"));
      return named !== undefined && isSpelledAlike(bareFlag(named.flag), name) ? [{ option, flag: named.flag }] : [];
    });
}

function renameOption(project: RenameProject, option: ScriptOption, flag: string, newFlag: string): Edit[] | Refusal {
  const { document, workspace, path } = project;
  if (workspace === undefined) return [];
  const calls = callsOf(document, workspace).filter(({ script }) =>
    optionsIn(script).some((one) => isSameOption(one, option)),
  );
  const [known] = calls;
  const { file } = option.namePlace;
  if (known === undefined) return [];
  const scripts = [...new Set(calls.map((call) => call.path))];
  if (scripts.length > 1)
    return new Refusal(`${scripts.join(" and ")} share \`${flag}\` of ${file}; rename it by hand.`);
  const problem = flagProblem(calls, known, option, flag, newFlag, workspace);
  if (problem !== undefined) return problem;
  const inScript = renameFlag(placeOf(workspace, known, option), flag, newFlag);
  if (inScript instanceof Refusal) return inScript;
  const inCommands = calls.flatMap((call) =>
    flagsInCall(document, call, option).flatMap((named) => {
      const newText = flagInWord(named.flag, named.written, flag, newFlag);
      return newText === undefined ? [] : [{ path, range: named.range, newText }];
    }),
  );
  return [
    ...inScript.map((edit) => ({ ...edit, path: file })),
    ...inCommands,
    ...undeclaredKeys(project, calls, flag, newFlag),
  ];
}

function flagProblem(
  calls: readonly KnownCall[],
  known: KnownCall,
  option: ScriptOption,
  flag: string,
  newFlag: string,
  workspace: Workspace,
): Refusal | undefined {
  const name = bareFlag(newFlag).replaceAll("-", "_");
  const file = workspace.scripts?.file(option.namePlace.file);
  const takesName = file !== undefined && isNamedBy(file, option, flag);
  const taken = calls
    .flatMap(({ script }) => optionsIn(script))
    .some(
      (one) =>
        !isSameOption(one, option) &&
        ([...one.flags, ...one.offFlags].some((other) => isSpelledAlike(other, newFlag)) ||
          (takesName && one.name === name)),
    );
  if (taken) return new Refusal(`${known.call.name} has an option \`${newFlag}\` already; choose another name.`);
  const short = abbreviationOf(calls, newFlag, option);
  if (short !== undefined)
    return new Refusal(`\`${short}\` in a command could mean \`${newFlag}\`, too; write it out first.`);
  const other = callerElsewhere(known, flag, workspace);
  return other === undefined
    ? undefined
    : new Refusal(`${other} calls ${known.call.name} with \`${flag}\`, too; rename it by hand.`);
}

/** A shell script or Python file that calls the script with the flag as well. */
function callerElsewhere({ path }: KnownCall, flag: string, workspace: Workspace): string | undefined {
  const script = path.replace(/^.*\//, "");
  const shell = workspace.list(".").filter((name) => /\.sh$|^Makefile$/.test(name));
  const isFlag = new RegExp(`(?<![\\w-])${escaped(flag)}(?![\\w-])`);
  return [...shell, ...pythonFiles(workspace)].find((file) => {
    const text = file === path ? "" : (workspace.read(file) ?? "");
    return text.includes(script) && isFlag.test(text);
  });
}

/** The word as it is written after the rename; undefined for another flag of the same option. */
function flagInWord(named: string, written: string, flag: string, newFlag: string): string | undefined {
  if (named === flag) return written.startsWith("--") ? newFlag : newFlag.replace(/^--/, "-");
  for (const off of ["--no-", "--no"]) if (named === `${off}${flag.slice(2)}`) return `${off}${newFlag.slice(2)}`;
  return undefined;
}

/** A value that no entry point declares becomes ` --name value` at the end of the command. */
function undeclaredKeys(
  { document, workspace }: RenameProject,
  calls: readonly KnownCall[],
  flag: string,
  newFlag: string,
): Edit[] {
  if (workspace === undefined) return [];
  const name = bareFlag(flag);
  return document.entryPoints
    .filter((one) => parameterOf(one, name) === undefined)
    .filter((one) => callsOf({ ...document, entryPoints: [one] }, workspace).at(-1)?.path === calls[0]?.path)
    .flatMap((one) => keysOf(one, name, workspace))
    .flatMap(({ path, range }) => (path === undefined ? [] : [{ path, range, newText: bareFlag(newFlag) }]));
}

function placeOf(workspace: Workspace, { script, path }: KnownCall, option: ScriptOption): ScriptPlace {
  const { file: own } = option.namePlace;
  const file = workspace.scripts?.file(own) ?? { text: "", body: [], broken: true };
  const stem = escaped(own.replace(/^.*\//, "").replace(/\.py$/, ""));
  const imports = new RegExp(
    `\\bfrom\\s+[\\w.]*\\b${stem}\\s+import\\b|\\bimport\\s+[\\w., ]*\\b${stem}\\b|\\bfrom\\s+\\.+\\s+import\\b`,
  );
  const isUsedElsewhere = (name: string) =>
    // What another module declares is used by whoever reads it.
    joinPath(own, ".") !== joinPath(path, ".") ||
    pythonFiles(workspace).some((other) => {
      const text = other === own ? "" : (workspace.read(other) ?? "");
      return imports.test(text) && new RegExp(`\\b${escaped(name)}\\b`).test(text);
    });
  return { file, script, option, isUsedElsewhere };
}
