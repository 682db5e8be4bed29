/** The first line of a description in Markdown, for a list that shows text only: without the signs of emphasis, code, headings and links. */
export function plainLine(markdown: string): string {
  const line = markdown.trim().split("\n", 1)[0] ?? "";
  return line
    .replace(/^(?:#{1,6}|>|[-*+])\s+/, "")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/(\*{1,3}|`+|~~)(\S(?:.*?\S)?)\1/g, "$2")
    .replaceAll(/(^|[\s(])(_{1,3})(\S(?:.*?\S)?)\2(?=$|[\s).,;:!?])/g, "$1$3");
}
