// One entry point of an MLproject file.
import { checkCommand } from "./checkCommand.ts";
import { checkLevel } from "./checkKeys.ts";
import { sourceMap } from "./commandSource.ts";
import type { EntryPoint, Placeholder } from "./document.ts";
import { allFields, parseFormat } from "./formatString.ts";
import { readParameters } from "./parameters.ts";
import type { Problems } from "./problems.ts";
import { placeOf, whatItIs } from "./problems.ts";
import type { MapEntry, ScalarNode } from "./yamlTree.ts";
import { entryOf, isNull, textOf } from "./yamlTree.ts";

/** What stands at the name of an entry point and below it. */
export function readEntryPoint(entry: MapEntry, problems: Problems): EntryPoint {
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
