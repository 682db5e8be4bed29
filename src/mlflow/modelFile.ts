import type { Signature } from "./signature/types.ts";

// What an MLmodel file says of a model (mlflow 3.17), and the files beside it.

export interface ModelFlavor {
  name: string;
  /** Of the flavor's package: `1.5.0` of sklearn. */
  version?: string;
  /** Of python_function: the module that loads the model. */
  loader_module?: string;
  /** How it is pickled: `cloudpickle`, `pickle`, `skops`. */
  serialization_format?: string;
}

/** Paths are below the model. */
export interface SavedInputExample {
  artifact_path: string;
  /** The same as a request to a scoring server (from mlflow 2.16 on). */
  serving_input_path?: string;
  /** `dataframe`, `ndarray`, `json_object`, `sparse_matrix_csr`… */
  type?: string;
  /** The file holds params beside the inputs. */
  params: boolean;
}

/** What Python loads the model with: its version when it was logged, and files below the model. */
export interface SavedEnvironment {
  python_version?: string;
  conda?: string;
  virtualenv?: string;
}

export interface ModelFile {
  flavors: ModelFlavor[];
  model_id?: string;
  run_id?: string;
  mlflow_version?: string;
  utc_time_created?: string;
  /** Bytes of the whole model. */
  size?: number;
  /** Absent: no signature was logged. */
  signature?: Signature;
  input_example?: SavedInputExample;
  environment: SavedEnvironment;
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

/** A model's environment files, and what the selected interpreter has otherwise. */
export interface ModelEnvironment {
  /** Those of requirements.txt, conda.yaml and python_env.yaml that are beside the MLmodel. */
  files: string[];
  /** `text`: `scikit-learn 1.5 logged, 1.9 in the selected interpreter`. Empty also where no interpreter is known. */
  mismatches: (RequirementMismatch & { text: string })[];
  /** The interpreter that was looked at. */
  python?: string;
}
