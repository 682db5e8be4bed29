// Where artifacts lie, as text: an absolute path or a URI.

/** `location` with more path parts before its query, as MLflow appends them. */
export function childLocation(location: string, ...parts: string[]): string {
  const [, path = "", query = ""] = /^([^?]*)(\?.*)?$/s.exec(location) ?? [];
  const isUri = /^[a-zA-Z][a-zA-Z0-9+.-]+:/.test(path);
  const [base, tail] = isUri ? [path, query] : [location, ""];
  return `${base.endsWith("/") ? base.slice(0, -1) : base}/${parts.join("/")}${tail}`;
}
