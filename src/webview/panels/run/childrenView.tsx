import type { RunOverview } from "../../../protocol/panels/run.ts";
import { Dot, LinkButton, StatusIcon } from "../../ui/controls.tsx";
import { formatAge, formatDuration, formatTimestamp, formatValue } from "../../ui/format.ts";
import type { Props } from "./props.ts";

/** The runs below this one. */
export function ChildRuns({ model, host, overview }: Props & { overview: RunOverview }) {
  const now = model.now.value;
  return (
    <table class="compact childRuns">
      <thead>
        <tr class="dim">
          <th scope="col">Run</th>
          <th scope="col">Metric</th>
          <th scope="col">Duration</th>
          <th scope="col">Age</th>
        </tr>
      </thead>
      <tbody>
        {overview.children.map(({ run_id, run_name, status, stuck, ordinal, start_time, end_time, metric }) => {
          const end = end_time ?? (status === "RUNNING" && stuck !== true ? now : undefined);
          return (
            <tr key={run_id}>
              <th scope="row">
                <span class="row">
                  <Dot ordinal={ordinal} />
                  <LinkButton class="cut" onClick={() => model.attempt(host.openRun({ run_id }))}>
                    {run_name}
                  </LinkButton>
                  <StatusIcon status={status} stuck={stuck === true} />
                </span>
              </th>
              <td class="num" title={metric === undefined ? undefined : String(metric.value)}>
                {metric === undefined ? "" : <span class="dim">{metric.key} </span>}
                {metric === undefined ? "" : formatValue(metric.value)}
              </td>
              <td class="num">
                {start_time === undefined || end === undefined ? "" : formatDuration(end - start_time)}
              </td>
              <td class="num dim" title={start_time === undefined ? undefined : formatTimestamp(start_time)}>
                {start_time === undefined ? "" : formatAge(start_time, now)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
