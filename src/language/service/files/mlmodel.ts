// MLmodel files, as mlflow 3.17.2 loads a model from them.
import type { Problem } from "../../../projects/document.ts";
import { whatItIs } from "../../../projects/problems.ts";
import type { MapEntry, MapNode, ScalarNode } from "../../../projects/yamlTree.ts";
import { entryOf, isNull, isTruthy, textOf } from "../../../projects/yamlTree.ts";
import { signatureMistake } from "./signature.ts";
import type { Folder } from "./sideFile.ts";
import { unknownKeys } from "./unknownKeys.ts";

/** Keys that MLflow writes. */
export const MLMODEL_KEYS = [
  ...["artifact_path", "flavors", "run_id", "model_id", "model_uuid", "mlflow_version", "utc_time_created"],
  ...["signature", "saved_input_example_info", "metadata", "model_size_bytes", "resources", "env_vars", "auth_policy"],
  ...["prompts", "is_signature_from_type_hint", "type_hint_from_example", "model_uri", "databricks_runtime"],
] as const;

export function checkMlmodel(root: MapNode, folder: Folder): Problem[] {
  return [
    ...keyProblems(root),
    ...flavorProblems(root, folder),
    ...signatureProblems(root),
    ...exampleProblems(root, folder),
  ];
}

/** MLflow takes any key that is a text; one that nearly is a known one holds what is then missing there. */
function keyProblems(root: MapNode): Problem[] {
  const others = root.entries.filter(({ key }) => key.scalar.kind !== "str");
  return [
    ...others.map(({ key }): Problem => {
      const message = `Loading this model fails: the key ${key.scalar.source} is ${whatItIs(key)}, not a text.`;
      return { code: "name-not-text", severity: "error", message, range: key.range };
    }),
    ...unknownKeys(root, MLMODEL_KEYS).flatMap(({ key, word, meant, fixes }): Problem[] => {
      if (meant === undefined || key.scalar.kind !== "str") return [];
      const message = `MLflow does not know \`${word}\` and passes over it; \`${meant}\` is known.`;
      return [{ code: "unknown-key", severity: "warning", message, range: key.range, fixes }];
    }),
  ];
}

function flavorProblems(root: MapNode, folder: Folder): Problem[] {
  const flavors = entryOf(root, "flavors");
  if (flavors === undefined || isNull(flavors.value)) {
    const range = flavors?.key.range ?? root.entries[0]?.key.range ?? root.range;
    const message = "No model can be loaded from this file, since it names no `flavors`.";
    return [{ code: "mlmodel-flavors", severity: "error", message, range }];
  }
  if (flavors.value.kind !== "map") {
    const message = `MLflow needs flavors by name here, but this is ${whatItIs(flavors.value)}.`;
    return [{ code: "mlmodel-flavors", severity: "error", message, range: flavors.value.range }];
  }
  return flavors.value.entries.flatMap((flavor) => oneFlavor(flavor, folder));
}

function oneFlavor(flavor: MapEntry, folder: Folder): Problem[] {
  const name = flavor.key.scalar.text;
  if (flavor.value.kind !== "map") {
    if (isNull(flavor.value) && name !== "python_function") return [];
    const message = `MLflow needs keys below the flavor ${name}, but this is ${whatItIs(flavor.value)}.`;
    return [{ code: "mlmodel-flavors", severity: "error", message, range: flavor.key.range }];
  }
  const problems: Problem[] = [];
  if (name === "python_function" && textOf(entryOf(flavor.value, "loader_module")?.value) === undefined) {
    const message = "`mlflow.pyfunc.load_model` fails without `loader_module`, the module that loads the model.";
    problems.push({ code: "mlmodel-loader", severity: "error", message, range: flavor.key.range });
  }
  for (const node of pathsOf(flavor.value)) {
    const path = node.scalar.text;
    if (path === "" || folder.exists(path)) continue;
    const message = `Loading this model fails: ${path} is not in its folder.`;
    problems.push({ code: "mlmodel-file-missing", severity: "warning", message, range: node.range });
  }
  return problems;
}

/** The files of a flavor that its loader opens. */
function pathsOf(flavor: MapNode): ScalarNode[] {
  const env = entryOf(flavor, "env")?.value;
  const values = [
    ...["data", "code", "model_path", "python_model", "pickled_model"].map((key) => entryOf(flavor, key)?.value),
    ...(env?.kind === "map" ? ["conda", "virtualenv"].map((key) => entryOf(env, key)?.value) : [env]),
  ];
  return values.flatMap((node) => (node?.kind === "scalar" && node.scalar.kind === "str" ? node : []));
}

function signatureProblems(root: MapNode): Problem[] {
  const signature = entryOf(root, "signature");
  if (signature === undefined || signature.value.kind !== "map") return [];
  const { value } = signature;
  return (["inputs", "outputs", "params"] as const).flatMap((part) => {
    const entry = entryOf(value, part);
    if (entry === undefined || !isTruthy(entry.value)) return [];
    const mistake = signatureMistake(part, textOf(entry.value));
    if (mistake === undefined) return [];
    const message = `Loading this model fails, since the signature's ${part} cannot be read: ${mistake}.`;
    return [{ code: "mlmodel-signature", severity: "error" as const, message, range: entry.value.range }];
  });
}

function exampleProblems(root: MapNode, folder: Folder): Problem[] {
  const example = entryOf(root, "saved_input_example_info")?.value;
  const path = example?.kind === "map" ? entryOf(example, "artifact_path")?.value : undefined;
  const text = textOf(path);
  if (path === undefined || text === undefined || text === "" || folder.exists(text)) return [];
  const message = `The input example cannot be loaded: ${text} is not in the model's folder.`;
  return [{ code: "mlmodel-file-missing", severity: "warning", message, range: path.range }];
}
