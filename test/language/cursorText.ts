/** A text with its cursor, written as `|`, taken out. A bar that belongs to the text is written `¦`. */
export function withCursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf("|");
  return { text: marked.replace("|", "").replaceAll("¦", "|"), offset };
}
