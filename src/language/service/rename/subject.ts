// What a rename begins at: a parameter of an entry point, or an option of a script that it calls.
import type { EntryPoint, MlprojectDocument, TextRange } from "../../../projects/document.ts";
import type { ScriptOption } from "../../python/model.ts";
import { usesOfDest } from "../../python/namespaceUses.ts";
import { projectRuns } from "../../python/projectRuns.ts";
import { nodeAt } from "../nodeAt.ts";
import { touches, wordAt } from "../positions.ts";
import { entryPointOfRun, projectIn, projectOfRun } from "../projectOfRun.ts";
import type { PythonQuestion } from "../pythonRuns.ts";
import type { KnownCall } from "../scriptFacts.ts";
import { callsOf } from "../scriptFacts.ts";
import type { Workspace } from "../workspace.ts";
import { flagOfWord, flagsInCall, optionsIn } from "./commandEdits.ts";
import { callAt, isNamedBy, rangeOfFlag } from "./optionEdits.ts";
import { bareFlag, inQuotes } from "./spelling.ts";

export type Subject = { range: TextRange } & (
  | { kind: "parameter"; entryPoint: EntryPoint; name: string }
  /** `flag`: with its dashes; undefined for the attribute of the parsed arguments when that has a name of its own. */
  | { kind: "option"; known: KnownCall; option: ScriptOption; flag: string | undefined; name: string; isUse: boolean }
);

/** What stands at `offset` of an MLproject. */
export function subjectAt(
  document: MlprojectDocument,
  offset: number,
  workspace: Workspace | undefined,
): Subject | undefined {
  const node = nodeAt(document, offset);
  if (node !== undefined) {
    if (node.kind === "entryPoint" || node.parameter === undefined) return undefined;
    const range = node.kind === "parameter" ? node.parameter.nameRange : node.placeholder.nameRange;
    const { entryPoint, parameter } = node;
    return { kind: "parameter", entryPoint, name: parameter.name, range: inQuotes(document.text, range) };
  }
  if (workspace === undefined) return undefined;
  for (const known of callsOf(document, workspace)) {
    const word = known.call.words.find(({ range }) => touches(range, offset));
    const named = word === undefined ? undefined : flagOfWord(document, known.script, word);
    if (named === undefined || !touches(named.range, offset) || named.option.flags.length === 0) continue;
    const { flag, option, written, range } = named;
    if (flag !== written || !flag.startsWith("--") || option.offFlags.includes(flag)) return undefined;
    return {
      kind: "option",
      known,
      option,
      flag,
      name: bareFlag(flag),
      isUse: false,
      range: { ...range, start: range.start + 2 },
    };
  }
  return undefined;
}

/** What stands at `offset` of a Python file; undefined for what no MLproject uses. */
export function subjectInPython(question: PythonQuestion, offset: number): Subject | undefined {
  const { file, folder, path, workspace, isNotebook } = question;
  const project = isNotebook ? undefined : projectIn(".", workspace);
  if (project === undefined) return undefined;
  for (const run of projectRuns(file)) {
    const given = run.parameters?.given.find(({ nameRange }) => touches(nameRange, offset));
    const meant = given === undefined ? undefined : projectOfRun(run, folder, workspace);
    if (given === undefined || meant === undefined) continue;
    const entryPoint = meant.path === project.path ? entryPointOfRun(run, meant) : undefined;
    const isDeclared = entryPoint?.parameters.some(({ name }) => name === given.name);
    if (entryPoint === undefined || isDeclared !== true) return undefined;
    return { kind: "parameter", entryPoint, name: given.name, range: given.nameRange };
  }
  const { document } = project;
  for (const known of callsOf(document, workspace)) {
    for (const option of optionsIn(known.script)) {
      if (option.namePlace.file !== path || flagsInCall(document, known, option).length === 0) continue;
      const subject = atDeclaration(question, known, option, offset) ?? atUse(question, known, option, offset);
      if (subject !== undefined) return subject;
    }
  }
  return undefined;
}

type OptionSubject = Extract<Subject, { kind: "option" }>;

function atDeclaration(
  { file }: PythonQuestion,
  known: KnownCall,
  option: ScriptOption,
  offset: number,
): OptionSubject | undefined {
  if (!touches(option.place.range, offset)) return undefined;
  const call = callAt(file, option.place.range);
  if (call === undefined) {
    const [flag] = option.flags;
    const { range } = option.namePlace;
    return touches(range, offset) && flag !== undefined
      ? { kind: "option", known, option, flag, name: option.name, isUse: false, range }
      : undefined;
  }
  for (const flag of option.flags) {
    const isBare = known.script.framework === "absl";
    const found = rangeOfFlag(file, call, isBare ? bareFlag(flag) : flag);
    if (found === undefined || !touches(found, offset) || !flag.startsWith("--")) continue;
    const range = { start: found.start + (isBare ? 0 : 2), end: found.end };
    return { kind: "option", known, option, flag, name: bareFlag(flag), isUse: false, range };
  }
  return undefined;
}

/** `args.lr`. */
function atUse(
  { file }: PythonQuestion,
  known: KnownCall,
  option: ScriptOption,
  offset: number,
): OptionSubject | undefined {
  if (known.script.framework !== "argparse" || !/\w/.test(file.text.slice(Math.max(0, offset - 1), offset + 1)))
    return undefined;
  const word = wordAt(file.text, offset);
  if (word !== option.name) return undefined;
  const range = usesOfDest(file, option.name).ranges.find((one) => touches(one, offset));
  if (range === undefined) return undefined;
  const flag = option.flags.find((one) => isNamedBy(file, option, one));
  return { kind: "option", known, option, flag, name: option.name, isUse: true, range };
}
