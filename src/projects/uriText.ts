// Which values MLflow takes for URIs (mlflow 3.17.2 leaves it to Python's `urllib.parse.urlparse`).

/** The scheme of a value, in lower case; empty when it has none. Any name before a colon counts, also a drive's letter. */
export function schemeOf(value: string): string {
  // Python 3.12 drops control characters and blanks in front, and tabs and line ends anywhere.
  // oxlint-disable-next-line no-control-regex
  const text = value.replace(/^[\u0000-\u0020]+/, "").replace(/[\t\r\n]/g, "");
  return /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1]?.toLowerCase() ?? "";
}

/** Whether an address is one that this machine alone can reach. */
export function isOfThisMachine(address: string): boolean {
  return URL.canParse(address) && /^(127\.|localhost$|\[::1\]$)/.test(new URL(address).hostname);
}

export function hasScheme(value: string): boolean {
  return schemeOf(value) !== "";
}

/** The local path of a value without scheme or with `file:///`; undefined for everything that must be downloaded. */
export function localPathOf(value: string): string | undefined {
  const scheme = schemeOf(value);
  if (scheme === "") return value;
  if (scheme !== "file" || /^\s*file:\/\/[^/]/i.test(value)) return undefined;
  const path = value.replace(/^\s*file:(?:\/\/)?/i, "").replace(/[?#].*$/s, "");
  return decodePath(path);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A `%` that is no escape stands for itself, as in Python.
    return path;
  }
}
