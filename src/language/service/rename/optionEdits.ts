// What a rename changes in the script that has the option.
import { escaped } from "../../../projects/checkPlaceholders.ts";
import type { TextRange } from "../../../projects/document.ts";
import type { ScriptInterface, ScriptOption } from "../../python/model.ts";
import { codeText } from "../../python/codeText.ts";
import { usesOfDest } from "../../python/namespaceUses.ts";
import type { CallNode, Expression, FunctionNode, PythonFile, Statement } from "../../python/syntax.ts";
import { bodiesOf, expressionsIn } from "../../python/syntax.ts";
import { usesOfParameter } from "../../python/variableUses.ts";
import { bareFlag, isPythonName, isSpelledAlike, Refusal } from "./spelling.ts";

export interface TextEdit {
  range: TextRange;
  newText: string;
}

export interface ScriptPlace {
  file: PythonFile;
  script: ScriptInterface;
  option: ScriptOption;
  /** Whether another Python file of the project uses `name` of this one, or may. */
  isUsedElsewhere(name: string): boolean;
}

/** The edits that call the option's flag `newFlag`, and what the script knows it by the same. */
export function renameFlag(place: ScriptPlace, flag: string, newFlag: string): TextEdit[] | Refusal {
  const { file, option, script } = place;
  const name = option.name;
  const newName = bareFlag(newFlag).replaceAll("-", "_");
  const call = callAt(file, option.place.range);
  if (script.framework === "typer" || script.framework === "fire") {
    const node = functionAt(file, option.namePlace.range);
    const isOwn =
      isSpelledAlike(bareFlag(flag), name) && !option.flags.some((one) => !isSpelledAlike(bareFlag(one), name));
    const uses = node === undefined || !isOwn ? undefined : usesOfParameter(file, node, name, newName);
    if (uses === undefined || place.isUsedElsewhere(name)) return notFollowed(flag);
    if (!isPythonName(newName)) return new Refusal(`\`${newName}\` is no name for a parameter of Python.`);
    return uses.map((range) => ({ range, newText: newName }));
  }
  const at =
    call === undefined ? undefined : rangeOfFlag(file, call, script.framework === "absl" ? bareFlag(flag) : flag);
  if (call === undefined || at === undefined) return notFollowed(flag);
  const own = { range: at, newText: script.framework === "absl" ? bareFlag(newFlag) : newFlag };
  if (script.framework === "absl") {
    const uses = place.isUsedElsewhere(name) ? undefined : usesOfAbslFlag(file, name);
    if (uses === undefined) return notFollowed(flag);
    return isPythonName(newName) ? [own, ...uses.map((range) => ({ range, newText: newName }))] : notPython(newName);
  }
  if (script.framework !== "argparse" && script.framework !== "click") return notFollowed(flag);
  const named = nameGiver(option, call);
  if (named !== flag) return [own];
  // A name that the script keeps is written out, where its uses cannot all be found.
  const last = call.args.at(-1)?.range.end ?? at.end;
  const word = script.framework === "argparse" ? `dest="${name}"` : `"${name}"`;
  const kept = [own, { range: { start: last, end: last }, newText: `, ${word}` }];
  if (!isPythonName(newName) || place.isUsedElsewhere(name)) return kept;
  if (script.framework === "argparse") {
    const { ranges, isSure } = usesOfDest(file, name);
    return isSure ? [own, ...ranges.map((range) => ({ range, newText: newName }))] : kept;
  }
  const node = decoratedBy(file.body, call.range);
  const uses = node === undefined ? undefined : usesOfParameter(file, node, name, newName);
  return uses === undefined ? kept : [own, ...uses.map((range) => ({ range, newText: newName }))];
}

/** The edits that call the attribute of the parsed arguments `newName`; its flag stays. */
export function renameDest({ file, option, isUsedElsewhere }: ScriptPlace, newName: string): TextEdit[] | Refusal {
  const { ranges, isSure } = usesOfDest(file, option.name);
  const given = callAt(file, option.place.range)?.keywords.find(({ name }) => name === "dest")?.value;
  if (!isSure || given?.kind !== "text" || isUsedElsewhere(option.name)) return notSure(option.name);
  const end = given.range.end - 1;
  return [{ start: end - option.name.length, end }, ...ranges].map((range) => ({ range, newText: newName }));
}

