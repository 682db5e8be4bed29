import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ComparedRun } from "../../../protocol/panels/compare.ts";
import { Slider } from "../../ui/controls.tsx";
import { messageOf } from "../../ui/errors.ts";
import { countOf } from "../../ui/format.ts";
import { PairPicture } from "./pairFiles.ts";
import { changedShare } from "./pixels.ts";
import type { Props } from "./props.ts";
import { IMAGE_MODES, type ImageMode } from "./savedView.ts";

const MODE_WORDS: Record<ImageMode, string> = { slider: "Slider", overlay: "Overlay", difference: "Difference" };

interface ImageProps extends Props {
  left: ComparedRun;
  right: ComparedRun;
  path: string;
  version: number;
}

/** The same picture of two runs: a line to drag between them, one through the other, or what differs. */
export function ImageDiff({ model, host, left, right, path, version }: ImageProps) {
  const urls = useSignal<[string, string] | undefined>(undefined);
  const picture = useMemo(() => {
    const key = ({ uri, run_id }: ComparedRun) => ({ uri, run_id });
    return new PairPicture(host, { left: key(left), right: key(right) }, path);
  }, [host, path]);
  const share = useSignal(0.5);
  const { imageMode } = model.arrangement.value;
  useEffect(() => picture.look(), [picture, version]);
  const blobs = picture.blobs.value;
  useEffect(() => {
    if (blobs === undefined) return undefined;
    const made: [string, string] = [URL.createObjectURL(blobs[0]), URL.createObjectURL(blobs[1])];
    urls.value = made;
    return () => made.forEach((url) => URL.revokeObjectURL(url));
  }, [blobs]);
  const failure = picture.failure.value;
  if (failure !== undefined) return <p class="emptyChart">{messageOf(failure)}</p>;
  if (urls.value === undefined) return null;
  return (
    <div class="imageDiff">
      <div class="imageBar">
        <div class="modes" role="radiogroup" aria-label="How the pictures are compared">
          {IMAGE_MODES.map((mode) => (
            <button
              key={mode}
              type="button"
              class="ghost"
              role="radio"
              aria-checked={mode === imageMode}
              onClick={() => model.change({ imageMode: mode })}
            >
              {MODE_WORDS[mode]}
            </button>
          ))}
        </div>
        {imageMode === "difference" ? null : (
          <Slider
            label={
              imageMode === "slider"
                ? "Where the line between the pictures is"
                : "How much of the right picture is seen"
            }
            min={0}
            max={1}
            step={0.01}
            value={share.value}
            onInput={(value) => {
              share.value = value;
            }}
          />
        )}
      </div>
      {imageMode === "difference" ? (
        <Difference urls={urls.value} names={[left.run_name, right.run_name]} />
      ) : (
        <Layers mode={imageMode} urls={urls.value} share={share.value} left={left} right={right} path={path} />
      )}
    </div>
  );
}

interface LayerProps {
  mode: "slider" | "overlay";
  urls: [string, string];
  share: number;
  left: ComparedRun;
  right: ComparedRun;
  path: string;
}

function Layers({ mode, urls, share, left, right, path }: LayerProps) {
  const cut = `${share * 100}%`;
  const top = mode === "slider" ? { clipPath: `inset(0 0 0 ${cut})` } : { opacity: share };
  return (
    <div class="layers">
      <img src={urls[0]} alt={`${path} of ${left.run_name}`} />
      <img src={urls[1]} alt={`${path} of ${right.run_name}`} class="over" style={top} />
      {mode === "slider" ? <span class="cutLine" style={{ left: cut }} aria-hidden="true" /> : null}
      <span class="imageName left">{left.run_name}</span>
      <span class="imageName right">{right.run_name}</span>
    </div>
  );
}

/** Black where both are equal. */
function Difference({ urls, names }: { urls: [string, string]; names: [string, string] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const told = useSignal("");
  useEffect(() => {
    let current = true;
    const draw = async () => {
      const [first, second] = await Promise.all(urls.map(loadImage));
      const context = canvas.current?.getContext("2d", { willReadFrequently: true });
      if (!current || canvas.current === null || !context || first === undefined || second === undefined) return;
      const [width, height] = [
        Math.max(first.naturalWidth || 480, second.naturalWidth || 480),
        Math.max(first.naturalHeight || 360, second.naturalHeight || 360),
      ];
      Object.assign(canvas.current, { width, height });
      context.drawImage(first, 0, 0);
      context.globalCompositeOperation = "difference";
      context.drawImage(second, 0, 0);
      // What only one picture covers stays as it is there.
      const { data } = context.getImageData(0, 0, width, height);
      const { pixels, share } = changedShare(data);
      told.value =
        pixels === 0
          ? "The pictures are equal"
          : `${countOf(pixels, "pixel")} differ${pixels === 1 ? "s" : ""}, ${share}`;
    };
    draw().catch((error: unknown) => {
      if (current) told.value = messageOf(error);
    });
    return () => {
      current = false;
    };
  }, [urls]);
  return (
    <>
      <div class="layers">
        <canvas ref={canvas} role="img" aria-label={`Difference of ${names[0]} and ${names[1]}: ${told.value}`} />
      </div>
      <p class="small dim num" role="status">
        {told.value}
      </p>
    </>
  );
}

function loadImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  return image.decode().then(() => image);
}
