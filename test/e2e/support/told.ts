import type { Locator } from "playwright-core";
import { until } from "../../support/environment.ts";
import { comes, succeeds } from "./acting.ts";
import type { Editor } from "./editor.ts";

/** Notifications of VS Code with this text. */
export function notification(editor: Editor, text: string | RegExp): Locator {
  return editor.page.locator(".notification-list-item").filter({ hasText: text });
}

/** A notification that has come. Ten seconds later VS Code has it in its list only, which is opened for it. */
export async function told(editor: Editor, text: string | RegExp, timeout = 60_000): Promise<Locator> {
  const one = notification(editor, text).first();
  await until(
    `${text} is told`,
    async () => {
      if (await comes(one, 10_000)) return true;
      await editor.evaluate('await vscode.commands.executeCommand("notifications.showList")');
      return comes(one, 1_000);
    },
    timeout,
  );
  return one;
}

/** Answers a notification by one of its buttons, once it has come. */
export async function answer(editor: Editor, text: string | RegExp, button: string | RegExp): Promise<void> {
  await until(
    `${text} is answered by ${button}`,
    async () => {
      const one = await told(editor, text);
      return succeeds(one.getByRole("button", { name: button }).click({ timeout: 5_000 }));
    },
    60_000,
  );
}
