import { IconButton, TextField } from "../../ui/controls.tsx";
import { isFilterError, messageOf } from "../../ui/errors.ts";
import { ColumnChooser } from "./columnChooser.tsx";
import { NARROW, pageWidth } from "../../ui/narrow.ts";
import type { ExperimentModel } from "./model.ts";

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
