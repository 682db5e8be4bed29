import { type Signal, signal } from "@preact/signals";
import type { ComparedFile, ComparedKey, CompareHost } from "../../../protocol/panels/compare.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { inTurn } from "../../ui/inTurn.ts";
import { mediaType } from "../../ui/viewers/kinds.ts";
import { LARGE, readParts } from "../../ui/viewers/reader.ts";

// What is read of two runs' artifacts. Changes may come faster than an answer: one question at a time, and each answer is shown.

export interface ListedFiles {
  files: ComparedFile[];
  more: boolean;
}

export interface RunPair {
  left: ComparedKey;
  right: ComparedKey;
}

/** The files of two runs by path. */
export class PairFiles {
  /** What was listed last stays while it is listed again. */
  readonly listed: Signal<ListedFiles | undefined> = signal(undefined);
  readonly failure: Signal<unknown> = signal(undefined);
  /** Lists them again. */
  readonly refresh: () => void;

  constructor(host: Pick<Remote<CompareHost>, "files">, pair: RunPair) {
    this.refresh = inTurn(async () => {
      try {
        const found = await host.files(pair);
        if (JSON.stringify(found) !== JSON.stringify(this.listed.peek())) this.listed.value = found;
        this.failure.value = undefined;
      } catch (error) {
        this.failure.value = error;
      }
    });
  }
}

/** The same picture of two runs; its bytes are read again only when one of them is another file. */
export class PairPicture {
  readonly blobs: Signal<readonly [Blob, Blob] | undefined> = signal(undefined);
  readonly failure: Signal<unknown> = signal(undefined);
  /** Looks whether they are still the same files. */
  readonly look: () => void;
  readonly #host: Pick<Remote<CompareHost>, "readArtifact">;
  #stamps = "";

  constructor(host: Pick<Remote<CompareHost>, "readArtifact">, { left, right }: RunPair, path: string) {
    this.#host = host;
    this.look = inTurn(async () => {
      try {
        const stamps = (await Promise.all([this.#stampOf(left, path), this.#stampOf(right, path)])).join(" | ");
        if (stamps !== this.#stamps) {
          this.blobs.value = await Promise.all([this.#read(left, path), this.#read(right, path)]);
          this.#stamps = stamps;
        }
        this.failure.value = undefined;
      } catch (error) {
        this.failure.value = error;
      }
    });
  }

  async #stampOf(run: ComparedKey, path: string): Promise<string> {
    const { size, modified } = await this.#host.readArtifact({ ...run, path, offset: 0, length: 0 });
    return `${size} ${modified ?? ""}`;
  }

  async #read(run: ComparedKey, path: string): Promise<Blob> {
    const parts = await readParts(async (offset, length) => {
      const piece = await this.#host.readArtifact({ ...run, path, offset, length });
      if (piece.size > LARGE) throw new Error(`${path} is larger than 50 MB: too large to be laid over another.`);
      return piece;
    });
    return new Blob(parts, { type: mediaType(path, "image") });
  }
}
