import type { Problem, ProblemFix, ProblemSeverity, TextRange } from "./document.ts";
import type { YamlNode } from "./yamlTree.ts";

/** Collects the problems of one file. */
export class Problems {
  readonly #all: Problem[];

  constructor(found: readonly Problem[]) {
    this.#all = [...found];
  }

  add(severity: ProblemSeverity, code: string, message: string, range: TextRange, fixes: ProblemFix[] = []): void {
    this.#all.push({ code, severity, message, range, ...(fixes.length === 0 ? {} : { fixes }) });
  }

  error(code: string, message: string, range: TextRange, fixes?: ProblemFix[]): void {
    this.add("error", code, message, range, fixes);
  }

  warning(code: string, message: string, range: TextRange, fixes?: ProblemFix[]): void {
    this.add("warning", code, message, range, fixes);
  }

  hint(code: string, message: string, range: TextRange, fixes?: ProblemFix[]): void {
    this.add("hint", code, message, range, fixes);
  }

  /** In text order, each once. */
  list(): Problem[] {
    const seen = new Set<string>();
    return this.#all
      .toSorted(
        (a, b) =>
          a.range.start - b.range.start ||
          a.range.end - b.range.end ||
          Number(a.code > b.code) - Number(a.code < b.code),
      )
      .filter((one) => {
        const key = `${one.code} ${one.range.start} ${one.range.end} ${one.message}`;
        return !seen.has(key) && seen.add(key).size > 0;
      });
  }
}

/** `a list`, `the number 5`, `empty`: what stands where something else belongs. */
export function whatItIs(node: YamlNode): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a map";
  switch (node.scalar.kind) {
    case "null":
      return "empty";
    case "bool":
      return `${node.scalar.text} (yes or no)`;
    case "int":
    case "float":
      return `the number ${node.scalar.text}`;
    case "date":
      return "a date";
    case "str":
      return "a text";
    default:
      return node.scalar.kind satisfies never;
  }
}

/** A place to point at: the node itself, or its key where the value is absent. */
export function placeOf(node: YamlNode, key: TextRange): TextRange {
  return node.range.end > node.range.start ? node.range : key;
}
