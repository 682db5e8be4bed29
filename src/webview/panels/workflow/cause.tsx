import { LinkButton } from "../../ui/controls.tsx";
import { progressText } from "../../ui/progress.ts";
import type { StepProps } from "./details.tsx";
import { ReusedRun } from "./reusedRun.tsx";
import { loggedParams, reuseText, waitedFor } from "./words.ts";

/** Why the step stands as it does, in one sentence. */
export function Cause(props: StepProps) {
  return <p class="cause">{causeOf(props)}</p>;
}

function causeOf({ model, host, overview, step }: StepProps) {
  const { status, reason, run } = step;
  switch (status) {
    case "failed":
      return <Failure {...{ model, host, overview, step }} />;
    case "killed":
      return "It was stopped before it was done.";
    case "blocked":
    case "waiting":
      return waitedFor(step, overview);
    case "cached": {
      const text = reuseText(step);
      if (text === undefined) return "An earlier run was taken instead.";
      if (run === undefined) return text;
      return (
        <>
          {text} <ReusedRun {...{ model, host, run }} />.
        </>
      );
    }
    case "running": {
      if (overview.stuck === true) return "It says that it is running, but what ran it is gone.";
      const started_at = step.tries.at(-1)?.started_at;
      return progressText(loggedParams(step), step.metrics, started_at, model.now.value) ?? reason ?? "It is running.";
    }
    case "finished":
      return reason ?? "It is done.";
    default:
      return status satisfies never;
  }
}

function Failure({ model, host, step }: StepProps) {
  const last = step.tries.at(-1);
  const run_id = step.run?.run_id;
  const failure = run_id === undefined ? undefined : model.logOf(run_id).value?.failure;
  if (failure === undefined || run_id === undefined) {
    if (last?.problem !== undefined) return <>{last.problem}</>;
    return <>{last?.exitCode === undefined ? "It failed." : `Its command ended with exit code ${last.exitCode}.`}</>;
  }
  const { error, file, line } = failure;
  return (
    <>
      The script stopped with <code>{error}</code>
      {file === undefined || line === undefined ? null : (
        <>
          , raised at{" "}
          <LinkButton title={file} onClick={() => model.attempt(host.openFile({ run_id, file, line }))}>
            {file.split(/[\\/]/).at(-1)}:{line}
          </LinkButton>
        </>
      )}
      .
    </>
  );
}
