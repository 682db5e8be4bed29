import type { ComparedRun } from "../../../protocol/panels/compare.ts";
import { Button, Checkbox, Dot, Icon, IconButton, Select, StatusIcon } from "../../ui/controls.tsx";
import { countOf, formatCount } from "../../ui/format.ts";
import { below } from "../../ui/menu.tsx";
import { NARROW, pageWidth } from "../../ui/narrow.ts";
import { type CompareModel, keyOf } from "./model.ts";
import type { Props } from "./props.ts";

/** Title and actions. */
export function Header({ model, host }: Props) {
  const runs = model.columns.value;
  const { differencesOnly } = model.arrangement.value;
  const options = model.runs.value.map((run) => ({ value: keyOf(run), label: run.run_name }));
  const [baseline] = runs;
  return (
    <header class="compareHeader" data-region>
      <h1 class="strong">Compare {countOf(model.runs.value.length, "run")}</h1>
      <span class="dim cut inWhere">{whereText(model)}</span>
      <span class="grow" />
      <IconButton
        icon="diff-added"
        label="Add runs…"
        text="Add runs…"
        onClick={() => model.attempt(host.addRuns({}))}
      />
      <IconButton
        icon="checklist"
        label="Differences only (D)"
        text="Differences only"
        pressed={differencesOnly}
        onClick={model.toggleDifferences}
      />
      <label class="baselineChoice">
        <span class="dim words">Baseline</span>
        <Select
          label="Run that the others are compared with"
          value={baseline === undefined ? "" : keyOf(baseline)}
          options={options}
          onChange={(value) => {
            const run = model.runs.peek().find((one) => keyOf(one) === value);
            if (run !== undefined) model.setBaseline(run);
          }}
        />
      </label>
      <IconButton icon="copy" label="Copy the table as Markdown" onClick={() => model.copyTable("markdown")} />
      <IconButton
        icon="export"
        label="Copy the table as CSV, or save it"
        onClick={(event) => exportMenu(event, { model, host })}
      />
      <Button primary onClick={() => model.openAsDiff()}>
        Open as diff…
      </Button>
    </header>
  );
}

/** `in wine-quality`, or how many experiments and stores. */
function whereText(model: CompareModel): string {
  const experiments = model.comparison.value?.experiments ?? [];
  const stores = new Set(experiments.map(({ uri }) => uri)).size;
  if (experiments.length === 1) return `in ${experiments[0]?.name ?? ""}`;
  if (experiments.length === 0) return "";
  return `in ${countOf(experiments.length, "experiment")}${stores > 1 ? ` of ${countOf(stores, "store")}` : ""}`;
}

function exportMenu(event: MouseEvent, { model, host }: Props): void {
  const button = event.currentTarget instanceof HTMLElement ? event.currentTarget : null;
  const save = async () => {
    const { comparisonCsv } = await import("./copyTable.ts");
    const content = comparisonCsv(model.columns.peek(), model.sections.peek());
    await host.saveFile({ name: "comparison.csv", content });
  };
  model.menu.value = {
    label: "Copy and export",
    back: button,
    ...(button === null ? { x: event.clientX, y: event.clientY } : below(button)),
    entries: [
      { label: "Copy as Markdown", icon: "markdown", onClick: () => model.copyTable("markdown") },
      { label: "Copy as CSV", icon: "copy", onClick: () => model.copyTable("csv") },
      { label: "Save as CSV…", icon: "save-as", onClick: () => model.attempt(save()) },
    ],
  };
}

/** One line of dots and names; each opens what can be done with its run. */
export function Legend({ model, host }: Props) {
  const [baseline] = model.columns.value;
  const others = model.others.value;
  const narrow = pageWidth.value < NARROW;
  // Of others only the charts show anything.
  const hasOthers = others > 0 && !(narrow && model.arrangement.value.part === "table");
  return (
    <div class="legend" data-region>
      <ul class="legendRuns" aria-label="Compared runs">
        {model.runs.value.map((run) => (
          <LegendRun key={keyOf(run)} run={run} isBaseline={run === baseline} model={model} host={host} />
        ))}
      </ul>
      {hasOthers ? (
        <Checkbox
          checked={model.arrangement.value.others}
          onChange={() => model.change({ others: !model.arrangement.peek().others })}
        >
          {narrow ? "Others in grey" : `Show the other ${formatCount(others)} ${others === 1 ? "run" : "runs"} in grey`}
        </Checkbox>
      ) : null}
    </div>
  );
}

function LegendRun({ run, isBaseline, model, host }: Props & { run: ComparedRun; isBaseline: boolean }) {
  const key = keyOf(run);
  const point = (on: boolean) => {
    if (on) model.hovered.value = key;
    else if (model.hovered.peek() === key) model.hovered.value = undefined;
  };
  const gone = run.lifecycle_stage === "deleted";
  return (
    <li>
      <button
        type="button"
        class={`legendRun ${model.hovered.value === key ? "pointed" : ""}`}
        title={`${run.run_name} · ${run.run_id}${isBaseline ? " · baseline" : ""}`}
        aria-haspopup="menu"
        onPointerEnter={() => point(true)}
        onPointerLeave={() => point(false)}
        onFocus={() => point(true)}
        onBlur={() => point(false)}
        onClick={(event) => runMenu(event.currentTarget, run, { model, host })}
      >
        <Dot ordinal={run.ordinal} />
        <span class={gone ? "cut gone" : "cut"}>{run.run_name}</span>
        <StatusIcon status={run.status} />
        {isBaseline ? <Icon name="pinned" class="dim tiny" /> : null}
      </button>
    </li>
  );
}

/** What can be done with one of the runs, below `at`. */
export function runMenu(at: HTMLElement, run: ComparedRun, { model, host }: Props): void {
  const [baseline] = model.columns.peek();
  const isBaseline = baseline !== undefined && keyOf(baseline) === keyOf(run);
  const { uri, run_id } = run;
  model.menu.value = {
    label: run.run_name,
    back: at,
    ...below(at),
    entries: [
      { label: "Open Run", icon: "go-to-file", onClick: () => model.attempt(host.openRun({ uri, run_id })) },
      ...(isBaseline
        ? []
        : [
            { label: "Make It the Baseline", icon: "pin", keys: "B", onClick: () => model.setBaseline(run) },
            { label: "Open as Diff with Baseline…", icon: "diff", onClick: () => model.openAsDiff(run) },
          ]),
      { label: "Copy Run ID", icon: "copy", onClick: () => model.attempt(host.copy({ text: run_id })) },
      "separator",
      { label: "Take Out of Comparison", icon: "close", keys: "Del", onClick: () => model.remove([run]) },
    ],
  };
}
