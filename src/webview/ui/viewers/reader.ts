import { type Signal, signal } from "@preact/signals";
import type { ModelEnvironment, ModelFile } from "../../../mlflow/modelFile.ts";
import {
  type ArtifactPiece,
  type ArtifactPieceQuery,
  LONGEST_PIECE,
  type RowIndex,
  type RowIndexQuery,
} from "../../../protocol/artifacts.ts";

/** What viewers may ask about the artifacts of a run. */
export interface ArtifactAccess {
  read(query: ArtifactPieceQuery): Promise<ArtifactPiece>;
  index(query: RowIndexQuery): Promise<RowIndex>;
  model(query: { path: string }): Promise<ModelFile>;
  /** Of the model whose MLmodel file it is. */
  environment(query: { path: string }): Promise<ModelEnvironment>;
  /** Opens the file in the editor that VS Code has for it. */
  open(path: string): void;
  save(path: string): void;
  /** Opens a web address outside. */
  link(href: string): void;
}

/** Larger files (bytes) are read whole only when the person says so. */
export const LARGE = 50_000_000;

/** One file, read in pieces. */
export class ArtifactReader {
  readonly path: string;
  readonly access: ArtifactAccess;
  /** Share of the file that `whole` has read so far, 0 to 1. */
  readonly progress: Signal<number> = signal(0);
  /** The whole file, as the last piece that was read told it. */
  last: Pick<ArtifactPiece, "size" | "modified"> | undefined;

  constructor(access: ArtifactAccess, path: string) {
    this.access = access;
    this.path = path;
  }

  get name(): string {
    return this.path.split("/").at(-1) ?? this.path;
  }

  async piece(offset: number, length: number): Promise<ArtifactPiece> {
    const piece = await this.access.read({ path: this.path, offset, length: Math.min(length, LONGEST_PIECE) });
    this.last = piece;
    return piece;
  }

  async size(): Promise<number> {
    return (await this.piece(0, 0)).size;
  }

  /** `from` to `to`, however many pieces that takes. */
  async range(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, to - from));
    let at = 0;
    while (at < bytes.length) {
      const { bytes: more } = await this.piece(from + at, bytes.length - at);
      if (more.length === 0) break;
      bytes.set(more, at);
      at += more.length;
    }
    return bytes.subarray(0, at);
  }

  /** The parts of the whole file; given up when `signal` aborts. */
  parts(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>[]> {
    const read = async (offset: number, length: number) => {
      const piece = await this.piece(offset, length);
      signal.throwIfAborted();
      this.progress.value = piece.size === 0 ? 1 : (offset + piece.bytes.length) / piece.size;
      return piece;
    };
    return readParts(read);
  }

  async blob(type: string, signal: AbortSignal): Promise<Blob> {
    return new Blob(await this.parts(signal), { type });
  }

  async text(signal: AbortSignal): Promise<string> {
    return (await this.blob("text/plain", signal)).text();
  }
}

/** A whole file in the parts that `read` gives of it. */
export async function readParts(
  read: (offset: number, length: number) => Promise<ArtifactPiece>,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (;;) {
    const { bytes, size } = await read(at, LONGEST_PIECE);
    if (bytes.length > 0) parts.push(new Uint8Array(bytes));
    at += bytes.length;
    if (bytes.length === 0 || at >= size) return parts;
  }
}
