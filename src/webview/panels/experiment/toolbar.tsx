import type { ExperimentHost, TableAction } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { isOwnTag } from "../../../protocol/tags.ts";
import { Button, Icon, IconButton } from "../../ui/controls.tsx";
import { isFilterError, messageOf } from "../../ui/errors.ts";
import { formatCount } from "../../ui/format.ts";
import { below, type MenuEntry } from "../../ui/menu.tsx";
import { NARROW, pageWidth } from "../../ui/narrow.ts";
import { ColumnChooser } from "./columnChooser.tsx";
import { headerOf } from "./fields.ts";
import { FilterField } from "./filter/filterField.tsx";
import type { ExperimentModel } from "./model.ts";
import { tableActions } from "./tableActions.ts";

interface Props {
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
}

export function Toolbar({ model, host, beside }: Props & { beside: boolean }) {
  const failure = model.rows.failure.value;
  const problem = model.writing.problem.value?.message ?? (isFilterError(failure) ? messageOf(failure) : undefined);
  const act = tableActions(model, host);
  const narrow = pageWidth.value < NARROW;
  return (
    <div class="toolbarArea" data-region role="toolbar" aria-label="Filter and columns">
      <div class="toolbar">
        <FilterField model={model} />
        <ColumnChooser model={model} />
        <MenuButton
          {...{ model, icon: "group-by-ref-type", label: "Group runs", text: "Group", mark: "group" }}
          entries={() => groupEntries(model)}
        />
        {narrow ? null : (
          <IconButton
            icon={beside ? "layout-sidebar-right" : "layout-panel"}
            label={beside ? "Put the charts below the table" : "Put the charts beside the table"}
            onClick={() => {
              model.beside.value = !beside;
            }}
          />
        )}
        <MenuButton
          {...{ model, icon: "export", label: "Export", mark: "export" }}
          entries={() => exportEntries(act)}
        />
        <MenuButton
          {...{ model, icon: "ellipsis", label: "More", mark: "more" }}
          entries={() => moreEntries(model, act)}
        />
        <Compare model={model} act={act} />
      </div>
      {problem === undefined ? null : (
        <p class="fieldError" role="alert" id="filterProblem">
          {problem}
        </p>
      )}
    </div>
  );
}

type Act = (action: TableAction, row: number) => void;

function Compare({ model, act }: { model: ExperimentModel; act: Act }) {
  const count = model.checked.value.size;
  if (count < 2) return null;
  return (
    <Button primary onClick={() => act("compare", -1)}>
      <span class="compare">
        <Icon name="compare-changes" />
        <span class="words">Compare</span>
        {formatCount(count)}
      </span>
    </Button>
  );
}

interface MenuButtonProps {
  model: ExperimentModel;
  icon: string;
  label: string;
  text?: string;
  /** Commands find the button by it. */
  mark: string;
  entries(): MenuEntry[];
}

export function MenuButton({ model, icon, label, text, mark, entries }: MenuButtonProps) {
  return (
    <button
      type="button"
      class="ghost"
      title={label}
      aria-label={label}
      aria-haspopup="menu"
      {...{ [`data-${mark}`]: true }}
      onClick={(event) => {
        model.menu.value = { label, entries: entries(), back: event.currentTarget, ...below(event.currentTarget) };
      }}
    >
      <Icon name={icon} />
      {text === undefined ? null : <span class="words">{text}</span>}
    </button>
  );
}

/** Keys with fewer values than runs are those that group. */
const MOST_GROUPS = 30;

function groupEntries(model: ExperimentModel): MenuEntry[] {
  const { arranged, logged } = model;
  const now = arranged.groupBy.peek();
  const keys = logged.all.peek();
  const toggle = (id: string) => () =>
    arranged.groupByColumns(now.includes(id) ? now.filter((other) => other !== id) : [...now, id]);
  const entry = (id: string): MenuEntry => ({ label: headerOf(id), checked: now.includes(id), onClick: toggle(id) });
  const sections: [string, string[]][] = [
    ["Params", (keys?.params ?? []).filter(({ varies }) => varies).map(({ key }) => `params.${key}`)],
    ["Tags", (keys?.tags ?? []).filter(({ key }) => isOwnTag(key)).map(({ key }) => `tags.${key}`)],
    ["Attributes", ["status", "user_id", "source", "version"].map((key) => `attributes.${key}`)],
  ];
  return [
    {
      label: "Children Below Parents",
      checked: arranged.nested.peek() && now.length === 0,
      onClick: () => {
        arranged.groupByColumns([]);
        arranged.nested.value = now.length > 0 || !arranged.nested.peek();
      },
    },
    { label: "No Groups", checked: now.length === 0, radio: true, onClick: () => arranged.groupByColumns([]) },
    ...sections.flatMap(([heading, ids]): MenuEntry[] =>
      ids.length === 0 ? [] : [{ heading }, ...ids.slice(0, MOST_GROUPS).map(entry)],
    ),
  ];
}

function exportEntries(act: Act): MenuEntry[] {
  const entry = (label: string, action: TableAction): MenuEntry => ({ label, onClick: () => act(action, -1) });
  return [
    entry("Export as CSV…", "exportCsv"),
    entry("Export as JSON…", "exportJson"),
    "separator",
    entry("Copy as mlflow.search_runs(…)", "copySearchRuns"),
    entry("Copy as pandas", "copyPandas"),
  ];
}

function moreEntries(model: ExperimentModel, act: Act): MenuEntry[] {
  const { arranged, columns } = model;
  const hidden = arranged.hidden.peek().length;
  return [
    { label: "Check All Runs", keys: "Ctrl A", onClick: () => act("checkAll", -1) },
    { label: "Only Columns That Vary", checked: columns.onlyVarying.peek(), onClick: () => act("onlyVarying", -1) },
    { label: "Deleted Runs Too", checked: arranged.deleted.peek(), onClick: () => act("showDeleted", -1) },
    ...(hidden === 0 ? [] : [{ label: `Show ${formatCount(hidden)} Hidden`, onClick: () => act("showHidden", -1) }]),
    "separator",
    { label: "Keys", keys: "?", onClick: () => act("showKeys", -1) },
  ];
}
