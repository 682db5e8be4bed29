import { useLayoutEffect, useRef } from "preact/hooks";
import { typeWords } from "../../../mlflow/signature/words.ts";
import { IconButton, LinkButton } from "../../ui/controls.tsx";
import { formatCount } from "../../ui/format.ts";
import { wrongOf } from "./field.tsx";
import type { Props } from "./props.ts";

/** Rows that are drawn at once. */
const PAGE = 50;

/** All rows, a field for each cell; arrows, Enter and Tab lead from cell to cell. The page with the row that one is at is shown. */
export function GridTab({ model }: Props) {
  const fields = model.fields.value;
  const { rows } = model.shown.value;
  const row = model.row.value;
  const first = row - (row % PAGE);
  const wrong = new Map(model.read.value.problems.map((one) => [`${one.row ?? "*"} ${one.column ?? ""}`, one.text]));
  const onKeyDown = useGridKeys(model);
  return (
    <div class="gridTab">
      <div class="gridScroll" onKeyDown={onKeyDown}>
        <table class="grid" aria-label="Rows of the request">
          <thead>
            <tr>
              <th scope="col" class="num dim">
                Row
              </th>
              {fields.map(({ name, value }) => (
                <th key={name} scope="col" title={typeWords(value)}>
                  <span class="cut">{name}</span>
                </th>
              ))}
              <th scope="col">
                <span class="hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(first, first + PAGE).map((cells, i) => {
              const at = first + i;
              return (
                <tr key={at} class={at === row ? "current" : ""}>
                  <th scope="row" class="num dim">
                    {at + 1}
                  </th>
                  {fields.map(({ name, required }, column) => {
                    const problem = wrong.get(`${at} ${name}`) ?? wrong.get(`* ${name}`);
                    const problemId = `problem-cell-${at}-${column}`;
                    return (
                      <td key={name}>
                        <input
                          type="text"
                          class={`cell fieldInput ${problem === undefined ? "" : "wrong"}`}
                          data-cell={`${at} ${column}`}
                          aria-label={`${name}, row ${at + 1}`}
                          title={problem}
                          {...wrongOf(problem, problemId)}
                          placeholder={required ? "" : "not given"}
                          spellcheck={false}
                          value={cells[column] ?? ""}
                          onFocus={() => model.change({ row: at })}
                          onInput={(event) => model.setCell(at, column, event.currentTarget.value)}
                        />
                        {problem === undefined ? null : (
                          <span class="hidden" id={problemId}>
                            {problem}
                          </span>
                        )}
                      </td>
                    );
                  })}
                  <td>
                    <IconButton icon="trash" label={`Remove row ${at + 1}`} onClick={() => model.removeRow(at)} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div class="row gridFoot">
        <LinkButton onClick={model.addRow}>Add row</LinkButton>
        <span class="dim small">Cells and whole tables can be pasted.</span>
        <span class="grow" />
        {rows.length <= PAGE ? null : (
          <>
            <IconButton
              icon="chevron-left"
              label="Earlier rows"
              onClick={() => model.change({ row: Math.max(0, first - PAGE) })}
            />
            <span class="num small" role="status">
              {first + 1}–{Math.min(rows.length, first + PAGE)} of {formatCount(rows.length)}
            </span>
            <IconButton
              icon="chevron-right"
              label="Later rows"
              onClick={() => first + PAGE < rows.length && model.change({ row: first + PAGE })}
            />
          </>
        )}
      </div>
    </div>
  );
}

const STEPS: Partial<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, Enter: 1 };
const ALT_STEPS: Partial<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** ↑ ↓ and Enter, and Alt ← →, lead to the cell above or below, also on another page. */
function useGridKeys(model: Props["model"]) {
  /** A cell that is drawn with the next page. */
  const awaited = useRef<string | undefined>(undefined);
  const focus = (cell: string): boolean => {
    const input = document.querySelector<HTMLInputElement>(`[data-cell="${cell}"]`);
    input?.focus();
    input?.select();
    return input !== null;
  };
  useLayoutEffect(() => {
    if (awaited.current !== undefined && focus(awaited.current)) awaited.current = undefined;
  });
  return (event: KeyboardEvent): void => {
    const { target, key } = event;
    const by = (event.altKey ? ALT_STEPS : STEPS)[key];
    if (!(target instanceof HTMLElement) || by === undefined || event.ctrlKey || event.metaKey) return;
    const [row, column] = (target.dataset["cell"] ?? "").split(" ").map(Number);
    if (row === undefined || column === undefined || Number.isNaN(column)) return;
    const next = row + by;
    event.preventDefault();
    if (next < 0 || next >= model.shown.peek().rows.length) return;
    if (focus(`${next} ${column}`)) return;
    awaited.current = `${next} ${column}`;
    model.change({ row: next });
  };
}
