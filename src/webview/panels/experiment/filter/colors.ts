import { tokenize } from "../../../../mlflow/filter/tokens.ts";

export interface FilterPiece {
  text: string;
  /** A class of the sheet; "" = as it is. */
  kind: "" | "key" | "string" | "number" | "keyword";
  /** Underlined. */
  wrong: boolean;
}

/** A filter in pieces of one look each. */
export function filterPieces(text: string, wrong: { start: number; end: number } | undefined): FilterPiece[] {
  const kinds = Array.from({ length: text.length }, (): FilterPiece["kind"] => "");
  for (const { kind, start, end, text: word } of tokenize(text)) kinds.fill(kindOf(kind, word), start, end);
  // An error behind the last character is shown under it.
  const from = wrong === undefined ? -1 : Math.max(0, Math.min(wrong.start, text.length - 1));
  const to = wrong === undefined ? -1 : Math.max(from + 1, wrong.end);
  const pieces: FilterPiece[] = [];
  for (let at = 0; at < text.length; at++) {
    const kind = kinds[at] ?? "";
    const isWrong = at >= from && at < to;
    const last = pieces.at(-1);
    if (last !== undefined && last.kind === kind && last.wrong === isWrong) last.text += text[at];
    else pieces.push({ text: text[at] ?? "", kind, wrong: isWrong });
  }
  return pieces;
}

function kindOf(kind: string, word: string): FilterPiece["kind"] {
  switch (kind) {
    case "identifier":
      return "key";
    case "string":
    case "list":
      return "string";
    case "integer":
    case "float":
      return "number";
    case "keyword":
      return "keyword";
    case "comparator":
      return /[A-Z]/i.test(word) ? "keyword" : "";
    default:
      return "";
  }
}
