import * as vscode from "vscode";

/**
 * The row that has the keyboard's focus in the list in front, which must be that of `view`. VS Code tells extensions only which
 * row is selected, and arrow keys move the focus alone: toggling its selection shows it, toggling once more leaves all as it was.
 */
export async function focusedRow<Row>(view: vscode.TreeView<Row>): Promise<Row | undefined> {
  const before = view.selection;
  await vscode.commands.executeCommand("list.toggleSelection");
  const after = view.selection;
  await vscode.commands.executeCommand("list.toggleSelection");
  return after.find((row) => !before.includes(row)) ?? before.find((row) => !after.includes(row));
}
