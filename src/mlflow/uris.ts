import { MlflowError } from "./errors.ts";

// MLflow's URIs, read without touching a disk.

export type TrackingUri =
  /** `path` is as written: absolute after `sqlite:////`, relative after `sqlite:///`. */
  | { kind: "sqlite"; path: string }
  | { kind: "files"; path: string }
  | { kind: "http"; url: string }
  | { kind: "databricks"; profile?: string };

/** Reads a tracking or registry URI. Throws INVALID_PARAMETER_VALUE for one that no store of ours serves. */
export function parseTrackingUri(uri: string): TrackingUri {
  if (uri === "databricks") return { kind: "databricks" };
  const scheme = schemeOf(uri);
  switch (scheme) {
    case "":
      return { kind: "files", path: uri };
    case "sqlite": {
      // SQLAlchemy's form: the third slash ends the (empty) host, what follows is the path.
      const path = uri.slice("sqlite:///".length);
      if (!uri.startsWith("sqlite:///") || path === "" || path === ":memory:") break;
      return { kind: "sqlite", path: withoutOptions(path) };
    }
    case "file":
      return { kind: "files", path: filePath(uri) };
    case "http":
    case "https":
      return { kind: "http", url: withoutEndSlashes(uri) };
    case "databricks":
      return { kind: "databricks", profile: uri.slice("databricks://".length) };
    default:
      // A drive letter is no scheme.
      if (scheme.length === 1) return { kind: "files", path: uri };
  }
  const known = "sqlite:///FILE, file:///FOLDER, http(s)://HOST or databricks";
  throw new MlflowError("INVALID_PARAMETER_VALUE", `The store URI '${uri}' is not one of ${known}.`);
}

/** SQLAlchemy's options (`?timeout=5`) cut off; a question mark in a folder's name is no beginning of them. */
export function withoutOptions(path: string): string {
  return path.replace(/\?[^/?]*$/, "");
}

/** The scheme of a URI in lower case, or "" for a plain path. */
export function schemeOf(uri: string): string {
  return /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(uri)?.[1]?.toLowerCase() ?? "";
}

/** True for a plain path and for a `file:` URI of this machine. */
export function isLocalUri(uri: string): boolean {
  const scheme = schemeOf(uri);
  return scheme === "" || scheme === "file" || scheme.length === 1;
}

/** The path of a `file:` URI or of a plain path, `%20` and the like decoded in the former only. */
export function localPath(uri: string): string {
  return schemeOf(uri) === "file" ? filePath(uri) : uri;
}

function filePath(uri: string): string {
  const path = uri.slice("file:".length).replace(/^\/\/[^/]*/, "");
  return decode(path.replace(/^\/(?=[A-Za-z]:)/, ""));
}

/** Folder of a proxied artifact location below the artifacts destination; undefined when it is not proxied. */
export function proxiedPath(uri: string): string | undefined {
  const scheme = schemeOf(uri);
  if (scheme === "mlflow-artifacts") {
    return decode(uri.slice("mlflow-artifacts:".length).replace(/^\/\/[^/]*/, "")).replace(/^\/+/, "");
  }
  const anchor = "/api/2.0/mlflow-artifacts/artifacts/";
  const at = uri.indexOf(anchor);
  if ((scheme !== "http" && scheme !== "https") || at < 0) return undefined;
  return decode(uri.slice(at + anchor.length)).replace(/^\/+/, "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % is taken as it stands, as Python's unquote does.
    return text;
  }
}

/** Without an expression: `/\/+$/` begins anew at each slash of `/////x`. */
export function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
}

export type ModelsUri =
  | { kind: "model"; model_id: string }
  | { kind: "version"; name: string; version: string }
  | { kind: "alias"; name: string; alias: string }
  /** A stage, or the newest version for `latest`. */
  | { kind: "stage"; name: string; stage: string };

/** Reads `models:/name/1`, `models:/name@alias`, `models:/name/Production`, `models:/m-…`; undefined when it is none. */
export function parseModelsUri(uri: string): ModelsUri | undefined {
  const whole = /^models:(?:\/\/[^/]*)?\/(.+)$/s.exec(uri)?.[1];
  const path = withoutEndSlashes(whole ?? "");
  if (path === "") return undefined;
  const [name = "", second, ...more] = path.split("/");
  if (more.length > 0 || name === "") return undefined;
  if (second !== undefined) {
    if (second === "") return undefined;
    return /^\d+$/.test(second) ? { kind: "version", name, version: second } : { kind: "stage", name, stage: second };
  }
  const at = name.lastIndexOf("@");
  if (at > 0 && at < name.length - 1) return { kind: "alias", name: name.slice(0, at), alias: name.slice(at + 1) };
  return at < 0 ? { kind: "model", model_id: name } : undefined;
}

/** Reads `runs:/<run_id>/path`; undefined when it is none. */
export function parseRunsUri(uri: string): { run_id: string; path: string } | undefined {
  const match = /^runs:(?:\/\/[^/]*)?\/+([^/]+)\/?(.*)$/s.exec(uri);
  return match ? { run_id: match[1] ?? "", path: match[2] ?? "" } : undefined;
}

/** A text for people: its URLs without the user, password or token that may stand before their host, or in their query. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(/:\/\/[^/\s]*@/g, "://").replaceAll(SECRET, "$1***");
}

/** Parts of a query that let whoever knows them in: signed addresses of Azure, Amazon and Google, and tokens. */
const SECRET_NAMES = [
  "x-(?:amz|goog)-(?:signature|credential|security-token)",
  "awsaccesskeyid|sig|signature|api_?key|pass(?:word|wd)|pwd|(?:client_)?secret",
  "(?:(?:access|auth|deploy|id|job|oauth|private|refresh|sas)_)?token",
].join("|");
/** A value ends with what ends an address in a text, such as a full stop behind it. */
const SECRET = new RegExp(`([?&#](?:${SECRET_NAMES})=)(?:[^&\\s#'"<>),;\`]*[^&\\s#'"<>),;\`.])?`, "gi");
