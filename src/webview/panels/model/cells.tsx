import type { ComponentChildren } from "preact";
import { computed } from "@preact/signals";
import { Dot, Icon } from "../../ui/controls.tsx";
import { AliasBadge, sortedAliases, StageBadge } from "../../ui/modelBadges.tsx";
import {
  cutMiddle,
  differenceText,
  formatAge,
  formatMetric,
  formatTimestamp,
  isOutside,
  metricFormat,
} from "../../ui/format.ts";
import type { GridColumn } from "../../ui/table/columns.ts";
import { deltaOf } from "../../ui/delta.tsx";
import type { ModelModel } from "./model.ts";
import type { Props } from "./props.ts";
import type { LoadedRow } from "./versionsWindow.ts";
import { isBetter } from "./words.ts";

/** Px of a letter of a run's name, and of what stands beside it. */
const LETTER = 6.8;
const BESIDE_NAME = 32;

const STATUS = {
  PENDING_REGISTRATION: { icon: "loading", class: "running", words: "Pending" },
  FAILED_REGISTRATION: { icon: "error", class: "failed", words: "Failed" },
} as const;

/** One format for all rows that are loaded. */
export function columnFormat(model: ModelModel) {
  return computed(() => {
    const all = model.rows.version.value < 0 ? [] : model.rows.loaded();
    const best = model.championMetric.value;
    return metricFormat([...all.flatMap(({ metric }) => metric ?? []), ...(best === undefined ? [] : [best])]);
  });
}

/** What stands in a cell; many are drawn at once: plain elements, no components that keep something. */
export function cellOf(
  { model, host }: Props,
  format: ReturnType<typeof columnFormat>,
  loaded: LoadedRow,
  column: GridColumn,
  width: number,
): ComponentChildren {
  const { row, metric } = loaded;
  switch (column.id) {
    case "alias":
      return <Aliases aliases={row.aliases} />;
    case "stage":
      return <StageBadge stage={row.current_stage} />;
    case "status": {
      if (row.status === "READY") return <span class="dim">Ready</span>;
      const sign = STATUS[row.status];
      return (
        <span class="versionStatus" title={row.status_message ?? sign.words}>
          <Icon name={sign.icon} class={`status ${sign.class}`} />
          {sign.words}
        </span>
      );
    }
    case "run_name": {
      if (row.run === undefined) return null;
      const { run_id, run_name, ordinal, lifecycle_stage } = row.run;
      const letters = Math.max(8, Math.floor((width - BESIDE_NAME) / LETTER));
      return (
        <span class="sourceRun">
          <Dot ordinal={ordinal} size={8} />
          <button
            type="button"
            tabIndex={-1}
            class={`link ${lifecycle_stage === "deleted" ? "gone" : ""}`}
            title={`${run_name} · ${run_id}${lifecycle_stage === "deleted" ? " · deleted" : ""}`}
            onClick={() => model.attempt(host.openRun({ run_id }))}
          >
            {cutMiddle(run_name || run_id.slice(0, 8), letters)}
          </button>
        </span>
      );
    }
    case "metric":
      if (metric === undefined) return null;
      return (
        <span class={isOutside(metric) ? "warnText" : ""} title={String(metric)}>
          {formatMetric(metric, format.value)}
        </span>
      );
    case "delta": {
      if (row.version === model.champion.value) return <span class="dim delta">champion</span>;
      const best = model.championMetric.value;
      const key = model.metric.value;
      if (metric === undefined || best === undefined || key === undefined || isOutside(metric) || isOutside(best))
        return null;
      const difference = metric - best;
      const better = difference === 0 ? undefined : isBetter(key, difference);
      return deltaOf(differenceText(difference, format.value), better, "the champion");
    }
    case "creation_timestamp":
      return <Age time={row.creation_timestamp} model={model} />;
    default:
      return null;
  }
}

function Age({ time, model }: { time: number; model: ModelModel }) {
  return (
    <span class="dim" title={formatTimestamp(time)}>
      {formatAge(time, model.now.value)}
    </span>
  );
}

/** The champion's alias first; where several do not fit, how many more there are. */
function Aliases({ aliases }: { aliases: readonly string[] }) {
  const [first, ...more] = sortedAliases(aliases);
  if (first === undefined) return null;
  const others = more.map((alias) => `@${alias}`).join(" ");
  return (
    <span class="aliases">
      <AliasBadge alias={first} />
      {more.length === 0 ? null : (
        <span class="dim small" title={others}>
          +{more.length}
          <span class="hidden"> more: {others}</span>
        </span>
      )}
    </span>
  );
}
