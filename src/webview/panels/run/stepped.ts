import type { FileInfo } from "../../../mlflow/entities.ts";

// Images that `mlflow.log_image(image, key=…, step=…)` wrote: one file a step, and a small copy beside each.

/** One image of several with the same key. */
export interface Frame {
  step: number;
  /** ms since the epoch. */
  timestamp: number;
  path: string;
  size: number | undefined;
}

/** Images of one key, by step. */
export interface SteppedImage {
  /** Stands for all of them: their folder and key. */
  path: string;
  key: string;
  frames: Frame[];
}

/** mlflow up to 3.9 wrote `%` between the parts of a name, later ones write `+`; `/` in a key is `~`, before it was `#`. */
const NAME = /^(.+?)([%+])step\2(\d+)\2timestamp\2(\d+)\2([0-9a-f-]{36})(\2compressed)?\.(\w+)$/i;

/** Files and the images with steps among them, which then stand for their files. */
export function withSteps(files: FileInfo[]): { files: FileInfo[]; stepped: SteppedImage[] } {
  const byKey = new Map<string, SteppedImage>();
  const others: FileInfo[] = [];
  for (const file of files) {
    const at = file.path.lastIndexOf("/") + 1;
    const [, name, , step, timestamp, , compressed] = NAME.exec(file.is_dir ? "" : file.path.slice(at)) ?? [];
    if (name === undefined) {
      others.push(file);
      continue;
    }
    if (compressed !== undefined) continue;
    const key = name.replaceAll(/[~#]/g, "/");
    const path = file.path.slice(0, at) + name;
    const known = byKey.get(path) ?? { path, key, frames: [] };
    known.frames.push({ step: Number(step), timestamp: Number(timestamp), path: file.path, size: file.file_size });
    byKey.set(path, known);
  }
  for (const { frames } of byKey.values()) frames.sort((a, b) => a.step - b.step || a.timestamp - b.timestamp);
  return { files: others, stepped: [...byKey.values()] };
}

/** The image of a step: the last one logged at or before it; -1 is the last of all. */
export function frameAt(frames: Frame[], step: number): Frame | undefined {
  if (step < 0) return frames.at(-1);
  return frames.findLast((frame) => frame.step <= step) ?? frames[0];
}
