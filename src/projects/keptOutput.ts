import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { FileInfo } from "../mlflow/entities.ts";
import type { ArtifactStore } from "../store/artifactStore.ts";
import type { Output } from "../processes/processes.ts";

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
    this.#folder = mkdtempSync(join(tmpdir(), "flowdeck-output-"));
    this.file = join(this.#folder, "output.log");
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
