import type * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { focusedRow } from "./focusedRow.ts";
import { settledRow } from "./settledRow.ts";

/**
 * What a command was given from the menu of a row. VS Code (1.139) knows no row of a branch while it reads that branch again, and
 * hands on `undefined` in its place; the row keeps the focus by its id, and is known by it as soon as it was read. Whoever calls from
 * elsewhere gives a target or no argument at all. Throws INVALID_STATE where no row that `fits` has the focus then.
 */
export async function withMenuRow<Row, Arguments extends unknown[]>(
  view: vscode.TreeView<Row>,
  given: Arguments,
  fits: (row: Row) => boolean,
): Promise<Arguments> {
  if (given.length === 0 || given[0] !== undefined) return given;
  const row = await settledRow(
    () => focusedRow(view),
    fits,
    () => view.visible,
  );
  if (row === undefined) throw rowIsGone();
  // The border: menus of rows give rows, which are the targets of their commands.
  return [row, ...given.slice(1)] as Arguments;
}

/** Said when a row went before what was chosen for it could be done. */
export function rowIsGone(): MlflowError {
  return new MlflowError(
    "INVALID_STATE",
    "That row went while its menu was open; choose again from the menu of another.",
  );
}
