// How a version of a registered model differs from another one.
import type { KeyValue } from "../mlflow/entities.ts";
import type { ModelFile } from "../mlflow/modelFile.ts";
import type {
  MetricDifference,
  SignatureDifference,
  TextDifference,
  VersionDifferences,
} from "../mlflow/modelVersions.ts";
import type { Signature, SignaturePart } from "../mlflow/signature/types.ts";
import { SIGNATURE_PARTS } from "../mlflow/signature/types.ts";
import { paramWords, schemaWords } from "../mlflow/signature/words.ts";

/** What is known of a version. */
export interface VersionFacts {
  /** Of its run or its logged model, the latest value of each key. */
  metrics: readonly { key: string; value: number }[];
  params: readonly KeyValue[];
  /** Absent: its MLmodel cannot be read. */
  file?: ModelFile;
  /** Packages and their versions, and `python`, as its environment files tell; absent: they cannot be read. */
  packages?: ReadonlyMap<string, string>;
}

/** `directionOf`: which way a metric is better. */
export function compareVersions(
  version: VersionFacts,
  against: VersionFacts,
  directionOf: (metricKey: string) => "lower" | "higher",
): VersionDifferences {
  const [file, other] = [version.file, against.file];
  const size = {
    ...(file?.size === undefined ? {} : { value: file.size }),
    ...(other?.size === undefined ? {} : { against: other.size }),
  };
  return {
    metrics: compareMetrics(version, against, directionOf),
    params: texts(textsOf(version.params), textsOf(against.params)),
    signature: compareSignatures(file, other),
    environment: compareEnvironments(version.packages, against.packages),
    flavors: texts(flavorsOf(file), flavorsOf(other)),
    size,
  };
}

function compareMetrics(
  version: VersionFacts,
  against: VersionFacts,
  directionOf: (metricKey: string) => "lower" | "higher",
): MetricDifference[] {
  const mine = new Map(version.metrics.map(({ key, value }) => [key, value]));
  const others = new Map(against.metrics.map(({ key, value }) => [key, value]));
  return keysOf(mine, others).map((key): MetricDifference => {
    const direction = directionOf(key);
    const [value, other] = [mine.get(key), others.get(key)];
    const values = { ...(value === undefined ? {} : { value }), ...(other === undefined ? {} : { against: other }) };
    if (value === undefined || other === undefined || Number.isNaN(value) || Number.isNaN(other)) {
      return { key, ...values, direction, verdict: "unknown" };
    }
    const verdict = value === other ? "same" : value > other === (direction === "higher") ? "better" : "worse";
    const difference = value === other ? 0 : value - other;
    return { key, ...values, ...(Number.isFinite(difference) ? { difference } : {}), direction, verdict };
  });
}

function compareSignatures(file: ModelFile | undefined, other: ModelFile | undefined): VersionDifferences["signature"] {
  if (file === undefined || other === undefined) return { state: "unknown", rows: [] };
  if (file.signature === undefined && other.signature === undefined) return { state: "absent", rows: [] };
  const rows = SIGNATURE_PARTS.flatMap((part): SignatureDifference[] => {
    const mine = new Map(partOf(file.signature, part));
    const others = new Map(partOf(other.signature, part));
    return texts(mine, others).map((row) => ({ part, ...row }));
  });
  const oneHasNone = file.signature === undefined || other.signature === undefined;
  const sameOrder = (["inputs", "outputs"] as const).every(
    (part) => orderOf(file.signature, part) === orderOf(other.signature, part),
  );
  const same = !oneHasNone && sameOrder && rows.every((row) => row.same);
  return { state: same ? "same" : "differs", rows };
}

/** Columns are asked for by their place too. */
function orderOf(signature: Signature | undefined, part: SignaturePart): string {
  return JSON.stringify(partOf(signature, part).map(([name]) => name));
}

/** Names of a part of the signature, or places where there are none, with what they take. */
function partOf(signature: Signature | undefined, part: SignaturePart): [name: string, words: string][] {
  if (part === "params") {
    return (signature?.params ?? []).map((param) => [param.name, `${paramWords(param)} = ${param.default}`]);
  }
  const schema = signature?.[part];
  const columns = schema === undefined ? [] : schemaWords(schema);
  return columns.map(({ name, words, required }) => [name, required ? words : `${words}, optional`]);
}

function compareEnvironments(
  packages: ReadonlyMap<string, string> | undefined,
  others: ReadonlyMap<string, string> | undefined,
): VersionDifferences["environment"] {
  if (packages === undefined || others === undefined) return { state: "unknown", rows: [] };
  const rows = texts(packages, others).toSorted((one, other) => first(one) - first(other));
  return { state: rows.every(({ same }) => same) ? "same" : "differs", rows };
}

function first({ key }: TextDifference): number {
  return key === "python" ? 0 : 1;
}

/** The wrapper for Python is told by no version of its own. */
function flavorsOf(file: ModelFile | undefined): Map<string, string> {
  return new Map(file?.flavors.map(({ name, version }) => [name, version ?? ""]) ?? []);
}

function textsOf(values: readonly KeyValue[]): Map<string, string> {
  return new Map(values.map(({ key, value }) => [key, value]));
}

function texts(mine: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>): TextDifference[] {
  return keysOf(mine, others).map((key) => {
    const [value, against] = [mine.get(key), others.get(key)];
    const values = { ...(value === undefined ? {} : { value }), ...(against === undefined ? {} : { against }) };
    return { key, ...values, same: value === against };
  });
}

/** In the order of the first, then what only the second has. */
function keysOf(mine: ReadonlyMap<string, unknown>, others: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...mine.keys(), ...others.keys()])];
}
