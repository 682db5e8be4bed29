import type * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { focusedRow } from "./focusedRow.ts";
import { settledRow } from "./settledRow.ts";

/** What is asked of the views that a row may stand in. */
export type RowView<Row> = Pick<vscode.TreeView<Row>, "selection" | "visible">;

/**
 * What a command was given from the menu of a row. VS Code (1.139) knows no row of a branch while it reads that branch again, and
 * hands on `undefined` in its place; the row keeps the focus by its id, and is known by it as soon as it was read. Whoever calls from
 * elsewhere gives a target or no argument at all. Throws INVALID_STATE where no row that `fits` has the focus then.
 */
export async function withMenuRow<Row, Arguments extends unknown[]>(
  views: readonly RowView<Row>[],
  given: Arguments,
  fits: (row: Row) => boolean,
): Promise<Arguments> {
  if (!isLostRow(given)) return given;
  const row = await settledRow(
    () => focusedIn(views),
    fits,
    () => views.some(({ visible }) => visible),
  );
  if (row === undefined) throw rowIsGone();
  // The border: menus of rows give rows, which are the targets of their commands.
  return [row, ...given.slice(1)] as Arguments;
}

/** Whether a command of rows was given one that VS Code does not know at the moment. */
export function isLostRow(given: readonly unknown[]): boolean {
  return given.length > 0 && given[0] === undefined;
}

/** Only the list in front has a row with the focus, of whichever view it is. */
async function focusedIn<Row>(views: readonly RowView<Row>[]): Promise<Row | undefined> {
  for (const view of views) {
    const row = view.visible ? await focusedRow(view) : undefined;
    if (row !== undefined) return row;
  }
  return undefined;
}

/** Said when a row went before what was chosen for it could be done. */
export function rowIsGone(): MlflowError {
  return new MlflowError(
    "INVALID_STATE",
    "That row went while its menu was open; choose again from the menu of another.",
  );
}

/** Said when a row may be there still, but was read anew in the moment in which something was chosen for it. */
export function rowIsReadAnew(): MlflowError {
  return new MlflowError("INVALID_STATE", "The list was being read anew, so nothing was done; choose again.");
}
