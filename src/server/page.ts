import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import type { OwnAnswer } from "./http.ts";

/** Points the link at what was clicked: browsers do not send the part after `#`, and it names the run. */
const SCRIPT = `const link = document.querySelector("a");
const found = /^#\\/experiments\\/([^/?]+)(?:\\/runs\\/([^/?]+))?/.exec(location.hash);
if (found) link.href = "vscode://flowdeck.flowdeck/" + (found[2] ? "run?id=" + found[2] : "experiment?id=" + found[1]) + link.dataset.store;`;

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:15vh auto;padding:0 1em;color-scheme:light dark}";

/** The page at `/`: names the store and leads back to the editor. `uri` tells whole paths: only where all may be read. */
export function homePage(path: string, uri: string | undefined): OwnAnswer {
  const store = uri === undefined ? "" : `&store=${encodeURIComponent(uri)}`;
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Flowdeck</title><style>${STYLE}</style></head>
<body><h1>Flowdeck</h1>
<p>This is the MLflow tracking server of <strong>${escaped(storeName(path))}</strong>. Its experiments are shown in the editor.</p>
<p><a href="vscode://flowdeck.flowdeck/" data-store="${escaped(store)}">Open in Visual Studio Code</a></p>
<script>${SCRIPT}</script>
</body></html>`;
  const policy = `default-src 'none'; style-src ${sha(STYLE)}; script-src ${sha(SCRIPT)}; frame-ancestors 'none'`;
  return { contentType: "text/html; charset=utf-8", body, headers: { "Content-Security-Policy": policy } };
}

/** `wine/mlflow.db`: enough to know it by, not where it lies. */
function storeName(path: string): string {
  return `${basename(dirname(path))}/${basename(path)}`;
}

function sha(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
