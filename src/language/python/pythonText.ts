// Python's literals: what a string or a number of the source stands for.

const SIMPLE: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\u0007",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

/** The value of a string literal; undefined for bytes and what is no literal. */
export function textOfLiteral(source: string): string | undefined {
  const match = /^([A-Za-z]*)("""|'''|"|')([^]*)\2$/.exec(source);
  if (match === null) return undefined;
  const [, prefix = "", , body = ""] = match;
  if (/[bf]/i.test(prefix)) return undefined;
  const lines = body.replace(/\r\n?/g, "\n");
  if (/r/i.test(prefix)) return lines;
  return lines.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([^]))/g,
    (all: string, x?: string, u?: string, long?: string, octal?: string, one?: string) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), all);
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return SIMPLE[one ?? ""] ?? all;
    },
  );
}

function codePoint(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}

/** The value of a number literal; undefined for a complex one. */
export function numberOfLiteral(source: string): { value: number; isInt: boolean } | undefined {
  const plain = source.replaceAll("_", "");
  if (/j$/i.test(plain)) return undefined;
  const isInt = /^(?:0[xob][0-9a-f]+|\d+)$/i.test(plain);
  const value = Number(plain);
  return Number.isNaN(value) ? undefined : { value, isInt };
}

/** A docstring without the indentation of its lines. */
export function cleanDoc(doc: string): string {
  const [first = "", ...rest] = doc.split("\n");
  const indents = rest.filter((line) => line.trim() !== "").map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents, 1000);
  return [first.trim(), ...rest.map((line) => line.slice(indent).trimEnd())].join("\n").trim();
}
