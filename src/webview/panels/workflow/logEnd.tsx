import { LinkButton } from "../../ui/controls.tsx";
import type { StepProps } from "./details.tsx";

const MOST_LINES = 14;

/** The last lines that the step printed. */
export function LogEnd({ model, host, overview, step }: StepProps) {
  const run_id = step.run?.run_id;
  if (run_id === undefined) return null;
  if (step.status === "running" && overview.stuck !== true) {
    return (
      <section class="part" aria-label="End of log">
        <h3>End of log</h3>
        <p class="dim">What it prints is in the terminal, and is kept here when it ends.</p>
      </section>
    );
  }
  const log = model.logOf(run_id).value;
  if (log === undefined || log.lines.length === 0) return null;
  const first = Math.max(0, log.lines.length - MOST_LINES);
  return (
    <section class="part" aria-label="End of log">
      <h3>
        End of log
        <span class="grow" />
        <LinkButton title="Open log (L)" onClick={() => model.attempt(host.openLog({ run_id }))}>
          Open log
        </LinkButton>
      </h3>
      <pre class="logEnd" tabIndex={0} aria-label="Last lines of the log">
        {log.lines.slice(first).map((line, i) => (
          <div key={i} class={first + i === log.failure?.at ? "errorLine" : ""}>
            {line === "" ? " " : line}
          </div>
        ))}
      </pre>
    </section>
  );
}
