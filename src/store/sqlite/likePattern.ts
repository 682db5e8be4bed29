// SQLite's LIKE: `%` is any text, `_` one character, nothing is escaped.

/** A test for the pattern that takes time in proportion to the text, however many `%` there are. */
export function likePattern(pattern: string): (text: string) => boolean {
  if (!pattern.includes("_")) return partsInOrder(pattern.split("%"));
  const parts = pattern.split("%").map((part) => Array.from(part));
  return (text) => matches(parts, Array.from(text));
}

function partsInOrder(parts: string[]): (text: string) => boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    const end = text.length - last.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** The same by characters, `_` standing for any of them. */
function matches(parts: string[][], text: string[]): boolean {
  const [first = [], ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text.length === first.length && fits(first, text, 0);
  if (text.length < first.length + last.length || !fits(first, text, 0)) return false;
  const end = text.length - last.length;
  if (!fits(last, text, end)) return false;
  let at = first.length;
  for (const part of rest) {
    while (at + part.length <= end && !fits(part, text, at)) at += 1;
    if (at + part.length > end) return false;
    at += part.length;
  }
  return true;
}

function fits(part: string[], text: string[], at: number): boolean {
  return part.every((character, i) => character === "_" || character === text[at + i]);
}

/** SQLite's `lower()`: only A to Z. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
