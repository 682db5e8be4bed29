import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, IconButton, LinkButton, TextButton } from "../../ui/controls.tsx";
import { below } from "../../ui/menu.tsx";
import { modelMenu } from "./menus.ts";
import type { Props, SeenProps } from "./props.ts";

type MarkdownView = ComponentType<{ text: string; onLink: (href: string) => void }>;

/** Tags that are shown; the others are counted. */
const TAGS = 8;

export function Header({ model, host, overview }: SeenProps) {
  const pair = model.checkedPair.value;
  const chosen = model.selected.value;
  return (
    <header class="modelHeader" data-region>
      <div class="row modelTitle">
        <Icon name="package" class="modelIcon" />
        <h1 class="cut" title={overview.name}>
          {overview.name}
        </h1>
        <span class="grow" />
        {pair === undefined ? null : (
          <TextButton icon="git-compare" onClick={() => model.compare(pair)} title="Side by side (C)">
            {`Compare ${pair[0]} and ${pair[1]}`}
          </TextButton>
        )}
        {model.can("serve") && chosen !== "" ? (
          <TextButton
            icon="radio-tower"
            title={`Serve version ${chosen}`}
            onClick={() => model.attempt(host.actOnVersion({ action: "serve", version: chosen }))}
          >
            Serve
          </TextButton>
        ) : null}
        <IconButton
          icon="ellipsis"
          label="More actions"
          onClick={({ currentTarget }) => {
            if (!(currentTarget instanceof HTMLElement)) return;
            model.menu.value = {
              ...{ label: overview.name, entries: modelMenu({ model, host }) },
              ...{ back: currentTarget, ...below(currentTarget) },
            };
          }}
        />
      </div>
      <Description {...{ model, host, overview }} />
      <Tags {...{ model, host, overview }} />
    </header>
  );
}

function Description({ model, host, overview }: SeenProps) {
  const edit = model.can("write") ? () => model.attempt(host.act({ action: "describe" })) : undefined;
  const text = overview.description;
  if (text.trim() === "" && edit === undefined) return null;
  return (
    // A long one is scrolled, by keys too where nothing in it takes them.
    <div class="description" {...(edit === undefined ? { tabIndex: 0 } : {})}>
      <MarkdownText text={text} {...{ model, host }} />
      {edit === undefined ? null : (
        <LinkButton onClick={edit} title={text === "" ? "Describe the model" : "Edit the description"}>
          {text.trim() === "" ? "Describe this model" : "Edit"}
        </LinkButton>
      )}
    </div>
  );
}

/** A text as it reads; its parser is loaded with the first one. */
export function MarkdownText({ text, model, host }: Props & { text: string }) {
  const [Markdown, setMarkdown] = useState<MarkdownView | undefined>(undefined);
  const isEmpty = text.trim() === "";
  useEffect(() => {
    if (!isEmpty)
      model.attempt(import("../../ui/viewers/markdown.ts").then((loaded) => setMarkdown(() => loaded.Markdown)));
  }, [isEmpty]);
  if (isEmpty || Markdown === undefined) return null;
  return h(Markdown, { text, onLink: (href) => model.attempt(host.openLink({ href })) });
}

function Tags({ overview }: SeenProps) {
  const { tags } = overview;
  if (tags.length === 0) return null;
  return (
    <ul class="tagList" aria-label="Tags">
      {tags.slice(0, TAGS).map(({ key, value }) => (
        <li key={key} class="chip" title={`${key}: ${value}`}>
          <span class="dim">{key}</span> <span class="cut">{value}</span>
        </li>
      ))}
      {tags.length > TAGS ? <li class="dim small">and {tags.length - TAGS} more</li> : null}
    </ul>
  );
}
