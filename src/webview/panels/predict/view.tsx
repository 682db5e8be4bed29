import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { PredictHost } from "../../../protocol/panels/predict.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { Button, EmptyBody, LinkButton, Notice, Problem } from "../../ui/controls.tsx";
import { messageOf } from "../../ui/errors.ts";
import { countOf } from "../../ui/format.ts";
import { Menu, type OpenMenu } from "../../ui/menu.tsx";
import { onPanelKeys } from "../../ui/regions.ts";
import { AnswerView } from "./answerView.tsx";
import { FormTab } from "./formTab.tsx";
import { GridTab } from "./gridTab.tsx";
import { Header } from "./header.tsx";
import { HistoryView } from "./historyView.tsx";
import { JsonTab } from "./jsonTab.tsx";
import { onPredictKeys } from "./keys.ts";
import type { PredictModel } from "./model.ts";
import { Program } from "./program.tsx";
import type { Props } from "./props.ts";
import type { Tab } from "./savedView.ts";
import { Said } from "./said.tsx";
import { SendRow } from "./sendRow.tsx";
import { takeDropped, takePasted } from "./taken.ts";

export function PredictPanel({ model, host }: { model: PredictModel; host: Remote<PredictHost> }) {
  const menu = useSignal<OpenMenu | undefined>(undefined);
  const props = { model, host, menu };
  useEffect(() => onPanelKeys(".fieldInput, .requestText"), []);
  useEffect(() => onPredictKeys(props), [model]);
  const servers = model.servers.value;
  const failure = model.failure.value;
  if (servers === undefined) {
    return failure === undefined ? <main class="predict" /> : <Unreadable {...props} failure={failure} />;
  }
  if (servers.length === 0) return <NoServer {...props} />;
  return (
    <main class="predict" onPaste={(event) => takePasted(model, event)} {...dropTarget(model)}>
      <Header {...props} />
      <Problem problem={model.problem} />
      <div class="predictBody">
        <section class="ask" aria-label="Request" data-region>
          <Tabs {...props} />
          <Body {...props} />
          <Said {...props} />
          <SendRow {...props} />
        </section>
        {model.history.value === undefined ? null : <HistoryView {...props} />}
        <AnswerView {...props} />
        <Program {...props} />
      </div>
      <Menu menu={menu} />
    </main>
  );
}

function dropTarget(model: PredictModel) {
  return {
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      model.attempt(takeDropped(model, event));
    },
  };
}

function Tabs({ model }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const rows = model.shown.value.rows.length;
  const isTable = model.signature.value?.inputs?.kind !== "tensors" && model.fields.value.length > 0;
  const tabs: { tab: Tab; label: string }[] = [
    { tab: "form", label: "Form" },
    ...(isTable ? [{ tab: "grid" as const, label: `Grid, ${countOf(rows, "row")}` }] : []),
    { tab: "json", label: "JSON" },
  ];
  const tab = model.tab.value;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || event.altKey) return;
    const at = tabs.findIndex((one) => one.tab === tab);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    model.show(next.tab);
    bar.current?.querySelector<HTMLElement>(`[data-tab="${next.tab}"]`)?.focus();
  };
  const hasExample = model.asked.value?.example !== undefined;
  return (
    <div class="tabs row">
      <div class="row tabList" role="tablist" aria-label="How the request is written" ref={bar} onKeyDown={onKeyDown}>
        {tabs.map((one) => (
          <button
            key={one.tab}
            type="button"
            role="tab"
            class="tab"
            data-tab={one.tab}
            id={`tab ${one.tab}`}
            aria-selected={tab === one.tab}
            aria-controls="requestBody"
            tabIndex={tab === one.tab ? 0 : -1}
            onClick={() => model.show(one.tab)}
          >
            {one.label}
          </button>
        ))}
      </div>
      <button type="button" class="tab" onClick={() => model.attempt(model.openFile())}>
        From file…
      </button>
      <span class="grow" />
      {hasExample ? <LinkButton onClick={model.fillExample}>Fill input example</LinkButton> : null}
    </div>
  );
}

function Body({ model, host, menu }: Props) {
  const tab = model.tab.value;
  const isGrid = tab === "grid" && model.fields.value.length > 0;
  return (
    <div id="requestBody" role="tabpanel" aria-labelledby={`tab ${tab}`}>
      {tab === "json" ? (
        <JsonTab {...{ model, host, menu }} />
      ) : isGrid ? (
        <GridTab {...{ model, host, menu }} />
      ) : (
        <FormTab {...{ model, host, menu }} />
      )}
    </div>
  );
}

function NoServer({ model, host }: Props) {
  const actions = (
    <Button primary onClick={() => model.attempt(host.serve({}))}>
      Serve a Model…
    </Button>
  );
  return (
    <main class="predict">
      <h1 class="hidden">Predict</h1>
      <Problem problem={model.problem} />
      <EmptyBody icon="send" actions={actions}>
        No model is served yet. Serve a version, and it can be asked here.
      </EmptyBody>
    </main>
  );
}

function Unreadable({ model, failure }: Props & { failure: unknown }) {
  return (
    <main class="predict">
      <h1 class="hidden">Predict</h1>
      <Notice text={messageOf(failure)} action="Retry" onAction={model.start} />
    </main>
  );
}
