// What each key of an MLproject file means, for completion and hover (mlflow 3.17.2).

export interface KeyMeaning {
  key: string;
  text: string;
  /** What stands behind the key: a value on its line, or a map below it. */
  holds: "value" | "map";
}

const PROJECT: readonly KeyMeaning[] = [
  { key: "name", holds: "value", text: "Name of the project. Only a docker project needs it: it tags the image." },
  {
    key: "python_env",
    holds: "value",
    text: "Path of a python_env.yaml: the Python version and the requirements a run gets with virtualenv or uv.",
  },
  {
    key: "conda_env",
    holds: "value",
    text: "Path of a conda environment file. A project has one environment key only.",
  },
  { key: "docker_env", holds: "map", text: "Docker image that runs the project, its volumes and variables." },
  { key: "entry_points", holds: "map", text: "Commands of the project by name. `main` runs when none is asked for." },
  {
    key: "databricks_spark_job",
    holds: "map",
    text: "A Spark job for the Databricks backend; it takes no environment.",
  },
];

const DOCKER: readonly KeyMeaning[] = [
  { key: "image", holds: "value", text: "Image that the command runs in; it is pulled when it is absent." },
  { key: "volumes", holds: "value", text: "List of mounts, each as `host path:container path`." },
  {
    key: "environment",
    holds: "value",
    text: 'List of variables: a name copies it from the host, a pair such as `["NAME", "value"]` sets it.',
  },
];

const DATABRICKS: readonly KeyMeaning[] = [
  { key: "python_file", holds: "value", text: "Script to run instead of entry points." },
  { key: "parameters", holds: "value", text: "List of arguments of that script." },
  { key: "python_libraries", holds: "value", text: "List of requirements to install on the cluster." },
];

const ENTRY_POINT: readonly KeyMeaning[] = [
  { key: "parameters", holds: "map", text: "Values the command can use as `{name}`, with type and default." },
  {
    key: "command",
    holds: "value",
    text: "Shell line to run. `{name}` becomes the value of a parameter, quoted; a literal brace is written twice.",
  },
];

const PARAMETER: readonly KeyMeaning[] = [
  {
    key: "type",
    holds: "value",
    text: "`string` (default), `float`, `path` or `uri`. A path must exist and becomes absolute, or is downloaded; a uri needs a scheme. Other types are not checked.",
  },
  { key: "default", holds: "value", text: "Value when none is given. Without a default the parameter is required." },
  { key: "description", holds: "value", text: "What the parameter is for. MLflow passes over it; Flowdeck shows it." },
];

/** The keys known in the map at `path`, a chain of keys from the root; undefined where every name is free. */
export function keysAt(path: readonly string[]): readonly KeyMeaning[] | undefined {
  const [first, , third] = path;
  if (path.length === 0) return PROJECT;
  if (first === "docker_env" && path.length === 1) return DOCKER;
  if (first === "databricks_spark_job" && path.length === 1) return DATABRICKS;
  if (first !== "entry_points") return undefined;
  if (path.length === 2) return ENTRY_POINT;
  return third === "parameters" && path.length === 4 ? PARAMETER : undefined;
}

export interface TypeMeaning {
  type: string;
  text: string;
}

export const TYPE_MEANINGS: readonly TypeMeaning[] = [
  { type: "string", text: "Any text; MLflow does not check it." },
  { type: "float", text: "A number, for the reader: MLflow does not check it." },
  { type: "path", text: "A file or folder that exists; it becomes absolute. A remote one is downloaded first." },
  { type: "uri", text: "An address with a scheme, such as `s3://…` or `models:/…`; it is passed on as it is." },
];
