// A claim is a file that one process holds while it does what only one may do at a time. It names its holder, so that a claim whose
// holder died is taken over, by one alone.
import { createHash, randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { parseObject } from "./jsonObject.ts";
import { isAlive, isGroupAlive, isOfOtherHost, markOf, ownMark } from "../processes/processes.ts";
import type { ProcessMark } from "../processes/processes.ts";

/** Text of a claim that is there, and nobody's. */
const NOBODY = JSON.stringify("nobody");

/** `free`: there is no claim. `held`: its holder lives, or a command of it does. `dead`: both are gone. */
export type ClaimState = "free" | "held" | "dead";

/**
 * Takes the claim, which was free, or that of a holder who died. Undefined when it is held, by this process among others, or when
 * somebody is just taking it.
 */
export async function takeClaim(file: string): Promise<"free" | "dead" | undefined> {
  const mine = textOf();
  if (await create(file, mine)) return "free";
  const dead = await readClaim(file);
  if (dead.state !== "dead") return undefined;
  const turn = turnOf(file, dead.text);
  if ((await takeClaim(turn)) === undefined) return undefined;
  try {
    // Somebody had that turn before, and the claim is another by now.
    if ((await readClaim(file)).text !== dead.text) return undefined;
    await replace(file, mine);
    return "dead";
  } finally {
    await giveClaim(turn);
  }
}

/** The claim that whoever finds the same dead one needs first. It may itself be left behind by somebody who died in the middle. */
export function turnOf(file: string, dead: string): string {
  return `${file}.after-${createHash("sha256").update(dead).digest("hex").slice(0, 16)}`;
}

/** Gives up a claim that this process holds. */
export function giveClaim(file: string): Promise<void> {
  return rm(file, { force: true });
}

/** Leaves a claim behind that counts as a dead one. */
export function abandonClaim(file: string): Promise<void> {
  return replace(file, NOBODY);
}

/** Tells in a claim of this process that a command works for it: what outlives this process holds the claim, too. */
export function nameCommand(file: string, pid: number): Promise<void> {
  return replace(file, textOf(markOf(pid)));
}

export async function stateOfClaim(file: string): Promise<ClaimState> {
  return (await readClaim(file)).state;
}

/** The process that took the claim; undefined when there is none. */
export async function holderOf(file: string): Promise<number | undefined> {
  return parseClaim((await readClaim(file)).text)?.pid;
}

interface ClaimText extends ProcessMark {
  /** Leader of a process group. */
  command?: ProcessMark;
}

function textOf(command?: ProcessMark): string {
  const claim: ClaimText = { ...ownMark(), ...(command === undefined ? {} : { command }) };
  return JSON.stringify(claim);
}

/** ms after which a process of another machine that did not renew its claim is taken for gone. */
const UNTOLD = 120_000;
/** How often a claim is renewed (ms). */
const RENEWED = 30_000;

/** Renews a claim of this process, for other machines that share its folder, until the answer is called; gives how to name a command that works for it. */
export function holdClaim(file: string): { started(pid: number): void; end(): Promise<void> } {
  let command: number | undefined;
  let told: Promise<unknown> = Promise.resolve();
  const tell = () => {
    // Without it all goes on, but that others may begin as well.
    told = told
      .then(() => (command === undefined ? replace(file, textOf()) : nameCommand(file, command)))
      .catch(() => undefined);
  };
  const timer = setInterval(tell, RENEWED).unref();
  return {
    started: (pid) => {
      command = pid;
      tell();
    },
    end: async () => {
      clearInterval(timer);
      await told;
    },
  };
}

/** ms for which an empty claim is one that is being written. */
const BEING_WRITTEN = 5_000;

async function readClaim(file: string): Promise<{ state: ClaimState; text: string }> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return { state: "free", text: "" };
    throw error;
  }
  const claim = parseClaim(text);
  if (claim !== undefined && isOfOtherHost(claim)) {
    return { state: (await ageOf(file)) < UNTOLD ? "held" : "dead", text };
  }
  if (claim !== undefined) {
    const isHeld = isAlive(claim) || (claim.command !== undefined && isGroupAlive(claim.command));
    return { state: isHeld ? "held" : "dead", text };
  }
  if (text !== "") return { state: "dead", text };
  // Claimed this very moment where there are no links, or left empty by a full disk.
  return { state: (await ageOf(file)) < BEING_WRITTEN ? "held" : "dead", text };
}

/** ms since it was written. */
async function ageOf(file: string): Promise<number> {
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs;
}

/** The border: undefined for what is no claim of a process. */
function parseClaim(text: string): ClaimText | undefined {
  const claim = parseObject(text);
  return claim !== undefined && "pid" in claim ? (claim as unknown as ClaimText) : undefined;
}

/** Makes the file with its text at once; false when it is there. */
async function create(file: string, text: string): Promise<boolean> {
  const draft = await draftOf(file, text);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    return await createPlainly(file, text);
  } finally {
    await rm(draft, { force: true });
  }
}

/** On a file system without links: for a moment the file is there and empty. */
async function createPlainly(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function replace(file: string, text: string): Promise<void> {
  const draft = await draftOf(file, text);
  await rename(draft, file);
}

async function draftOf(file: string, text: string): Promise<string> {
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, text, { flag: "wx", mode: 0o600 });
  return draft;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
