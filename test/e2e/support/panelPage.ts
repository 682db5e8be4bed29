import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { pageOf } from "../../../src/extension/panels/page.ts";
import type { PageSettingsView } from "../../../src/protocol/panels/settings.ts";
import { connect, type Port, serve } from "../../../src/protocol/rpc.ts";
import { isPageGone, root, whenOver } from "../../support/environment.ts";
import { launchBrowser } from "./browser.ts";
import { type ThemeName, themeCss } from "./themes.ts";

// A panel's own page, from dist/webview, in a real browser but without an editor around it: seconds instead of a minute.

export interface PanelPageOptions {
  panel: "experiment" | "run" | "compare" | "workflow" | "model" | "loggedModels" | "predict";
  subject: unknown;
  /** What the page may ask. */
  host: object;
  theme?: ThemeName;
  size?: { width: number; height: number };
  /** What VS Code kept of the panel. */
  state?: unknown;
  /** Called before the page is loaded. */
  prepare?: (page: Page) => Promise<void>;
}

export interface PanelPage<View extends object> {
  page: Page;
  /** What the page may be told. */
  view: ReturnType<typeof connect<View>>["remote"];
  /** What every page is told. */
  settings: ReturnType<typeof connect<PageSettingsView>>["remote"];
  setTheme(theme: ThemeName): Promise<void>;
  /** What went wrong in the page without being caught. */
  errors: string[];
  /** What the page has saved last. */
  saved(): Promise<unknown>;
}

const ORIGIN = "https://panel.test/";
let browser: Promise<Browser> | undefined;

/** One browser for all pages of a test file. */
export async function theBrowser(): Promise<Browser> {
  browser ??= launchBrowser();
  return browser;
}
whenOver(closeBrowser);

/** Done by itself when the tests of a file are over. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

export async function openPanelPage<View extends object>(options: PanelPageOptions): Promise<PanelPage<View>> {
  const { panel, subject, host, theme = "dark", size = { width: 1054, height: 834 } } = options;
  const page = await (await theBrowser()).newPage({ viewport: size });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  const nonce = "panel";
  await page.route(`${ORIGIN}**`, async (route) => {
    const file = new URL(route.request().url()).pathname.slice(1);
    const html = () => {
      const viewers = panel === "run" || panel === "compare";
      const parts = {
        panel,
        title: panel,
        subject,
        settings: { directions: {} },
        channel: "host",
        viewers,
        nonce,
        cspSource: ORIGIN.slice(0, -1),
      };
      return pageOf({ ...parts, uriOf: (name) => `${ORIGIN}${name}` });
    };
    const types: Record<string, string> = { css: "text/css", js: "text/javascript", ttf: "font/ttf", "": "text/html" };
    const contentType = types[file.split(".")[1] ?? ""] ?? "application/octet-stream";
    const body = file === "" ? html() : readFileSync(join(root, "dist/webview", file));
    await route.fulfill({ body, contentType });
  });

  const listeners = new Set<(message: unknown) => void>();
  await page.exposeFunction("flowdeckPost", (text: string) => {
    for (const listener of listeners) listener(decode(text));
  });
  const port: Port = {
    post: (message) => {
      page.evaluate(receive, encode(message)).catch((error: unknown) => {
        // As in VS Code, a page that is loaded anew does not hear what was said meanwhile.
        if (!page.isClosed() && !isPageGone(error)) throw error;
      });
    },
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  serve(port, host, "host");
  await page.addInitScript(bridge, options.state === undefined ? undefined : JSON.stringify(options.state));
  await options.prepare?.(page);
  await page.goto(ORIGIN);
  const setTheme = async (next: ThemeName) => {
    await page.evaluate(
      ({ css, name }) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        // The toolkit keeps its own sheets there.
        const before: unknown = Reflect.get(globalThis, "flowdeckTheme");
        document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter((other) => other !== before), sheet];
        Reflect.set(globalThis, "flowdeckTheme", sheet);
        const kinds = {
          dark: "vscode-dark",
          light: "vscode-light",
          highContrast: "vscode-high-contrast",
          highContrastLight: "vscode-high-contrast-light vscode-high-contrast",
        };
        document.body.className = kinds[name];
        document.body.dataset["vscodeThemeId"] = name;
      },
      { css: themeCss(next), name: next },
    );
  };
  await setTheme(theme);
  const saved = () => page.evaluate(() => JSON.parse(localStorage.getItem("flowdeckState") ?? "null") as unknown);
  return {
    page,
    view: connect<View>(port, "view").remote,
    settings: connect<PageSettingsView>(port, "settings").remote,
    setTheme,
    errors,
    saved,
  };
}

/** In the page: what VS Code gives a webview. */
function bridge(state: string | undefined): void {
  // The first document of a test begins with what it was given, a reload with what the page saved.
  if (state !== undefined && localStorage.getItem("flowdeckState") === null)
    localStorage.setItem("flowdeckState", state);
  const post = (text: string) => {
    const send: unknown = Reflect.get(globalThis, "flowdeckPost");
    if (typeof send === "function") send(text);
  };
  const columnText = (_key: string, value: unknown): unknown =>
    value instanceof Uint8Array
      ? { $column: "Uint8Array", base64: btoa(Array.from(value, (b) => String.fromCharCode(b)).join("")) }
      : value;
  Object.assign(globalThis, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => post(JSON.stringify(message, columnText)),
      getState: () => JSON.parse(localStorage.getItem("flowdeckState") ?? "null") ?? undefined,
      setState: (next: unknown) => localStorage.setItem("flowdeckState", JSON.stringify(next)),
    }),
  });
}

/** In the page: a message of the host arrives, its columns as typed arrays again. */
function receive(text: string): void {
  const data: unknown = JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || !("$column" in value) || !("base64" in value)) return value;
    const native: unknown = Reflect.get(Uint8Array, "fromBase64");
    // A second of script would be counted as the panel's.
    const bytes: Uint8Array<ArrayBuffer> =
      typeof native === "function"
        ? native.call(Uint8Array, value.base64)
        : Uint8Array.from(atob(String(value.base64)), (character) => character.charCodeAt(0));
    if (value.$column === "Float64Array") return new Float64Array(bytes.buffer);
    if (value.$column === "Uint32Array") return new Uint32Array(bytes.buffer);
    return bytes;
  });
  globalThis.dispatchEvent(new MessageEvent("message", { data }));
}

/** Columns go through the browser's debugging port as text. */
function encode(message: unknown): string {
  return JSON.stringify(message, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { $column: value.constructor.name, base64: bytes.toString("base64") };
  });
}

function decode(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === "object" && value !== null && "$column" in value && "base64" in value
      ? Uint8Array.from(Buffer.from(String(value.base64), "base64"))
      : value,
  );
}
