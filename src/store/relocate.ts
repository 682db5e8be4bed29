import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// A store that was copied from another machine names artifact folders as they were there.

/** ms until a place that was not found is looked for again: a copy may be under way. */
const RETRY_AFTER = 5_000;

/**
 * Gives a location as it is on this machine: the same when it exists or is not a local path. `own` is the folder of this
 * store that the location named when it was written, if that is known. `eager` looks for it, even if it was missing a moment ago.
 */
export type Relocate = (location: string, own?: string, eager?: boolean) => string;

/**
 * Finds artifacts by the end of their path: `/cluster/ada/mlruns/3/<run>/artifacts` is `<base>/3/<run>/artifacts` when that
 * exists and the former does not. `bases` are the store's own folders, most likely first; nothing outside them is named.
 */
export function relocator(bases: readonly string[]): Relocate {
  /** Folder there → folder here, "" when it is right as it is. */
  const moved = new Map<string, string>();
  /** The same for what lies beside the store; this is looked up each time. */
  const beside = new Map<string, string>();
  const missing = new Map<string, number>();

  const learn = (path: string): string | undefined => {
    if (isAbsolute(path) && existsSync(path)) {
      moved.set(dirname(path), dirname(path));
      return path;
    }
    const parts = path.split(/[\\/]/).filter((part) => part !== "");
    if (parts.includes("..")) return undefined;
    for (const base of bases) {
      // One part alone, such as `artifacts`, could be anybody's.
      for (let from = 1; from <= parts.length - 2; from++) {
        const here = join(base, ...parts.slice(from));
        if (!existsSync(here)) continue;
        moved.set(cut(path, parts.length - from), base);
        return here;
      }
    }
    return undefined;
  };

  const find = (path: string, own: string | undefined, eager: boolean): string | undefined => {
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
      const here = moved.get(folder);
      if (here !== undefined) return join(here, path.slice(folder.length));
      const near = beside.get(folder);
      const found = near === undefined ? undefined : join(near, path.slice(folder.length));
      if (found !== undefined && existsSync(found)) return found;
    }
    if (own !== undefined && basename(own) === basename(path) && !existsSync(path)) {
      const [there, here] = [dirname(path), dirname(own)];
      moved.set(there, here);
      if (basename(there) === basename(here)) beside.set(dirname(there), dirname(here));
      return own;
    }
    const parent = dirname(dirname(path));
    const since = missing.get(parent);
    if (!eager && since !== undefined && Date.now() - since < RETRY_AFTER) return undefined;
    const found = learn(path);
    if (found === undefined) missing.set(parent, Date.now());
    else missing.delete(parent);
    return found;
  };

  return (location, own, eager = false) => {
    const path = foreignPath(location);
    if (path === undefined) return location;
    const isUri = location.startsWith("file:");
    const here = find(path, own, eager);
    if (here === undefined || here === path) return location;
    if (!isUri) return here.replaceAll(sep, "/");
    // Python writes some URIs with their spaces and letters as they are.
    const asWritten = !location.includes("%") && here.startsWith("/") && !/[%#?]/.test(here);
    return asWritten ? `file://${here}` : pathToFileURL(here).href;
  };
}

function cut(path: string, parts: number): string {
  let folder = path;
  for (let i = 0; i < parts; i++) folder = dirname(folder);
  return folder;
}

/**
 * The path of a local location, which may be one of another machine: `C:\data\3`, `file://host/share/3`. Undefined for
 * what is relative or no path.
 */
export function foreignPath(location: string): string | undefined {
  if (location.startsWith("file:")) return uriPath(location);
  if (isAbsolute(location)) return location;
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(location) ? location.replaceAll("\\", "/") : undefined;
}

function uriPath(uri: string): string | undefined {
  const whole = uri.replace(/^file:(?!\/\/)\/?/, "file:///");
  try {
    return fileURLToPath(whole);
  } catch {
    // Another host's folder: its parts tell as much.
    const [, host = "", path = ""] = /^file:\/\/([^/]+)(\/.*)$/s.exec(whole) ?? [];
    return path === "" || /%2f|%5c|%00/i.test(path) ? undefined : `//${host}${decode(path)}`;
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
