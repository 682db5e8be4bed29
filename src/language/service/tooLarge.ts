import type { Problem } from "../../projects/document.ts";

/** Characters; a larger file is not looked at with each key that is typed. The largest ones known have some ten thousand. */
export const MOST_CHARACTERS = 500_000;

/** What is told of a file instead of its problems, when it has too many characters. */
export function tooLarge(text: string): Problem | undefined {
  if (text.length <= MOST_CHARACTERS) return undefined;
  const size = `${(text.length / 1_000_000).toFixed(1)} million`;
  const message = `This file is not checked: it has ${size} characters, and more than half a million take too long.`;
  const range = { start: 0, end: /^[^\r\n]*/.exec(text.slice(0, 1000))?.[0].length ?? 0 };
  return { code: "file-too-large", severity: "information", message, range };
}
