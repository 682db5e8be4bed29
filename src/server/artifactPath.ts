import { MlflowError } from "../mlflow/errors.ts";
import { UPLOAD_PREFIX } from "../store/listedFiles.ts";

// What a client may name: a path below a folder. No disk is asked here.

/** Bytes of a path; systems end at 4,096 with the folder before it. */
const MAX_PATH = 2_000;
/** Bytes of one name on every system that matters. */
const MAX_NAME = 255;
/** How often a path may be encoded over itself (mlflow 3.17 `_decode`). */
const MAX_ENCODED = 10;

/** `a//b/` and `./a/b` are `a/b`. Throws INVALID_PARAMETER_VALUE for a path that leaves its folder. */
export function tidyPath(path: string): string {
  checkPath(path);
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.some((part) => Buffer.byteLength(part) > MAX_NAME)) throw invalidPath();
  if (process.platform === "win32" && parts.some(isOddOnWindows)) throw invalidPath();
  return parts.join("/");
}

/** As `tidyPath`, for a file that is about to be written. */
export function tidyFilePath(path: string): string {
  const tidy = tidyPath(path);
  if (tidy === "" || path.endsWith("/") || path.endsWith("/.")) throw invalidPath();
  if (isHidden(tidy)) {
    const message = `Invalid artifact path: '${tidy}'. Names starting with '${UPLOAD_PREFIX}' are reserved.`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
  return tidy;
}

/** Whether a part of the path is a file that is still being written: it is no artifact yet. */
export function isHidden(path: string): boolean {
  return path.includes(UPLOAD_PREFIX) && path.split("/").some((part) => part.startsWith(UPLOAD_PREFIX));
}

/** Refuses what could leave a folder, however often it is encoded (mlflow 3.17 `validate_path_is_safe`). */
export function checkPath(path: string): void {
  if (Buffer.byteLength(path) > MAX_PATH) throw invalidPath();
  let seen = path;
  for (let i = 0; i < MAX_ENCODED; i++) {
    if (leaves(seen)) throw invalidPath();
    const decoded = decodeOnce(seen);
    if (decoded === seen) return;
    seen = decoded;
  }
  throw invalidPath();
}

function leaves(path: string): boolean {
  return (
    path.startsWith("/") ||
    path.includes("\0") ||
    /^(?:[A-Za-z]:[\\/]|\\|file:)/i.test(path) ||
    (path.includes("..") && path.split(/[\\/]/).includes(".."))
  );
}

/** Names that Windows reads as another file's, a device's or a stream's: `..  `, `NUL.txt`, `a.txt:b`. */
function isOddOnWindows(name: string): boolean {
  return /[<>:"|?*\\]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name);
}

/** Percent signs decoded until none is left: `%252e` hides a dot twice. Throws INVALID_PARAMETER_VALUE after ten times. */
export function fullyDecoded(text: string): string {
  let seen = text;
  for (let i = 0; i < MAX_ENCODED; i++) {
    const decoded = decodeOnce(seen);
    if (decoded === seen) return seen;
    seen = decoded;
  }
  throw invalidPath();
}

function decodeOnce(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll("%", ""), "hex").toString("utf8"));
}

export function invalidPath(): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", "Invalid path");
}