/** The flag that an option of argparse or click is called by in the script; undefined where a name is given. */
function nameGiver(option: ScriptOption, call: CallNode): string | undefined {
  if (call.keywords.some(({ name }) => name === "dest")) return undefined;
  if (call.args.some((one) => one.kind === "text" && !one.value.startsWith("-"))) return undefined;
  return option.flags.find((flag) => flag.startsWith("--") && isSpelledAlike(bareFlag(flag), option.name));
}

/** Whether the script knows the option by a name that comes from the flag. */
export function isNamedBy(file: PythonFile, option: ScriptOption, flag: string): boolean {
  const call = callAt(file, option.place.range);
  return call === undefined ? isSpelledAlike(bareFlag(flag), option.name) : nameGiver(option, call) === flag;
}

export function callAt(file: PythonFile, range: TextRange): CallNode | undefined {
  for (const one of expressionsIn(file.body))
    if (one.kind === "call" && one.range.start === range.start && one.range.end === range.end) return one;
  return undefined;
}

/** Where the flag stands as a text of its own, or as the first half of `--on/--off`. */
export function rangeOfFlag({ text }: PythonFile, call: CallNode, flag: string): TextRange | undefined {
  for (const one of call.args) {
    if (one.kind !== "text" || (one.value !== flag && !one.value.startsWith(`${flag}/`))) continue;
    const start = one.range.end - 1 - one.value.length;
    if (text.slice(start, start + flag.length) === flag) return { start, end: start + flag.length };
  }
  return undefined;
}

function functionAt(file: PythonFile, nameRange: TextRange): FunctionNode | undefined {
  return find(file.body, (node) => node.parameters.some((one) => one.nameRange.start === nameRange.start));
}

function decoratedBy(body: readonly Statement[], { start, end }: TextRange): FunctionNode | undefined {
  return find(body, ({ decorators }) => decorators.some(({ range }) => range.start <= start && end <= range.end));
}

function find(body: readonly Statement[], matches: (node: FunctionNode) => boolean): FunctionNode | undefined {
  for (const statement of body) {
    if (statement.kind === "function" && matches(statement)) return statement;
    for (const inner of bodiesOf(statement)) {
      const found = find(inner, matches);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** `FLAGS.lr`, and the texts that name it in calls of absl; undefined where that may not be all. */
function usesOfAbslFlag(file: PythonFile, name: string): TextRange[] | undefined {
  const code = codeText(file.text);
  if (file.broken || /\bFLAGS\s*\[|flag_values_dict|FLAGS\s*[,)]/.test(code)) return undefined;
  const members = [...code.matchAll(new RegExp(`\\bFLAGS\\s*\\.\\s*${escaped(name)}(?!\\w)`, "g"))].map(
    ({ index, 0: found }) => ({
      start: index + found.length - name.length,
      end: index + found.length,
    }),
  );
  const words = [...expressionsIn(file.body)].flatMap((one) =>
    isMark(one) ? [...expressionsIn([statementOf(one)])] : [],
  );
  const texts = words.flatMap((one) => (one.kind === "text" && one.value === name ? [one.range] : []));
  return [...members, ...texts.map(({ end }) => ({ start: end - 1 - name.length, end: end - 1 }))];
}

function isMark(one: Expression): one is CallNode {
  return one.kind === "call" && one.callee.kind === "member" && /^mark_flags?_|validat/.test(one.callee.name);
}

function statementOf(value: Expression): Statement {
  return { kind: "expression", value, range: value.range };
}

export function notSure(name: string): Refusal {
  return new Refusal(`The parsed arguments go where the uses of \`${name}\` cannot be followed; rename it by hand.`);
}

function notFollowed(flag: string): Refusal {
  return new Refusal(`The script makes \`${flag}\` in a way that is not followed; rename it by hand.`);
}

function notPython(name: string): Refusal {
  return new Refusal(`\`${name}\` is no name that Python takes.`);
}
