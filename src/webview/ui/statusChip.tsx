import type { RunStatus } from "../../mlflow/entities.ts";
import { NO_PROCESS, noProcessText } from "../../protocol/runs.ts";
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
  /** It says that it is running, but nothing is at work on it. */
  isStuck: boolean;
  /** When it was last heard of, in ms since the epoch; 0 where nothing tells. */
  since?: number | undefined;
  /** Absent where it cannot be done. */
  markFailed: (() => void) | undefined;
  title?: string | undefined;
}

/** How the run of a panel stands. */
export function StatusChip({ status, isStuck, since = 0, markFailed, title }: StatusProps) {
  if (isStuck) {
    return (
      <>
        <span class="chip status warnText" title={NO_PROCESS}>
          <Icon name="warning" class="warn" />
          {noProcessText(since, Date.now())}
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
