import { useEffect, useRef, useState } from "preact/hooks";
import type { ExperimentHost } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { Icon, IconButton, LinkButton } from "../../ui/controls.tsx";
import { isFilterError } from "../../ui/errors.ts";
import { countOf, formatCount } from "../../ui/format.ts";
import { NARROW, pageWidth } from "../../ui/narrow.ts";
import { headerOf } from "./fields.ts";
import type { ExperimentModel } from "./model.ts";
import { PANEL_PARTS, type PanelPart } from "./savedView.ts";
import { ViewsMenu } from "./viewsMenu.tsx";

interface Props {
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
}

/** How many runs there are, and every setting that is in force; each can be taken away. */
export function Chips({ model, host }: Props) {
  const total = model.rows.total.value;
  const running = model.rows.running.value;
  const changed = model.draft.value.trim() !== model.filter.value;
  const narrow = pageWidth.value < NARROW;
  if (total === undefined) return <div class="chips" />;
  const [count, noun] = countOf(model.rows.runs.value, "run").split(" ");
  return (
    <div class="chips">
      <span class="num" role="status">
        <span class="strong">{count}</span> {noun}
        {running > 0 && total > 0 ? <span class="dim"> · {formatCount(running)} running</span> : null}
      </span>
      {narrow ? <Folded model={model} host={host} /> : <Settings model={model} host={host} />}
      <span class="grow" />
      {changed ? <span class="dim cut">Enter applies the filter</span> : null}
      {narrow ? <Parts model={model} /> : <ViewsMenu model={model} />}
    </div>
  );
}

interface Setting {
  words: string;
  icon?: string;
  accent?: boolean;
  remove: string;
  onRemove(): void;
}

function settingsOf(model: ExperimentModel): Setting[] {
  const { arranged, columns, selected } = model;
  const filter = model.filter.value;
  const inForce = filter !== "" && !isFilterError(model.rows.failure.value);
  const groups = arranged.groupBy.value;
  const baseline = model.baseline.place.value;
  const lists: [string, number, string, () => void][] = [
    ["pinned", arranged.pinned.value.length, "Unpin all runs", () => (arranged.pinned.value = [])],
    ["hidden", arranged.hidden.value.length, "Show hidden runs", arranged.showAll],
    ["starred", arranged.starred.value.size, "Remove all stars", () => (arranged.starred.value = new Set())],
  ];
  const checked = model.checked.value.size;
  return [
    ...(inForce
      ? [{ words: `filter: ${filter}`, remove: "Remove filter", onRemove: () => model.applyFilter("") }]
      : []),
    ...groups.map((id) => ({
      words: `group: ${headerOf(id)}`,
      remove: `Do not group by ${headerOf(id)}`,
      onRemove: () => arranged.groupByColumns(groups.filter((other) => other !== id)),
    })),
    ...(baseline === undefined
      ? []
      : [
          {
            words: `baseline: ${baseline.columns.run_names[0] ?? ""}`,
            icon: "pinned",
            remove: "Clear baseline",
            onRemove: () => model.baseline.toggle(model.baseline.id.peek() ?? ""),
          },
        ]),
    ...(columns.onlyVarying.value
      ? [
          {
            words: "only what varies",
            remove: "Show all chosen columns",
            onRemove: () => (columns.onlyVarying.value = false),
          },
        ]
      : []),
    ...(arranged.deleted.value
      ? [{ words: "deleted too", remove: "Leave deleted runs out", onRemove: () => (arranged.deleted.value = false) }]
      : []),
    ...lists
      .filter(([, count]) => count > 0)
      .map(([words, count, remove, onRemove]) => ({ words: `${formatCount(count)} ${words}`, remove, onRemove })),
    ...(checked === 0
      ? []
      : [{ words: `${formatCount(checked)} checked`, accent: true, remove: "Uncheck all", onRemove: selected.clear }]),
  ];
}

function Settings({ model, host }: Props) {
  const settings = settingsOf(model);
  const starred = model.arranged.starred.value.size;
  const checked = model.checked.value.size;
  const copyIds = () => model.attempt(host.copy({ text: [...model.checked.peek()].join("\n") }));
  return (
    <>
      {settings.length > 0 ? <span class="separator" /> : null}
      {settings.map(({ words, icon, accent, remove, onRemove }) => (
        <span key={remove} class={`chip ${accent === true ? "accent" : ""}`} title={words}>
          {icon === undefined ? null : <Icon name={icon} />}
          <span class="cut">{words}</span>
          <button type="button" aria-label={remove} onClick={() => onRemove()}>
            <Icon name="close" />
          </button>
        </span>
      ))}
      {starred > 0 && checked === 0 ? (
        <LinkButton onClick={() => model.selected.add([...model.arranged.starred.peek()])}>Check starred</LinkButton>
      ) : null}
      {checked === 0 ? null : (
        <>
          <LinkButton onClick={model.drawOnlyChecked}>Draw only these</LinkButton>
          <LinkButton onClick={copyIds}>Copy run IDs</LinkButton>
        </>
      )}
    </>
  );
}

/** The settings of a narrow panel: their number, and a list of them when it is clicked. */
function Folded({ model, host }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener("pointerdown", onPointerDown);
    return () => document.removeEventListener("pointerdown", onPointerDown);
  }, []);
  const count = settingsOf(model).length;
  if (count === 0) return null;
  return (
    <div class="folded" ref={root} onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <button type="button" class="chip" aria-expanded={open} onClick={() => setOpen(!open)}>
        {countOf(count, "setting")}
        <Icon name="chevron-down" />
      </button>
      {open ? (
        <div class="popup foldedList" role="dialog" aria-label="Settings">
          <Settings model={model} host={host} />
        </div>
      ) : null}
    </div>
  );
}

const PARTS: Record<PanelPart, { icon: string; words: string }> = {
  both: { icon: "split-vertical", words: "Both" },
  table: { icon: "table", words: "Table" },
  charts: { icon: "graph-line", words: "Charts" },
};

/** What a narrow panel has room for. */
function Parts({ model }: { model: ExperimentModel }) {
  return (
    <div class="parts" role="group" aria-label="Shown parts">
      {PANEL_PARTS.map((part) => (
        <IconButton
          key={part}
          icon={PARTS[part].icon}
          label={PARTS[part].words}
          pressed={model.part.value === part}
          onClick={() => {
            model.part.value = part;
          }}
        />
      ))}
    </div>
  );
}
