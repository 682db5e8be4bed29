import { deepEqual } from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import type { PanelPage } from "./panelPage.ts";
import { ALL_THEMES, type ThemeName, themesFor } from "./themes.ts";

/** Looks at a panel with axe-core, in each of its states, and says at the end what it found. */
export class Accessibility {
  readonly #found = new Map<string, string>();
  readonly #states: string[] = [];

  /** What does not depend on colours is looked at in the first theme only; with colours two are, or all. */
  async look(panel: PanelPage<object>, state: string, themes: readonly ThemeName[] = ALL_THEMES): Promise<void> {
    this.#states.push(state);
    await ready(panel.page);
    for (const [n, theme] of themesFor(state, themes, 2).entries()) {
      await panel.setTheme(theme);
      // The toolkit takes the new colours a moment later.
      await frames(panel.page);
      const lines = await violations(panel.page, n > 0);
      for (const line of lines) if (!this.#found.has(line)) this.#found.set(line, `${state}, ${theme}`);
    }
    await panel.setTheme("dark");
  }

  get states(): readonly string[] {
    return this.#states;
  }

  /** Fails with every violation of all states. */
  verify(): void {
    deepEqual(
      [...this.#found].map(([line, where]) => `${where}: ${line}`),
      [],
    );
  }
}

async function frames(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))),
  );
}

async function ready(page: Page): Promise<void> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
}

/**
 * Axe takes a cell for the child of the element around it, even where a row owns it by `aria-owns`: the pinned cells of a table.
 * The browser's own tree says whose they are (`cellsOfRows`).
 */
const OWNED_ELSEWHERE = { rule: "aria-required-children", targets: [".grid", ".gridBody"] };

/** Every rule that axe has by default. What stands in the frame of an artifact is its author's. */
async function violations(page: Page, coloursOnly: boolean): Promise<string[]> {
  const found = await page.evaluate(async (colours) => {
    const run: typeof axe.run = Reflect.get(Reflect.get(globalThis, "axe") as object, "run");
    const { violations: all } = await run(document, {
      resultTypes: ["violations"],
      iframes: false,
      preload: false,
      ...(colours ? { runOnly: { type: "rule", values: ["color-contrast"] } } : {}),
    });
    return all.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = "" }) => {
        const why = failureSummary.split("\n").slice(1).join(" ").trim();
        return { id, at: target.join(" "), why };
      }),
    );
  }, coloursOnly);
  const { rule, targets } = OWNED_ELSEWHERE;
  return found
    .filter(({ id, at }) => id !== rule || !targets.includes(at))
    .map(({ id, at, why }) => `${id} at ${at}: ${why}`);
}

interface AxNode {
  nodeId: string;
  role?: { value?: unknown };
  ignored: boolean;
  childIds?: string[];
}

/** How many cells each row of the grid has, as the browser tells a screen reader; `loose` ones are in no row. */
export async function cellsOfRows(page: Page): Promise<{ loose: number; rows: number[] }> {
  const session = await page.context().newCDPSession(page);
  const { nodes }: { nodes: AxNode[] } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const roleOf = (node: AxNode) => String(node.role?.value);
  const isCell = (node: AxNode) => /^(gridcell|rowheader|columnheader)$/.test(roleOf(node));
  const below = (node: AxNode): AxNode[] =>
    (node.childIds ?? []).flatMap((id) => {
      const child = byId.get(id);
      if (child === undefined) return [];
      return isCell(child) || roleOf(child) === "row" ? [child] : below(child);
    });
  const grid = nodes.find((node) => /^(grid|treegrid)$/.test(roleOf(node)));
  const parts = grid === undefined ? [] : below(grid);
  const rows = parts.filter((node) => roleOf(node) === "row").map((row) => below(row).filter(isCell).length);
  return { loose: parts.filter(isCell).length, rows };
}
