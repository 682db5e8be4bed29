import type { ExperimentHost } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { Icon, IconButton, LinkButton, TextField } from "../../ui/controls.tsx";
import { isFilterError, messageOf } from "../../ui/errors.ts";
import { countOf, formatCount } from "../../ui/format.ts";
import { ColumnChooser } from "./columnChooser.tsx";
import { NARROW, pageWidth } from "../../ui/narrow.ts";
import type { ExperimentModel } from "./model.ts";
import { PANEL_PARTS, type PanelPart } from "./savedView.ts";

export function Toolbar({ model, beside }: { model: ExperimentModel; beside: boolean }) {
  const failure = model.rows.failure.value;
  const invalid = isFilterError(failure);
  return (
    <div class="toolbarArea" data-region role="toolbar" aria-label="Filter and columns">
      <div class="toolbar">
        <TextField
          class="code grow"
          label="Filter runs"
          icon="filter"
          placeholder="Filter, such as metrics.loss < 0.5 and params.model = 'mlp'"
          value={model.draft.value}
          onInput={(text) => {
            model.draft.value = text;
          }}
          onEnter={() => model.applyFilter(model.draft.peek())}
          onEscape={() => {
            model.draft.value = model.filter.peek();
          }}
          onClear={() => model.applyFilter("")}
          invalid={invalid}
          filter
        />
        <ColumnChooser model={model} />
        {pageWidth.value < NARROW ? null : (
          <IconButton
            icon={beside ? "layout-sidebar-right" : "layout-panel"}
            label={beside ? "Put the charts below the table" : "Put the charts beside the table"}
            onClick={() => {
              model.beside.value = !beside;
            }}
          />
        )}
      </div>
      {invalid ? (
        <p class="fieldError" role="alert">
          {messageOf(failure)}
        </p>
      ) : null}
    </div>
  );
}

export function Chips({ model, host }: { model: ExperimentModel; host: Remote<ExperimentHost> }) {
  const total = model.rows.total.value;
  const running = model.rows.running.value;
  const checked = model.checked.value.size;
  const changed = model.draft.value.trim() !== model.filter.value;
  const copyIds = () => model.attempt(host.copy({ text: [...model.checked.peek()].join("\n") }));
  if (total === undefined) return <div class="chips" />;
  const [count, noun] = countOf(total, "run").split(" ");
  return (
    <div class="chips" role="status">
      <span class="num">
        <span class="strong">{count}</span> {noun}
      </span>
      {running > 0 && total > 0 ? <span class="dim num">· {formatCount(running)} running</span> : null}
      {model.filter.value === "" || isFilterError(model.rows.failure.value) ? null : (
        <>
          <span class="separator" />
          <span class="chip" title={model.filter.value}>
            <span class="cut">filter: {model.filter.value}</span>
            <button type="button" aria-label="Remove filter" onClick={() => model.applyFilter("")}>
              <Icon name="close" />
            </button>
          </span>
        </>
      )}
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
      <span class="grow" />
      {changed ? <span class="dim cut">Enter applies the filter</span> : null}
      {pageWidth.value < NARROW ? <Parts model={model} /> : null}
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
