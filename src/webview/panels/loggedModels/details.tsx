import { useLayoutEffect, useRef } from "preact/hooks";
import type { LoggedModelDetails, ModelRun } from "../../../protocol/panels/loggedModels.ts";
import { isOwnTag } from "../../../protocol/tags.ts";
import { Button, Dot, EmptyBody, Icon, IconButton, LinkButton } from "../../ui/controls.tsx";
import { codeOf, messageOf } from "../../ui/errors.ts";
import { Block, Fact } from "../../ui/facts.tsx";
import { formatStart, formatTimestamp, formatValue } from "../../ui/format.ts";
import { AliasBadge, sortedAliases, StageBadge } from "../../ui/modelBadges.tsx";
import { ModelFacts } from "../../ui/modelFacts.tsx";
import { Tags } from "../../ui/tags.tsx";
import type { Props } from "./props.ts";
import { signOf } from "./words.ts";

type SeenProps = Props & { details: LoggedModelDetails };

/** All about the chosen logged model. */
export function Details({ model, host }: Props) {
  const body = useRef<HTMLElement>(null);
  const details = model.details.value;
  const failure = model.detailsFailure.value;
  const shown = details?.model_id === model.selected.value ? details : undefined;
  useLayoutEffect(() => {
    body.current?.scrollTo(0, model.detailsScroll.peek());
  }, [shown?.model_id]);
  if (model.selected.value === "") return null;
  const onScroll = (event: Event & { currentTarget: HTMLElement }) => {
    if (shown !== undefined) model.detailsScroll.value = Math.round(event.currentTarget.scrollTop);
  };
  return (
    <aside
      class="modelDetails"
      aria-label={shown === undefined ? "Logged model" : `Logged model ${shown.name}`}
      tabIndex={0}
      data-region
      ref={body}
      onScroll={onScroll}
    >
      {shown === undefined ? (
        failure === undefined ? null : (
          <EmptyBody icon="package">
            {codeOf(failure) === "RESOURCE_DOES_NOT_EXIST"
              ? `The logged model ${model.selected.value.slice(0, 10)} is no longer there.`
              : messageOf(failure)}
          </EmptyBody>
        )
      ) : (
        <Known {...{ model, host }} details={shown} />
      )}
    </aside>
  );
}

function Known({ model, host, details }: SeenProps) {
  const { model_id, name, status } = details;
  const writable = model.overview.value?.writable === true;
  const sign = signOf(status);
  const environment = model.environment.value;
  const isReady = status === "LOGGED_MODEL_READY";
  const notReady = isReady ? undefined : "Its files are not all there, so it can be neither registered nor served.";
  return (
    <>
      <div class="row detailsTitle">
        <h2 class="cut" title={model_id}>
          {name}
        </h2>
        <span class="chip status" title={details.status_message}>
          <Icon name={sign.icon} class={sign.class} />
          {sign.words}
        </span>
        <span class="grow" />
        {writable ? (
          <Button
            icon="repo-push"
            primary
            disabled={notReady}
            onClick={() => model.attempt(host.register({ model_id }))}
          >
            Register…
          </Button>
        ) : null}
        {model.overview.value?.servable === true ? (
          <Button icon="broadcast" disabled={notReady} onClick={() => model.attempt(host.serve({ model_id }))}>
            Serve
          </Button>
        ) : null}
        {writable ? (
          <IconButton icon="trash" label="Delete…" onClick={() => model.attempt(host.delete({ model_id }))} />
        ) : null}
      </div>
      {details.status_message === "" || isReady ? null : <p class="warnText">{details.status_message}</p>}
      <div class="detailsColumns">
        <div>
          <About {...{ model, host, details }} />
          <Tags
            tags={details.tags.filter(({ key }) => isOwnTag(key))}
            writable={writable}
            set={(tag) => model.attempt(host.setTag({ model_id, ...tag }))}
            remove={(key) => model.attempt(host.deleteTag({ model_id, key }))}
          />
          <Metrics {...{ model, host, details }} />
          <Params details={details} />
          <Runs {...{ model, host, details }} />
        </div>
        <Block
          title="Model"
          actions={
            details.file === undefined ? undefined : (
              <LinkButton onClick={() => model.attempt(host.openFile({ model_id, path: "MLmodel" }))}>
                Open MLmodel
              </LinkButton>
            )
          }
        >
          {details.file === undefined ? (
            <p class="dim small">{details.problem}</p>
          ) : (
            <ModelFacts
              key={model_id}
              file={details.file}
              environment={environment?.model_id === model_id ? environment.told : undefined}
              open={(path) => model.attempt(host.openFile({ model_id, path }))}
            />
          )}
        </Block>
      </div>
    </>
  );
}

