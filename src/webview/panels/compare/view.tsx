import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { LostRun } from "../../../protocol/panels/compare.ts";
import { Button, EmptyBody, Notice, Problem } from "../../ui/controls.tsx";
import { messageOf } from "../../ui/errors.ts";
import { Menu } from "../../ui/menu.tsx";
import { NARROW, pageWidth } from "../../ui/narrow.ts";
import { onPanelKeys } from "../../ui/regions.ts";
import { Sash } from "../../ui/sash.tsx";
import { Header, Legend } from "./header.tsx";
import { onCompareKeys } from "./keys.ts";
import { Parallel } from "./parallel.tsx";
import type { Props } from "./props.ts";
import { type Part, PARTS } from "./savedView.ts";
import { Side } from "./side.tsx";
import { DifferencesTable } from "./table.tsx";

export function ComparePanel({ model, host }: Props) {
  useEffect(() => onPanelKeys("[role='treegrid']"), []);
  useEffect(() => onCompareKeys(model), [model]);
  const found = model.comparison.value;
  const failure = model.failure.value;
  return (
    <main class="compare">
      <Progress model={model} host={host} />
      {found === undefined && failure === undefined ? null : found === undefined || found.runs.length === 0 ? (
        <Nothing model={model} host={host} />
      ) : (
        <>
          <Header model={model} host={host} />
          <Legend model={model} host={host} />
          {failure === undefined ? null : (
            <Notice
              text={`${messageOf(failure)} What is shown was read before.`}
              action="Retry"
              onAction={model.retry}
            />
          )}
          <Lost model={model} host={host} />
          <Problem problem={model.problem} />
          <Body model={model} host={host} />
        </>
      )}
      <Menu menu={model.menu} />
      <span class="hidden" role="status">
        {model.said.value}
      </span>
    </main>
  );
}

/** A line under the tab once the first answer takes over 300 ms. */
function Progress({ model }: Props) {
  const slow = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useSignalEffect(() => {
    const waits = model.comparison.value === undefined && model.failure.value === undefined;
    clearTimeout(timer.current);
    if (!waits) slow.value = false;
    else
      timer.current = setTimeout(() => {
        slow.value = true;
      }, 300);
  });
  return slow.value ? <div class="progress" role="progressbar" aria-label="Reading runs" /> : null;
}

/** Runs that are gone, and those that only cannot be read at the moment. */
function Lost({ model }: Props) {
  const lost = model.comparison.value?.lost ?? [];
  const unread = lost.filter(isUnread);
  const gone = lost.filter((run) => !isUnread(run));
  return (
    <>
      {gone.length === 0 ? null : (
        <Notice text={lostText(gone)} action="Take Out" onAction={() => model.remove(gone)} />
      )}
      {unread.length === 0 ? null : <Notice text={lostText(unread)} action="Retry" onAction={model.retry} />}
    </>
  );
}

function isUnread({ reason }: LostRun): boolean {
  return reason.startsWith("cannot be read");
}

function lostText([first, ...rest]: LostRun[]): string {
  if (first === undefined) return "";
  const more =
    rest.length === 0 ? "" : rest.length === 1 ? " One more is missing too." : ` ${rest.length} more are missing too.`;
  return `Run ${first.run_id.slice(0, 8)} ${first.reason.replace(/\.$/, "")}.${more}`;
}

/** No run can be shown. */
function Nothing({ model, host }: Props) {
  const failure = model.failure.value;
  const lost = model.comparison.value?.lost ?? [];
  const actions = (
    <>
      <Button primary onClick={() => model.attempt(host.addRuns({}))}>
        Add Runs…
      </Button>
      <Button onClick={model.retry}>Retry</Button>
      <Button onClick={() => model.attempt(host.showLog({}))}>Show Log</Button>
    </>
  );
  return (
    <>
      <EmptyBody icon="git-compare" actions={actions}>
        {failure === undefined ? lostText(lost) : messageOf(failure)}
      </EmptyBody>
      <Problem problem={model.problem} />
    </>
  );
}

function Body({ model, host }: Props) {
  const full = model.full.value;
  if (full === "parallel") return <Parallel model={model} host={host} />;
  if (full === "side") return <Side model={model} host={host} />;
  if (pageWidth.value < NARROW) return <NarrowBody model={model} host={host} />;
  return (
    <div class="upDown">
      <div class="upper" style={{ flexBasis: `${model.sash.value * 100}%` }}>
        <Parallel model={model} host={host} />
      </div>
      <Sash share={model.sash} vertical={false} />
      <div class="beside lower">
        <div class="tablePart" data-region style={{ flexBasis: `${model.beside.value * 100}%` }}>
          <DifferencesTable model={model} host={host} />
        </div>
        <Sash share={model.beside} vertical />
        <Side model={model} host={host} />
      </div>
    </div>
  );
}

const PART_WORDS: Record<Part, string> = { table: "Table", parallel: "Parallel coordinates", side: "Charts" };

/** One part at a time. */
function NarrowBody({ model, host }: Props) {
  const { part } = model.arrangement.value;
  return (
    <>
      <div class="partChoice" role="radiogroup" aria-label="What is shown">
        {PARTS.map((one) => (
          <button
            key={one}
            type="button"
            class="ghost"
            role="radio"
            aria-checked={one === part}
            onClick={() => model.change({ part: one })}
          >
            {PART_WORDS[one]}
          </button>
        ))}
      </div>
      {part === "parallel" ? (
        <Parallel model={model} host={host} />
      ) : part === "side" ? (
        <Side model={model} host={host} />
      ) : (
        <div class="tablePart" data-region>
          <DifferencesTable model={model} host={host} />
        </div>
      )}
    </>
  );
}
