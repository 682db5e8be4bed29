import type { ValueLimits } from "../validation.ts";
import { HEADS } from "./schema.generated.ts";

// The releases of mlflow whose databases we know to the last column, and what each lets a value be.

/** The schema of one release. */
export interface SchemaHead {
  /** Such as `2.9.2`. */
  release: string;
  /** Of Alembic. */
  revision: string;
  statements: readonly number[];
  /** Each table with the digest of its columns. */
  shapes: ReadonlyMap<string, string>;
  limits: ValueLimits;
}

/** What each release changed of the limits before it (its utils/validation.py). */
const LIMIT_CHANGES: Readonly<Record<string, Partial<ValueLimits>>> = {
  "2.9.2": { param: 6_000 },
  "2.14.3": { cuts: true },
  "2.22.5": { tag: 8_000, datasetSchema: 1_048_575 },
  "3.1.4": { registryTag: 100_000 },
  "3.17.2": { experimentTag: 20_000 },
};
const FIRST_LIMITS: ValueLimits = {
  param: 500,
  tag: 5_000,
  experimentTag: 5_000,
  registryTag: 5_000,
  datasetSchema: 65_535,
  cuts: false,
};

/** Oldest first. */
export const SCHEMA_HEADS: readonly SchemaHead[] = readHeads();

/** The schema of databases that are made unless another is asked for. */
export const NEWEST_HEAD: SchemaHead = newest(SCHEMA_HEADS);

/** Revisions between two releases whose tables are, column by column, those of the release beside them. */
const TWINS: Readonly<Record<string, string>> = {
  "867495a8f9d4": "2.14.3",
  "4465047574b1": "2.14.3",
  f5a4f2784254: "2.22.5",
};

/** Tables that other programs, or we, keep beside MLflow's are no matter. */
export const KNOWN_TABLES: ReadonlySet<string> = new Set(SCHEMA_HEADS.flatMap(({ shapes }) => [...shapes.keys()]));

/** The head with this revision. */
export function headOf(revision: string): SchemaHead | undefined {
  return SCHEMA_HEADS.find((head) => head.revision === revision);
}

/** The head of a database, if every table is, column by column, as that head has it: only then is writing safe. */
export function recognizeHead(
  revision: string | undefined,
  shapes: ReadonlyMap<string, string>,
): SchemaHead | undefined {
  const release = TWINS[revision ?? ""];
  const head = SCHEMA_HEADS.find((one) => one.revision === revision || one.release === release);
  if (head === undefined) return undefined;
  const tables = [...shapes].filter(([table]) => KNOWN_TABLES.has(table));
  const same = tables.length === head.shapes.size && tables.every(([table, shape]) => head.shapes.get(table) === shape);
  return same ? head : undefined;
}

/**
 * The head that a release of mlflow, such as `3.6.0`, creates and accepts: known for the eight releases and for those
 * that differ from one of them in the last number only.
 */
export function headOfRelease(release: string): SchemaHead | undefined {
  // mlflow 3.1.0 has one revision less than 3.1.1 to 3.1.4.
  if (!/^\d+\.\d+\.\d+$/.test(release) || release === "3.1.0") return undefined;
  const series = (text: string) => text.replace(/\.\d+$/, "");
  return SCHEMA_HEADS.find((head) => series(head.release) === series(release));
}

function readHeads(): SchemaHead[] {
  const shapes = new Map<string, string>();
  let limits = FIRST_LIMITS;
  return HEADS.map(({ release, revision, statements, tables }) => {
    for (const [table, shape] of Object.entries(tables)) {
      if (shape === "") shapes.delete(table);
      else shapes.set(table, shape);
    }
    limits = { ...limits, ...LIMIT_CHANGES[release] };
    return { release, revision, statements, shapes: new Map(shapes), limits };
  });
}

function newest(heads: readonly SchemaHead[]): SchemaHead {
  const head = heads.at(-1);
  if (head === undefined) throw new Error("schema.generated.ts is empty.");
  return head;
}
