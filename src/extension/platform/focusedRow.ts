import * as vscode from "vscode";

/** A tree is read again in a moment, but may be again and again. */
const TRIES = 5;

/**
 * The row that has the keyboard's focus in the list in front, which must be that of `view`. VS Code tells extensions only which
 * row is selected, and arrow keys move the focus alone: toggling its selection shows it, toggling once more leaves all as it was.
 */
export async function focusedRow<Row>(view: Pick<vscode.TreeView<Row>, "selection">): Promise<Row | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = view.selection;
    await vscode.commands.executeCommand("list.toggleSelection");
    const after = view.selection;
    await vscode.commands.executeCommand("list.toggleSelection");
    // While a tree is read again VS Code forgets its rows for a moment, and tells of no selection that it keeps.
    const isAsBefore = view.selection.length === before.length && view.selection.every((row) => before.includes(row));
    if (isAsBefore) return after.find((row) => !before.includes(row)) ?? before.find((row) => !after.includes(row));
  }
  return undefined;
}
