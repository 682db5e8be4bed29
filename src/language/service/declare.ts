import type { MlprojectDocument, Problem, ProblemFix } from "../../projects/document.ts";

/** Declares an undefined placeholder in front of the first parameter, when that stands on a line of its own. */
export function declareFix(document: MlprojectDocument, problem: Problem): ProblemFix[] {
  if (problem.code !== "undefined-placeholder") return [];
  for (const { placeholders, parameters } of document.entryPoints) {
    const placeholder = placeholders.find((one) => one.range.start === problem.range.start);
    const [first] = parameters;
    if (placeholder === undefined || first === undefined || !/^[A-Za-z_][\w-]*$/.test(placeholder.name)) continue;
    const { start } = first.nameRange;
    const indent = document.text.slice(document.text.lastIndexOf("\n", start - 1) + 1, start);
    if (indent.trim() !== "") continue;
    const newText = `${placeholder.name}: string\n${indent}`;
    return [{ title: `Declare ${placeholder.name} as a parameter`, range: { start, end: start }, newText }];
  }
  return [];
}
