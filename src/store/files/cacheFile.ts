import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Curves } from "./curves.ts";
import type { Item } from "./shelf.ts";
import type { Curve } from "./metricFile.ts";
import type { StoredRun } from "./runFolder.ts";
import { sharePaths, type Stamps } from "./stamps.ts";

/** Changes when what is kept, or how it is read, changes: an older cache is then passed over. */
const FORMAT = 1;

type Kept = [name: string, stamps: Stamps, run: Pick<StoredRun, "run" | "artifact_uri"> | null, curves: Curve[]];

/** What was read of an experiment's runs, kept outside the store so that the next session need not read it again. */
export class RunCache {
  readonly #folder: string;

  /** `cacheFolder` is ours to write in; `root` is the store's folder. */
  constructor(cacheFolder: string, root: string) {
    this.#folder = join(cacheFolder, createHash("sha256").update(root).digest("hex").slice(0, 16));
  }

  /** The runs kept for an experiment; none when there is no cache that can be read. */
  read(experiment_id: string): [string, Item<StoredRun>][] {
    const kept = parse(readOrNothing(this.#file(experiment_id)));
    return kept.map(([name, stamps, run, list]) => {
      if (run === null) return [name, { value: undefined, stamps: sharePaths(stamps) }];
      const curves = Curves.of(list);
      run.run.data.metrics = curves.latest();
      return [name, { value: { ...run, curves, isWhole: () => true }, stamps: sharePaths(stamps) }];
    });
  }

  /** Never throws: without a cache everything is only slower. */
  write(experiment_id: string, items: Iterable<[string, Item<StoredRun>]>): void {
    const kept: Kept[] = [];
    for (const [name, { value, stamps }] of items) {
      if (value === undefined) {
        kept.push([name, stamps, null, []]);
        continue;
      }
      const { run, artifact_uri, curves } = value;
      const slim = { ...run, data: { ...run.data, metrics: [] } };
      kept.push([name, stamps, { run: slim, artifact_uri }, Array.from(curves, ([, curve]) => curve)]);
    }
    const file = this.#file(experiment_id);
    const draft = `${file}.${randomUUID().slice(0, 8)}`;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(draft, JSON.stringify({ format: FORMAT, kept }, spell), { mode: 0o600 });
      renameSync(draft, file);
    } catch {
      // A full disk or a folder that is not ours.
      rmSync(draft, { force: true });
    }
  }

  #file(experiment_id: string): string {
    return join(this.#folder, `${createHash("sha256").update(experiment_id).digest("hex").slice(0, 16)}.json`);
  }
}

const ODD: Readonly<Record<string, number>> = {
  "%NaN": Number.NaN,
  "%Infinity": Number.POSITIVE_INFINITY,
  "%-Infinity": Number.NEGATIVE_INFINITY,
  "%-0": -0,
};

/** JSON has no NaN, infinities or negative zero. */
function spell(key: string, value: unknown): unknown {
  if (key !== "value" || typeof value !== "number") return value;
  if (Object.is(value, -0)) return "%-0";
  return Number.isFinite(value) ? value : `%${value}`;
}

/** The border where the cache's content enters: it is ours, written under this format. */
function parse(text: string): Kept[] {
  try {
    const content = JSON.parse(text) as { format?: unknown; kept: Kept[] };
    if (content.format !== FORMAT) return [];
    for (const [, , , curves] of content.kept) for (const { latest } of curves) latest.value = unspell(latest.value);
    return content.kept;
  } catch {
    // None yet, or cut off.
    return [];
  }
}

function unspell(value: unknown): number {
  return typeof value === "number" ? value : (ODD[String(value)] ?? Number.NaN);
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // None yet.
    return "";
  }
}
