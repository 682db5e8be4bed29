import type { WorkflowStep } from "../../../protocol/panels/workflow.ts";
import { LinkButton } from "../../ui/controls.tsx";
import { formatAgo } from "../../ui/format.ts";
import type { Props } from "./props.ts";

/** The earlier run that was taken, and when it began. */
export function ReusedRun({ model, host, run }: Props & { run: NonNullable<WorkflowStep["run"]> }) {
  return (
    <LinkButton onClick={() => model.attempt(host.openRun({ run_id: run.run_id }))}>
      {run.run_name}
      {run.start_time === undefined ? "" : `, ${formatAgo(run.start_time, model.now.value)}`}
    </LinkButton>
  );
}
