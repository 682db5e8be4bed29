import { realpathSync } from "node:fs";
import { join } from "node:path";
import type { Metric } from "../../mlflow/entities.ts";
import { type Curve, readCurve } from "./metricFile.ts";
import { isInside, type Look } from "./stamps.ts";

/** The metrics of a run by key, each file read when it is first asked for. */
export class Curves implements Iterable<[string, Curve]> {
  readonly #folder: string;
  /** In the order of the keys; null = not read yet, undefined = without a line that can be read. */
  readonly #curves: Map<string, Curve | null | undefined>;
  #latest: Metric[] | undefined;

  private constructor(folder: string, curves: Map<string, Curve | null | undefined>) {
    this.#folder = folder;
    this.#curves = curves;
  }

  /** Curves that are known. */
  static of(curves: Curve[]): Curves {
    return new Curves("", new Map(curves.map((curve) => [curve.latest.key, curve])));
  }

  /** Those of the run that is looked at; each that was read `before` is read on. */
  static in(look: Look, before: Curves | undefined): Curves {
    const curves = new Map<string, Curve | null | undefined>();
    for (const key of look.keys("metrics")) {
      const path = `metrics/${key}`;
      const size = look.stat(path)?.size;
      if (size === undefined) continue;
      const known = before === undefined ? undefined : before.#curves.get(key);
      // A history only grows; what is shorter than before was written anew.
      const isOn = known && size >= known.end;
      curves.set(key, isOn ? readOn(join(look.folder, path), key, known) : null);
    }
    return new Curves(look.folder, curves);
  }

  get(key: string): Curve | undefined {
    const known = this.#curves.get(key);
    if (known !== null) return known;
    const curve = this.#read(key);
    if (curve !== null) this.#curves.set(key, curve);
    return curve ?? undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *[Symbol.iterator](): Generator<[string, Curve]> {
    for (const key of this.#curves.keys()) {
      const curve = this.get(key);
      if (curve !== undefined) yield [key, curve];
    }
  }

  /** The last point of each. */
  latest(): Metric[] {
    if (this.#latest !== undefined) return this.#latest;
    const latest = Array.from(this, ([, curve]) => curve.latest);
    if (this.isWhole()) this.#latest = latest;
    return latest;
  }

  isWhole(): boolean {
    return this.#latest !== undefined || [...this.#curves.values()].every((curve) => curve !== null);
  }

  /** A link may have come since the folder was listed. Null: the run is gone (moved with its experiment), so nobody knows. */
  #read(key: string): Curve | undefined | null {
    const path = join(this.#folder, "metrics", key);
    const real = realOf(this.#folder);
    const curve = real !== undefined && isInside(real, path) ? readOn(path, key, undefined) : undefined;
    return curve === undefined && realOf(this.#folder) === undefined ? null : curve;
  }
}

function realOf(folder: string): string | undefined {
  try {
    return realpathSync.native(folder);
  } catch {
    // Removed meanwhile.
    return undefined;
  }
}

function readOn(path: string, key: string, known: Curve | undefined): Curve | undefined {
  try {
    return readCurve(path, key, known);
  } catch {
    // Removed meanwhile, or not ours to read: as if it were missing.
    return undefined;
  }
}
