import type {
  EntryPoint,
  MlprojectDocument,
  Problem,
  ProblemFix,
  ProblemSeverity,
  TextRange,
} from "../../projects/document.ts";
import { isReadable } from "../../projects/checkShellSyntax.ts";
import { nearest } from "../../projects/spelling.ts";
import type { ArgumentFault, ArgumentProblem } from "../python/argumentValues.ts";
import { checkArguments } from "../python/arguments.ts";
import type { ScriptOption, ValueType } from "../python/model.ts";
import { isPositional, shownName } from "../python/model.ts";
import type { Word } from "./commandWords.ts";
import { isSameName } from "./callCursor.ts";
import type { KnownCall } from "./scriptFacts.ts";
import { argumentOf, knownCalls, parameterOf } from "./scriptFacts.ts";
import type { Workspace } from "./workspace.ts";

/** Compares the words of the commands with what the scripts take. */
export function checkScriptCalls(document: MlprojectDocument, workspace: Workspace): Problem[] {
  if (workspace.scripts === undefined) return [];
  const isRead = ({ command }: EntryPoint) => command === undefined || isReadable(command);
  return document.entryPoints
    .filter(isRead)
    .flatMap((entryPoint) =>
      knownCalls(document, entryPoint, workspace).flatMap((known) => checkCall(document, entryPoint, known)),
    );
}

function checkCall(document: MlprojectDocument, entryPoint: EntryPoint, known: KnownCall): Problem[] {
  const { call, script } = known;
  const args = call.words.map((word) => argumentOf(word, entryPoint));
  const problems = checkArguments(script, args);
  return problems
    .filter((problem) => !isGuess(known, problem) && !followsFrom(problem, problems))
    .map((problem) => {
      const word = problem.at === undefined ? undefined : call.words[problem.at];
      return told(document, { entryPoint, known, problem, word });
    });
}

/** A value that is only given at run time may be an option itself. */
function isGuess(known: KnownCall, { fault, value, at = 0 }: ArgumentProblem): boolean {
  return fault === "needless-argument" && value === undefined && !followsSwitch(known, at);
}

/** The value of an option that is not known, and what is missing because it is misspelt, are no problems of their own. */
function followsFrom({ fault, at, option }: ArgumentProblem, all: readonly ArgumentProblem[]): boolean {
  const unknown = all.filter((other) => other.fault === "unknown-option");
  if (fault === "needless-argument") return unknown.some((other) => other.at !== undefined && other.at + 1 === at);
  if (fault !== "missing-option" || option === undefined) return false;
  return unknown.some(({ word = "", known = [] }) => option.flags.includes(nearest(word, known) ?? ""));
}

function followsSwitch({ call, script }: KnownCall, at: number): boolean {
  const [before] = call.words[at - 1]?.pieces ?? [];
  if (before?.kind !== "text") return false;
  return script.options.some((option) => option.most === 0 && !option.uncertain && option.flags.includes(before.text));
}

interface Told {
  entryPoint: EntryPoint;
  known: KnownCall;
  problem: ArgumentProblem;
  word: Word | undefined;
}

const CODES: Record<ArgumentFault, string> = {
  "unknown-option": "script-option-unknown",
  "ambiguous-option": "script-option-unknown",
  "missing-option": "script-option-missing",
  "missing-value": "script-value-missing",
  "needless-value": "script-argument-needless",
  "needless-argument": "script-argument-needless",
  "wrong-type": "script-value-type",
  "wrong-choice": "script-value-choice",
  "out-of-range": "script-value-choice",
  "always-true": "script-value-true",
  exclusive: "script-option-exclusive",
  "unknown-command": "script-command-unknown",
  "missing-command": "script-option-missing",
};

const NOUNS: Record<ValueType, string> = {
  int: "a whole number",
  float: "a number",
  text: "a text",
  truth: "a text",
  switch: "true or false",
};

function told(document: MlprojectDocument, { entryPoint, known, problem, word }: Told): Problem {
  const place = placeOf(entryPoint, problem, word);
  const severity = severityOf(entryPoint, problem, place !== undefined);
  const range = place ?? word?.range ?? known.call.range;
  const message = messageOf(entryPoint, known, problem, place !== undefined);
  const fixes = fixesOf(document, problem, word);
  return { code: CODES[problem.fault], severity, message, range, ...(fixes.length === 0 ? {} : { fixes }) };
}

/** The default that gives the value which does not suit; undefined when the command itself holds it. */
function placeOf(entryPoint: EntryPoint, problem: ArgumentProblem, word: Word | undefined): TextRange | undefined {
  if (!VALUE_FAULTS.includes(problem.fault)) return undefined;
  for (const piece of word?.pieces ?? []) {
    if (piece.kind !== "placeholder") continue;
    return parameterOf(entryPoint, piece.name)?.defaultScalar?.range ?? word?.range;
  }
  return undefined;
}

const VALUE_FAULTS: readonly ArgumentFault[] = ["wrong-type", "wrong-choice", "out-of-range", "always-true"];

