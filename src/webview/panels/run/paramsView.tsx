import type { RunOverview } from "../../../protocol/panels/run.ts";
import { IconButton, LinkButton, TextField } from "../../ui/controls.tsx";
import { allNumbers, formatCount } from "../../ui/format.ts";
import { Block } from "../../ui/facts.tsx";
import { paramRows } from "./params.ts";
import type { Props } from "./props.ts";

/** Fewer params are seen at a glance. */
const SEARCHED_FROM = 10;

/** Params as they were logged, and what differs from the baseline. */
export function Params({ model, host, overview }: Props & { overview: RunOverview }) {
  const { params } = overview.run.data;
  const { baseline } = overview;
  const search = model.search.value["params"] ?? "";
  if (params.length === 0 && baseline === undefined) return null;
  const rows = paramRows(params, baseline?.params, search);
  const choose = () => model.attempt(host.chooseBaseline({}));
  const actions =
    baseline === undefined ? (
      <LinkButton onClick={choose}>compare with…</LinkButton>
    ) : (
      <>
        <span class="dim small">baseline: </span>
        <LinkButton class="small cut" onClick={choose}>
          {baseline.run_name}
        </LinkButton>
        <IconButton icon="close" label="No baseline" onClick={() => model.attempt(host.clearBaseline({}))} />
      </>
    );
  const numeric = allNumbers(rows.map(({ value }) => value ?? null));
  return (
    <Block title="Params" count={params.length} actions={actions}>
      {params.length < SEARCHED_FROM && search === "" ? null : (
        <TextField
          label="Search params"
          icon="search"
          placeholder="Search params"
          class="low"
          filter
          value={search}
          onInput={(text) => {
            model.search.value = { ...model.search.peek(), params: text };
          }}
          onClear={() => {
            model.search.value = { ...model.search.peek(), params: "" };
          }}
        />
      )}
      <table class="compact params">
        <tbody>
          {rows.map(({ key, value, was }) => (
            <tr key={key}>
              <th scope="row" class="dim" title={key}>
                {key}
              </th>
              <td class={numeric || allNumbers([value ?? null]) ? "num" : ""} title={value}>
                {value ?? <span class="dim">not logged</span>}
              </td>
              {baseline === undefined ? null : (
                <td class="dim small num was" title={was}>
                  {was === undefined ? "" : `was ${was}`}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? (
        <p class="dim small">
          No param of {formatCount(params.length)} has “{search}”.
        </p>
      ) : null}
    </Block>
  );
}
