import { Markdown } from "./markdown.ts";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";

/** A Markdown file as it reads. */
export function MarkdownViewer({ reader, version, fail }: ViewerProps) {
  const text = useWhole((signal) => reader.text(signal), version, fail);
  if (text === undefined) return null;
  return (
    <div class="markdownFile" tabIndex={0} role="region" aria-label={reader.name}>
      <Markdown text={text} onLink={(href) => reader.access.link(href)} />
    </div>
  );
}
