import { parseDocument } from "yaml";
import { MlflowError } from "../mlflow/errors.ts";
import type { ModelFile, ModelFlavor, SavedEnvironment, SavedInputExample } from "../mlflow/modelFile.ts";
import { readSignature } from "../mlflow/signature/read.ts";

/** Reads an MLmodel file. What is missing or of another kind is left out; only what is no MLmodel at all is refused. */
export function readMlmodel(text: string): ModelFile {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: "silent" });
  const root = recordOf(document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }));
  const flavors = recordOf(root?.["flavors"]);
  if (root === undefined || flavors === undefined) {
    throw new MlflowError(
      "INVALID_PARAMETER_VALUE",
      "This MLmodel file names no flavors, so no model can be read of it.",
    );
  }
  const signature = recordOf(root["signature"]);
  const example = exampleOf(recordOf(root["saved_input_example_info"]));
  const size = root["model_size_bytes"];
  const fromTypeHint = root["is_signature_from_type_hint"];
  return {
    flavors: Object.entries(flavors).map(([name, told]) => flavorOf(name, recordOf(told) ?? {})),
    ...textsOf(root, ["model_id", "run_id", "mlflow_version", "utc_time_created"]),
    ...(typeof size === "number" ? { size } : {}),
    ...(example === undefined ? {} : { input_example: example }),
    ...(signature === undefined
      ? {}
      : { signature: readSignature({ is_signature_from_type_hint: fromTypeHint, ...signature }) }),
    environment: environmentOf(recordOf(flavors["python_function"]) ?? {}),
  };
}

type Json = Record<string, unknown>;

function recordOf(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** Texts among the values of some keys; a version may be written as a number. */
function textsOf<K extends string>(root: Json, keys: readonly K[]): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  for (const key of keys) {
    const value = root[key];
    if ((typeof value === "string" && value !== "") || typeof value === "number") found[key] = String(value);
  }
  return found;
}

/** A flavor's own version stands under its name, `sklearn_version`; that of python_function is Python's. */
function flavorOf(name: string, told: Json): ModelFlavor {
  const stem = SHORT_NAMES[name] ?? name;
  const versions = textsOf(told, [`${stem}_version`, "version"]);
  const found = versions[`${stem}_version`] ?? versions.version;
  return {
    name,
    ...(found === undefined || name === "python_function" ? {} : { version: found }),
    ...textsOf(told, ["loader_module", "serialization_format"]),
  };
}

const SHORT_NAMES: Record<string, string> = { xgboost: "xgb", lightgbm: "lgb", spark: "pyspark" };

function exampleOf(info: Json | undefined): SavedInputExample | undefined {
  const { artifact_path, serving_input_path, type } = textsOf(info ?? {}, [
    "artifact_path",
    "serving_input_path",
    "type",
  ]);
  if (info === undefined || artifact_path === undefined) return undefined;
  return {
    artifact_path,
    ...(serving_input_path === undefined ? {} : { serving_input_path }),
    ...(type === undefined ? {} : { type }),
    // MLflow writes the text "true", or nothing.
    params: Boolean(info["params"]),
  };
}

/** Before mlflow 2 a conda file alone was named, as a text. */
function environmentOf(pyfunc: Json): SavedEnvironment {
  const { env } = pyfunc;
  const files = typeof env === "string" ? { conda: env } : (recordOf(env) ?? {});
  return { ...textsOf(pyfunc, ["python_version"]), ...textsOf(files, ["conda", "virtualenv"]) };
}
