import { useEffect } from "preact/hooks";
import { Button, Notice, Problem } from "../../ui/controls.tsx";
import { codeOf, messageOf } from "../../ui/errors.ts";
import { formatAge } from "../../ui/format.ts";
import { onPanelKeys } from "../../ui/regions.ts";
import { UnreadablePage } from "../../ui/unreadable.tsx";
import { Details } from "./details.tsx";
import { Graph } from "./graph.tsx";
import { Header } from "./header.tsx";
import { onWorkflowKeys } from "./keys.ts";
import type { Props } from "./props.ts";
import { TimelineView } from "./timelineView.tsx";

export function WorkflowPanel({ model, host }: Props) {
  useEffect(() => onPanelKeys(".step[tabindex='0']"), []);
  useEffect(() => onWorkflowKeys({ model, host }), [model]);
  const overview = model.overview.value;
  const failure = model.failure.value;
  if (overview === undefined)
    return failure === undefined ? <main class="workflow" /> : <Unreadable {...{ model, host, failure }} />;
  const shown = model.shown.value;
  return (
    <main class="workflow">
      <Header {...{ model, host, overview }} />
      {failure === undefined ? null : (
        <Notice text={staleText({ model, host }, failure)} action="Retry" onAction={model.retry} />
      )}
      <Problem problem={model.problem} />
      <div class={`workflowBody ${shown === undefined ? "" : "withDetails"}`}>
        <Graph {...{ model, host, overview }} />
        <TimelineView {...{ model, host, overview }} />
        {shown === undefined ? null : <Details {...{ model, host, overview, step: shown }} />}
      </div>
    </main>
  );
}

function staleText({ model }: Props, failure: unknown): string {
  const freshAt = model.freshAt.value;
  const age = freshAt === undefined ? "" : formatAge(freshAt, model.now.value);
  const code = codeOf(failure);
  // What it says of itself is one sentence already, as of a run that is gone.
  if (code === "RESOURCE_DOES_NOT_EXIST" || code === "INVALID_STATE") {
    return `${messageOf(failure).replace(/\.$/, "")}; it is shown as it was ${age} ago.`;
  }
  return `The store does not answer; this workflow is shown as it was ${age} ago.`;
}

function Unreadable({ model, host, failure }: Props & { failure: unknown }) {
  return (
    <UnreadablePage
      name="workflow"
      heading="Workflow"
      icon="type-hierarchy-sub"
      text={messageOf(failure)}
      onRetry={model.retry}
      onShowLog={() => model.attempt(host.showLog({}))}
    >
      <Button onClick={() => model.attempt(host.openRun({ run_id: model.subject.run_id }))}>Open Run</Button>
    </UnreadablePage>
  );
}
