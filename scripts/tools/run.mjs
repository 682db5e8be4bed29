// Runs other programs for the scripts: quiet unless they fail, never without a time limit.
import { spawn } from "node:child_process";
import { delimiter, join, resolve } from "node:path";

/** Root of the repository. */
export const root = resolve(import.meta.dirname, "../..");

/** A failure that is told in one sentence with a next step, without a stack trace. */
export class Trouble extends Error {}

/**
 * Runs a program to its end and gives its output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, limit?: number, failure?: string, show?: boolean }} options
 *   `limit` in ms (default 2 minutes); `failure` is the sentence told when it fails; `show` passes the output through.
 */
export function run(command, args, options = {}) {
  const { cwd = root, env = process.env, limit = 120_000, show = false } = options;
  const failure = options.failure ?? `\`${[command, ...args].join(" ")}\` failed.`;
  return new Promise((resolved, rejected) => {
    const { child, end } = startLimited(command, args, { cwd, env, limit });
    let output = "";
    const take = (chunk) => {
      output += chunk;
      if (show) process.stdout.write(chunk);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", (error) => {
      end();
      rejected(new Trouble(`${failure} (${error.message})`));
    });
    child.on("close", (code) => {
      const late = end();
      if (code === 0 && !late) return resolved(output);
      const why = late ? `It was stopped after ${Math.round(limit / 1000)} s.` : `It ended with code ${code}.`;
      rejected(new Trouble(`${failure} ${why}${show ? "" : `\n${lastLines(output, 30)}`}`));
    });
  });
}

/**
 * Starts a program that is ended, with everything it started, after `limit` ms or when we are. Gives { child, end }: `end` is called
 * when it is over, and tells whether it was too late.
 */
export function startLimited(command, args, { cwd, env, limit }) {
  const stdio = ["ignore", "pipe", "pipe"];
  const child = spawn(command, args, { cwd, env, stdio, detached: process.platform !== "win32" });
  const release = stopWithUs(child);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stopTree(child);
  }, limit);
  const end = () => {
    clearTimeout(timer);
    release();
    return late;
  };
  return { child, end };
}

/** Ends a child and everything it started. */
export function stopTree(child, signal = "SIGKILL") {
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** The children that are ended with us. */
const children = new Set();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

function endChildren() {
  for (const child of children) stopTree(child, "SIGTERM");
  process.exit(130);
}

/** A detached child gets no Ctrl-C of its own: ends it when we are ended. Returns a function that forgets it. */
function stopWithUs(child) {
  if (children.size === 0) for (const signal of SIGNALS) process.once(signal, endChildren);
  children.add(child);
  return () => {
    children.delete(child);
    if (children.size === 0) for (const signal of SIGNALS) process.off(signal, endChildren);
  };
}

/** The environment with `folders` first on PATH and this repository's own programs taken off it. */
export function withPath(...folders) {
  const own = join(root, "node_modules", ".bin");
  const rest = (process.env.PATH ?? "").split(delimiter).filter((folder) => resolve(folder) !== own);
  const env = { ...process.env, PATH: [...folders, ...rest].join(delimiter) };
  // An outer npm leaves its own Node's version here, and install scripts believe it.
  delete env.npm_config_user_agent;
  return env;
}

/** Prints the sentence of a Trouble, or the whole of another error, and sets the exit code. */
export function tellAndFail(error) {
  console.error(error instanceof Trouble ? error.message : error);
  process.exitCode = 1;
}

function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
