// Which names the server answers to: the Host header against DNS rebinding.
import { isIPv4 } from "node:net";

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Host patterns: `*` stands for anything, `<private>` for addresses of private networks. Matched without regard to case. */
export function defaultHosts(host: string): string[] {
  const loopback = LOOPBACK_NAMES.flatMap(withPort);
  const anywhere = host === "0.0.0.0" || host === "::";
  // Listening on every interface brings the addresses of the private networks with it, as in MLflow.
  if (anywhere) return [...loopback, ...withPort("0.0.0.0"), PRIVATE];
  const name = host.includes(":") ? `[${host}]` : host.toLowerCase();
  return LOOPBACK_NAMES.includes(name) ? loopback : [...loopback, ...withPort(name)];
}

function withPort(name: string): string[] {
  return [name, `${name}:*`];
}

const PRIVATE = "<private>";

/** A name or an address, and a port: what no browser and no client sends is not even compared with a pattern. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}))?$/;

/** Whether a Host header, or the authority of an absolute request target, is one of the patterns. */
export function isAllowedHost(patterns: readonly string[], host: string): boolean {
  const value = host.toLowerCase();
  const port = HOST.exec(value);
  if (port === null || Number(port[1] ?? 1) > 65_535 || Number(port[1] ?? 1) === 0) return false;
  return patterns.some((pattern) => (pattern === PRIVATE ? isPrivate(value) : matches(pattern.toLowerCase(), value)));
}

/** Whether `value` is the pattern, in which `*` stands for anything. */
export function matches(pattern: string, value: string): boolean {
  if (!pattern.includes("*")) return pattern === value;
  const parts = pattern.split("*");
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= value.length - last.length;
}

/** An address as such: `10.evil.example` is a name that anybody may own. */
function isPrivate(host: string): boolean {
  const address = host.replace(/:\d+$/, "");
  if (/^\[f[cd][0-9a-f]{2}:/.test(address)) return true;
  if (!isIPv4(address)) return false;
  const [a = 0, b = 0] = address.split(".").map(Number);
  return a === 10 || (a === 192 && b === 168) || (a === 172 && b >= 16 && b < 32);
}
