// Who may ask: the name that was asked for (Host), the page that asks (Origin), and who is behind it (token, user).
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { MlflowError } from "../mlflow/errors.ts";
import { PART_PATH } from "./multipart.ts";
import { isAllowedHost, matches } from "./hosts.ts";

/** Who may talk to the server. */
export interface Access {
  /** Patterns of the Host header, `*` stands for anything; see hosts.ts. */
  allowedHosts: string[];
  /** Origins other than the server's own whose pages may ask. */
  allowedOrigins: string[];
  /** Bearer token that a request must carry; undefined = there is none. */
  token?: string;
  /** `open`: anyone; `token`: who has it; `auto`: who has it, and the server's own user where the system tells. */
  mode: AccessMode;
  /** Value of X-Frame-Options; `NONE` sends none. */
  frameOptions: string;
  /** Host and Origin are not checked (MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE=true). */
  unguarded: boolean;
}

export const ACCESS_MODES = ["auto", "token", "open"] as const;
export type AccessMode = (typeof ACCESS_MODES)[number];

/** A request as far as it decides who may ask. */
export interface Asker {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Of a target that is a whole URL. */
  authority?: string;
  /** Whether the system says that the server's own user is at the other end; asked last. */
  isSameUser(): boolean;
}

/** Paths that anyone may ask under any name, as in MLflow: they tell nothing of the store. */
const PUBLIC_PATHS = ["/health", "/version"];

/** Why a request is refused, or undefined when it may pass. */
export function refuse(access: Access, asker: Asker): MlflowError | undefined {
  const { path, headers, authority } = asker;
  const isPublic = PUBLIC_PATHS.includes(path);
  if (!access.unguarded) {
    const { host = "" } = headers;
    const known = isKnownHost(access.allowedHosts, host) && (authority === undefined || authority === host);
    // A name that an attacker's page resolves to this machine would otherwise reach it (DNS rebinding).
    if (!isPublic && !known) {
      return new MlflowError("PERMISSION_DENIED", "Invalid Host header - possible DNS rebinding attack detected");
    }
    if (isForeign(access, asker)) return new MlflowError("PERMISSION_DENIED", "Cross-origin request blocked");
  }
  // The URL of a part of an upload is signed; MLflow's client sends no token there.
  if (isPublic || path === "/" || path.startsWith(PART_PATH) || isTrusted(access, asker)) return undefined;
  const whom = access.mode === "auto" ? "answers its own user only; others need" : "wants";
  return new MlflowError("UNAUTHENTICATED", `This server ${whom} its token: set MLFLOW_TRACKING_TOKEN.`);
}

/** Whether what the store holds may be told: by token, or by the user who asks. */
export function isTrusted(access: Access, { headers, isSameUser }: Asker): boolean {
  const { mode } = access;
  return mode === "open" || isBearer(access, headers) || (mode === "auto" && isSameUser());
}

/** Whether a request carries the token. */
export function isBearer({ token }: Pick<Access, "token">, { authorization }: IncomingHttpHeaders): boolean {
  return token !== undefined && hasToken(authorization, token);
}

/** Hosts that were allowed before, so that the patterns are gone through once for each. */
const known = new WeakMap<string[], Set<string>>();
const HOSTS_KEPT = 100;

function isKnownHost(patterns: string[], host: string): boolean {
  let hosts = known.get(patterns);
  if (hosts?.has(host)) return true;
  if (!isAllowedHost(patterns, host)) return false;
  if (hosts === undefined) known.set(patterns, (hosts = new Set()));
  if (hosts.size < HOSTS_KEPT) hosts.add(host);
  return true;
}

/**
 * Whether a page of another origin asks. No GET changes anything, but a foreign page could still make the server work, and
 * learn from sizes and times; no client of MLflow's sends an Origin, so they are refused whatever the method.
 */
function isForeign({ allowedOrigins }: Access, { method, headers }: Asker): boolean {
  const { origin, host = "" } = headers;
  if (origin !== undefined) return !isOwnOrigin(origin, host) && !isListed(allowedOrigins, origin);
  // Images, scripts and links come without an Origin; browsers tell whose they are all the same.
  const { "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": destination } = headers;
  if (site !== "cross-site" && site !== "same-site") return false;
  // A link that a person clicks opens a page, which the other page cannot look into.
  const opensPage = mode === "navigate" && destination === "document" && (method === "GET" || method === "HEAD");
  // Which site's they are is not told: only where all may ask, these may.
  return !opensPage && !allowedOrigins.includes("*");
}

/** Only what stands in the address bar when the page came from here: `http://localhost:3000` is another program's. */
function isOwnOrigin(origin: string, host: string): boolean {
  const own = host.toLowerCase();
  return own !== "" && (origin === `http://${own}` || origin === `https://${own}`);
}

/** Whether pages of this origin were allowed by name. */
export function isListed(allowedOrigins: readonly string[], origin: string): boolean {
  return allowedOrigins.some((pattern) => pattern === "*" || (ORIGIN.test(origin) && matches(pattern, origin)));
}

const ORIGIN = /^(?:null|[a-z][a-z0-9+.-]*:\/\/[^\s/?#@\\,]+)$/i;

/** Compared as digests, so that neither length nor first difference shows in the time it takes. */
function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
