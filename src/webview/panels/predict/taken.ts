import { csvSeparator, readCsvText } from "../../../mlflow/signature/csvText.ts";
import type { PredictModel } from "./model.ts";

/** A pasted request or table replaces what is asked; cells of a spreadsheet go into the grid from the cell on. */
export function takePasted(model: PredictModel, event: ClipboardEvent): void {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const { target } = event;
  if (!(target instanceof Element) || target.closest(".requestText") !== null) return;
  const isRequest = /^\s*\{[^]*\}\s*$/.test(text) && target.closest("textarea") === null;
  const isTable = text.trim().includes("\n") || text.includes("\t");
  if (!isRequest && !isTable) return;
  if (isRequest) {
    if (!model.take(text, "The pasted text")) return;
    event.preventDefault();
    return;
  }
  if (target.closest("textarea") !== null) return;
  const rows = readCsvText(text, csvSeparator(text) ?? "\t");
  const known = model.fields.peek().map(({ name }) => name);
  const isHeaded = rows[0]?.some((cell) => cell !== null && known.includes(cell.trim())) === true;
  if (isHeaded || /^\s*\[/.test(text)) {
    if (model.take(text, "The pasted text")) event.preventDefault();
    return;
  }
  const [row, column] = target instanceof HTMLElement ? (target.dataset["cell"] ?? "").split(" ").map(Number) : [];
  if (row === undefined || column === undefined || Number.isNaN(column)) return;
  event.preventDefault();
  model.setCells(row, column, rows);
}

/** Reads a file that was dropped on the panel. */
export async function takeDropped(model: PredictModel, event: DragEvent): Promise<void> {
  const file = event.dataTransfer?.files[0];
  const text = file === undefined ? (event.dataTransfer?.getData("text/plain") ?? "") : await file.text();
  if (text.trim() !== "") model.take(text, file?.name ?? "The dropped text");
}
