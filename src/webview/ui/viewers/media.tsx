import { formatBytes } from "../format.ts";
import { mediaType } from "./kinds.ts";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";

/** A sound. */
export function AudioViewer(props: ViewerProps) {
  return <Media {...props} kind="audio" />;
}

/** A film. */
export function VideoViewer(props: ViewerProps) {
  return <Media {...props} kind="video" />;
}

function Media({ reader, version, fail, kind }: ViewerProps & { kind: "audio" | "video" }) {
  const made = useWhole(
    async (signal) => {
      const blob = await reader.blob(mediaType(reader.path, kind), signal);
      return { url: URL.createObjectURL(blob), size: blob.size };
    },
    version,
    fail,
    ({ url }) => URL.revokeObjectURL(url),
  );
  if (made === undefined) return <Progress share={reader.progress.value} />;
  const onError = () => fail(new Error(`${reader.name} cannot be played here: the editor has no decoder for it.`));
  const shared = { src: made.url, controls: true, onError, "aria-label": reader.name };
  return (
    <div class="textViewer">
      <div class="mediaRoom">{kind === "audio" ? <audio {...shared} /> : <video {...shared} />}</div>
      <div class="viewerBar">
        <span class="dim num">{formatBytes(made.size)}</span>
      </div>
    </div>
  );
}

/** How much of a file is read. */
export function Progress({ share }: { share: number }) {
  if (share === 0 || share >= 1) return null;
  return (
    <div
      class="readShare"
      role="progressbar"
      aria-label="Reading"
      aria-valuenow={Math.round(share * 100)}
      style={{ width: `${share * 100}%` }}
    />
  );
}