function severityOf(entryPoint: EntryPoint, problem: ArgumentProblem, isDefault: boolean): ProblemSeverity {
  const { fault, option } = problem;
  if (fault === "missing-command" || fault === "always-true") return "warning";
  if (fault !== "missing-option") return isDefault ? "warning" : "error";
  // People run projects with values that are not declared; one that is declared is surely meant to be passed on.
  const isDeclared = entryPoint.parameters.some(({ name }) => option !== undefined && isSameName(name, option));
  return canBeGiven(problem) && !isDeclared ? "hint" : "warning";
}

/** Whether a run may give what is missing as a value that is not declared, which becomes ` --name value`. */
function canBeGiven({ option, known = [] }: ArgumentProblem): boolean {
  return option !== undefined && !isPositional(option) && (option.most > 0 || known.length > 1);
}

function messageOf(entryPoint: EntryPoint, { call }: KnownCall, problem: ArgumentProblem, isDefault: boolean): string {
  const fails = `Running ${entryPoint.name} fails`;
  const script = call.name;
  const { fault, option, word = "", value = "", known = [] } = problem;
  const name = option === undefined ? "" : nameOf(option);
  const from = isDefault ? "with its default " : "";
  switch (fault) {
    case "unknown-option":
    case "unknown-command": {
      const meant = nearest(word, known);
      const what = fault === "unknown-option" ? "option" : "command";
      return `${fails}: ${script} has no ${what} \`${word}\`${meant === undefined ? "" : `; \`${meant}\` is one`}.`;
    }
    case "ambiguous-option":
      return `${fails}: \`${word}\` may be ${list(known)} of ${script}.`;
    case "missing-option":
      return known.length > 1
        ? `${fails} unless one of ${list(known)} is given: ${script} requires it.`
        : canBeGiven(problem)
          ? `${fails} unless a value for ${name} is given with the run: ${script} requires it.`
          : `${fails}: ${script} requires ${name}.`;
    case "missing-command":
      return `${script} needs one of its commands here: ${list(known)}.`;
    case "missing-value":
      return `${fails}: ${name} of ${script} needs ${option !== undefined && option.least > 1 ? `${option.least} values` : "a value"}.`;
    case "needless-value":
      return `${fails}: ${name} of ${script} takes no value.`;
    case "needless-argument":
      return value === ""
        ? `${fails}: ${script} takes no value here.`
        : `${fails}: ${script} does not know what to do with \`${value}\`.`;
    case "wrong-type":
      return `Running ${entryPoint.name} ${from}fails: ${name} of ${script} takes ${NOUNS[option?.type ?? "text"]}, and \`${value}\` is none.`.replace(
        /takes (true or false), and (.*) is none\.$/,
        "takes $1, and $2 is neither.",
      );
    case "wrong-choice":
      return `Running ${entryPoint.name} ${from}fails: ${name} of ${script} takes ${list(known)}, not \`${value}\`.`;
    case "out-of-range":
      return `Running ${entryPoint.name} ${from}fails: ${name} of ${script} takes numbers ${boundsOf(option)}, not ${value}.`;
    case "always-true":
      return `${name} of ${script} takes \`${value}\` for true: Python's \`bool()\` of a text is false only when it is empty.`;
    case "exclusive":
      return `${fails}: ${script} takes only one of ${list(known)}.`;
    default:
      return fault satisfies never;
  }
}

function nameOf(option: ScriptOption): string {
  return isPositional(option) ? `the argument \`${option.name}\`` : `\`${shownName(option)}\``;
}

function boundsOf(option: ScriptOption | undefined): string {
  const { minimum, maximum } = option ?? {};
  if (minimum === undefined) return `up to ${maximum}`;
  return maximum === undefined ? `from ${minimum} on` : `from ${minimum} to ${maximum}`;
}

function list(words: readonly string[]): string {
  const shown = words.slice(0, 8).map((word) => `\`${word}\``);
  return words.length > 8 ? `${shown.join(", ")} …` : shown.join(", ");
}

function fixesOf(document: MlprojectDocument, problem: ArgumentProblem, word: Word | undefined): ProblemFix[] {
  const { fault, known = [], word: text = "" } = problem;
  if (word === undefined) return [];
  if (fault === "unknown-option" || fault === "unknown-command") {
    const meant = nearest(text, known);
    const range = { start: word.range.start, end: word.range.start + text.length };
    // Between quotes the word begins elsewhere.
    if (meant === undefined || document.text.slice(range.start, range.end) !== text) return [];
    return [{ title: `Change to ${meant}`, range, newText: meant }];
  }
  if (fault === "wrong-choice") {
    const value = problem.value ?? "";
    const meant = nearest(value, known);
    if (meant === undefined || document.text.slice(word.range.start, word.range.end) !== value) return [];
    return [{ title: `Change to ${meant}`, range: word.range, newText: meant }];
  }
  return [];
}
