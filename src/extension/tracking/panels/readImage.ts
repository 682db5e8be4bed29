import { MlflowError } from "../../../mlflow/errors.ts";
import { LONGEST_PIECE } from "../../../protocol/artifacts.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { ArtifactStore } from "../../../store/artifactStore.ts";

/** Larger pictures are not drawn in a grid. */
const LARGEST = 20_000_000;

const TYPES: Record<string, string> = {
  png: "image/png",
  webp: "image/webp",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
};

/** A picture as a `data:` URI, read piece by piece. Only pixels: an SVG could ask for more. */
export async function readImage(
  store: Pick<Remote<ArtifactStore>, "readArtifact">,
  { run_id, path }: { run_id: string; path: string },
): Promise<{ source: string }> {
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  if (type === undefined) throw new MlflowError("INVALID_PARAMETER_VALUE", `${path} is no picture.`);
  const pieces: Uint8Array[] = [];
  let read = 0;
  for (;;) {
    const { bytes, size } = await store.readArtifact({ run_id, path, offset: read, length: LONGEST_PIECE });
    if (size > LARGEST) throw new MlflowError("INVALID_PARAMETER_VALUE", `${path} is larger than 20 MB.`);
    pieces.push(bytes);
    read += bytes.length;
    if (bytes.length === 0 || read >= size) break;
  }
  return { source: `data:${type};base64,${Buffer.concat(pieces).toString("base64")}` };
}
