// What an MLmodel file says of a model (mlflow 3.17).

/** One input, output or inference parameter of a signature. */
export interface ModelColumn {
  /** Absent: it has only a place. */
  name?: string;
  /** In words: `double`, `array<string>`, `float32 (-1, 3)`. */
  type: string;
  required: boolean;
  /** Of an inference parameter, as it is written. */
  default?: string;
}

export interface ModelFile {
  /** `sklearn 1.5.0`, `python_function`: each with its version where it tells one. */
  flavors: { name: string; version?: string }[];
  model_id?: string;
  run_id?: string;
  mlflow_version?: string;
  utc_time_created?: string;
  /** Bytes of the whole model. */
  size?: number;
  /** Absent: no signature was logged. */
  signature?: { inputs: ModelColumn[]; outputs: ModelColumn[]; params: ModelColumn[] };
  /** Path of the input example below the model. */
  input_example?: string;
}

/** A package (or `python`) that an interpreter has otherwise than a model was logged with. */
export interface RequirementMismatch {
  /** As pip compares names: `scikit-learn`. */
  name: string;
  /** What was logged: the version of a pin, `1.5.0`, else what is asked for, `>=1.2,<2`; empty: any version. */
  logged: string;
  /** Absent: it is not installed there. */
  here?: string;
}
