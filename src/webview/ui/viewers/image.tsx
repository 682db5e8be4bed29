import { useState } from "preact/hooks";
import { formatBytes, formatCount } from "../format.ts";
import { mediaType } from "./kinds.ts";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";
import { ZoomPane } from "./zoomPane.tsx";

/** An image; an SVG too, which as an image runs no script and loads nothing. */
export function ImageViewer({ reader, version, fail }: ViewerProps) {
  const [natural, setNatural] = useState<{ width: number; height: number } | undefined>(undefined);
  const made = useWhole(
    async (signal) => {
      const blob = await reader.blob(mediaType(reader.path, "image"), signal);
      return { url: URL.createObjectURL(blob), size: blob.size };
    },
    version,
    fail,
    ({ url }) => URL.revokeObjectURL(url),
  );
  if (made === undefined) return null;
  const onLoad = (event: Event & { currentTarget: HTMLImageElement }) => {
    // An SVG may say no size of its own.
    const { naturalWidth, naturalHeight } = event.currentTarget;
    setNatural({ width: naturalWidth || 480, height: naturalHeight || 360 });
  };
  const onError = () => fail(new Error(`${reader.name} is no image that can be drawn: it may be cut off.`));
  const shape = natural ?? { width: 1, height: 1 };
  const note = (
    <span class="dim num cut">
      {natural === undefined ? "" : `${formatCount(shape.width)} × ${formatCount(shape.height)} · `}
      {formatBytes(made.size)}
    </span>
  );
  return (
    <ZoomPane label={reader.name} width={shape.width} height={shape.height} note={note}>
      <img src={made.url} alt={reader.name} class="viewedImage" draggable={false} onLoad={onLoad} onError={onError} />
    </ZoomPane>
  );
}
