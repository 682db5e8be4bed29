import type { ComponentChildren } from "preact";
import type { RunOverview } from "../../../protocol/panels/run.ts";
import { IconButton, LinkButton, StatusIcon } from "../../ui/controls.tsx";
import { allNumbers, formatCount, formatTimestamp } from "../../ui/format.ts";
import { datasetText, ownTags, sourceOf, startedText, statusOf, TAG, tagOf } from "./facts.ts";
import { readNote, type Span } from "./note.ts";
import type { Props } from "./props.ts";

interface SectionProps {
  title: string;
  count?: number;
  children: ComponentChildren;
}

export function Block({ title, count, children }: SectionProps) {
  return (
    <section class="block" aria-label={title}>
      <h2 class="blockTitle">
        {title}
        {count === undefined ? null : <span class="dim num">{formatCount(count)}</span>}
      </h2>
      {children}
    </section>
  );
}

export function Facts({ model, host, overview }: Props & { overview: RunOverview }) {
  const { run, experiment_name, parent } = overview;
  const { info } = run;
  const started = startedText(overview, model.now.value);
  const source = sourceOf(overview);
  const commit = tagOf(overview, TAG.gitCommit);
  const branch = tagOf(overview, TAG.gitBranch);
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
          <Fact name="Started" title={info.start_time === undefined ? undefined : formatTimestamp(info.start_time)}>
            <span class="num">{started}</span>
          </Fact>
        )}
        {source === undefined ? null : (
          <Fact name="Source" title={tagOf(overview, TAG.sourceName)}>
            {source.name}
            {source.entryPoint === undefined ? null : (
              <>
                <span class="dim"> by </span>
                {source.entryPoint}
              </>
            )}
            {source.isProject ? <span class="dim"> in MLproject</span> : null}
          </Fact>
        )}
        {commit === undefined ? null : (
          <Fact name="Commit" title={commit}>
            <span class="mono id">{commit.slice(0, 7)}</span>
            {branch === undefined ? null : <span class="dim"> on {branch}</span>}
          </Fact>
        )}
        {user === "" ? null : <Fact name="User">{user}</Fact>}
        {parent === undefined ? null : (
          <Fact name="Parent">
            <LinkButton onClick={() => model.attempt(host.openRun({ run_id: parent.run_id }))}>
              {parent.run_name}
            </LinkButton>
          </Fact>
        )}
        {run.inputs.dataset_inputs.map((input) => {
          const { name, about } = datasetText(input);
          return (
            <Fact key={input.dataset.digest} name="Dataset" title={`${name} ${input.dataset.digest}`}>
              {name}
              <span class="dim num"> {about}</span>
            </Fact>
          );
        })}
      </dl>
    </Block>
  );
}

function Fact({ name, title, children }: { name: string; title?: string | undefined; children: ComponentChildren }) {
  return (
    <>
      <dt class="dim">{name}</dt>
      <dd class="cut" title={title}>
        {children}
      </dd>
    </>
  );
}

export function Tags({ overview }: { overview: RunOverview }) {
  const tags = ownTags(overview);
  if (tags.length === 0) return null;
  return (
    <Block title="Tags">
      <div class="tags">
        {tags.map(({ key, value }) => (
          <span key={key} class="chip" title={`${key}: ${value}`}>
            <span class="dim">{key}</span>
            <span class="cut">{value}</span>
          </span>
        ))}
      </div>
    </Block>
  );
}

export function Note({ overview }: { overview: RunOverview }) {
  const note = tagOf(overview, TAG.note);
  if (note === undefined || note.trim() === "") return null;
  return (
    <Block title="Note">
      <div class="note">
        {readNote(note).map(({ kind, spans }, i) =>
          kind === "item" ? (
            <p key={i} class="item">
              {spans.map(written)}
            </p>
          ) : (
            <p key={i} class={kind === "heading" ? "strong" : ""}>
              {spans.map(written)}
            </p>
          ),
        )}
      </div>
    </Block>
  );
}

function written({ kind, text }: Span, i: number) {
  if (kind === "code") return <code key={i}>{text}</code>;
  if (kind === "bold") return <strong key={i}>{text}</strong>;
  return kind === "italic" ? <em key={i}>{text}</em> : text;
}

export function Params({ overview }: { overview: RunOverview }) {
  const { params } = overview.run.data;
  if (params.length === 0) return null;
  return (
    <Block title="Params" count={params.length}>
      <table class="compact">
        <tbody>
          {params.map(({ key, value }) => (
            <tr key={key}>
              <th scope="row" class="dim" title={key}>
                {key}
              </th>
              <td class={allNumbers([value]) ? "num" : ""} title={value}>
                {value}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Block>
  );
}

export function ChildRuns({ model, host, overview }: Props & { overview: RunOverview }) {
  return (
    <ul class="childRuns">
      {overview.children.map(({ run_id, run_name, status }) => (
        <li key={run_id}>
          <LinkButton onClick={() => model.attempt(host.openRun({ run_id }))}>{run_name}</LinkButton>
          <StatusIcon status={statusOf(status)} />
        </li>
      ))}
    </ul>
  );
}
