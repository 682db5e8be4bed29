const WORD = /^([+-]?)(nan|inf|infinity)$/i;
const DIGITS = String.raw`\d+(?:_\d+)*`;
const NUMBER = new RegExp(String.raw`^[+-]?(?:${DIGITS}\.?(?:${DIGITS})?|\.${DIGITS})(?:e[+-]?${DIGITS})?$`, "i");

/** A number as Python's float() reads it; undefined when it is none. */
export function pythonNumber(text: string): number | undefined {
  const bare = text.trim();
  if (NUMBER.test(bare)) return Number(bare.replaceAll("_", ""));
  const word = WORD.exec(bare);
  if (word === null) return undefined;
  if (word[2]?.toLowerCase() === "nan") return Number.NaN;
  return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
