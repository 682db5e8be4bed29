// What a script says of itself, where a command calls it.
import type { Hover } from "vscode-languageserver";
import type { EntryPoint, MlprojectDocument, Parameter } from "../../projects/document.ts";
import type { Place, ScriptInterface, ScriptOption } from "../python/model.ts";
import { isPositional, shownName } from "../python/model.ts";
import { bindingsOf, callAt, takersOf } from "./callCursor.ts";
import { optionSummary, optionUsage, usualOptions } from "./describeOption.ts";
import { code, codeBlock, escapeMarkdown, fileLink } from "./markdown.ts";
import { rangeIn, touches } from "./positions.ts";
import { knownCalls } from "./scriptFacts.ts";
import type { Workspace } from "./workspace.ts";

/** Hover over the script or an option of a call; null elsewhere. */
export function hoverCall(document: MlprojectDocument, offset: number, workspace: Workspace): Hover | null {
  const entryPoint = document.entryPoints.find(({ commandRange }) => touches(commandRange, offset));
  if (entryPoint === undefined) return null;
  const called = knownCalls(document, entryPoint, workspace).find(({ call }) => touches(call.range, offset));
  if (called !== undefined) {
    return hoverOf(describeScript(called.call.name, called.script, workspace), rangeIn(document, called.call.range));
  }
  const cursor = callAt(document, offset, workspace, entryPoint);
  if (cursor?.word === undefined) return null;
  const { option } = takersOf(cursor.known.script, cursor.known.call.words)[cursor.index] ?? {};
  if (option === undefined) return null;
  return hoverOf(describeOption(option, workspace), rangeIn(document, cursor.word.range));
}

function hoverOf(value: string, range: Hover["range"]): Hover {
  return { contents: { kind: "markdown", value }, ...(range && { range }) };
}

function describeScript(name: string, script: ScriptInterface, workspace: Workspace): string {
  const usage = usualOptions(script).map(optionUsage);
  const commands = script.commands.size === 0 ? [] : [`{${[...script.commands.keys()].join(" | ")}}`];
  const line = [name, ...usage, ...commands].join(" ");
  const description = script.description === undefined ? [] : [escapeMarkdown(script.description)];
  const more = script.open || script.ignoresUnknown ? ["It takes more options than its text says."] : [];
  return [...description, codeBlock("", line), ...more, `${script.framework}, ${linkTo(script.place, workspace)}`].join(
    "\n\n",
  );
}

function describeOption(option: ScriptOption, workspace: Workspace): string {
  const head = `${code(isPositional(option) ? option.name : [...option.flags, ...option.offFlags].join(", "))} ${escapeMarkdown(optionSummary(option))}`;
  const help = (option.help ?? "") === "" ? [] : [escapeMarkdown(option.help ?? "")];
  return [head, ...help, linkTo(option.namePlace, workspace)].join("\n\n");
}

/** What becomes of a parameter's value in the scripts of the command. */
export function describeUses(
  document: MlprojectDocument,
  entryPoint: EntryPoint,
  parameter: Parameter,
  workspace: Workspace,
): string[] {
  const bindings = bindingsOf(document, entryPoint, workspace).filter((one) => one.parameter.name === parameter.name);
  return bindings.map(({ option }) => {
    const help = (option.help ?? "") === "" ? "" : ` — ${escapeMarkdown(option.help ?? "")}`;
    const name = isPositional(option) ? option.name : shownName(option);
    return `Passed to ${code(name)} (${escapeMarkdown(optionSummary(option))}) in ${linkTo(option.namePlace, workspace)}${help}`;
  });
}

function linkTo({ file, range }: Place, workspace: Workspace): string {
  const text = workspace.scripts?.file(file)?.text ?? workspace.read(file);
  const line = text === undefined ? 1 : text.slice(0, range.start).split("\n").length;
  return fileLink(file, line, workspace.uriOf(file));
}
