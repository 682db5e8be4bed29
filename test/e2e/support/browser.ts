import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { machine } from "./machine.ts";

/**
 * The machine's Chromium without a window on a screen. It begins with a window of its own, as a person's does: until its
 * first window is shown, or else for a minute, Chromium holds back all work of low priority, among it the check for a newer
 * service worker that VS Code 1.139 waits for before the first webview (measured: 54 s, and 3.6 s with a window).
 */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: machine().chromium,
    ignoreDefaultArgs: ["--no-startup-window"],
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"],
  });
}
