import { useRef, useState } from "preact/hooks";
import type { KeyValue } from "../../mlflow/entities.ts";
import { Icon, IconButton } from "./controls.tsx";
import { Block } from "./facts.tsx";

/** What is being written: a new tag, or the value of one that is there. */
type Editing = { key: string; value: string; isNew: boolean };

interface Props {
  tags: readonly KeyValue[];
  writable: boolean;
  set: (tag: KeyValue) => void;
  remove: (key: string) => void;
}

/** Tags that people set: added, changed and removed in place. */
export function Tags({ tags, writable, set, remove }: Props) {
  const [editing, setEditing] = useState<Editing | undefined>(undefined);
  if (tags.length === 0 && !writable) return null;
  const save = ({ key, value }: KeyValue) => {
    setEditing(undefined);
    if (key.trim() !== "") set({ key: key.trim(), value });
  };
  const add = writable ? (
    <IconButton icon="add" label="Add tag" onClick={() => setEditing({ key: "", value: "", isNew: true })} />
  ) : undefined;
  return (
    <Block title="Tags" actions={add}>
      <div class="tags">
        {tags.length === 0 && editing === undefined ? <span class="dim">none</span> : null}
        {tags.map(({ key, value }) =>
          editing?.key === key && !editing.isNew ? (
            <TagFields key={key} tag={editing} fixedKey save={save} leave={() => setEditing(undefined)} />
          ) : (
            <span key={key} class="chip tag" title={`${key}: ${value}`}>
              <button
                type="button"
                class="tagText"
                disabled={!writable}
                onClick={() => setEditing({ key, value, isNew: false })}
              >
                <span class="hidden">Tag</span>
                <span class="dim">{key}</span>
                <span class="cut">{value}</span>
                {writable ? <span class="hidden">change</span> : null}
              </button>
              {writable ? (
                <button type="button" aria-label={`Remove tag ${key}`} title="Remove" onClick={() => remove(key)}>
                  <Icon name="close" />
                </button>
              ) : null}
            </span>
          ),
        )}
        {editing?.isNew === true ? <TagFields tag={editing} save={save} leave={() => setEditing(undefined)} /> : null}
      </div>
    </Block>
  );
}

interface FieldsProps {
  tag: KeyValue;
  fixedKey?: boolean;
  save: (tag: KeyValue) => void;
  leave: () => void;
}

/** Key and value as fields: Enter saves, Escape leaves. */
function TagFields({ tag, fixedKey = false, save, leave }: FieldsProps) {
  const key = useRef(tag.key);
  const value = useRef(tag.value);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter") save({ key: key.current, value: value.current });
    if (event.key === "Escape") leave();
  };
  const focus = (element: HTMLInputElement | null) => {
    if (element !== null && document.activeElement?.closest(".tagFields") === null) element.focus();
  };
  return (
    <span class="tagFields" onKeyDown={onKeyDown}>
      {fixedKey ? (
        <span class="dim">{tag.key}</span>
      ) : (
        <input
          class="plainField"
          aria-label="Key"
          placeholder="key"
          ref={focus}
          onInput={(event) => (key.current = event.currentTarget.value)}
        />
      )}
      <input
        class="plainField"
        aria-label={fixedKey ? `Value of ${tag.key}` : "Value"}
        placeholder="value"
        defaultValue={tag.value}
        ref={fixedKey ? focus : null}
        onInput={(event) => (value.current = event.currentTarget.value)}
      />
      <IconButton
        icon="check"
        label="Save tag (Enter)"
        onClick={() => save({ key: key.current, value: value.current })}
      />
      <IconButton icon="close" label="Leave it (Escape)" onClick={leave} />
    </span>
  );
}
