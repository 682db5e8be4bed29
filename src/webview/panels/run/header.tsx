import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { RunOverview } from "../../../protocol/panels/run.ts";
import { noProcessText } from "../../../protocol/runs.ts";
import { Dot, IconButton, TextButton } from "../../ui/controls.tsx";
import { formatCount } from "../../ui/format.ts";
import { menuContext } from "./menuContext.ts";
import { progressText } from "../../ui/progress.ts";
import { StatusChip } from "../../ui/statusChip.tsx";
import type { Props } from "./props.ts";
import { type Section, SECTION_WORDS } from "./savedView.ts";

export function Header({ model, host, overview }: Props & { overview: RunOverview }) {
  const { info, data } = overview.run;
  const deleted = info.lifecycle_stage === "deleted";
  const progress = model.running.value
    ? progressText(data.params, model.metrics.value, info.start_time, model.now.value)
    : undefined;
  return (
    <header class="runHeader" data-region data-vscode-context={menuContext(model.subject, "run")}>
      <div class="row runTitle">
        <Dot ordinal={overview.ordinal} size={12} />
        <Name {...{ model, host, overview }} />
        <StatusChip
          status={overview.run.info.status}
          stuck={overview.since === undefined ? undefined : noProcessText(overview.since, model.now.value)}
          markFailed={model.can("markFailed") ? () => model.attempt(host.markFailed({})) : undefined}
        />
        {deleted ? <span class="chip">Deleted</span> : null}
        {progress === undefined ? null : <span class="dim num cut progressText">{progress}</span>}
        <span class="grow" />
        {overview.graph === true ? (
          <TextButton
            icon="type-hierarchy-sub"
            title="The steps as a graph"
            onClick={() => model.attempt(host.openGraph({}))}
          >
            Graph
          </TextButton>
        ) : null}
        {model.can("stop") ? (
          <TextButton icon="debug-stop" onClick={() => model.attempt(host.stop({}))}>
            Stop
          </TextButton>
        ) : null}
        {model.can("repeat") ? (
          <TextButton icon="run-all" title="Run again (R)" onClick={() => model.attempt(host.repeat({}))}>
            Run Again…
          </TextButton>
        ) : null}
        {deleted && model.can("write") ? (
          <TextButton icon="discard" onClick={() => model.attempt(host.restore({}))}>
            Restore
          </TextButton>
        ) : null}
        <IconButton icon="ellipsis" label="More actions (Shift F10)" onClick={showMenu} />
      </div>
      <Tabs {...{ model, host, overview }} />
    </header>
  );
}

/** The native menu of the header, under the button. */
function showMenu(event: MouseEvent): void {
  const { currentTarget } = event;
  if (!(currentTarget instanceof HTMLElement)) return;
  event.stopPropagation();
  const { left, bottom } = currentTarget.getBoundingClientRect();
  currentTarget.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, clientX: left, clientY: bottom }));
}

/** The name, written over in place: Enter saves it, Escape leaves it. */
function Name({ model, host, overview }: Props & { overview: RunOverview }) {
  const { info } = overview.run;
  const deleted = info.lifecycle_stage === "deleted";
  const left = useRef(false);
  if (model.naming.value) {
    const done = (name: string | undefined) => {
      if (left.current) return;
      left.current = true;
      model.naming.value = false;
      if (name === undefined || name.trim() === "" || name === info.run_name) return;
      model.attempt(host.rename({ run_name: name.trim() }));
    };
    const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
      event.stopPropagation();
      if (event.key === "Enter") done(event.currentTarget.value);
      if (event.key === "Escape") done(undefined);
    };
    const focus = (element: HTMLInputElement | null) => {
      if (element === null || element === document.activeElement) return;
      left.current = false;
      element.focus();
      element.select();
    };
    return (
      <h1 class="naming">
        <input
          class="plainField nameField"
          aria-label="Name of the run"
          defaultValue={info.run_name}
          ref={focus}
          onKeyDown={onKeyDown}
          onBlur={(event) => done(event.currentTarget.value)}
        />
      </h1>
    );
  }
  const edit = () => {
    model.naming.value = true;
  };
  return (
    <>
      <h1 class={`cut ${deleted ? "gone" : ""}`} title={info.run_id}>
        {info.run_name}
      </h1>
      {model.can("write") && !deleted ? <IconButton icon="edit" label="Rename (F2)" onClick={edit} /> : null}
    </>
  );
}

function Tabs({ model, overview }: Props & { overview: RunOverview }) {
  const shown = model.shownSection.value;
  const sections = model.sections.value;
  const counts: Partial<Record<Section, number>> = {
    metrics: model.metrics.value.filter(({ key }) => !key.startsWith("system/")).length,
    children: overview.children.length,
  };
  const tabs = useRef<HTMLDivElement>(null);
  // Alt 1…6 chooses a section from wherever the focus is: in the tabs it goes along.
  useEffect(() => {
    if (tabs.current?.contains(document.activeElement) === true)
      tabs.current.querySelector<HTMLElement>(`#tab-${shown}`)?.focus();
  }, [shown]);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next =
      by === undefined ? undefined : sections[(sections.indexOf(shown) + by + sections.length) % sections.length];
    if (next === undefined) return;
    event.preventDefault();
    model.section.value = next;
  };
  return (
    <div class="tabs" role="tablist" aria-label="Sections" ref={tabs} onKeyDown={onKeyDown}>
      {sections.map((section) => (
        <button
          key={section}
          type="button"
          id={`tab-${section}`}
          role="tab"
          aria-selected={section === shown}
          aria-controls="section"
          tabIndex={section === shown ? 0 : -1}
          onClick={() => {
            model.section.value = section;
          }}
        >
          {SECTION_WORDS[section]}
          {(counts[section] ?? 0) > 0 ? <span class="dim num"> {formatCount(counts[section] ?? 0)}</span> : null}
        </button>
      ))}
    </div>
  );
}
