import { parseDocument } from "yaml";
import { MlflowError } from "../mlflow/errors.ts";
import type { ModelColumn, ModelFile } from "../mlflow/modelFile.ts";

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
  const example = recordOf(root["saved_input_example_info"])?.["artifact_path"];
  const size = root["model_size_bytes"];
  return {
    flavors: Object.entries(flavors).map(([name, told]) => flavorOf(name, recordOf(told) ?? {})),
    ...textsOf(root, ["model_id", "run_id", "mlflow_version", "utc_time_created"]),
    ...(typeof size === "number" ? { size } : {}),
    ...(typeof example === "string" ? { input_example: example } : {}),
    ...(signature === undefined
      ? {}
      : {
          signature: {
            inputs: columnsOf(signature["inputs"]),
            outputs: columnsOf(signature["outputs"]),
            params: columnsOf(signature["params"]),
          },
        }),
  };
}

type Json = Record<string, unknown>;

function recordOf(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function textsOf<K extends string>(root: Json, keys: K[]): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  for (const key of keys) {
    const value = root[key];
    if (typeof value === "string" || typeof value === "number") found[key] = String(value);
  }
  return found;
}

/** A flavor's own version stands under its name, `sklearn_version`; that of python_function is Python's. */
function flavorOf(name: string, told: Json): ModelFile["flavors"][number] {
  const stem = SHORT_NAMES[name] ?? name;
  const version = told[`${stem}_version`] ?? told["version"];
  return typeof version === "string" || typeof version === "number" ? { name, version: String(version) } : { name };
}

const SHORT_NAMES: Record<string, string> = { xgboost: "xgb", lightgbm: "lgb", spark: "pyspark" };

/** A schema is JSON inside the YAML; an older MLflow wrote it as YAML. */
function columnsOf(schema: unknown): ModelColumn[] {
  const parsed = typeof schema === "string" ? jsonOf(schema) : schema;
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((each: unknown) => {
    const column = recordOf(each);
    if (column === undefined) return [];
    const { name } = column;
    const otherwise = column["default"];
    return [
      {
        ...(typeof name === "string" ? { name } : {}),
        type: typeOf(column),
        required: column["required"] !== false && column["optional"] !== true && !("default" in column),
        ...(otherwise === undefined ? {} : { default: JSON.stringify(otherwise) }),
      },
    ];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A schema that nobody can read is as good as none.
    return undefined;
  }
}

function typeOf(column: Json): string {
  const tensor = recordOf(column["tensor-spec"]);
  if (tensor !== undefined) {
    const shape = Array.isArray(tensor["shape"]) ? ` (${tensor["shape"].join(", ")})` : "";
    const dtype = tensor["dtype"];
    return `${typeof dtype === "string" ? dtype : "tensor"}${shape}`;
  }
  const type = column["type"] ?? column["dtype"];
  const shape = Array.isArray(column["shape"]) ? ` (${column["shape"].join(", ")})` : "";
  const items = recordOf(column["items"]);
  if (type === "array" && items !== undefined) return `array<${typeOf(items)}>`;
  const properties = recordOf(column["properties"]);
  if (type === "object" && properties !== undefined) return `object {${Object.keys(properties).join(", ")}}`;
  return `${typeof type === "string" ? type : "any"}${shape}`;
}
