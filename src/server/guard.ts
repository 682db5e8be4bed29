import { timingSafeEqual, createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Who may talk to the server. */
export interface Access {
  /** Patterns of the Host header, `*` stands for anything; undefined = this machine's own names. */
  allowedHosts?: string[];
  /** Origins other than this machine's whose pages may change things. */
  allowedOrigins: string[];
  /** Bearer token that every request must carry; undefined = open. */
  token?: string;
  /** Value of X-Frame-Options; `NONE` sends none. */
  frameOptions: string;
  /** Host and Origin are not checked (MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE=true). */
  unguarded: boolean;
}

export interface Refusal {
  status: 401 | 403;
  message: string;
}

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]", "localhost:*", "127.0.0.1:*", "[::1]:*"];
const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]", "::1"];
const PRIVATE_HOSTS = ["0.0.0.0", "0.0.0.0:*", "192.168.*", "10.*", "fc00:*", "fd00:*"];
for (let i = 16; i < 32; i++) PRIVATE_HOSTS.push(`172.${i}.*`);

/** Paths that anyone on this machine may ask: they tell nothing of the store. */
const PUBLIC_PATHS = ["/health", "/version"];
const CHANGING_METHODS = ["POST", "PUT", "DELETE", "PATCH"];

/** Why a request is refused, or undefined when it may pass. */
export function refuse(
  access: Access,
  { method, path, headers }: { method: string; path: string; headers: IncomingHttpHeaders },
): Refusal | undefined {
  if (PUBLIC_PATHS.includes(path)) return undefined;
  if (!access.unguarded) {
    const patterns = access.allowedHosts ?? LOOPBACK_HOSTS;
    // A name that an attacker's page resolves to this machine would otherwise reach it (DNS rebinding).
    if (!matchesAny(patterns, headers.host ?? "")) {
      return { status: 403, message: "Invalid Host header - possible DNS rebinding attack detected" };
    }
    if (CHANGING_METHODS.includes(method) && !mayChange(access, headers.origin)) {
      return { status: 403, message: "Cross-origin request blocked" };
    }
  }
  if (access.token === undefined || path === "/" || hasToken(headers.authorization, access.token)) return undefined;
  return { status: 401, message: "This server wants its token: set MLFLOW_TRACKING_TOKEN." };
}

/** Host patterns of a server that listens on `host`: every interface brings the private networks' addresses with it. */
export function defaultHosts(host: string): string[] {
  const anywhere = host === "0.0.0.0" || host === "::";
  return anywhere ? [...LOOPBACK_HOSTS, ...PRIVATE_HOSTS] : [...LOOPBACK_HOSTS, host, `${host}:*`];
}

/** Origins of this machine, which browsers may read answers from. */
export function isOwnOrigin(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK_NAMES.includes(new URL(origin).hostname);
}

/** Whether a page of this origin may send requests that change something. */
export function mayChange(access: Access, origin: string | undefined): boolean {
  return origin === undefined || origin === "" || isOwnOrigin(origin) || matchesAny(access.allowedOrigins, origin);
}

function matchesAny(patterns: string[], value: string): boolean {
  return value !== "" && patterns.some((pattern) => matches(pattern, value));
}

function matches(pattern: string, value: string): boolean {
  if (!pattern.includes("*")) return pattern === value;
  const text = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${text.join(".*")}$`, "s").test(value);
}

/** Compared as digests, so that neither length nor first difference shows in the time it takes. */
function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
