import * as vscode from "vscode";

// Every question in a list or a box. A panel that comes to the front late, or gets the focus back from the command palette, takes
// the focus from a question that is open already: it stays until it is answered, or left with Escape.

/** One of `items`; undefined when the person chose none. */
export function pickOne<T extends vscode.QuickPickItem | string>(
  items: readonly T[] | Thenable<readonly T[]>,
  options: vscode.QuickPickOptions,
): Thenable<T | undefined> {
  // One signature for both: VS Code's own are two, of the same function.
  const show = vscode.window.showQuickPick as (
    list: typeof items,
    how: vscode.QuickPickOptions,
  ) => Thenable<T | undefined>;
  return show(items, { ...options, ignoreFocusOut: true });
}

/** Several of `items`; undefined when the person went away. */
export function pickMany<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Thenable<T[] | undefined> {
  return vscode.window.showQuickPick(items, { ...options, ignoreFocusOut: true, canPickMany: true });
}

/** A text; undefined when the person went away. */
export function askText(options: vscode.InputBoxOptions): Thenable<string | undefined> {
  return vscode.window.showInputBox({ ...options, ignoreFocusOut: true });
}
