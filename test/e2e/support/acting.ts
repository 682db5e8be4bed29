import type { Locator, Page } from "playwright-core";
import { until } from "../../support/environment.ts";

// What a person does without a thought: looking where the focus is before typing, and doing again what had no effect.

/** Whether it could be done: for what is done again when it could not. */
export function succeeds(act: Promise<unknown>): Promise<boolean> {
  return act.then(
    () => true,
    () => false,
  );
}

/** Whether `part` is on screen within some seconds. */
export function comes(part: Locator, timeout = 5_000): Promise<boolean> {
  return succeeds(part.waitFor({ timeout }));
}

/** Waits until the focus is in `part`: a key that is pressed before goes elsewhere. */
export async function untilFocused(part: Locator): Promise<void> {
  await until(`the focus is in ${String(part)}`, () =>
    part.evaluate((element) => document.hasFocus() && element.contains(document.activeElement)),
  );
}

/**
 * Does something again and again until `part` is on screen. For what VS Code itself loses on a busy machine: a click on a code
 * lens that is drawn anew, a hover or a key while the language server has no answer yet.
 */
export async function actUntil(part: Locator, act: () => Promise<unknown>): Promise<void> {
  await until(
    `what was done shows ${String(part)}`,
    async () => {
      if (await part.isVisible()) return true;
      await act();
      return comes(part);
    },
    60_000,
  );
}

/** Waits until the page has drawn what was done: it does so in its next frame. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
