import type { ArtifactOwner, ArtifactStore } from "../../store/artifactStore.ts";

/** Bytes; no MLmodel and no list of packages has more. */
const LARGEST = 1_000_000;

/** A small text among the artifacts of a run or a logged model, cut at `length` bytes; undefined when it is not there or cannot be read. */
export async function readText(
  store: Pick<ArtifactStore, "readArtifact">,
  owner: ArtifactOwner,
  path: string,
  length = LARGEST,
): Promise<string | undefined> {
  const piece = await store.readArtifact({ ...owner, path, offset: 0, length }).catch(() => undefined);
  return piece === undefined ? undefined : new TextDecoder().decode(piece.bytes);
}
