import { setFlagsFromString } from "node:v8";
import { invalid } from "../validation.ts";

// RLIKE: Python's `re.search` through JavaScript's expressions.

// A pattern such as `(a+)+$` would keep the thread busy for years; V8 then changes to an engine that takes linear time.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

const compiled = new Map<string, RegExp>();
const KEPT = 100;

/** The expression of a Python pattern. Throws INVALID_PARAMETER_VALUE when it is none. */
export function regularExpression(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const [, flags = ""] = /^\(\?([aimsux]+)\)/.exec(pattern) ?? [];
  const body = pattern
    .slice(flags === "" ? 0 : flags.length + 3)
    .replaceAll("(?P<", "(?<")
    .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
    .replace(/\\(.)/gs, (escape, letter: string) =>
      letter === "A" ? "(?<![\\s\\S])" : letter === "Z" ? "(?![\\s\\S])" : escape,
    );
  try {
    const expression = new RegExp(body, [...new Set(flags)].filter((flag) => "ims".includes(flag)).join(""));
    if (compiled.size >= KEPT) compiled.clear();
    compiled.set(pattern, expression);
    return expression;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid(`Invalid regular expression '${pattern}': ${error.message}`);
  }
}

/** SQLite's `value REGEXP pattern`, which it asks with the pattern first. */
export function regexpFunction(pattern: unknown, value: unknown): number | null {
  if (typeof pattern !== "string" || value === null) return null;
  return regularExpression(pattern).test(typeof value === "string" ? value : JSON.stringify(value)) ? 1 : 0;
}
