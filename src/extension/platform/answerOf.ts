import type * as vscode from "vscode";

/** Shows a list, and ends it with what the accepted row answers; a row that answers nothing keeps the list open. */
export function answerOf<T extends vscode.QuickPickItem, R>(
  list: vscode.QuickPick<T>,
  answer: (item: T) => R | undefined,
): Promise<R | undefined> {
  return new Promise((resolve) => {
    const close = (result: R | undefined): void => {
      resolve(result);
      list.dispose();
    };
    list.onDidAccept(() => {
      const [item] = list.activeItems;
      const result = item === undefined ? undefined : answer(item);
      if (result !== undefined) close(result);
    });
    list.onDidHide(() => close(undefined));
    list.show();
  });
}
