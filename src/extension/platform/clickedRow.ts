import type * as vscode from "vscode";

/** VS Code has read a tree again within this time (ms), whatever the machine does. */
const READ_AGAIN = 10_000;
/** How often the selection is looked at meanwhile (ms). */
const LOOK = 20;

/**
 * The row that was clicked, for the command of rows. Commands of rows carry no arguments: VS Code drops them, and knows no row
 * of the branch, while it reads that branch again; the selection is remembered and names its row as soon as it is known again.
 */
export async function clickedRow<Row>(view: vscode.TreeView<Row>): Promise<Row | undefined> {
  const end = Date.now() + READ_AGAIN;
  while (view.selection.length === 0 && Date.now() < end) await new Promise((next) => setTimeout(next, LOOK));
  return view.selection[0];
}
