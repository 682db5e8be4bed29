// A note's Markdown as far as a side column needs it: paragraphs, lists, bold, italics, code, links as text. No HTML is made.

export interface Span {
  kind: "text" | "bold" | "italic" | "code";
  text: string;
}

export interface Block {
  kind: "paragraph" | "heading" | "item";
  spans: Span[];
}

export function readNote(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) blocks.push({ kind: "paragraph", spans: spansOf(open.join(" ")) });
    open = [];
  };
  for (const line of markdown.split(/\r?\n/)) {
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*+]|\d+\.)\s+(.*)$/.exec(line);
    if (heading === null && item === null && line.trim() !== "") {
      open.push(line.trim());
      continue;
    }
    close();
    if (heading !== null) blocks.push({ kind: "heading", spans: spansOf(heading[1] ?? "") });
    if (item !== null) blocks.push({ kind: "item", spans: spansOf(item[1] ?? "") });
  }
  close();
  return blocks;
}

const MARKED = /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)]*)\)/g;

function spansOf(text: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const match of text.matchAll(MARKED)) {
    if (match.index > at) spans.push({ kind: "text", text: text.slice(at, match.index) });
    const [, code, bold, underlined, italic, link] = match;
    if (code !== undefined) spans.push({ kind: "code", text: code });
    else if (bold !== undefined || underlined !== undefined)
      spans.push({ kind: "bold", text: bold ?? underlined ?? "" });
    else if (italic !== undefined) spans.push({ kind: "italic", text: italic });
    else spans.push({ kind: "text", text: link ?? "" });
    at = match.index + match[0].length;
  }
  if (at < text.length) spans.push({ kind: "text", text: text.slice(at) });
  return spans;
}
