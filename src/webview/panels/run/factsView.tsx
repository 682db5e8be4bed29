import type { RunOverview } from "../../../protocol/panels/run.ts";
import { IconButton, LinkButton } from "../../ui/controls.tsx";
import { Block, Fact } from "../../ui/facts.tsx";
import { formatTimestamp } from "../../ui/format.ts";
import { DatasetFact } from "./datasetView.tsx";
import { changedText, sourceOf, startedText, TAG, tagOf } from "./facts.ts";
import type { Props } from "./props.ts";

export function Facts({ model, host, overview }: Props & { overview: RunOverview }) {
  const { run, experiment_name, parent } = overview;
  const { info } = run;
  const started = startedText(overview, model.now.value);
  const user = tagOf(overview, TAG.user) ?? info.user_id;
  return (
    <Block title="Overview">
      <dl class="facts">
        <Fact name="Experiment">
          <LinkButton onClick={() => model.attempt(host.openExperiment({}))}>{experiment_name}</LinkButton>
        </Fact>
        <Fact name="Run ID">
          <span class="mono id cut">{info.run_id}</span>
          <IconButton
            icon="copy"
            label="Copy run ID"
            class="tiny"
            onClick={() => model.attempt(host.copy({ text: info.run_id }))}
          />
        </Fact>
        {started === undefined ? null : (
          <Fact name="Started" title={timesText(info.start_time, info.end_time)}>
            <span class="num">{started}</span>
          </Fact>
        )}
        <SourceFact {...{ model, host, overview }} />
        <CommitFact {...{ model, host, overview }} />
        {user === "" ? null : <Fact name="User">{user}</Fact>}
        {parent === undefined ? null : (
          <Fact name="Parent">
            <LinkButton onClick={() => model.attempt(host.openRun({ run_id: parent.run_id }))}>
              {parent.run_name}
            </LinkButton>
          </Fact>
        )}
        {run.inputs.dataset_inputs.map((input, i) => (
          <DatasetFact key={`${input.dataset.digest} ${i}`} input={input} />
        ))}
        {overview.models.map(({ model_id, name, used }) => (
          <Fact key={model_id} name={used === true ? "Used model" : "Model"} title={model_id}>
            <LinkButton onClick={() => model.attempt(host.openLoggedModel({ model_id }))}>{name}</LinkButton>
            <span class="dim mono id"> {model_id.slice(0, 10)}</span>
          </Fact>
        ))}
      </dl>
    </Block>
  );
}

function timesText(start: number | undefined, end: number | undefined): string | undefined {
  if (start === undefined) return undefined;
  return [`Started ${formatTimestamp(start)}`, ...(end === undefined ? [] : [`Ended ${formatTimestamp(end)}`])].join(
    "\n",
  );
}

export function SourceFact({ model, host, overview }: Props & { overview: RunOverview }) {
  const source = sourceOf(overview);
  if (source === undefined) return null;
  return (
    <Fact name="Source" title={tagOf(overview, TAG.sourceName)}>
      {model.can("openSource") ? (
        <LinkButton onClick={() => model.attempt(host.openSource({}))}>{source.name}</LinkButton>
      ) : (
        source.name
      )}
      {source.entryPoint === undefined ? null : (
        <>
          <span class="dim"> by </span>
          {source.entryPoint}
        </>
      )}
      {source.isProject ? <span class="dim"> in MLproject</span> : null}
    </Fact>
  );
}

export function CommitFact({ model, host, overview }: Props & { overview: RunOverview }) {
  const commit = tagOf(overview, TAG.gitCommit);
  if (commit === undefined) return null;
  const branch = tagOf(overview, TAG.gitBranch);
  const changed = changedText(overview);
  const short = <span class="mono id">{commit.slice(0, 7)}</span>;
  return (
    <Fact name="Commit" title={commit}>
      {model.can("checkOut") ? (
        <LinkButton title="Check out in a worktree" onClick={() => model.attempt(host.checkOut({}))}>
          {short}
        </LinkButton>
      ) : (
        short
      )}
      {branch === undefined ? null : <span class="dim"> on {branch}</span>}
      {changed === undefined ? null : <span class="warnText num"> {changed}</span>}
    </Fact>
  );
}
