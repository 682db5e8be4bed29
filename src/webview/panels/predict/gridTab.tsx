import { useSignal } from "@preact/signals";
import { typeWords } from "../../../mlflow/signature/words.ts";
import { IconButton, LinkButton } from "../../ui/controls.tsx";
import type { Props } from "./props.ts";

/** Rows that are drawn at once. */
const PAGE = 50;

/** All rows, a field for each cell; arrows, Enter and Tab lead from cell to cell. */
export function GridTab({ model }: Props) {
  const page = useSignal(0);
  const fields = model.fields.value;
  const { rows } = model.shown.value;
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const at = Math.min(page.value, pages - 1);
  const first = at * PAGE;
  const wrong = new Set(model.read.value.problems.map(({ row, column }) => `${row ?? "*"} ${column ?? ""}`));
  return (
    <div class="gridTab">
      <div class="gridScroll" onKeyDown={onGridKey}>
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
              const row = first + i;
              return (
                <tr key={row} class={row === model.row.value ? "current" : ""}>
                  <th scope="row" class="num dim">
                    {row + 1}
                  </th>
                  {fields.map(({ name, required }, column) => {
                    const isWrong = wrong.has(`${row} ${name}`) || wrong.has(`* ${name}`);
                    return (
                      <td key={name}>
                        <input
                          type="text"
                          class={`cell fieldInput ${isWrong ? "wrong" : ""}`}
                          data-cell={`${row} ${column}`}
                          aria-label={`${name}, row ${row + 1}`}
                          aria-invalid={isWrong}
                          placeholder={required ? "" : "not given"}
                          spellcheck={false}
                          value={cells[column] ?? ""}
                          onFocus={() => model.change({ row })}
                          onInput={(event) => model.setCell(row, column, event.currentTarget.value)}
                        />
                      </td>
                    );
                  })}
                  <td>
                    <IconButton icon="trash" label={`Remove row ${row + 1}`} onClick={() => model.removeRow(row)} />
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
        {pages === 1 ? null : (
          <>
            <IconButton icon="chevron-left" label="Earlier rows" onClick={() => (page.value = Math.max(0, at - 1))} />
            <span class="num small">
              {first + 1}–{Math.min(rows.length, first + PAGE)} of {rows.length}
            </span>
            <IconButton
              icon="chevron-right"
              label="Later rows"
              onClick={() => (page.value = Math.min(pages - 1, at + 1))}
            />
          </>
        )}
      </div>
    </div>
  );
}

const STEPS: Partial<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  Enter: [1, 0],
};

function onGridKey(event: KeyboardEvent): void {
  const { target, key } = event;
  const step = STEPS[key];
  if (!(target instanceof HTMLElement) || step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const [row, column] = (target.dataset["cell"] ?? "").split(" ").map(Number);
  if (row === undefined || column === undefined || Number.isNaN(column)) return;
  const next = document.querySelector<HTMLInputElement>(`[data-cell="${row + step[0]} ${column + step[1]}"]`);
  if (next === null) return;
  event.preventDefault();
  next.focus();
  next.select();
}
