import type { StepLog } from "../../protocol/panels/workflow.ts";
import { findKeptOutput, OUTPUT_ARTIFACT } from "../../projects/keptOutput.ts";
import type { ArtifactStore } from "../../store/artifactStore.ts";
import { stepLogOf } from "./stepLog.ts";

/** Bytes of a log that are looked at for its end. */
const END_OF_LOG = 32 << 10;

/** The end of what a run printed; without lines where nothing was kept. */
export async function readStepLog(
  store: Pick<ArtifactStore, "listArtifacts" | "readArtifact">,
  run_id: string,
): Promise<StepLog> {
  const size = (await findKeptOutput(store, run_id))?.file_size ?? 0;
  if (size === 0) return { lines: [], isCut: false };
  const offset = Math.max(0, size - END_OF_LOG);
  const { bytes } = await store.readArtifact({ run_id, path: OUTPUT_ARTIFACT, offset, length: END_OF_LOG });
  const text = new TextDecoder().decode(bytes);
  // The first line of a piece may have lost its beginning.
  return stepLogOf(offset === 0 ? text : text.slice(text.indexOf("\n") + 1), offset > 0);
}
