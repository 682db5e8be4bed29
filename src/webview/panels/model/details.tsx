import type { ComponentChildren } from "preact";
import type { SignatureFacts, VersionDetails, VersionsBeside } from "../../../protocol/panels/model.ts";
import { Dot, Icon, IconButton, LinkButton } from "../../ui/controls.tsx";
import { formatAgo, formatBytes, formatCount, formatTimestamp } from "../../ui/format.ts";
import { below } from "../../ui/menu.tsx";
import { AliasBadge, sortedAliases, StageBadge } from "../../ui/modelBadges.tsx";
import { AloneTable, BesideTable } from "./besideTable.tsx";
import { InterpreterFact } from "./interpreterFact.tsx";
import { MarkdownText } from "./header.tsx";
import { versionMenu } from "./menus.ts";
import type { Shown } from "./model.ts";
import { PromoteBox } from "./promoteBox.tsx";
import type { SeenProps } from "./props.ts";
import { environmentBeside, signatureBeside, signatureText, statusText, versionTitle } from "./words.ts";

/** The chosen version: what it is, and how it stands beside the others. */
export function Details({ model, host, overview, shown }: SeenProps & { shown: Shown }) {
  const { details, champion } = shown;
  const { row } = details;
  return (
    <>
      <section class="versionDetails" aria-label={`Version ${row.version}`}>
        <Title {...{ model, host, overview, shown }} />
        <div class="aboutAndPromote">
          <About {...{ model, host, overview, details, beside: shown.holder ?? champion }} />
          <PromoteBox {...{ model, host, overview, shown }} />
        </div>
      </section>
      {champion === undefined ? (
        <Alone details={details} metric={model.metric.value} />
      ) : (
        <section class="beside" aria-label="Beside the champion">
          <h2 class="partTitle">
            {overview.aliases.some(({ alias }) => alias === "champion") ? "Beside the champion" : "Beside Production"}
            <DiffLink {...{ model, host, overview, beside: champion }} />
          </h2>
          <BesideTable
            beside={champion}
            sections={["metrics", "params"]}
            differencesOnly={false}
            titles={false}
            metric={model.metric.value}
          />
        </section>
      )}
    </>
  );
}

/** Metrics and params of a version that stands beside nothing: it is the champion, or there is none. */
function Alone({ details, metric }: { details: VersionDetails; metric: string | undefined }) {
  if (details.metrics.length === 0 && details.params.length === 0) return null;
  return (
    <section class="beside" aria-label="Metrics and params">
      <h2 class="partTitle">Metrics and params</h2>
      <AloneTable details={details} metric={metric} />
    </section>
  );
}

function Title({ model, host, shown }: SeenProps & { shown: Shown }) {
  const { row } = shown.details;
  const { version, aliases, current_stage, creation_timestamp, user_id } = row;
  return (
    <div class="row detailsTitle">
      <h2>Version {version}</h2>
      {sortedAliases(aliases).map((alias) => (
        <AliasBadge key={alias} alias={alias} />
      ))}
      {current_stage === "None" ? null : <StageBadge stage={current_stage} />}
      <span class="dim cut" title={formatTimestamp(creation_timestamp)}>
        registered {formatAgo(creation_timestamp, model.now.value)}
        {user_id === undefined ? "" : ` by ${user_id}`}
      </span>
      <span class="grow" />
      <IconButton
        icon="ellipsis"
        label={`Actions of version ${version}`}
        onClick={({ currentTarget }) => {
          if (!(currentTarget instanceof HTMLElement)) return;
          model.menu.value = {
            ...{ label: `Version ${version}`, entries: versionMenu({ model, host }, row) },
            ...{ back: currentTarget, ...below(currentTarget) },
          };
        }}
      />
    </div>
  );
}

type AboutProps = SeenProps & { details: VersionDetails; beside: VersionsBeside | undefined };

