// The shape of a read MLproject file: values with the places they stand at. Offsets are UTF-16 units into the text.

export interface TextRange {
  start: number;
  end: number;
}

/** A YAML value as PyYAML's `safe_load` makes it; `text` is Python's `str()` of it (mlflow 3.17.2 logs and substitutes that). */
export interface YamlScalar {
  kind: "null" | "bool" | "int" | "float" | "str" | "date";
  text: string;
  /** As it stands in the file. */
  source: string;
  range: TextRange;
}

export interface Parameter {
  name: string;
  nameRange: TextRange;
  /** Name and declaration. */
  range: TextRange;
  /** As declared; `string` when absent, as MLflow has it. Any name is accepted. */
  type: string;
  typeRange?: TextRange;
  /** Python's `str()` of the default; absent when null or missing: the parameter is required. */
  default?: string;
  defaultScalar?: YamlScalar;
  /** The de-facto key `description`. */
  description?: string;
}

/** A `{name}` in a command. */
export interface Placeholder {
  name: string;
  /** With its braces. */
  range: TextRange;
  nameRange: TextRange;
}

export interface EntryPoint {
  name: string;
  nameRange: TextRange;
  /** Name and body. */
  range: TextRange;
  command?: string;
  commandRange?: TextRange;
  placeholders: Placeholder[];
  parameters: Parameter[];
  parametersRange?: TextRange;
}

export const PROBLEM_SEVERITIES = ["error", "warning", "information", "hint"] as const;
export type ProblemSeverity = (typeof PROBLEM_SEVERITIES)[number];

/** A change of the text that solves a problem. */
export interface ProblemFix {
  title: string;
  range: TextRange;
  newText: string;
}

export interface Problem {
  /** Stable name, such as `entry-points-null`. */
  code: string;
  severity: ProblemSeverity;
  /** One sentence: what would go wrong at run time. */
  message: string;
  range: TextRange;
  /** The most likely first. */
  fixes?: ProblemFix[];
}

export interface ProjectEnvironment {
  kind: "python_env" | "conda" | "docker";
  /** Path as written, relative to the project folder; absent for docker. */
  path?: string;
  /** What `docker_env` says; absent for the others. */
  docker?: DockerEnvironment;
  range: TextRange;
}

export interface DockerEnvironment {
  image: string;
  /** As for `docker run -v`. */
  volumes: string[];
  /** A name is copied from the person's environment, a pair is set. */
  environment: (string | [name: string, value: string])[];
}

export interface MlprojectDocument {
  text: string;
  name?: string;
  /** Absent: `python_env.yaml`, `conda.yaml` of the folder, or nothing, decide. */
  environment?: ProjectEnvironment;
  entryPoints: EntryPoint[];
  /** Every problem, in text order. An `error` means that loading or running fails. */
  problems: Problem[];
}
