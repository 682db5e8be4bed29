import type { PageSettings } from "../../protocol/panels/settings.ts";

// The html of every panel. No vscode: the policy is tested as text.

export interface PageParts {
  /** Name of the bundle in dist/webview, such as `experiment`. */
  panel: string;
  title: string;
  subject: unknown;
  settings: PageSettings;
  /** Channel on which the page asks. */
  channel: string;
  /** It shows files of others: as blobs of the page's own, in frames that run nothing. */
  viewers?: boolean;
  nonce: string;
  /** `webview.cspSource`. */
  cspSource: string;
  /** Address of a file of dist/webview, as the webview may load it. */
  uriOf(file: string): string;
}

/** A page that loads nothing but its own script and styles. */
export function pageOf(parts: PageParts): string {
  const { panel, nonce, cspSource, uriOf } = parts;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    ...(parts.viewers === true ? viewerPolicy(cspSource) : [`img-src ${cspSource} data:`]),
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta property="csp-nonce" content="${nonce}">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(parts.title)}</title>
<link id="vscode-codicon-stylesheet" rel="stylesheet" href="${uriOf("codicon.css")}">
<link rel="stylesheet" href="${uriOf(`${panel}.css`)}">
</head>
<body data-panel="${panel}" data-channel="${parts.channel}" data-subject="${attribute(parts.subject)}" data-settings="${attribute(parts.settings)}">
<script type="module" nonce="${nonce}" src="${uriOf(`${panel}.js`)}"></script>
</body>
</html>`;
}

/**
 * Blobs are bytes that the page was sent. The frame of an HTML artifact inherits the policy, so what its own styles need is
 * allowed here: attributes alone, for style elements carry the nonce.
 */
function viewerPolicy(cspSource: string): string[] {
  return [`img-src ${cspSource} data: blob:`, "media-src blob:", "worker-src blob:", "style-src-attr 'unsafe-inline'"];
}

function attribute(value: unknown): string {
  return escapeHtml(JSON.stringify(value));
}

export function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}
