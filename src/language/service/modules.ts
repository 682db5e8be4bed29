import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";

export interface ModuleReference {
  /** `package.module`. */
  name: string;
  range: TextRange;
}

/** `python -m package.module`; other flags may stand before it. */
const CALL =
  /(?:^|[\s;&|('"])python[0-9.]*(?:\s+-[A-Za-z]+)*?\s+-[A-Za-z]*m\s+([A-Za-z_]\w*(?:\.\w+)*)(?=$|[\s;&|)'"])/g;

/** The modules a command runs by name. None where it changes the folder first. */
export function modulesOf(document: MlprojectDocument, entryPoint: EntryPoint): ModuleReference[] {
  const { command, commandRange } = entryPoint;
  if (command === undefined || commandRange === undefined || /(?:^|[\s;&|(])(?:cd|pushd)\s/.test(command)) return [];
  const source = document.text.slice(commandRange.start, commandRange.end);
  return [...source.matchAll(CALL)].map((match) => {
    const [all, name = ""] = match;
    const start = commandRange.start + match.index + all.length - name.length;
    return { name, range: { start, end: start + name.length } };
  });
}
