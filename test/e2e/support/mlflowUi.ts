import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { BrowserContext, Page, Response } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { resultsFolder } from "./machine.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** What the page may be told is missing: parts of MLflow that this server does not have, and whether a name is free. */
const MAY_BE_MISSING = [
  /^\/ajax-api\/2\.0\/mlflow\/experiments\/get-by-name$/,
  /^\/ajax-api\/2\.0\/mlflow\/users\/current$/,
  /^\/ajax-api\/3\.0\/mlflow\/assistant\//,
  /^\/ajax-api\/3\.0\/mlflow\/(scorers\/list|datasets\/search|traces\/metrics)$/,
];

/** MLflow's own web page in a browser. */
export interface MlflowUi {
  page: Page;
  /** Goes to a page by what stands behind the `#` of its address. */
  show(place: string): Promise<void>;
  /** The next answer to a request whose path ends so, with its JSON. */
  answered(path: string): Promise<unknown>;
  /** Keeps a picture in test-results/mlflow-ui. */
  screenshot(name: string): Promise<void>;
  /** What went wrong so far: requests refused or broken off, errors of the page. */
  problems: string[];
  /** Paths that the server answered so far. */
  asked: Set<string>;
  close(): Promise<void>;
}

/** Folder of the web page that MLflow's Python package holds; undefined when it has none. */
export function mlflowUiFolder(python: string): string | undefined {
  const code = "import importlib.util; print(importlib.util.find_spec('mlflow').submodule_search_locations[0])";
  const folder = join(execFileSync(python, ["-c", code], { encoding: "utf8" }).trim(), "server/js/build");
  return existsSync(join(folder, "index.html")) ? folder : undefined;
}

/** Opens the page whose files are in `folder` under the address of the server, which answers all its other requests. */
export async function openMlflowUi(folder: string, url: string): Promise<MlflowUi> {
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await serveFiles(context, folder, url);
  await quietFirstVisit(context);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  const asked = new Set<string>();
  page.on("pageerror", (error) => problems.push(`the page: ${error.message}`));
  context.on("requestfailed", (request) => {
    // What a page left does not want to hear any more is broken off by the browser.
    const reason = request.failure()?.errorText ?? "";
    if (request.url().startsWith(url) && reason !== "net::ERR_ABORTED") problems.push(`${request.url()}: ${reason}`);
  });
  context.on("response", (response) => {
    if (!response.url().startsWith(url)) return;
    const { pathname } = new URL(response.url());
    asked.add(pathname);
    if (!isExpected(response, pathname)) problems.push(`${response.status()} ${pathname}`);
  });
  const results = join(resultsFolder, "mlflow-ui");
  mkdirSync(results, { recursive: true });
  return {
    page,
    show: async (place) => void (await page.goto(`${url}/#${place}`)),
    answered: async (path) => {
      const response = await page.waitForResponse((one) => new URL(one.url()).pathname.endsWith(path));
      return response.json();
    },
    screenshot: async (name) => void (await page.screenshot({ path: join(results, `${name}.png`) })),
    problems,
    asked,
    close: () => browser.close(),
  };
}

/** Its assistant opens by itself at the first visit and takes a third of the page. */
export async function quietFirstVisit(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    if (window !== top || location.protocol === "about:") return;
    localStorage.setItem("mlflow.assistant.panelOpen_v1", "false");
    localStorage.setItem("mlflow.assistant.fab.autoOpenedOnFirstLoad_v1", "true");
    localStorage.setItem("_mlflow_model_registry_promo_modal_dismissed_v1", "true");
  });
}

function isExpected(response: Response, path: string): boolean {
  if (response.status() === 404) return MAY_BE_MISSING.some((one) => one.test(path));
  return response.status() < 400;
}

/** The page's own files come from `folder`, and nothing from another computer. */
async function serveFiles(context: BrowserContext, folder: string, url: string): Promise<void> {
  await context.route("**/*", async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    if (origin !== new URL(url).origin) return route.abort();
    const file = pathname === "/" ? "index.html" : pathname.split("/static-files/")[1];
    if (file === undefined) return route.continue();
    const contentType = TYPES[extname(file)] ?? "application/octet-stream";
    await route.fulfill({ body: readFileSync(join(folder, file)), contentType });
  });
}
