import type { Locator } from "playwright-core";
import { until } from "../../support/environment.ts";

/** By the keyboard, which is in the runs table, down to the row of this run, a row at a time: a key is pressed when the one before was heard. */
export async function downTo(grid: Locator, run: string): Promise<void> {
  const label = grid.locator(".pinnedCells.focused .label");
  await until(`the keyboard is on ${run}`, async () => {
    const before = await label.innerText();
    if (before === run) return true;
    await grid.page().keyboard.press("ArrowDown");
    await until("the next row has the focus", async () => (await label.innerText()) !== before);
    return false;
  });
}
