import type { ModelStage, ModelVersion } from "./entities.ts";
import { parseModelsUri } from "./uris.ts";

// What is said of versions of registered models beside each other and over time.

/** The logged model (mlflow 3) that a version is; undefined for one of an older mlflow, or of files alone. */
export function loggedModelOf({
  model_id,
  source = "",
}: Pick<ModelVersion, "model_id" | "source">): string | undefined {
  const named = parseModelsUri(source);
  return model_id || (named?.kind === "model" ? named.model_id : undefined);
}

export function newestFirst(versions: readonly ModelVersion[]): ModelVersion[] {
  return versions.toSorted((one, other) => Number(other.version) - Number(one.version));
}

interface Act {
  /** ms since the epoch. */
  time: number;
  who: string;
  /** The version it is told of. */
  version: string;
}

/** An alias was set, moved or removed; `from` and `to` are the versions that had and have it. */
export interface AliasAct extends Act {
  what: "alias";
  alias: string;
  from?: string;
  to?: string;
}

/** A version came into another stage. */
export interface StageAct extends Act {
  what: "stage";
  from: ModelStage;
  to: ModelStage;
  /** Versions of that stage that were archived with it. */
  archived: string[];
}

/** A change of a stage or an alias that was made through Flowdeck. */
export type HistoryEntry = AliasAct | StageAct;

/** A value of one version beside that of another; absent: it has none. */
export interface TextDifference {
  key: string;
  value?: string;
  against?: string;
  same: boolean;
}

export interface MetricDifference {
  key: string;
  value?: number;
  against?: number;
  /** `value - against`; absent where one of them is not logged or not finite. */
  difference?: number;
  direction: "lower" | "higher";
  verdict: "better" | "worse" | "same" | "unknown";
}

export interface SignatureDifference extends TextDifference {
  part: "inputs" | "outputs" | "params";
}

/** How a version differs from another one, `against`. Every key of either is there, those that differ and those that do not. */
export interface VersionDifferences {
  metrics: MetricDifference[];
  params: TextDifference[];
  /** `unknown`: the files of one of them cannot be read; `absent`: neither has one. */
  signature: { state: "same" | "differs" | "absent" | "unknown"; rows: SignatureDifference[] };
  /** Packages, and `python` first; `unknown`: the files of one of them cannot be read. */
  environment: { state: "same" | "differs" | "unknown"; rows: TextDifference[] };
  flavors: TextDifference[];
  /** Bytes of the whole model. */
  size: { value?: number; against?: number };
}
