import { Select, TextField } from "../../ui/controls.tsx";
import type { Props } from "./props.ts";
import { countText } from "./words.ts";

/** The filter, the metric of the table, and how many versions match. */
export function Toolbar({ model }: Props) {
  const wrong = model.filterProblem.value;
  const metric = model.metric.value;
  const keys = model.metrics.value?.keys ?? [];
  const { rows } = model;
  const leave = () => {
    model.typed(model.filter.peek());
    document.querySelector<HTMLElement>(".grid")?.focus();
  };
  return (
    <div class="versionsBar" data-region role="search" aria-label="Versions">
      <div class="row">
        <TextField
          filter
          class="grow"
          label="Filter versions"
          icon="filter"
          placeholder="Filter versions, e.g. tags.data = 'v3'"
          value={model.draft.value}
          invalid={wrong !== undefined}
          onInput={model.typed}
          onEnter={model.apply}
          onEscape={leave}
          onClear={model.clearFilter}
        />
        {keys.length < 2 || metric === undefined ? null : (
          <Select
            label="Metric of the table"
            class="metricChoice"
            value={metric}
            options={keys.map(({ key }) => ({ value: key, label: key }))}
            onChange={model.chooseMetric}
          />
        )}
        <span class="dim num count" role="status">
          {countText(rows.total.value, rows.versions.value, model.filter.value !== "")}
        </span>
      </div>
      {wrong === undefined ? null : (
        <p class="filterProblem" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}
