import type { Locator } from "playwright-core";
import { until } from "../../support/environment.ts";
import { comes, succeeds } from "./acting.ts";

// Rows of VS Code's trees. One may be drawn anew at any time, which loses a click, and rows above and below the screen are not there at all.

/** ms for what follows a click or a key that was heard. */
const HEARD = 10_000;

/** The row of a tree of `view`, whose rows are looked through from where they stand, down to the last and up to the first one. */
export async function findRow(view: Locator, name: string | RegExp): Promise<Locator> {
  const row = view.getByRole("treeitem", { name }).first();
  const list = view.locator(".monaco-list").first();
  let down = true;
  await until(`the row ${name}`, async () => {
    if ((await row.count()) > 0) return true;
    if (!(await list.evaluate(scroll, down))) down = !down;
    return false;
  });
  return row;
}

/** In the page: turns the wheel by half of what is on screen, and says whether other rows are there. */
async function scroll(list: Element, down: boolean): Promise<boolean> {
  const shown = () =>
    [...list.querySelectorAll(".monaco-list-row")].map((row) => row.getAttribute("data-index")).join();
  const before = shown();
  // 120 move VS Code's lists by 50 pixels.
  const deltaY = (list.clientHeight / 2) * (down ? 2.4 : -2.4);
  list
    .querySelector(".monaco-scrollable-element")
    ?.dispatchEvent(new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true }));
  for (let frames = 0; frames < 2; frames += 1) await new Promise((next) => requestAnimationFrame(next));
  return shown() !== before;
}

/** Clicks a row until `shown` is there. */
export async function clickFor(row: Locator, shown: Locator): Promise<void> {
  await row.waitFor();
  await until(
    `a click on a row is heard: ${String(row)}`,
    async () => {
      // It may have come late, and to click again may take it away.
      if (await shown.isVisible()) return true;
      return (await succeeds(row.click({ timeout: HEARD }))) && comes(shown, 3 * HEARD);
    },
    60_000,
  );
}

/** Does what a button of a row does, until `shown` is there: the button is there only while the mouse is over the row. */
export async function press(row: Locator, button: string | RegExp, shown: Locator): Promise<void> {
  await row.waitFor();
  await until(
    `a button of a row is heard: ${String(row)}`,
    async () => {
      // A row that is drawn anew has forgotten that the mouse is there.
      await row.page().mouse.move(720, 0);
      await succeeds(row.hover({ timeout: HEARD }));
      const clicked = await succeeds(row.getByRole("button", { name: button }).click({ timeout: HEARD }));
      return clicked && comes(shown, 2 * HEARD);
    },
    60_000,
  );
}

/** Gives an element of a panel the focus, and waits until keys go to it. */
export async function focusOn(element: Locator): Promise<void> {
  await until(`keys go to ${String(element)}`, async () => {
    await element.focus();
    return element.evaluate((one) => one.matches(":focus") && document.hasFocus());
  });
}

/** The row of a tree of `view` that keys go to, once it has this name. */
export async function focused(view: Locator, name: RegExp): Promise<void> {
  const row = view.getByRole("treeitem", { name });
  await view.locator(".monaco-list:focus .monaco-list-row.focused").and(row).waitFor();
}

/** Unfolds a row, or folds it, without opening it. */
export async function unfold(row: Locator, open = true): Promise<void> {
  const done = row.and(row.page().locator(`[aria-expanded="${open}"]`));
  await row.waitFor();
  await until(
    `a row is ${open ? "unfolded" : "folded"}: ${String(row)}`,
    async () => {
      if ((await done.count()) > 0) return true;
      await succeeds(row.locator(".monaco-tl-twistie").click({ timeout: HEARD }));
      return comes(done);
    },
    60_000,
  );
}

/** The menu of a row, opened, once it holds `item`. */
async function openMenu(row: Locator, item: Locator): Promise<void> {
  const menu = row.page().locator(".monaco-menu");
  await row.waitFor();
  await until(
    `the menu of a row: ${String(row)}`,
    async () => {
      if (await item.isVisible()) return true;
      if ((await menu.count()) > 0) await row.page().keyboard.press("Escape");
      await succeeds(row.click({ button: "right", timeout: HEARD }));
      return comes(item);
    },
    120_000,
  );
}

/** Chooses from the menu of a row; `before` is done while the menu stands there. */
export async function choose(row: Locator, title: string, before?: () => Promise<unknown>): Promise<void> {
  const menu = row.page().locator(".monaco-menu");
  const named = row.page().getByRole("menuitem", { name: title, exact: true });
  const item = menu.locator(named);
  const ready = menu.locator(".action-item:focus-within", { has: named });
  await until(
    `${title} is chosen`,
    async () => {
      await openMenu(row, item);
      // A menu hears no click in the moment in which it opens, and no key before something of it has the focus.
      if (!(await succeeds(item.hover({ timeout: HEARD }).then(() => ready.waitFor({ timeout: HEARD }))))) {
        // A mouse that stands still comes over nothing.
        await row.page().mouse.move(720, 0);
        return false;
      }
      await before?.();
      // What takes the focus closes the menu, and the key would go there.
      return succeeds(item.press("Enter", { timeout: HEARD }));
    },
    120_000,
  );
  await menu.waitFor({ state: "detached" });
}

/** What the menu of a row offers. */
export async function offered(row: Locator): Promise<string[]> {
  const menu = row.page().locator(".monaco-menu");
  const labels = menu.locator(".action-label:not(.separator)");
  await openMenu(row, labels.first());
  const texts = await labels.allInnerTexts();
  await row.page().keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
  return texts.map((text) => text.trim());
}

/** Keeps the mouse over something until its hover is there and holds `text`. */
export async function hover(over: Locator, text: string | RegExp): Promise<void> {
  const page = over.page();
  const shown = page.locator(".monaco-hover:visible", { hasText: text });
  await until(
    `the hover of ${String(over)}`,
    async () => {
      // One that is drawn anew, or was not in the window's front, has forgotten that the mouse is there.
      await page.mouse.move(720, 0);
      await succeeds(over.hover({ timeout: HEARD }));
      return comes(shown);
    },
    60_000,
  );
}
