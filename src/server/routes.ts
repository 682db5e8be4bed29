import { ENDPOINTS, type HttpMethod, type Rpcs } from "../mlflow/api.generated.ts";

/** A remote call found by its path. */
export interface Route {
  rpc: keyof Rpcs;
  request: string;
  response: string;
  /** Values of `{name}` parts of the path, decoded. */
  parameters: Record<string, string>;
}

interface Pattern extends Omit<Route, "parameters"> {
  parts: string[];
}

/** The parameters of a path that has none. */
export const NO_PARAMETERS: Record<string, string> = {};
/** Calls whose path has no parameter, by method and path: nearly all requests. */
const literal = new Map<string, Route>();
/** Calls by method and number of parts, such as `GET 4`. */
const byMethodAndLength = new Map<string, Pattern[]>();
for (const [rpc, method, path, request, response] of ENDPOINTS) {
  if (!path.includes("{")) literal.set(`${method} ${path}`, { rpc, request, response, parameters: NO_PARAMETERS });
  const parts = path.split("/").slice(1);
  const key = `${method} ${parts.length}`;
  const patterns = byMethodAndLength.get(key) ?? [];
  patterns.push({ rpc, request, response, parts });
  byMethodAndLength.set(key, patterns);
}
// A literal part wins over a parameter: `logged-models/search` is no model id.
for (const patterns of byMethodAndLength.values()) {
  patterns.sort((a, b) => parameterCount(a) - parameterCount(b));
}

function parameterCount(pattern: Pattern): number {
  return pattern.parts.filter((part) => part.startsWith("{")).length;
}

const PREFIXES = ["/api/", "/ajax-api/"];

/** The call at `/api/2.0/mlflow/…` or `/ajax-api/…`; undefined when there is none. */
export function findRoute(method: string, pathname: string): Route | undefined {
  const prefix = PREFIXES.find((each) => pathname.startsWith(each));
  if (prefix === undefined) return undefined;
  const path = pathname.slice(prefix.length - 1);
  const found = literal.get(`${method} ${path}`);
  if (found !== undefined) return found;
  const [, ...parts] = path.split("/");
  for (const pattern of byMethodAndLength.get(`${method} ${parts.length}`) ?? []) {
    const parameters = matchParts(pattern.parts, parts);
    if (parameters) return { rpc: pattern.rpc, request: pattern.request, response: pattern.response, parameters };
  }
  return undefined;
}

export const METHODS: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Methods that the path has an offered call for. */
export function allowedMethods(pathname: string, offered: object): HttpMethod[] {
  return METHODS.filter((method) => {
    const route = findRoute(method, pathname);
    return route !== undefined && Object.hasOwn(offered, route.rpc);
  });
}

function matchParts(pattern: string[], parts: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [i, expected] of pattern.entries()) {
    const part = parts[i] ?? "";
    if (!expected.startsWith("{")) {
      if (expected !== part) return undefined;
    } else {
      if (part === "") return undefined;
      parameters[expected.slice(1, -1)] = decode(part);
    }
  }
  return parameters;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray % is taken as it stands, as Python's unquote does.
    return part;
  }
}
