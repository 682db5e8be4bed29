import { Icon, IconButton, Select, TextButton } from "../../ui/controls.tsx";
import { STATUS_WORDS, StatusChip } from "../../ui/statusChip.tsx";
import type { SeenProps } from "./props.ts";
import { doneText, LOST_SIGN, runLabels } from "./words.ts";

export function Header({ model, host, overview }: SeenProps) {
  const { kind, name, run_id } = overview;
  return (
    <header class="workflowHeader row" data-region>
      <Icon name="type-hierarchy-sub" />
      <h1 class="cut" title={run_id}>
        {name}
      </h1>
      <StatusChip
        status={overview.status}
        stuck={overview.stuck === true ? LOST_SIGN.words : undefined}
        markFailed={model.can("write") ? () => model.attempt(host.markFailed({})) : undefined}
        title={overview.problem}
      />
      {overview.isDeleted === true ? <span class="chip">Deleted</span> : null}
      <span class="dim num cut counts" role="status">
        {doneText(overview.steps)}
      </span>
      <span class="grow" />
      <RunChoice {...{ model, host, overview }} />
      <IconButton icon="table" label="Runs of the steps" text="Runs" onClick={() => model.attempt(host.openRuns({}))} />
      {model.can("openFile") ? (
        <IconButton
          icon="file-code"
          label={kind === "workflow" ? "YAML: open the workflow file" : "Script: open it"}
          text={kind === "workflow" ? "YAML" : "Script"}
          onClick={() => model.attempt(host.openWorkflowFile({}))}
        />
      ) : null}
      <Actions {...{ model, host, overview }} />
    </header>
  );
}

function Actions({ model, host, overview }: SeenProps) {
  if (model.can("stop")) {
    return (
      <TextButton icon="debug-stop" onClick={() => model.attempt(host.stop({}))}>
        Stop
      </TextButton>
    );
  }
  return (
    <>
      {model.can("resume") && overview.status !== "FINISHED" ? (
        <TextButton
          icon="debug-continue"
          title="Go on where it stopped: what is done stays"
          onClick={() => model.attempt(host.resume({}))}
        >
          Resume
        </TextButton>
      ) : null}
      {model.can("repeat") ? (
        <TextButton icon="run-all" onClick={() => model.attempt(host.repeat({}))}>
          Run Again…
        </TextButton>
      ) : null}
    </>
  );
}

/** Another run of the same workflow. */
function RunChoice({ model, host, overview }: SeenProps) {
  const labels = runLabels(overview.runs, model.now.value);
  const options = overview.runs.map(({ run_id, status }, index) => {
    const state = status === "FINISHED" ? "" : ` · ${STATUS_WORDS[status].toLowerCase()}`;
    return { value: run_id, label: `${labels[index] ?? ""}${run_id === overview.run_id ? "" : state}` };
  });
  return (
    <Select
      label="Run of this workflow"
      class="runChoice"
      value={overview.run_id}
      options={options}
      onChange={(run_id) => model.attempt(host.show({ run_id }))}
    />
  );
}
