import type { WorkflowStep } from "../../../protocol/panels/workflow.ts";
import { Button, Icon, IconButton, LinkButton } from "../../ui/controls.tsx";
import { formatDuration } from "../../ui/format.ts";
import { Cause } from "./cause.tsx";
import { close } from "./keys.ts";
import { MetricsPart, ParamsPart } from "./loggedView.tsx";
import { LogEnd } from "./logEnd.tsx";
import type { SeenProps } from "./props.ts";
import { signOf } from "./words.ts";

export type StepProps = SeenProps & { step: WorkflowStep };

/** The chosen step: why it stands as it does, what can be done, what it ran with and what it printed last. */
export function Details(props: StepProps) {
  const { model, host, overview, step } = props;
  const sign = signOf(step, overview.stuck === true);
  return (
    <aside class="details" aria-label={`Step ${step.name}`} tabIndex={0} data-region>
      <div class="row detailsTitle">
        <Icon name={sign.icon} class={`status ${sign.class}`} />
        <h2 class="strong cut" title={step.name}>
          {step.name}
        </h2>
        <span class="dim">{sign.words}</span>
        <span class="grow" />
        {overview.kind === "workflow" && model.can("openFile") ? (
          <IconButton
            icon="go-to-file"
            label="Open the step in the workflow file"
            onClick={() => model.attempt(host.openWorkflowFile({ step: step.name }))}
          />
        ) : null}
        <IconButton icon="close" label="Close (Escape)" onClick={() => close(model)} />
      </div>
      <Cause {...props} />
      <StepActions {...props} />
      <Facts {...props} />
      <ParamsPart {...props} />
      <MetricsPart {...props} />
      <LogEnd {...props} />
    </aside>
  );
}

function StepActions({ model, host, overview, step }: StepProps) {
  const { run } = step;
  const isOpen = step.status === "failed" || step.status === "killed" || step.status === "blocked";
  const canResume = model.can("resume");
  // Offered where it helps; while the workflow goes on it waits, and says why.
  const resume = overview.kind === "workflow" && model.can("write") && (canResume || (isOpen && model.can("stop")));
  const debug = model.can("debug") && step.status !== "waiting";
  if (!resume && !debug && run === undefined) return null;
  return (
    <div class="row detailsActions">
      {resume ? (
        <Button
          primary={isOpen && canResume}
          disabled={canResume ? undefined : "The workflow is running; stop it, or wait for its end."}
          icon="debug-continue"
          title="Runs this step again, and all that wait for it (R)"
          onClick={() => model.attempt(host.resume({ from: step.id }))}
        >
          Resume from here
        </Button>
      ) : null}
      {debug ? <Button onClick={() => model.attempt(host.debug({ step: step.id }))}>Debug</Button> : null}
      {run === undefined ? null : (
        <Button onClick={() => model.attempt(host.openRun({ run_id: run.run_id }))}>Open run</Button>
      )}
    </div>
  );
}

function Facts({ model, host, overview, step }: StepProps) {
  const { run, tries, tries_allowed, continueOnError, status } = step;
  const needed = overview.steps.filter(({ id }) => step.needs.includes(id));
  const owner = overview.kind === "workflow" ? "workflow" : "run";
  return (
    <section class="part" aria-label="Step">
      <h3>Step</h3>
      <dl class="stepFacts">
        <dt>Entry point</dt>
        <dd class="cut">
          <LinkButton onClick={() => model.attempt(host.openEntryPoint({ step: step.id }))}>
            {step.entry_point}
          </LinkButton>
          {step.project === undefined ? null : <span class="dim"> of {step.project}</span>}
        </dd>
        {run === undefined ? null : (
          <>
            <dt>Run</dt>
            <dd class="cut">
              <LinkButton onClick={() => model.attempt(host.openRun({ run_id: run.run_id }))}>
                {run.run_name}
              </LinkButton>{" "}
              <span class="dim">
                {run.isDeleted === true ? "deleted" : status === "cached" ? "reused" : `child of this ${owner}`}
              </span>
            </dd>
          </>
        )}
        {step.isRunGone === true ? (
          <>
            <dt>Run</dt>
            <dd class="dim">no longer in {overview.store_name}</dd>
          </>
        ) : null}
        {tries.length === 0 || status === "cached" ? null : (
          <>
            <dt>{tries_allowed === undefined ? "Took" : "Tries"}</dt>
            <dd class="num">{triesText(step, model.now.value)}</dd>
          </>
        )}
        <dt>Needs</dt>
        <dd>
          {needed.length === 0 ? <span class="dim">nothing</span> : null}
          {needed.map(({ id, name }, i) => (
            <>
              {i === 0 ? "" : ", "}
              <LinkButton key={id} onClick={() => model.goTo(id)}>
                {name}
              </LinkButton>
            </>
          ))}
        </dd>
        {continueOnError === undefined ? null : (
          <>
            <dt>If it fails</dt>
            <dd>{continueOnError ? "the steps that need it start all the same" : "stop the steps that need it"}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** `2 of 2 · 20 s, 21 s`. */
function triesText({ tries, tries_allowed }: WorkflowStep, now: number): string {
  const lengths = tries.map(({ started_at, ended_at }) => formatDuration((ended_at ?? now) - started_at)).join(", ");
  if (tries_allowed === undefined) return lengths;
  return `${tries.length}${tries.length > tries_allowed ? "" : ` of ${tries_allowed}`} · ${lengths}`;
}
