import type { SignatureHelp } from "vscode-languageserver";
import type { MlprojectDocument } from "../../projects/document.ts";
import { callAt, takerAt, takersOf } from "./callCursor.ts";
import { optionSummary, optionUsage, usualOptions } from "./describeOption.ts";
import type { Workspace } from "./workspace.ts";

/** The options of the script that the command at the cursor calls, with the one that takes the word there. */
export function signature(document: MlprojectDocument, offset: number, workspace: Workspace): SignatureHelp | null {
  const cursor = callAt(document, offset, workspace, entryPointAt(document, offset));
  if (cursor === undefined) return null;
  const { word, known, index } = cursor;
  const typed = word === undefined ? "" : document.text.slice(word.range.start, offset);
  const taken = word === undefined ? takerAt(cursor, typed) : takersOf(known.script, known.call.words)[index];
  const script = taken?.script ?? known.script;
  const options = usualOptions(script);
  if (options.length === 0) return null;
  let label = known.call.name;
  const parameters = options.map((option) => {
    const usage = optionUsage(option);
    const start = label.length + 1;
    label = `${label} ${usage}`;
    const documentation = [optionSummary(option), option.help ?? ""].filter((text) => text !== "").join("\n\n");
    return { label: [start, label.length] as [number, number], documentation };
  });
  const active = taken?.option === undefined ? -1 : options.indexOf(taken.option);
  const help: SignatureHelp = {
    signatures: [
      { label, parameters, ...(script.description === undefined ? {} : { documentation: script.description }) },
    ],
    activeSignature: 0,
  };
  // Without one, no option stands out.
  help.activeParameter = active < 0 ? options.length : active;
  return help;
}

/** The entry point whose command ends on the line of the cursor, or holds it. */
function entryPointAt(
  document: MlprojectDocument,
  offset: number,
): MlprojectDocument["entryPoints"][number] | undefined {
  return document.entryPoints.find(({ commandRange }) => {
    if (commandRange === undefined || offset < commandRange.start) return false;
    return offset <= commandRange.end || document.text.slice(commandRange.end, offset).trim() === "";
  });
}
