import { useEffect, useRef, useState } from "preact/hooks";
import { Checkbox, IconButton, LinkButton, TextField } from "../../ui/controls.tsx";
import { formatCount } from "../../ui/format.ts";
import type { ExperimentModel } from "./model.ts";
import type { ChosenColumns } from "./savedView.ts";

/** The Columns button and its popup: one checkbox for each param and metric. */
export function ColumnChooser({ model }: { model: ExperimentModel }) {
  const open = model.choosing.value;
  const setOpen = (next: boolean) => {
    model.choosing.value = next;
  };
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener("pointerdown", onPointerDown);
    return () => document.removeEventListener("pointerdown", onPointerDown);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    root.current?.querySelector<HTMLElement>("button")?.focus();
  };
  return (
    <div class="chooser" ref={root} onKeyDown={onKeyDown}>
      <IconButton icon="table" label="Choose columns" text="Columns" expanded={open} onClick={() => setOpen(!open)} />
      {open ? <Chooser model={model} /> : null}
    </div>
  );
}

function Chooser({ model }: { model: ExperimentModel }) {
  const [search, setSearch] = useState("");
  const keys = model.keys.value ?? { params: [], metrics: [], stepped: [] };
  const shown = model.shown.value;
  const toggle = (kind: keyof ChosenColumns, key: string) => {
    const now = shown[kind];
    const next = now.includes(key)
      ? now.filter((other) => other !== key)
      : keys[kind].filter((k) => k === key || now.includes(k));
    model.chosen.value = { ...shown, [kind]: next };
  };
  const list = (kind: keyof ChosenColumns, title: string) => {
    const found = keys[kind].filter((key) => key.toLowerCase().includes(search.toLowerCase()));
    if (found.length === 0) return null;
    return (
      <section aria-label={title}>
        <h3 class="dim small num">
          {title} · {formatCount(shown[kind].length)} of {formatCount(keys[kind].length)}
        </h3>
        {found.slice(0, MOST).map((key) => (
          <div key={key} title={key}>
            <Checkbox checked={shown[kind].includes(key)} onChange={() => toggle(kind, key)}>
              {key}
              {kind === "params" && model.varying.value.includes(key) ? <span class="dim small"> varies</span> : null}
            </Checkbox>
          </div>
        ))}
        {found.length > MOST ? (
          <p class="dim small">and {formatCount(found.length - MOST)} more; search to find them</p>
        ) : null}
      </section>
    );
  };
  return (
    <div class="popup chooserPopup" role="dialog" aria-label="Columns">
      <TextField
        class="low"
        label="Search columns"
        icon="search"
        placeholder="Search columns"
        value={search}
        onInput={setSearch}
      />
      <div class="chooserList">
        {list("params", "Params")}
        {list("metrics", "Metrics")}
      </div>
      <div class="chooserFoot">
        <LinkButton
          onClick={() => {
            model.chosen.value = { params: keys.params, metrics: keys.metrics };
          }}
        >
          Show all
        </LinkButton>
        <LinkButton
          onClick={() => {
            model.chosen.value = { ...shown, params: model.varying.peek() };
          }}
        >
          Only params that vary
        </LinkButton>
        <span class="grow" />
        <LinkButton
          onClick={() => {
            model.chosen.value = undefined;
          }}
        >
          Reset
        </LinkButton>
      </div>
    </div>
  );
}

/** More checkboxes than this are not put into the popup at once. */
const MOST = 200;
