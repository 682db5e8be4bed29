import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { until } from "../../support/environment.ts";
import { succeeds } from "./acting.ts";
import { launchBrowser } from "./browser.ts";
import { startCodeServer } from "./codeServer.ts";
import type { CodeServer, CodeServerOptions } from "./codeServer.ts";
import { extensionLog, keepLogs } from "./logs.ts";
import { resultsFolder } from "./machine.ts";
import { themesFor } from "./themes.ts";

/** The first is that of the settings of code-server. */
const KINDS_OF_THEMES = [
  ["dark", "Default Dark Modern", "vs-dark"],
  ["light", "Default Light Modern", "vs"],
  ["contrast", "Default High Contrast", "hc-black"],
] as const;

export type EditorOptions = Omit<CodeServerOptions, "home"> & {
  /** Names the folder of test-results/ that takes screenshots and logs. */
  name: string;
};

/** A code-server, a browser and one page of 1440×900: what one test file works with. */
export async function openEditor(options: EditorOptions): Promise<Editor> {
  // Removed by `close`, when nothing writes there any more.
  const home = mkdtempSync(join(tmpdir(), "flowdeck-e2e-"));
  const server = await startCodeServer({ ...options, home });
  try {
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.setDefaultNavigationTimeout(120_000);
    return new Editor(server, browser, page, join(resultsFolder, options.name));
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** VS Code as a person has it. Every wait ends with what stood in its way. */
export class Editor {
  readonly server: CodeServer;
  readonly page: Page;
  readonly results: string;
  readonly #browser: Browser;
  readonly #console: string[] = [];
  #shots = 0;

  constructor(server: CodeServer, browser: Browser, page: Page, results: string) {
    this.server = server;
    this.page = page;
    this.results = results;
    this.#browser = browser;
    mkdirSync(results, { recursive: true });
    page.on("console", (message) => this.#console.push(`${message.type()}: ${message.text()}`));
  }

  /** Opens a folder in the one page and waits for the workbench and the extension host. */
  async openFolder(folder: string): Promise<void> {
    await this.page.goto(`${this.server.url}/?folder=${encodeURIComponent(folder)}`);
    await this.#ready();
  }

  /** Opens a .code-workspace file of several folders in the one page. */
  async openWorkspace(file: string): Promise<void> {
    const hasFolders = () => this.evaluate("return (vscode.workspace.workspaceFolders ?? []).length > 1");
    await this.page.goto(`${this.server.url}/?workspace=${encodeURIComponent(file)}`);
    await this.#ready();
    // On a busy machine the browser may read the file before the server answers: it then has no folder until a reload.
    await until(
      "the workspace has its folders",
      async () => {
        if ((await hasFolders()) === true) return true;
        await this.reload();
        return false;
      },
      60_000,
    );
  }

  /**
   * Whether the browser keeps `text` in the state of the window. VS Code saves what panels keep within some seconds, and a
   * reload before that loses it.
   */
  hasSaved(...texts: string[]): Promise<boolean> {
    return this.page.evaluate(async (wanted) => {
      const finished = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      for (const { name = "" } of await indexedDB.databases()) {
        if (!name.startsWith("vscode-web-state-db-")) continue;
        const database = await finished(indexedDB.open(name));
        const values: unknown[] = await finished(database.transaction("ItemTable").objectStore("ItemTable").getAll());
        database.close();
        if (values.some((value) => wanted.every((text) => String(value).includes(text)))) return true;
      }
      return false;
    }, texts);
  }

  /** Where the text stands on the screen of the active terminal. */
  async terminalPosition(text: string): Promise<{ x: number; y: number } | undefined> {
    return this.page.evaluate((wanted) => {
      for (const row of document.querySelectorAll(".terminal-wrapper.active .xterm-rows > div")) {
        const at = (row.textContent ?? "").replaceAll("\u00a0", " ").indexOf(wanted);
        if (at < 0) continue;
        // Every character is as wide as the others: the row's spans need not be told apart.
        const range = document.createRange();
        range.selectNodeContents(row);
        const { left, width, top, height } = range.getBoundingClientRect();
        const character = width / (row.textContent ?? "").length;
        return { x: left + (at + wanted.length / 2) * character, y: top + height / 2 };
      }
      return undefined;
    }, text);
  }

  /**
   * VS Code forgets the terminal of a run or a task when the window reloads within some seconds of its start, and gives no sign of
   * when it would know it again: 9 s were enough in every try.
   */
  async untilTerminalsAreNoted(): Promise<void> {
    const began = performance.now();
    await until("VS Code has noted the terminals", () => performance.now() - began > 12_000, 20_000);
  }

  /** What VS Code saves of panels is lost when a reload comes at once: wait for `hasSaved` before. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#ready();
  }

  async #ready(): Promise<void> {
    await this.page.bringToFront();
    await this.page.locator(".monaco-workbench .statusbar-item").first().waitFor({ timeout: 120_000 });
    await this.evaluate("return 1", 120_000);
  }

  /** Runs a command of the palette by its title. */
  async runCommand(title: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input");
    // Whole: what was typed before lists other commands whose titles begin like this one, and stands there for a moment.
    const whole = this.page.getByText(title, { exact: true });
    const row = this.page.locator(".quick-input-widget .monaco-list-row").filter({ has: whole }).first();
    const choose = async (timeout: number) => {
      await this.page.keyboard.press("F1");
      await input.fill(`>${title}`, { timeout });
      await row.click({ timeout });
    };
    // The palette lists what may be run at the moment in which it is opened. A panel that comes to the front late takes the
    // focus, which closes the palette, be it just before the click; and all of it may take long.
    for (const timeout of [5_000, 5_000, 5_000, 5_000, 10_000, 10_000, 20_000, 20_000]) {
      if (await succeeds(choose(timeout))) return;
      await this.page.keyboard.press("Escape");
    }
    await this.#act(`the command “${title}”`, () => choose(60_000));
  }

  /** Chooses the row of the open quick pick whose label is or starts with `label`. */
  async quickPick(label: string): Promise<void> {
    const row = this.page.locator(".quick-input-widget .monaco-list-row").filter({ hasText: label }).first();
    await this.#act(`quick pick row “${label}”`, () => row.click());
  }

  /** Types into the input box whose title starts with `title`, and accepts. */
  async quickInput(title: string, text: string): Promise<void> {
    // The list before it closes a moment later: only the title says which of the two is open.
    const box = this.page.locator(".quick-input-widget:visible", {
      has: this.page.locator(".quick-input-title", { hasText: new RegExp(`^${title}`) }),
    });
    const input = box.locator(".quick-input-box input");
    await this.#act(`the input box “${title}”`, () => input.fill(text));
    await input.press("Enter");
  }

  /** A row of any visible tree; `name` is its accessible name or a part of it. */
  treeItem(name: string | RegExp): Locator {
    return this.page.getByRole("treeitem", { name });
  }

  /** A view of the side bar, by its title. */
  view(name: string): Locator {
    return this.page.locator(".pane", { has: this.page.locator(`.pane-header[aria-label^='${name}']`) });
  }

  /** From here on, notes when each label of a tree row is first on screen. */
  async watchTreeItems(): Promise<void> {
    await this.page.evaluate(() => {
      const seen = new Map<string, number>();
      const look = () => {
        for (const row of document.querySelectorAll("[role=treeitem]")) {
          const label = row.getAttribute("aria-label");
          if (label !== null && !seen.has(label)) seen.set(label, Date.now());
        }
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
      Object.assign(globalThis, { flowdeckSeen: seen });
    });
  }

  /** What `watchTreeItems` saw so far; `time` in ms since the epoch. */
  seenTreeItems(): Promise<{ label: string; time: number }[]> {
    return this.page.evaluate(() => {
      const seen: unknown = Reflect.get(globalThis, "flowdeckSeen");
      if (!(seen instanceof Map)) return [];
      return [...seen].map(([label, time]) => ({ label: String(label), time: Number(time) }));
    });
  }

  /** Opens the view container of Flowdeck in the activity bar. */
  async showFlowdeck(): Promise<void> {
    const isOpen = this.#viewHeader("Experiments");
    const icon = this.page.locator(".activitybar .action-label[aria-label^='Flowdeck']").first();
    const open = async (): Promise<boolean> => {
      // A click on the icon of an open view closes it, be it that a command has just opened it.
      if (await isOpen.isVisible()) return true;
      // Forced: a badge that comes and goes on the icon keeps it from ever being "stable" on a busy machine.
      await icon.click({ force: true });
      // Else its hover lies over the rows.
      await this.page.mouse.move(720, 0);
      return isOpen.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    };
    await this.#act("the Flowdeck icon of the activity bar", async () => {
      await until("its views are open", open, 30_000);
    });
  }

  /** Opens the view container of Flowdeck and folds all views but these: together they leave each other little room. */
  async onlyViews(...names: string[]): Promise<void> {
    await this.showFlowdeck();
    // Those of the container before may stand there for a moment.
    for (const name of names) await this.#viewHeader(name).waitFor();
    const others = names.map((name) => `:not([aria-label^='${name}'])`).join("");
    const headers = this.page.locator(`.sidebar .pane-header[aria-expanded='true']${others}`);
    while ((await headers.count()) > 0) await headers.first().click();
  }

  #viewHeader(name: string): Locator {
    return this.page.locator(`.sidebar .pane-header[aria-label^='${name}']`);
  }

  /** Opens a file of the workspace in an editor. */
  async openFile(path: string): Promise<void> {
    await this.evaluate(
      `await vscode.window.showTextDocument(vscode.Uri.file(${JSON.stringify(path)}), { preview: false })`,
    );
  }

  /** A code lens by its text. */
  codeLens(text: string | RegExp): Locator {
    return this.page.locator(".contentWidgets .codelens-decoration a").filter({ hasText: text });
  }

  /** The content of the visible webview panel. */
  panel(): FrameLocator {
    return this.page.locator("iframe.webview:visible").contentFrame().locator("iframe#active-frame").contentFrame();
  }

  /** The visible rows of the active terminal. */
  async terminalText(): Promise<string> {
    const rows = await this.page.locator(".terminal-wrapper.active .xterm-rows > div").allInnerTexts();
    return rows.map((row) => row.replaceAll("\u00a0", " ")).join("\n");
  }

  /** Types a line into the active terminal. */
  async typeInTerminal(line: string): Promise<void> {
    await this.evaluate(`vscode.window.activeTerminal.sendText(${JSON.stringify(line)})`);
  }

  /** The status bar item of the extension with this id. */
  statusItem(id: string): Locator {
    return this.page.locator(`.statusbar-item[id="flowdeck.flowdeck.${id}"]`);
  }

  /** Texts of the notifications on screen. */
  notifications(): Promise<string[]> {
    return this.page.locator(".notification-list-item .notification-list-item-message").allInnerTexts();
  }

  /** Evaluates the body of an async function of `vscode` in the extension host; waits for the host at most `timeout` ms. */
  async evaluate(body: string, timeout = 60_000): Promise<unknown> {
    const response = await until("the extension host answers", () => this.#post(body), timeout);
    const answer: unknown = await response.json();
    if (typeof answer !== "object" || answer === null) throw new Error("The fixture extension gave no object.");
    if ("error" in answer) throw new Error(`In the extension host: ${String(answer.error)}`);
    return "value" in answer ? answer.value : undefined;
  }

  async #post(body: string): Promise<Response | undefined> {
    try {
      const file: unknown = JSON.parse(readFileSync(this.server.fixtureFile, "utf8"));
      if (typeof file !== "object" || file === null || !("port" in file) || !("token" in file)) return undefined;
      const headers = { authorization: `Bearer ${String(file.token)}` };
      return await fetch(`http://127.0.0.1:${String(file.port)}/`, { method: "POST", headers, body });
    } catch {
      // Not there yet, or the host of before a reload.
      return undefined;
    }
  }

  /** The extension's own log. */
  log(): string {
    return extensionLog(this.server.userData);
  }

  /** A picture in themes of several kinds, or of one; `prepare` brings back what a change of the theme closes. */
  async inThemes(name: string, prepare?: () => Promise<void>): Promise<void> {
    for (const kind of themesFor(name, KINDS_OF_THEMES)) {
      await this.#setTheme(kind);
      await prepare?.();
      await this.screenshot(`${name}-${kind[0]}`);
    }
    // That of all other pictures.
    await this.#setTheme(KINDS_OF_THEMES[0]);
    await prepare?.();
  }

  async #setTheme([, theme, shown]: (typeof KINDS_OF_THEMES)[number]): Promise<void> {
    const workbench = this.page.locator(`.monaco-workbench.${shown}`);
    if (await workbench.isVisible()) return;
    await this.evaluate(
      `await vscode.workspace.getConfiguration("workbench").update("colorTheme", ${JSON.stringify(theme)}, true)`,
    );
    await workbench.waitFor();
  }

  /** Keeps a picture in test-results/<name>/, numbered in the order they were taken. */
  async screenshot(name: string): Promise<string> {
    this.#shots += 1;
    const file = join(this.results, `${String(this.#shots).padStart(2, "0")}-${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Runs the body of a test; when it fails, keeps a picture and the logs and says what stood in the way. */
  async step<T>(name: string, body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      await this.page.screenshot({ path: join(this.results, `failed-${name}.png`) });
      keepLogs(this.server.userData, join(this.results, `failed-${name}-logs`));
      writeFileSync(join(this.results, `failed-${name}-console.txt`), this.#console.join("\n"));
      throw new Error(`${name}: ${await this.#obstacle()}see ${join(this.results, `failed-${name}.png`)}`, {
        cause: error,
      });
    }
  }

  /** A dialog that nobody expected blocks every click: its text says why. */
  async #obstacle(): Promise<string> {
    const dialog = this.page.locator(".monaco-dialog-box");
    const texts = (await dialog.count()) > 0 ? await dialog.allInnerTexts() : [];
    const told = await this.notifications();
    return [...texts.map((text) => `a dialog is open: “${text}”; `), ...told.map((text) => `told: “${text}”; `)].join(
      "",
    );
  }

  async #act(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      throw new Error(`${what}: ${await this.#obstacle()}${String(error)}`, { cause: error });
    }
  }

  /** Leaves the window as the next test of the file wants it. */
  async closeEverything(): Promise<void> {
    await this.evaluate(`
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      for (const terminal of vscode.window.terminals) terminal.dispose();
      await vscode.commands.executeCommand("notifications.clearAll");
      await vscode.commands.executeCommand("workbench.action.closePanel");
    `);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
    rmSync(this.server.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
