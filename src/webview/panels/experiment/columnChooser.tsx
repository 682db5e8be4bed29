import { useEffect, useRef, useState } from "preact/hooks";
import { ATTRIBUTE_KEYS, type KeyFacts } from "../../../protocol/runs.ts";
import { isMachinery } from "../../../protocol/tags.ts";
import { Checkbox, IconButton, LinkButton, TextField } from "../../ui/controls.tsx";
import { formatCount } from "../../ui/format.ts";
import { NAME_ID } from "./columns.ts";
import { headerOf } from "./fields.ts";
import { rangeText } from "./filter/completion.ts";
import type { ExperimentModel } from "./model.ts";

/** The Columns button and its popup: one checkbox for each column there can be. */
export function ColumnChooser({ model }: { model: ExperimentModel }) {
  const open = model.choosing.value;
  const setOpen = (next: boolean) => {
    model.choosing.value = next;
  };
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    root.current?.querySelector<HTMLElement>("vscode-text-field")?.focus();
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

interface Section {
  title: string;
  entries: { id: string; name: string; facts?: KeyFacts | undefined }[];
}

function sectionsOf(model: ExperimentModel): Section[] {
  const keys = model.logged.all.value;
  const keyed = (room: "params" | "metrics" | "tags") =>
    (keys?.[room] ?? [])
      .filter(({ key }) => room !== "tags" || !isMachinery(key))
      .map((facts) => ({ id: `${room}.${facts.key}`, name: facts.key, facts }));
  const shown = model.columns.wanted.value;
  // Other values of a metric that are shown stand with the metrics, so that they can be taken away here too.
  const others = shown.filter((id) => /^(min|max|best|curve|step:-?\d+)\.metrics\./.test(id));
  const curves = (keys?.stepped ?? []).map((key) => `curve.metrics.${key}`);
  const more = [...new Set([...others, ...curves])].map((id) => ({ id, name: headerOf(id) }));
  const attributes = ATTRIBUTE_KEYS.filter((key) => `attributes.${key}` !== NAME_ID);
  return [
    { title: "Params", entries: keyed("params") },
    { title: "Metrics", entries: keyed("metrics") },
    { title: "Curves and other values", entries: more },
    {
      title: "Attributes",
      entries: attributes.map((key) => ({ id: `attributes.${key}`, name: headerOf(`attributes.${key}`) })),
    },
    { title: "Datasets and models", entries: ["datasets", "models"].map((id) => ({ id, name: headerOf(id) })) },
    { title: "Tags", entries: keyed("tags") },
  ];
}

function Chooser({ model }: { model: ExperimentModel }) {
  const [search, setSearch] = useState("");
  const { columns } = model;
  const shown = new Set(columns.wanted.value);
  const here = columns.facts.value;
  const list = ({ title, entries }: Section) => {
    const wanted = search.toLowerCase();
    const found = entries.filter(({ name }) => name.toLowerCase().includes(wanted));
    if (found.length === 0) return null;
    const count = entries.filter(({ id }) => shown.has(id)).length;
    return (
      <section aria-label={title} key={title}>
        <h2 class="dim small num">
          {title} · {formatCount(count)} of {formatCount(entries.length)}
        </h2>
        {found.slice(0, MOST).map(({ id, name, facts }) => (
          <div key={id} title={name} class="chooserLine">
            <Checkbox checked={shown.has(id)} onChange={() => columns.toggle(id)}>
              {name}
              {here.get(id)?.varies === true && id.startsWith("params.") ? (
                <span class="dim small"> varies</span>
              ) : null}
            </Checkbox>
            {facts?.range === undefined ? null : <span class="dim small num">{rangeText(facts.range)}</span>}
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
      <div class="chooserList">{sectionsOf(model).map(list)}</div>
      <div class="chooserFoot">
        <Checkbox
          checked={columns.onlyVarying.value}
          onChange={() => {
            columns.onlyVarying.value = !columns.onlyVarying.peek();
          }}
        >
          Only columns that vary
        </Checkbox>
        <span class="grow" />
        <LinkButton onClick={() => columns.choose(allColumns(model))}>Show all</LinkButton>
        <LinkButton
          onClick={() => {
            columns.chosen.value = undefined;
          }}
        >
          Reset
        </LinkButton>
      </div>
    </div>
  );
}

/** What is shown, and every param and metric. */
function allColumns(model: ExperimentModel): string[] {
  const keys = model.keys.peek();
  const shown = model.columns.wanted.peek();
  const isValue = (id: string) => id.startsWith("params.") || id.startsWith("metrics.");
  return [
    ...shown.filter((id) => id.startsWith("attributes.")),
    ...(keys?.params ?? []).map((key) => `params.${key}`),
    ...(keys?.metrics ?? []).map((key) => `metrics.${key}`),
    ...shown.filter((id) => !isValue(id) && !id.startsWith("attributes.")),
  ];
}

/** More checkboxes than this are not put into the popup at once. */
const MOST = 200;
