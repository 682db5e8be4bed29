import { useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ExperimentHost } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { Button, EmptyBody, loadControls, Notice, Problem } from "../../ui/controls.tsx";
import { codeOf, isFilterError, isReplaced, messageOf } from "../../ui/errors.ts";
import { formatAge } from "../../ui/format.ts";
import { Menu } from "../../ui/menu.tsx";
import { NARROW, pageWidth, WIDE } from "../../ui/narrow.ts";
import { onPanelKeys } from "../../ui/regions.ts";
import { Sash } from "../../ui/sash.tsx";
import { Charts } from "./charts/area.tsx";
import { Chips } from "./chips.tsx";
import { KeysDialog, StepDialog } from "./dialogs.tsx";
import type { ExperimentModel } from "./model.ts";
import { RunsTable } from "./runsTable.tsx";
import { Toolbar } from "./toolbar.tsx";

/** ms in which the first charts are drawn, before what nobody needs at once. */
const AFTER_ROWS = 300;

interface Props {
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
}

export function ExperimentPanel({ model, host }: Props) {
  useEffect(() => onPanelKeys(".grid"), []);
  const total = model.rows.total.value;
  const failed = (model.failure.value ?? model.rows.failure.value) !== undefined;
  useEffect(() => {
    if (total === undefined && !failed) return undefined;
    // A page without rows has buttons at once.
    const timer = setTimeout(loadControls, (total ?? 0) > 0 ? AFTER_ROWS : 0);
    return () => clearTimeout(timer);
  }, [total === undefined, (total ?? 0) > 0, failed]);
  const beside = pageWidth.value >= NARROW && (model.beside.value ?? pageWidth.value >= WIDE);
  return (
    <main class="experiment">
      <h1 class="hidden">{model.overview.value?.experiment.name ?? "Experiment"}</h1>
      <Progress model={model} />
      <Toolbar model={model} host={host} beside={beside} />
      <Chips model={model} host={host} />
      <Problem problem={model.problem} />
      <Body model={model} host={host} beside={beside} />
      <Menu menu={model.menu} />
      {model.explaining.value ? <KeysDialog model={model} /> : null}
      <StepDialog model={model} />
    </main>
  );
}

function Body({ model, host, beside }: Props & { beside: boolean }) {
  const total = model.rows.total.value;
  const failure = model.failure.value ?? model.rows.failure.value;
  const empty = total === undefined || (total === 0 && !isFilterError(failure));
  if (empty && failure !== undefined) return <Unreadable failure={failure} model={model} host={host} />;
  if (total === 0) return isTrashed(model) ? <Trashed model={model} host={host} /> : <NoRuns model={model} />;
  const part = pageWidth.value < NARROW ? model.part.value : "both";
  const share = part === "table" ? "100%" : `${model.sash.value * 100}%`;
  return (
    <>
      <Stale model={model} host={host} failure={failure} />
      <div class={`split ${beside ? "beside" : ""}`}>
        {part === "charts" ? null : (
          <section
            class={`tableRegion ${failure === undefined ? "" : "old"}`}
            data-region
            aria-label="Runs"
            style={{ flexBasis: share }}
          >
            {total === undefined ? null : <RunsTable model={model} host={host} />}
          </section>
        )}
        {part === "both" ? <Sash share={model.sash} vertical={beside} /> : null}
        {part === "table" ? null : (
          <section class="chartsRegion" data-region aria-label="Charts">
            <Charts model={model} host={host} />
          </section>
        )}
      </div>
    </>
  );
}

/** A line under the tab once an answer takes over 300 ms. */
function Progress({ model }: { model: ExperimentModel }) {
  const [slow, setSlow] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useSignalEffect(() => {
    const waits = model.rows.busy.value || (model.keys.value === undefined && model.failure.value === undefined);
    clearTimeout(timer.current);
    if (!waits) setSlow(false);
    else timer.current = setTimeout(() => setSlow(true), 300);
  });
  return slow ? <div class="progress" role="progressbar" aria-label="Loading runs" /> : null;
}

function Stale({ model, host, failure }: Props & { failure: unknown }) {
  const freshAt = model.rows.freshAt.value;
  const age = useComputed(() => {
    const seen = freshAt === undefined || model.now.value - freshAt < 60_000;
    return seen ? "from a moment ago" : `${formatAge(freshAt, model.now.value)} old`;
  });
  if (failure === undefined || isFilterError(failure)) return null;
  const text = `${whyStale(failure)}; these runs are ${age.value}.`;
  if (!isReplaced(failure)) return <Notice text={text} action="Retry" onAction={model.retry} />;
  return <Notice text={text} action={SHOW_REPLACEMENT} onAction={() => showReplacement(model, host)} />;
}

const SHOW_REPLACEMENT = "Show What Is There";

/** Another experiment has the id: it is shown from here on. */
function showReplacement(model: ExperimentModel, host: Props["host"]): void {
  model.attempt(host.showReplacement({}).then(model.retry));
}

/** The store's own words, where they say what is wrong with it. */
function whyStale(failure: unknown): string {
  const silent = ["TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR", "CANCELLED", undefined].includes(codeOf(failure));
  return silent ? "The store does not answer" : messageOf(failure).replace(/\.$/, "");
}

function isTrashed(model: ExperimentModel): boolean {
  return model.overview.value?.experiment.lifecycle_stage === "deleted";
}

/** The runs of a deleted experiment are deleted with it. */
function Trashed({ model, host }: Props) {
  const { experiment, read_only = true } = model.overview.value ?? {};
  const restore = (
    <Button primary onClick={() => model.attempt(host.restoreExperiment({}))}>
      Restore
    </Button>
  );
  return (
    <EmptyBody icon="trash" actions={read_only ? undefined : restore}>
      {experiment?.name} is in the trash, and its runs with it.
    </EmptyBody>
  );
}

function Unreadable({ failure, model, host }: Props & { failure: unknown }) {
  if (isFilterError(failure)) return null;
  const actions = (
    <>
      {isReplaced(failure) ? (
        <Button primary onClick={() => showReplacement(model, host)}>
          {SHOW_REPLACEMENT}
        </Button>
      ) : (
        <Button primary onClick={model.retry}>
          Retry
        </Button>
      )}
      <Button onClick={() => model.attempt(host.showLog({}))}>Show Log</Button>
    </>
  );
  return (
    <EmptyBody icon="database" actions={actions}>
      {messageOf(failure)}
    </EmptyBody>
  );
}

function NoRuns({ model }: { model: ExperimentModel }) {
  const filter = model.filter.value;
  if (filter === "") {
    return (
      <EmptyBody icon="beaker">
        This experiment has no runs yet. A run appears here as soon as a script logs one.
      </EmptyBody>
    );
  }
  const hint = model.writing.hint.value;
  const similar = hint?.similar;
  const actions = (
    <>
      {similar === undefined ? null : (
        <Button primary onClick={() => model.applyFilter(similar.filter)}>
          Use {similar.key}
        </Button>
      )}
      <Button onClick={() => model.applyFilter("")}>Clear Filter</Button>
    </>
  );
  return (
    <EmptyBody icon="filter" actions={actions}>
      No run matches <code>{filter}</code>.
      {hint === undefined ? null : (
        <>
          {" "}
          The key <code>{hint.missing}</code> is not logged here
          {similar === undefined ? null : (
            <>
              ; <code>{similar.key}</code> is
            </>
          )}
          .
        </>
      )}
    </EmptyBody>
  );
}
