import type { FoldingRange } from "vscode-languageserver";
import { FoldingRangeKind } from "vscode-languageserver";

/** What is indented below a line, and comments that follow each other; told by lines, so that it holds while YAML is broken. */
export function foldingRanges(text: string): FoldingRange[] {
  const lines = text.split(/\r?\n/);
  const found: FoldingRange[] = [];
  const open: Array<{ line: number; indent: number }> = [];
  let comment: number | undefined;
  let last = 0;
  const close = (indent: number): void => {
    while ((open.at(-1)?.indent ?? -1) >= indent) {
      const startLine = open.pop()?.line ?? 0;
      if (last > startLine) found.push({ startLine, endLine: last });
    }
  };
  const endComment = (line: number): void => {
    if (comment !== undefined && line - 1 > comment) {
      found.push({ startLine: comment, endLine: line - 1, kind: FoldingRangeKind.Comment });
    }
    comment = undefined;
  };
  for (const [line, content] of lines.entries()) {
    const indent = content.search(/\S/);
    if (indent >= 0 && content[indent] === "#") {
      comment ??= line;
      continue;
    }
    endComment(line);
    if (indent < 0) continue;
    close(indent);
    open.push({ line, indent });
    last = line;
  }
  endComment(lines.length);
  close(0);
  return found.toSorted((a, b) => a.startLine - b.startLine);
}
