import { cp } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { temporaryFolder } from "../../support/environment.ts";
import { startMlflowServer } from "../../support/mlflowServer.ts";
import { startService } from "../../support/service.ts";
import { type Answer, type Call, Side } from "./call.ts";
import { deviationOf } from "./deviations.ts";

/** The real mlflow server and ours, which get the same requests. */
export interface Pair {
  theirs: Side;
  ours: Side;
  /** Errors of our own server, which no client is told: there must be none. */
  errors: unknown[];
}

/** Starts mlflow's server, lets `fill` write to it, and starts ours on a copy of its database: all ids are the same. */
export async function startPair(fill: (side: Side) => Promise<void>): Promise<Pair> {
  const real = await startMlflowServer();
  const theirs = new Side(real);
  await fill(theirs);
  const folder = temporaryFolder();
  await cp(join(real.folder, "mlflow.db"), join(folder, "mlflow.db"));
  await cp(join(real.folder, "artifacts"), join(folder, "artifacts"), { recursive: true, force: true });
  const own = await startService(["--artifacts-destination", "artifacts"], undefined, folder);
  const ours = new Side(own);
  ours.nameAs(theirs);
  return { theirs, ours, errors: own.errors };
}

/** Both servers' answers to a call, as they are; the tokens are for mlflow's page and for ours. */
export async function sendBoth(
  { theirs, ours }: Pair,
  call: Call,
  tokens?: readonly [string, string],
): Promise<[Answer, Answer]> {
  const page = (token: string | undefined): Call => {
    if (token === undefined) return call;
    if (call.query) return { ...call, query: [...call.query, ["page_token", token]] };
    return { ...call, body: { ...Object(call.body), page_token: token } };
  };
  return Promise.all([theirs.send(page(tokens?.[0])), ours.send(page(tokens?.[1]))]);
}

/** Sends a call to both and throws, readably, when the answers differ in a way that is not listed. */
export async function checkSame(pair: Pair, call: Call, tokens?: readonly [string, string]): Promise<[Answer, Answer]> {
  const [real, own] = await sendBoth(pair, call, tokens);
  compare(call, pair.theirs.comparable(real), pair.ours.comparable(own));
  return [real, own];
}

/** Throws, readably, unless two answers are the same or differ on purpose. */
function compare(call: Call, expected: Answer, actual: Answer): void {
  if (isDeepStrictEqual(actual, expected) || deviationOf(call, expected, actual) !== undefined) return;
  throw new Error(
    [
      `Answers differ to ${show(call)}`,
      `  mlflow: ${show(expected)}`,
      `  ours:   ${show(actual)}`,
      firstDifference(expected, actual),
    ].join("\n"),
  );
}

/** As checkSame, but of two successes what they say is not compared: their stores may have parted by then. */
export async function checkSameOutcome(pair: Pair, call: Call): Promise<void> {
  const [real, own] = await sendBoth(pair, call);
  if (real.status === 200 && own.status === 200) return;
  compare(call, pair.theirs.comparable(real), pair.ours.comparable(own));
}

/** Goes through the pages of a search, each side by its own tokens, and compares them. */
export async function checkPages(pair: Pair, call: Call, most = 6): Promise<void> {
  let tokens: readonly [string, string] | undefined;
  for (let page = 0; page < most; page++) {
    const [theirs, ours] = await checkSame(pair, call, tokens);
    const [real, own] = [tokenOf(theirs), tokenOf(ours)];
    if (real === undefined || own === undefined) return;
    tokens = [real, own];
  }
}

function tokenOf({ body }: Answer): string | undefined {
  const token: unknown = isObject(body) ? body["next_page_token"] : undefined;
  return typeof token === "string" ? token : undefined;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 1500 ? `${text.slice(0, 1500)}…` : text;
}

/** Where two answers part. */
export function firstDifference(expected: unknown, actual: unknown, path = ""): string {
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    for (const key of keys) {
      if (isDeepStrictEqual(expected[key], actual[key])) continue;
      return firstDifference(expected[key], actual[key], `${path}.${key}`);
    }
  }
  return `  first at ${path}: ${show(expected)} / ${show(actual)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
