import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { FileInfo } from "../mlflow/entities.ts";
import type { ArtifactStore } from "../store/artifactStore.ts";
import { isAlive, isOfOtherHost, ownMark, type Output } from "../processes/processes.ts";
import { readMark } from "./processMark.ts";

/** Where a run's output lies among its artifacts. */
export const OUTPUT_ARTIFACT = "logs/output.log";

/** What was kept of what a run printed; undefined when nothing was. */
export async function findKeptOutput(
  store: Pick<ArtifactStore, "listArtifacts">,
  run_id: string,
): Promise<FileInfo | undefined> {
  const files = await store.listArtifacts({ run_id, path: posix.dirname(OUTPUT_ARTIFACT) });
  return files.find(({ path }) => path === OUTPUT_ARTIFACT);
}

/** How the folder of what a command prints begins. */
const PREFIX = "flowdeck-output-";
/** Tells in such a folder which process fills it. */
const OWNER = "owner.json";

/** Removes what is left of outputs whose process was ended without warning. */
export async function removeAbandonedOutputs(): Promise<void> {
  const names = (await readdir(tmpdir()).catch((): string[] => [])).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const folder = join(tmpdir(), name);
    // What cannot be looked at or removed there stays, and changes nothing.
    if (await isAbandoned(folder).catch(() => false))
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) return false;
  const owner = readMark(await readFile(join(folder, OWNER), "utf8"));
  return owner !== undefined && !isOfOtherHost(owner) && !isAlive(owner);
}

/** Bytes that are kept of what a command prints; a loop that prints for ever must not fill the disk. */
const LONGEST = 64 << 20;

/** What a command prints: passed on to this terminal as it comes, and kept in a file, both streams in the order they came. */
export class KeptOutput implements Output {
  readonly file: string;
  readonly #folder: string;
  #descriptor: number | undefined;
  #size = 0;

  readonly #print: (text: string) => void;
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  readonly #toTerminal: boolean;

  /** `print` takes it in place of the terminal; `forget` keeps nothing. */
  constructor(print: ((text: string) => void) | undefined, forget: boolean) {
    this.#toTerminal = print === undefined;
    this.#print = print ?? (() => undefined);
    this.#folder = mkdtempSync(join(tmpdir(), PREFIX));
    this.file = join(this.#folder, "output.log");
    try {
      writeFileSync(join(this.#folder, OWNER), JSON.stringify(ownMark()), { mode: 0o600 });
    } catch {
      // A full disk: it stays behind if this process is ended without warning, as nobody knows whose it is.
    }
    if (!forget) this.#descriptor = openSync(this.file, "wx", 0o600);
  }

  /** Nothing was printed. */
  get isEmpty(): boolean {
    return this.#size === 0;
  }

  write(chunk: Buffer, stream: "stdout" | "stderr"): void {
    if (this.#toTerminal) process[stream].write(chunk);
    else this.#print(this.#decoders[stream].write(chunk));
    if (this.#descriptor === undefined) return;
    this.#size += chunk.length;
    try {
      writeSync(this.#descriptor, this.#size > LONGEST ? Buffer.from("\nThe rest is not kept.\n") : chunk);
      if (this.#size > LONGEST) this.#close();
    } catch {
      // A full disk: the command must go on.
      this.#close();
    }
  }

  remove(): void {
    this.#close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
