// What `mlflow.log_image(key=…, step=…)` names its files: mlflow 3.17 with "+" and "~", older releases with "%" and "#".

export interface LoggedImage {
  run_id: string;
  key: string;
  step: number;
  timestamp: number;
  path: string;
  /** The small copy that MLflow makes beside the picture. */
  compressed: boolean;
}

const NAME = /^images\/(.+)([+%])step\2(\d+)\2timestamp\2(\d+)\2([^+%]+?)(\2compressed)?\.(png|webp|jpe?g|gif)$/;

/** The picture that a path is of; undefined for other files. */
export function loggedImage(run_id: string, path: string): LoggedImage | undefined {
  const [, name = "", sign, step, timestamp, , compressed] = NAME.exec(path) ?? [];
  if (sign === undefined) return undefined;
  const key = name.replaceAll(sign === "+" ? "~" : "#", "/");
  return { run_id, key, step: Number(step), timestamp: Number(timestamp), path, compressed: compressed !== undefined };
}

/** One picture for each run and step, in step order: the newest, and the small copy where there is one. */
export function imagesOf(images: LoggedImage[], key: string): Map<string, LoggedImage[]> {
  const found = new Map<string, Map<number, LoggedImage>>();
  for (const image of images) {
    if (image.key !== key) continue;
    const steps = found.get(image.run_id) ?? new Map<number, LoggedImage>();
    found.set(image.run_id, steps);
    const before = steps.get(image.step);
    const better =
      before === undefined ||
      image.timestamp > before.timestamp ||
      (image.timestamp === before.timestamp && image.compressed);
    if (better) steps.set(image.step, image);
  }
  return new Map([...found].map(([run_id, steps]) => [run_id, [...steps.values()].sort((a, b) => a.step - b.step)]));
}

/** The last picture at or before `step`. */
export function imageAt(images: LoggedImage[], step: number): LoggedImage | undefined {
  return images.findLast((image) => image.step <= step);
}
