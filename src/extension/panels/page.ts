// The html of every panel. No vscode: the policy is tested as text.

export interface PageParts {
  /** Name of the bundle in dist/webview, such as `experiment`. */
  panel: string;
  title: string;
  subject: unknown;
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
    `img-src ${cspSource} data:`,
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
<body data-panel="${panel}" data-subject="${escapeHtml(JSON.stringify(parts.subject))}">
<script type="module" nonce="${nonce}" src="${uriOf(`${panel}.js`)}"></script>
</body>
</html>`;
}

export function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}
