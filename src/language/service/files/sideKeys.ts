// What each key of the files beside an MLproject means, for completion and hover (mlflow 3.17.2).
import type { KeyMeaning } from "../keys.ts";
import { backendKeysAt } from "./backendKeys.ts";
import { isBackendFile, type SideKind } from "./sideFile.ts";

const PYTHON_ENV: readonly KeyMeaning[] = [
  {
    key: "python",
    holds: "value",
    text: 'Version of Python, in quotes: `"3.11"` or `"3.11.4"`. Without it the one that happens to run is taken.',
  },
  { key: "build_dependencies", holds: "map", text: "List of requirements that are installed before the others." },
  {
    key: "dependencies",
    holds: "map",
    text: "List of requirements, as lines of a requirements file. `-r requirements.txt` counts from the project folder.",
  },
];

const CONDA: readonly KeyMeaning[] = [
  { key: "name", holds: "value", text: "Name of the environment. MLflow gives it one of its own." },
  { key: "channels", holds: "map", text: "List of channels that packages are looked for in, the first one first." },
  {
    key: "dependencies",
    holds: "map",
    text: "List of packages, and `pip:` with requirements. With virtualenv or uv MLflow takes python, pip, setuptools, wheel and the pip list only.",
  },
  { key: "variables", holds: "map", text: "Environment variables that conda sets when the environment is activated." },
  { key: "prefix", holds: "value", text: "Folder of the environment. MLflow does not use it." },
];

const MLMODEL: readonly KeyMeaning[] = [
  { key: "artifact_path", holds: "value", text: "Where the model lies among the artifacts of its run." },
  {
    key: "flavors",
    holds: "map",
    text: "The ways this model can be loaded; `python_function` is what serving and `mlflow.pyfunc` use.",
  },
  { key: "model_id", holds: "value", text: "Id of the logged model." },
  { key: "model_uuid", holds: "value", text: "Id that MLflow gave the model when it was saved." },
  { key: "run_id", holds: "value", text: "Run that logged the model." },
  { key: "mlflow_version", holds: "value", text: "MLflow that wrote this file." },
  { key: "utc_time_created", holds: "value", text: "When the model was saved, in UTC." },
  { key: "model_size_bytes", holds: "value", text: "Size of the model's files." },
  { key: "signature", holds: "map", text: "Columns that go in and come out, as JSON, and params of prediction." },
  {
    key: "saved_input_example_info",
    holds: "map",
    text: "Which file holds the input example, and how it was written.",
  },
  { key: "metadata", holds: "map", text: "Whatever was given as `metadata` when the model was logged." },
  { key: "resources", holds: "map", text: "Databricks resources that the model needs when it is served." },
  {
    key: "env_vars",
    holds: "map",
    text: "Names of the environment variables that were read while the model was logged.",
  },
  { key: "auth_policy", holds: "map", text: "Whose rights a served model has on Databricks." },
  { key: "prompts", holds: "map", text: "Prompts that the model uses." },
  {
    key: "is_signature_from_type_hint",
    holds: "value",
    text: "Whether the signature follows from a type hint of `predict`.",
  },
  { key: "type_hint_from_example", holds: "value", text: "Whether the type hint follows from the input example." },
];

const SIGNATURE: readonly KeyMeaning[] = [
  {
    key: "inputs",
    holds: "value",
    text: 'JSON list of columns: `[{"name": "x", "type": "double", "required": true}]`.',
  },
  { key: "outputs", holds: "value", text: "JSON list of what a prediction holds." },
  { key: "params", holds: "value", text: 'JSON list of params: `[{"name": "n", "type": "long", "default": 5}]`.' },
];

const EXAMPLE: readonly KeyMeaning[] = [
  { key: "artifact_path", holds: "value", text: "File of the input example, in the model's folder." },
  { key: "type", holds: "value", text: "How it was written, such as `dataframe` or `json_object`." },
  { key: "pandas_orient", holds: "value", text: "How the data frame was turned into JSON, such as `split`." },
  { key: "serving_input_path", holds: "value", text: "File with the same example as a request to the scoring server." },
];

const FLAVOR: readonly KeyMeaning[] = [
  {
    key: "loader_module",
    holds: "value",
    text: "Module whose `_load_pyfunc` loads the model. `mlflow.pyfunc` needs it.",
  },
  { key: "predict_fn", holds: "value", text: "Method that predicts; `predict` when absent." },
  { key: "model_path", holds: "value", text: "File or folder of the model, in the model's folder." },
  { key: "data", holds: "value", text: "Folder handed to the loader; the model's own when absent." },
  { key: "code", holds: "value", text: "Folder of Python code that goes first on the path." },
  { key: "env", holds: "map", text: "Environment files of the model: `conda` and `virtualenv`." },
  { key: "python_version", holds: "value", text: "Python that saved the model." },
  { key: "config", holds: "map", text: "Model configuration, which loading can override." },
  { key: "streamable", holds: "value", text: "Whether the model can answer piece by piece." },
];

const FLAVOR_ENV: readonly KeyMeaning[] = [
  { key: "conda", holds: "value", text: "conda file in the model's folder." },
  { key: "virtualenv", holds: "value", text: "python_env file in the model's folder." },
];

/** The keys known in the map at `path`; undefined where every name is free. */
export function sideKeysAt(kind: SideKind, path: readonly string[]): readonly KeyMeaning[] | undefined {
  if (isBackendFile(kind)) return backendKeysAt(kind, path);
  const [first, second, third] = path;
  if (path.length === 0) return kind === "python_env" ? PYTHON_ENV : kind === "conda" ? CONDA : MLMODEL;
  if (kind !== "mlmodel") return undefined;
  if (path.length === 1) {
    return first === "signature" ? SIGNATURE : first === "saved_input_example_info" ? EXAMPLE : undefined;
  }
  if (first !== "flavors" || second === undefined) return undefined;
  if (path.length === 2) return FLAVOR;
  return third === "env" && path.length === 3 ? FLAVOR_ENV : undefined;
}
