import { setFlagsFromString } from "node:v8";
import { type Context, createContext, Script } from "node:vm";
import type { MlflowError } from "../../mlflow/errors.ts";
import { invalid } from "../validation.ts";

// RLIKE: Python's `re.search` through JavaScript's expressions.

// A pattern such as `(a+)+$` would keep the thread busy for years; V8 then changes to an engine that takes linear time.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
// Lets the flag `l` tell which patterns that engine knows: no look-around, no back-references, no long repetitions.
setFlagsFromString("--enable-experimental-regexp-engine");

interface Kept {
  expression: RegExp;
  /** Takes linear time whatever the value. */
  linear: boolean;
  /** ms that the other patterns have left in this search. */
  left: number;
}

/** ms that a search may spend on a pattern that V8 cannot match in linear time. */
const PATIENCE = 500;
const compiled = new Map<string, Kept>();
const KEPT = 100;

/** Makes a pattern ready for one search. Throws INVALID_PARAMETER_VALUE when it is none. */
export function preparePattern(pattern: string): void {
  kept(pattern).left = PATIENCE;
}

/** SQLite's `value REGEXP pattern`, which it asks with the pattern first. */
export function regexpFunction(pattern: unknown, value: unknown): number | null {
  if (typeof pattern !== "string" || value === null) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const found = kept(pattern);
  return (found.linear ? found.expression.test(text) : testWithin(found, text)) ? 1 : 0;
}

function kept(pattern: string): Kept {
  const known = compiled.get(pattern);
  if (known) return known;
  const [source, flags] = translated(pattern);
  const made = { expression: compile(pattern, source, flags), linear: isLinear(source, flags), left: PATIENCE };
  if (compiled.size >= KEPT) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/** Source and flags of a Python pattern as JavaScript says them. */
function translated(pattern: string): [source: string, flags: string] {
  const [, flags = ""] = /^\(\?([aimsux]+)\)/.exec(pattern) ?? [];
  const source = pattern
    .slice(flags === "" ? 0 : flags.length + 3)
    .replaceAll("(?P<", "(?<")
    .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
    .replace(/\\(.)/gs, (escape, letter: string) =>
      letter === "A" ? "(?<![\\s\\S])" : letter === "Z" ? "(?![\\s\\S])" : escape,
    );
  return [source, [...new Set(flags)].filter((flag) => "ims".includes(flag)).join("")];
}

function compile(pattern: string, source: string, flags: string): RegExp {
  try {
    const expression = new RegExp(source, flags);
    // V8 reads a pattern when it is first used.
    expression.test("");
    return expression;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid(`Invalid regular expression '${pattern}': ${error.message}`);
  }
}

function isLinear(source: string, flags: string): boolean {
  try {
    return new RegExp(source, `${flags}l`).flags.includes("l");
  } catch {
    // V8 says so by refusing the flag.
    return false;
  }
}

let runner: { context: Context & { expression: RegExp; text: string }; script: Script } | undefined;

/** Only a script of its own can be stopped while an expression runs. */
function testWithin(pattern: Kept, text: string): boolean {
  const { expression } = pattern;
  if (pattern.left < 1) throw tookTooLong();
  runner ??= {
    context: Object.assign(createContext({}), { expression, text }),
    script: new Script("expression.test(text)"),
  };
  Object.assign(runner.context, { expression, text });
  const start = performance.now();
  try {
    return Boolean(runner.script.runInContext(runner.context, { timeout: Math.ceil(pattern.left) }));
  } catch (error) {
    // An error of the script's own realm is no `Error` of ours.
    const stopped = typeof error === "object" && error !== null && "code" in error;
    throw stopped && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? tookTooLong() : error;
  } finally {
    pattern.left -= performance.now() - start;
  }
}

function tookTooLong(): MlflowError {
  return invalid("The regular expression takes too long: leave out look-around, back-references and long repetitions.");
}