function About({ model, host, details }: SeenProps) {
  const {
    model_id,
    model_type,
    run,
    versions,
    creation_timestamp_ms: made,
    last_updated_timestamp_ms: changed,
  } = details;
  return (
    <Block title="About">
      <dl class="facts">
        <Fact name="Model ID">
          <span class="mono id cut">{model_id}</span>
          <IconButton
            icon="copy"
            label="Copy model URI"
            class="tiny"
            onClick={() => model.attempt(host.copy({ text: `models:/${model_id}` }))}
          />
        </Fact>
        {model_type === "" ? null : <Fact name="Type">{model_type}</Fact>}
        <Fact name="Created" title={`Created ${formatTimestamp(made)}\nChanged ${formatTimestamp(changed)}`}>
          <span class="num">{formatStart(made, model.now.value)}</span>
        </Fact>
        <Fact name="Source run">
          {run === undefined ? <span class="dim">none</span> : <RunLink {...{ model, host, run }} />}
        </Fact>
        <Fact name="Registered">
          {versions.length === 0 ? <span class="dim">not registered</span> : null}
          {versions.map(({ name, version, aliases, stage }) => (
            <span key={`${name}/${version}`} class="registered">
              <LinkButton onClick={() => model.attempt(host.openVersion({ name, version }))}>
                {name} {version}
              </LinkButton>
              {sortedAliases(aliases).map((alias) => (
                <AliasBadge key={alias} alias={alias} />
              ))}
              {stage === "None" ? null : <StageBadge stage={stage} />}
            </span>
          ))}
        </Fact>
      </dl>
    </Block>
  );
}

function RunLink({ model, host, run }: Props & { run: { run_id: string; run_name: string; ordinal: number } }) {
  return (
    <span class="row runLink" title={run.run_id}>
      <Dot ordinal={run.ordinal} size={8} />
      <LinkButton class="cut" onClick={() => model.attempt(host.openRun({ run_id: run.run_id }))}>
        {run.run_name}
      </LinkButton>
    </span>
  );
}

function Metrics({ details: { metrics } }: SeenProps) {
  if (metrics.length === 0) return null;
  const hasDatasets = metrics.some(({ dataset_name }) => dataset_name !== undefined);
  return (
    <Block title="Metrics" count={new Set(metrics.map(({ key }) => key)).size}>
      <table class="compact modelMetrics">
        <thead>
          <tr>
            <th scope="col" class="dim">
              Metric
            </th>
            {hasDatasets ? (
              <th scope="col" class="dim dataset">
                Dataset
              </th>
            ) : null}
            <th scope="col" class="dim">
              Last
            </th>
          </tr>
        </thead>
        <tbody>
          {metrics.map(({ key, value, step, dataset_name, dataset_digest }) => (
            <tr key={`${key} ${dataset_name} ${dataset_digest}`}>
              <th scope="row" class="dim" title={key}>
                {key}
              </th>
              {hasDatasets ? (
                <td class="dataset" title={dataset_name === undefined ? "" : `${dataset_name} ${dataset_digest}`}>
                  {dataset_name}
                </td>
              ) : null}
              <td class={`num ${Number.isNaN(value) ? "warnText" : ""}`} title={`${value} at step ${step}`}>
                {formatValue(value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Block>
  );
}

function Params({ details: { params } }: { details: LoggedModelDetails }) {
  if (params.length === 0) return null;
  return (
    <Block title="Params" count={params.length}>
      <table class="compact params">
        <tbody>
          {params.map(({ key, value }) => (
            <tr key={key}>
              <th scope="row" class="dim" title={key}>
                {key}
              </th>
              <td title={value}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Block>
  );
}

const LINK_WORDS: Record<ModelRun["link"], string> = { output: "logged it", input: "used it" };

function Runs({ model, host, details: { runs, moreRuns } }: SeenProps) {
  if (runs.length === 0) return null;
  return (
    <Block title="Runs" count={runs.length + moreRuns}>
      <ul class="modelRuns">
        {runs.map((run) => (
          <li key={`${run.run_id} ${run.link}`} class="row">
            <RunLink {...{ model, host, run }} />
            <span class="dim">{LINK_WORDS[run.link]}</span>
          </li>
        ))}
      </ul>
      {moreRuns > 0 ? <p class="dim small">and {moreRuns} more</p> : null}
    </Block>
  );
}
