import { useLayoutEffect, useRef } from "preact/hooks";
import type { LoggedModelRow } from "../../../protocol/panels/loggedModels.ts";
import { Button, Dot, EmptyBody, Icon, LinkButton } from "../../ui/controls.tsx";
import { formatAge, formatMetric, formatTimestamp } from "../../ui/format.ts";
import { type MetricColumn, metricTitle, shownMetric } from "./columns.ts";
import type { Props } from "./props.ts";
import { signOf, versionText } from "./words.ts";

/** The logged models, as a table with one row to choose. */
export function List({ model, host }: Props) {
  const body = useRef<HTMLDivElement>(null);
  const rows = model.rows.value;
  const isThere = rows !== undefined;
  useLayoutEffect(() => {
    body.current?.scrollTo(0, model.listScroll.peek());
  }, [isThere]);
  const onScroll = (event: Event & { currentTarget: HTMLElement }) => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    model.listScroll.value = Math.round(scrollTop);
    if (scrollTop + clientHeight > scrollHeight - 400) model.loadMore();
  };
  return (
    <div class="modelsList" ref={body} onScroll={onScroll} data-region>
      {rows === undefined ? null : rows.length === 0 ? (
        <NoMatch model={model} host={host} />
      ) : (
        <Table {...{ model, host, rows }} />
      )}
    </div>
  );
}

function NoMatch({ model }: Props) {
  return (
    <EmptyBody icon="filter" actions={<Button onClick={model.clear}>Clear Filter</Button>}>
      No logged model matches <code>{model.filter.value}</code>.
    </EmptyBody>
  );
}

function Table({ model, host, rows }: Props & { rows: LoggedModelRow[] }) {
  const columns = model.columns.value;
  const { field_name, ascending } = model.order.value;
  const selected = model.selected.value;
  const sort = (field: string) => (field === field_name ? (ascending ? "ascending" : "descending") : "none");
  const header = (field: string, words: string, extra = "") => (
    <th scope="col" class={extra} aria-sort={sort(field)}>
      <button type="button" class="sortHeader" title={`Sort by ${words}`} onClick={() => model.orderBy(field)}>
        {field === field_name ? <Icon name={ascending ? "arrow-up" : "arrow-down"} class="sortIcon" /> : null}
        <span class="cut">{words}</span>
      </button>
    </th>
  );
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -rows.length, End: rows.length }[
      event.key
    ];
    if (event.target instanceof HTMLElement && event.target.closest(".modelRow") === null) return;
    if (event.key === "Enter" && event.target === event.currentTarget.querySelector(":focus.modelRow")) {
      document.querySelector<HTMLElement>(".modelDetails")?.focus();
      return;
    }
    if (by === undefined) return;
    event.preventDefault();
    const next = model.move(by);
    const { currentTarget } = event;
    // The row is drawn with the next frame.
    requestAnimationFrame(() => currentTarget.querySelector<HTMLElement>(`[data-id="${next}"]`)?.focus());
  };
  return (
    <table class="modelsTable" role="grid" aria-label="Logged models" onKeyDown={onKeyDown}>
      <thead>
        <tr>
          {header("name", "Name", "name")}
          <th scope="col" class="wide">
            Registered
          </th>
          {columns.map(({ key }) => header(`metrics.${key}`, key, "num"))}
          <th scope="col" class="wide">
            Source run
          </th>
          {header("creation_timestamp", "Age", "num age")}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <Row
            key={row.model_id}
            {...{ model, host, row, columns }}
            selected={row.model_id === selected}
            reachable={row.model_id === selected || (at === 0 && !rows.some(({ model_id }) => model_id === selected))}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends Props {
  row: LoggedModelRow;
  columns: MetricColumn[];
  selected: boolean;
  /** Tab leads to it. */
  reachable: boolean;
}

function Row({ model, host, row, columns, selected, reachable }: RowProps) {
  const { model_id, name, status, run, versions, creation_timestamp_ms } = row;
  const sign = signOf(status);
  const [first] = versions;
  return (
    <tr
      class={`modelRow ${selected ? "selected" : ""}`}
      role="row"
      aria-selected={selected}
      tabIndex={reachable ? 0 : -1}
      data-id={model_id}
      onClick={() => model.select(model_id)}
    >
      <td class="name" title={`${name}\n${model_id}\n${sign.words}`}>
        <span class="row nameOf">
          {status === "LOGGED_MODEL_READY" ? (
            <Icon name="package" class="dim" />
          ) : (
            <i class={`codicon codicon-${sign.icon} status ${sign.class}`} role="img" aria-label={sign.words} />
          )}
          <span class="cut strong">{name}</span>
          <span class="dim mono id">{model_id.slice(0, 10)}</span>
        </span>
      </td>
      <td class="wide cut" title={versions.map(versionText).join("\n")}>
        {first === undefined ? null : (
          <>
            <LinkButton onClick={() => model.attempt(host.openVersion({ name: first.name, version: first.version }))}>
              {first.name} {first.version}
            </LinkButton>
            {first.aliases.slice(0, 1).map((alias) => (
              <span key={alias} class="dim">
                {" "}
                @{alias}
              </span>
            ))}
            {versions.length > 1 ? <span class="dim num"> +{versions.length - 1}</span> : null}
          </>
        )}
      </td>
      {columns.map(({ key, format, best }) => {
        const metric = shownMetric(row, key);
        return (
          <td key={key} class={`num ${metric?.value === best ? "strong" : ""}`} title={metricTitle(row, key)}>
            {metric === undefined ? null : formatMetric(metric.value, format)}
          </td>
        );
      })}
      <td class="wide cut" title={run?.run_name}>
        {run === undefined ? null : (
          <span class="row">
            <Dot ordinal={run.ordinal} size={8} />
            <LinkButton class="cut" onClick={() => model.attempt(host.openRun({ run_id: run.run_id }))}>
              {run.run_name}
            </LinkButton>
          </span>
        )}
      </td>
      <td class="num age dim" title={formatTimestamp(creation_timestamp_ms)}>
        {formatAge(creation_timestamp_ms, model.now.value)}
      </td>
    </tr>
  );
}
