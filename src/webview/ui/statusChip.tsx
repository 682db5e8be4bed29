import type { RunStatus } from "../../mlflow/entities.ts";
import { NO_PROCESS } from "../../protocol/runs.ts";
import { Icon, LinkButton, StatusIcon } from "./controls.tsx";

export const STATUS_WORDS: Record<RunStatus, string> = {
  RUNNING: "Running",
  SCHEDULED: "Scheduled",
  FINISHED: "Finished",
  FAILED: "Failed",
  KILLED: "Killed",
};

interface StatusProps {
  status: RunStatus;
  /** Words for a run that says that it is running, but nothing is at work on it. */
  stuck: string | undefined;
  /** Absent where it cannot be done. */
  markFailed: (() => void) | undefined;
  title?: string | undefined;
}

/** How the run of a panel stands. */
export function StatusChip({ status, stuck, markFailed, title }: StatusProps) {
  if (stuck !== undefined) {
    return (
      <>
        <span class="chip status warnText" title={NO_PROCESS}>
          <Icon name="warning" class="warn" />
          {stuck}
        </span>
        {markFailed === undefined ? null : <LinkButton onClick={markFailed}>Mark as failed</LinkButton>}
      </>
    );
  }
  return (
    <span class="chip status" title={title}>
      {status === "FINISHED" ? <Icon name="pass" class="passed" /> : <StatusIcon status={status} />}
      {STATUS_WORDS[status]}
    </span>
  );
}
