// CSV as RFC 4180 has it, with the separators that files have in practice.

const SEPARATORS = [",", "\t", ";", "|"] as const;

/** The separator that the first row has most of; tabs for `.tsv`. */
export function separatorOf(name: string, firstRow: string): string {
  if (/\.tsv$/i.test(name)) return "\t";
  const plain = firstRow.replaceAll(/"(?:[^"]|"")*"/g, "");
  let best: string = ",";
  let most = 0;
  for (const separator of SEPARATORS) {
    const count = plain.split(separator).length;
    if (count > most) [best, most] = [separator, count];
  }
  return best;
}

/** Rows of fields. A quote inside a field that does not begin with one is a character like any other. */
export function parseCsv(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) {
    let field = "";
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) {
          field += text.slice(at);
          at = text.length;
          break;
        }
        field += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
        at += 1;
      }
    }
    const end = endOfField(text, at, separator);
    field += text.slice(at, end).replace(/\r$/, "");
    row.push(field);
    at = end;
    if (text[at] === separator) {
      at += 1;
      // What follows the last separator is a field, be it empty.
      if (at >= text.length) row.push("");
      if (at < text.length) continue;
    }
    if (text[at] === "\n" || at >= text.length) {
      rows.push(row);
      row = [];
      at += 1;
    }
  }
  return rows;
}

function endOfField(text: string, from: number, separator: string): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === separator || character === "\n") return at;
  }
  return text.length;
}
