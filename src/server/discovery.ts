import { randomBytes, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ServerDiscovery } from "../protocol/discovery.ts";
import { listensHere } from "./peer.ts";
import { isOlder } from "./version.ts";

// One server per store: the discovery file says where it is, a lock file beside it lets one process at a time decide.

/** What a starting server has to do. */
export type Claim =
  /** Another one serves the store already. */
  | { kind: "served"; by: ServerDiscovery }
  | {
      kind: "start";
      /** Port of the server before, to be taken again. */
      port?: number;
      token: string;
      /** A live server of an older version; it is told to stop once the new one listens. */
      replaces?: ServerDiscovery;
      /** One was told to stop already, and still listens there. */
      ending?: boolean;
    };

/** ms for the answer of a server whose process lives: it may be busy, or have been stopped for a while. */
const PATIENCE_MS = 10_000;

/** Decides by the discovery file and by who answers at its port. Call it under the lock. */
export async function claimStore(file: string, uri: string, version: string, patience = PATIENCE_MS): Promise<Claim> {
  const before = await readDiscovery(file);
  if (before === undefined || before.backend_store_uri !== uri) return { kind: "start", token: newToken() };
  const again = { kind: "start", port: before.port, token: before.token } as const;
  // Another user's program may have taken the port of a dead server, and must not be told the token.
  const isThere = listensHere(before.port) !== false;
  const lives = hasProcess(before.pid);
  const live = isThere ? await askServer(before, lives ? patience : Math.min(patience, 1_000)) : undefined;
  // Two servers of one store would each have a port and a token: that one has not ended.
  if (live === "silent" && lives) return { kind: "served", by: before };
  if (live === "silent") return again;
  if (live === "ending") return { ...again, ending: true };
  if (live === undefined || live.backend_store_uri !== uri) return again;
  return isOlder(before.version, version) ? { ...again, replaces: before } : { kind: "served", by: before };
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Gone, or another user's.
    return false;
  }
}

/** Reads a discovery file; undefined when there is none or it is not one. */
export async function readDiscovery(file: string): Promise<ServerDiscovery | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return isDiscovery(value) ? value : undefined;
  } catch {
    // Absent, or half a file of a machine that lost power: the same as none.
    return undefined;
  }
}

function isDiscovery(value: unknown): value is ServerDiscovery {
  if (typeof value !== "object" || value === null) return false;
  const { format, pid, port, token, backend_store_uri, version } = { ...emptyDiscovery, ...value };
  const numbers = [pid, port].every((each) => typeof each === "number");
  return format === 1 && numbers && [token, backend_store_uri, version].every((each) => typeof each === "string");
}

const emptyDiscovery: Record<keyof ServerDiscovery, unknown> = {
  format: undefined,
  pid: undefined,
  port: undefined,
  token: undefined,
  backend_store_uri: undefined,
  version: undefined,
  started_at: undefined,
};

/** Writes the discovery file so that only its owner can read it and nobody reads half of it. */
export async function writeDiscovery(file: string, discovery: ServerDiscovery): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}`;
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(JSON.stringify(discovery, null, 2));
  } finally {
    await handle.close();
  }
  try {
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** HTTP status of a server that only finishes what is under way. */
const ENDING = 503;

/** What the server of a discovery file says of itself within `limit` ms; undefined when none answers to its token. */
async function askServer(
  { port, token }: ServerDiscovery,
  limit: number,
): Promise<{ backend_store_uri: string } | "silent" | "ending" | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/flowdeck/status`, {
      headers: { Authorization: `Bearer ${token}`, Connection: "close" },
      signal: AbortSignal.timeout(limit),
    });
    if (response.status === ENDING) return "ending";
    const status: unknown = response.ok ? await response.json() : undefined;
    if (typeof status !== "object" || status === null || !("backend_store_uri" in status)) return undefined;
    return { backend_store_uri: String(status.backend_store_uri) };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") return "silent";
    // Nobody listens there, or something that is not ours.
    return undefined;
  }
}

/** A lock older than this belongs to a process that died with it. */
const STALE_LOCK_MS = 30_000;

/** Runs `work` while no other process holds the lock of `file`. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await takeLock(lock);
  try {
    return await work();
  } finally {
    await handle.close();
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<FileHandle> {
  for (;;) {
    try {
      return await open(lock, "wx", 0o600);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const age = Date.now() - (await modifiedAt(lock));
    if (age > STALE_LOCK_MS) await rm(lock, { force: true });
    else await pause(50);
  }
}

async function modifiedAt(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    // Released between two looks: as young as can be, so that it is tried for again.
    return Date.now();
  }
}

/** 256 bits by chance. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}
