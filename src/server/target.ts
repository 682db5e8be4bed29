// The target of a request's first line. Not `new URL`: that resolves `..`, which an artifact path must show to be refused.
import { HttpRefusal } from "./answers.ts";

export interface Target {
  /** Undecoded, so that `%2F` in a parameter does not split it. */
  rawPath: string;
  /** Decoded. */
  path: string;
  query: URLSearchParams;
  /** `host:port` when the target is a whole URL, as proxies are sent it. */
  authority?: string;
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/is;

/** Of all targets that have none; nobody adds to it. */
const NO_QUERY = new URLSearchParams();

/** Throws HttpRefusal 400 for a target that is neither a path nor an http URL. */
export function readTarget(target: string): Target {
  const absolute = target.startsWith("/") ? null : ABSOLUTE.exec(target);
  const local = absolute ? (absolute[2] ?? "") : target;
  const [rest = ""] = local.split("#", 1);
  const mark = rest.indexOf("?");
  const rawPath = (mark === -1 ? rest : rest.slice(0, mark)) || "/";
  if (!rawPath.startsWith("/") && rawPath !== "*") throw new HttpRefusal(400, "The URL cannot be read.");
  const query = mark === -1 ? NO_QUERY : new URLSearchParams(rest.slice(mark + 1));
  const path = rawPath.includes("%") ? decode(rawPath) : rawPath;
  return absolute ? { rawPath, path, query, authority: absolute[1] ?? "" } : { rawPath, path, query };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray % is taken as it stands, as Python's unquote does.
    return path;
  }
}
