import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RunOverview } from "../../../protocol/panels/run.ts";
import { IconButton, LinkButton } from "../../ui/controls.tsx";
import { Block } from "../../ui/facts.tsx";
import { TAG, tagOf } from "./facts.ts";
import type { Props } from "./props.ts";

type MarkdownView = ComponentType<{ text: string; onLink: (href: string) => void }>;

/** The note as it reads; it is written in an editor of its own. */
export function Note({ model, host, overview }: Props & { overview: RunOverview }) {
  const text = tagOf(overview, TAG.note) ?? "";
  const writable = model.can("write") && overview.run.info.lifecycle_stage === "active";
  const [Markdown, setMarkdown] = useState<MarkdownView | undefined>(undefined);
  const empty = text.trim() === "";
  useEffect(() => {
    // The parser is loaded with the first note.
    if (!empty)
      model.attempt(import("../../ui/viewers/markdown.ts").then((loaded) => setMarkdown(() => loaded.Markdown)));
  }, [empty]);
  if (empty && !writable) return null;
  const edit = () => model.attempt(host.editNote({}));
  const pencil = writable ? <IconButton icon="edit" label="Edit note (E)" onClick={edit} /> : undefined;
  return (
    <Block title="Note" actions={pencil}>
      <div class="note">
        {empty ? <LinkButton onClick={edit}>Write a note</LinkButton> : null}
        {empty || Markdown === undefined
          ? null
          : h(Markdown, { text, onLink: (href) => model.attempt(host.openLink({ href })) })}
      </div>
    </Block>
  );
}
