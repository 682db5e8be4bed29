import type { ComponentChildren } from "preact";
import type { LoggedModelRow } from "../../../protocol/panels/loggedModels.ts";
import { Dot, Icon } from "../../ui/controls.tsx";
import { formatAge, formatMetric, formatTimestamp } from "../../ui/format.ts";
import type { GridColumn } from "../../ui/table/columns.ts";
import { type MetricColumn, metricTitle, shownMetric } from "./columns.ts";
import type { Props } from "./props.ts";
import { signOf, versionText } from "./words.ts";

// What stands in a cell of the list; many are drawn at once: plain elements, no components that keep something.

export function nameOf(row: LoggedModelRow | undefined): ComponentChildren {
  if (row === undefined) return null;
  const { name, model_id, status } = row;
  const sign = signOf(status);
  return (
    <span class="nameCell nameOf" data-id={model_id} title={`${name}\n${model_id}\n${sign.words}`}>
      {status === "LOGGED_MODEL_READY" ? (
        <Icon name="package" class="dim" />
      ) : (
        <i class={`codicon codicon-${sign.icon} status ${sign.class}`} role="img" aria-label={sign.words} />
      )}
      <span class="cut strong">{name}</span>
      <span class="dim mono id">{model_id.slice(0, 10)}</span>
    </span>
  );
}

export function cellOf(
  { model, host }: Props,
  row: LoggedModelRow,
  column: GridColumn,
  metrics: ReadonlyMap<string, MetricColumn>,
): ComponentChildren {
  const { run, versions, creation_timestamp_ms: made } = row;
  const link = (words: string, title: string, onClick: () => void) => (
    <button type="button" tabIndex={-1} class="link cut" title={title} onClick={onClick}>
      {words}
    </button>
  );
  switch (column.id) {
    case "registered": {
      const [first, ...more] = versions;
      if (first === undefined) return null;
      const { name, version, aliases } = first;
      const open = () => model.attempt(host.openVersion({ name, version }));
      return (
        <span class="row linkCell">
          {link(`${name} ${version}`, versions.map(versionText).join("\n"), open)}
          {aliases.slice(0, 1).map((alias) => (
            <span key={alias} class="dim cut">
              @{alias}
            </span>
          ))}
          {more.length > 0 ? <span class="dim num">+{more.length}</span> : null}
        </span>
      );
    }
    case "run":
      return run === undefined ? null : (
        <span class="row linkCell">
          <Dot ordinal={run.ordinal} size={8} />
          {link(run.run_name, run.run_name, () => model.attempt(host.openRun({ run_id: run.run_id })))}
        </span>
      );
    case "creation_timestamp":
      return (
        <span class="dim" title={formatTimestamp(made)}>
          {formatAge(made, model.now.value)}
        </span>
      );
    default:
      return metricOf(row, keyOf(column), metrics);
  }
}

function metricOf(row: LoggedModelRow, key: string, metrics: ReadonlyMap<string, MetricColumn>): ComponentChildren {
  const metric = shownMetric(row, key);
  const column = metrics.get(key);
  if (metric === undefined || column === undefined) return null;
  const isBest = metric.value === column.best;
  return (
    <span class={isBest ? "strong" : ""} title={metricTitle(row, key)}>
      {formatMetric(metric.value, column.format)}
      {isBest ? <span class="hidden">, best</span> : null}
    </span>
  );
}

function keyOf({ id }: GridColumn): string {
  return id.replace(/^metrics\./, "");
}

/** As the store has it, all digits. */
export function storedText(row: LoggedModelRow, column: GridColumn): string | undefined {
  switch (column.id) {
    case "name":
      return row.name;
    case "registered":
      return row.versions.map(versionText).join(", ");
    case "run":
      return row.run?.run_name;
    case "creation_timestamp":
      return new Date(row.creation_timestamp_ms).toISOString();
    default: {
      const metric = shownMetric(row, keyOf(column));
      return metric === undefined ? undefined : String(metric.value);
    }
  }
}