function About({ model, host, details, beside }: AboutProps) {
  const { row, model: logged, file, problem, tags, source } = details;
  const { version, run, description = "", status, status_message } = row;
  const writable = model.can("write");
  const act = (action: "describe" | "setTag" | "openRun" | "openLoggedModel") => () =>
    model.attempt(host.actOnVersion({ action, version }));
  return (
    <section class="about" aria-label="About">
      <h3>About</h3>
      {description.trim() === "" ? null : (
        <div class="description">
          <MarkdownText text={description} {...{ model, host }} />
          {writable ? <LinkButton onClick={act("describe")}>Edit</LinkButton> : null}
        </div>
      )}
      <dl class="aboutFacts">
        {status === "READY" ? null : (
          <Fact name="Status">
            <span class={status === "FAILED_REGISTRATION" ? "worse" : "warnText"}>
              {statusText(status, status_message)}
            </span>
          </Fact>
        )}
        <Fact name="Source run">
          {run === undefined ? (
            <span class="dim">{details.row.model_id === undefined ? "none in this store" : "not known"}</span>
          ) : (
            <span class="sourceRun">
              <Dot ordinal={run.ordinal} size={8} />
              <LinkButton onClick={act("openRun")} title={run.run_id}>
                <span class={run.lifecycle_stage === "deleted" ? "gone" : ""}>{run.run_name}</span>
              </LinkButton>
            </span>
          )}
        </Fact>
        {logged === undefined ? null : (
          <Fact name="Logged model">
            <LinkButton
              class="mono small cut"
              onClick={act("openLoggedModel")}
              title={`${logged.name} · ${logged.model_id}`}
            >
              {logged.model_id.slice(0, 10)}
            </LinkButton>
          </Fact>
        )}
        {file === undefined ? null : (
          <>
            <Fact name="Flavors">{file.flavors.map(({ name }) => name).join(", ") || "none"}</Fact>
            <Fact name="Signature">
              {file.signature === undefined ? (
                <span class="warnText">none was logged</span>
              ) : (
                <SignatureLink model={model} signature={file.signature} />
              )}
              <Signature beside={beside} />
            </Fact>
            {file.signature !== undefined && model.unfolded.value ? (
              <SignatureLines signature={file.signature} />
            ) : null}
          </>
        )}
        <Environment beside={beside} />
        <InterpreterFact host={host} version={version} />
        {file?.size === undefined ? null : <Fact name="Size">{formatBytes(file.size)}</Fact>}
        {problem === undefined ? null : (
          <Fact name="Files">
            <span class="warnText" title={source}>
              <Icon name="warning" class="warn" /> {problem}
            </span>
          </Fact>
        )}
        {tags.length === 0 && !writable ? null : (
          <Fact name="Tags">
            <span class="tagList">
              {tags.map(({ key, value }) => (
                <span key={key} class="chip" title={`${key}: ${value}`}>
                  <span class="dim">{key}</span> <span class="cut">{value}</span>
                </span>
              ))}
              {writable ? (
                <LinkButton onClick={act("setTag")}>{tags.length === 0 ? "Set a tag" : "Set"}</LinkButton>
              ) : null}
            </span>
          </Fact>
        )}
        {description.trim() !== "" || !writable ? null : (
          <Fact name="Description">
            <LinkButton onClick={act("describe")}>Describe this version</LinkButton>
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt class="dim">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** How many columns there are; unfolds what they are. */
function SignatureLink({ model, signature }: Pick<SeenProps, "model"> & { signature: SignatureFacts }) {
  const isOpen = model.unfolded.value;
  return (
    <LinkButton
      expanded={isOpen}
      title={isOpen ? "Hide the columns" : "Show the columns"}
      onClick={() => {
        model.unfolded.value = !isOpen;
      }}
    >
      {signatureText(signature)}
    </LinkButton>
  );
}

const PARTS = { inputs: "Inputs", outputs: "Outputs", params: "Params" } as const;

function SignatureLines({ signature }: { signature: SignatureFacts }) {
  return (
    <dd class="signatureLines">
      {(["inputs", "outputs", "params"] as const).map((part) => {
        const lines = signature.lines[part];
        const more = signature[part] - lines.length;
        return lines.length === 0 ? null : (
          <ul key={part} aria-label={PARTS[part]}>
            <li class="dim">{PARTS[part]}</li>
            {lines.map(({ name, words }) => (
              <li key={name}>
                {name} <code class="typeWords">{words}</code>
              </li>
            ))}
            {more > 0 ? <li class="dim">and {formatCount(more)} more</li> : null}
          </ul>
        );
      })}
    </dd>
  );
}

function Signature({ beside }: { beside: VersionsBeside | undefined }) {
  if (beside === undefined) return null;
  const told = signatureBeside(beside.differences.signature, beside.against.version);
  if (told === undefined) return null;
  return (
    <>
      {" · "}
      <span class={told.same ? "better" : "warnText"}>{told.text}</span>
    </>
  );
}

function Environment({ beside }: { beside: VersionsBeside | undefined }) {
  if (beside === undefined) return null;
  const told = environmentBeside(beside.differences.environment, beside.against.version);
  if (told === undefined) return null;
  return (
    <Fact name="Environment">
      <span class={told.same ? "" : "warnText"} title={told.title}>
        {told.text}
      </span>
    </Fact>
  );
}

export function DiffLink({ model, host, beside }: SeenProps & { beside: VersionsBeside }) {
  const { version, against } = beside;
  const open = () => model.attempt(host.diffFiles({ left: against.version, right: version.version }));
  return (
    <LinkButton class="diffLink" onClick={open} title={`${versionTitle(against)} ↔ ${versionTitle(version)} (O)`}>
      Open MLmodel files as diff
    </LinkButton>
  );
}
