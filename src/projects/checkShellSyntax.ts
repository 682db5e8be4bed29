// Commands that bash cannot read once MLflow has filled them in.
import type { CheckedCommand } from "./checkPlaceholders.ts";
import { allFields, parseFormat } from "./formatString.ts";
import { shellFault } from "./shellSyntax.ts";

/** `checkShellLines` tells of lines that begin with an operator. */
export function checkShellSyntax({ entryPoint, command, map, problems }: CheckedCommand): void {
  const fault = faultOf(command);
  if (fault === undefined) return;
  const range = map.rangeOf(fault.start, fault.end);
  const isTold = problems
    .list()
    .some((one) => one.code === "line-starts-with-operator" && one.range.start === range.start);
  if (!isTold) problems.error("shell-syntax", `Running ${entryPoint.name} fails: ${fault.what}.`, range);
}

/** Whether bash can read it: what it would do with another one cannot be told. */
export function isReadable(command: string): boolean {
  return faultOf(command) === undefined;
}

/** What bash finds wrong first, with its place in the command as it is written. */
function faultOf(command: string): ReturnType<typeof shellFault> {
  // What MLflow fills in is one word, or part of one.
  const pieces = [...allFields(parseFormat(command).parts), ...doubledBraces(command)].toSorted(
    (a, b) => a.start - b.start,
  );
  let text = "";
  let from = 0;
  const places: Array<{ at: number; start: number }> = [{ at: 0, start: 0 }];
  for (const { start, end } of pieces) {
    if (start < from) continue;
    const isDoubled = command.charAt(start) === command.charAt(start + 1);
    text += command.slice(from, start) + (isDoubled ? command.charAt(start) : "x");
    from = end;
    places.push({ at: text.length, start: end });
  }
  const fault = shellFault(text + command.slice(from));
  if (fault === undefined) return undefined;
  const offsetOf = (at: number) => {
    const place = places.findLast((one) => one.at <= at) ?? { at: 0, start: 0 };
    return place.start + at - place.at;
  };
  return { ...fault, start: offsetOf(fault.start), end: offsetOf(fault.end - 1) + 1 };
}

function doubledBraces(command: string): Array<{ start: number; end: number }> {
  return [...command.matchAll(/\{\{|\}\}/g)].map(({ index }) => ({ start: index, end: index + 2 }));
}
