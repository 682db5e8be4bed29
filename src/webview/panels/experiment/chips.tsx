import { useEffect, useRef, useState } from "preact/hooks";
import type { ExperimentHost } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { Icon, IconButton, LinkButton } from "../../ui/controls.tsx";
import { isFilterError } from "../../ui/errors.ts";
import { countOf, formatCount } from "../../ui/format.ts";
import { NARROW, pageWidth } from "../../ui/narrow.ts";
import type { ExperimentModel } from "./model.ts";
import { PANEL_PARTS, type PanelPart } from "./savedView.ts";

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
  const [count, noun] = countOf(total, "run").split(" ");
  return (
    <div class="chips">
      <span class="num" role="status">
        <span class="strong">{count}</span> {noun}
        {running > 0 && total > 0 ? <span class="dim"> · {formatCount(running)} running</span> : null}
      </span>
      {narrow ? <Folded model={model} host={host} /> : <Settings model={model} host={host} />}
      <span class="grow" />
      {changed ? <span class="dim cut">Enter applies the filter</span> : null}
      {narrow ? <Parts model={model} /> : null}
    </div>
  );
}

function filterInForce(model: ExperimentModel): boolean {
  return model.filter.value !== "" && !isFilterError(model.rows.failure.value);
}

function Settings({ model, host }: Props) {
  const checked = model.checked.value.size;
  const copyIds = () => model.attempt(host.copy({ text: [...model.checked.peek()].join("\n") }));
  return (
    <>
      {filterInForce(model) ? (
        <>
          <span class="separator" />
          <span class="chip" title={model.filter.value}>
            <span class="cut">filter: {model.filter.value}</span>
            <button type="button" aria-label="Remove filter" onClick={() => model.applyFilter("")}>
              <Icon name="close" />
            </button>
          </span>
        </>
      ) : null}
      {checked === 0 ? null : (
        <>
          <span class="separator" />
          <span class="chip accent">
            {formatCount(checked)} checked
            <button
              type="button"
              aria-label="Uncheck all"
              onClick={() => {
                model.checked.value = new Set();
              }}
            >
              <Icon name="close" />
            </button>
          </span>
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
  const count = Number(filterInForce(model)) + Number(model.checked.value.size > 0);
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
