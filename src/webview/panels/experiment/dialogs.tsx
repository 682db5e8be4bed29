import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Icon } from "../../ui/controls.tsx";
import { withOf } from "./fields.ts";
import type { ExperimentModel } from "./model.ts";

const KEYS: [string, string][] = [
  ["Ctrl/⌘ F", "Filter"],
  ["F6", "Next region"],
  ["Esc", "Close the popup, then leave the filter"],
  ["Arrows, Home, End, Page Up, Page Down", "Cell to cell"],
  ["Space", "Check the run, or the runs of the group"],
  ["Shift ↑ ↓", "Check a range"],
  ["Ctrl/⌘ A", "Check all runs"],
  ["Enter", "Open the run; fold the group"],
  ["→ ←", "Unfold, fold in the name column"],
  ["V", "Draw in the charts"],
  ["P · S · H", "Pin · star · hide"],
  ["B", "Baseline"],
  ["F2 · T · Del", "Rename · tag · delete (undo in the notification)"],
  ["C", "Compare the checked runs"],
  ["Ctrl/⌘ C", "Copy the value"],
  ["Shift F10", "Menu of the row or column"],
  ["Enter, Alt ↑ on a header", "Sort; with Shift beside the others"],
  ["Alt ← → on a header", "Move the column"],
  ["Del on a header", "Hide the column"],
  ["?", "This list"],
];

/** All keys of the table. */
export function KeysDialog({ model }: { model: ExperimentModel }) {
  const close = () => {
    model.explaining.value = false;
    document.querySelector<HTMLElement>(".grid")?.focus();
  };
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => root.current?.focus(), []);
  return (
    <div
      class="popup tableDialog"
      role="dialog"
      aria-label="Keys of the runs table"
      tabIndex={-1}
      ref={root}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
        event.stopPropagation();
      }}
    >
      <div class="row">
        <span class="strong grow">Keys</span>
        <button type="button" class="ghost" aria-label="Close" title="Close (Esc)" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl class="keys">
        {KEYS.map(([keys, words]) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd class="dim">{words}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Which step a metric's column shows. */
export function StepDialog({ model }: { model: ExperimentModel }) {
  const asked = model.stepping.value;
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), [asked]);
  if (asked === undefined) return null;
  const close = () => {
    model.stepping.value = undefined;
    document.querySelector<HTMLElement>(".grid")?.focus();
  };
  const valid = /^-?\d{1,15}$/.test(text.trim());
  const apply = () => {
    if (!valid) return;
    model.columns.replace(asked.id, withOf(asked.key, `step:${Number(text.trim())}`));
    close();
  };
  return (
    <div
      class="popup tableDialog"
      role="dialog"
      aria-label={`Step of ${asked.key}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
        if (event.key === "Enter") apply();
        event.stopPropagation();
      }}
    >
      <label class="row">
        {asked.key} at step
        <input
          class="plainField grow"
          inputMode="numeric"
          ref={field}
          value={text}
          aria-invalid={text !== "" && !valid}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {text !== "" && !valid ? <p class="fieldError">A step is a whole number, such as 100.</p> : null}
      <div class="row">
        <Button onClick={apply}>Show</Button>
        <Button onClick={close}>Cancel</Button>
      </div>
    </div>
  );
}
