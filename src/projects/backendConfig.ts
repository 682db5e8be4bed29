// What Python's mlflow (3.17.2) is told of another backend: the file of --backend-config, and the job template that it names.
// What is wrong there MLflow says in a traceback as a rule, or only once a run has been created.
import type { Problem } from "./document.ts";
import { readYamlText } from "./plainYaml.ts";
import { whatItIs } from "./problems.ts";
import { nearest } from "./spelling.ts";
import { entryOf, isNull, textOf, type MapEntry, type MapNode, type YamlNode, type YamlTree } from "./yamlTree.ts";

export const BACKEND_FILES = ["kubernetes", "databricks", "job_template"] as const;
export type BackendFile = (typeof BACKEND_FILES)[number];

export const KUBERNETES_KEYS = ["kube-context", "kube-job-template-path", "repository-uri"] as const;

/** Of a cluster, as MLflow hands it to Databricks; there are many more. */
export const CLUSTER_KEYS = [
  "spark_version",
  "node_type_id",
  "driver_node_type_id",
  "instance_pool_id",
  "policy_id",
  "num_workers",
  "autoscale",
  "spark_conf",
  "spark_env_vars",
  "custom_tags",
  "aws_attributes",
  "azure_attributes",
  "gcp_attributes",
] as const;

/** JSON as a tree with places. What is no JSON is a problem, even where it is YAML. */
export function readJsonText(text: string): YamlTree {
  try {
    JSON.parse(text);
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    const at = Math.min(Number(/position (\d+)/.exec(said)?.[1] ?? text.length), text.length);
    const message = `This is no JSON: ${said.replace(/,? ?(?:\(line|in JSON at|at position|".*" is not valid).*$/s, "") || "it cannot be read"}.`;
    const range = { start: Math.max(0, Math.min(at, text.length - 1)), end: Math.min(at + 1, text.length) };
    return { problems: [{ code: "json-syntax", severity: "error", message, range }], mistakes: 1 };
  }
  // A tab between values is none of YAML's; within a text JSON has none.
  return readYamlText(text.replaceAll("\t", " "));
}

/** What kind of backend a configuration in JSON is for, by its keys; undefined for any other file. */
export function backendFileOf(keys: readonly string[]): Exclude<BackendFile, "job_template"> | undefined {
  const has = (...some: string[]) => some.some((key) => keys.includes(key));
  if (has(...KUBERNETES_KEYS)) return "kubernetes";
  return has("new_cluster", "existing_cluster_id", "spark_version") ? "databricks" : undefined;
}

/** `exists` tells whether a path is there, counted from the folder that `mlflow run` is started in. */
export function checkBackendFile(kind: BackendFile, root: MapNode, exists: (path: string) => boolean): Problem[] {
  switch (kind) {
    case "kubernetes":
      return checkKubernetes(root, exists);
    case "databricks":
      return checkDatabricks(root);
    case "job_template":
      return checkJobTemplate(root);
    default:
      return kind satisfies never;
  }
}

function checkKubernetes(root: MapNode, exists: (path: string) => boolean): Problem[] {
  const problems = misspelt(root, KUBERNETES_KEYS);
  for (const key of ["kube-job-template-path", "repository-uri"]) {
    const entry = entryOf(root, key);
    if (entry === undefined) {
      problems.push(missing(root, `The backend kubernetes needs a configuration (--backend-config) with ${key}.`));
    } else if (!textOf(entry.value)) {
      problems.push(notText(entry));
    }
  }
  const context = entryOf(root, "kube-context");
  if (context !== undefined && !isNull(context.value) && textOf(context.value) === undefined)
    problems.push(notText(context));
  const template = entryOf(root, "kube-job-template-path")?.value;
  const path = textOf(template);
  if (template !== undefined && path && !exists(path)) {
    const message = `The job template ${path} is not there; it counts from the folder that the run is started in.`;
    problems.push({ code: "backend-file-missing", severity: "error", message, range: template.range });
  }
  return problems;
}

function checkDatabricks(root: MapNode): Problem[] {
  const existing = entryOf(root, "existing_cluster_id");
  if (existing !== undefined) {
    const message = "The backend databricks makes a cluster of its own: existing_cluster_id is not taken.";
    return [{ code: "backend-existing-cluster", severity: "error", message, range: existing.key.range }];
  }
  const problems: Problem[] = [];
  const inner = entryOf(root, "new_cluster");
  if (inner !== undefined && inner.value.kind !== "map") return [notMap(inner.key.scalar.text, inner)];
  const cluster = inner?.value.kind === "map" ? inner.value : root;
  const libraries = entryOf(root, "libraries");
  if (inner !== undefined && libraries !== undefined && libraries.value.kind !== "list") {
    const message = `MLflow needs a list of libraries here, but this is ${whatItIs(libraries.value)}.`;
    problems.push({ code: "backend-value-kind", severity: "error", message, range: placeOf(libraries) });
  }
  problems.push(...misspelt(cluster, CLUSTER_KEYS));
  const has = (key: string) => entryOf(cluster, key) !== undefined;
  const want = (message: string) => {
    problems.push({ ...missing(cluster, message), severity: "warning" });
  };
  if (!has("spark_version")) want("Databricks makes no cluster without spark_version.");
  if (!has("node_type_id") && !has("instance_pool_id") && !has("policy_id"))
    want("Databricks makes no cluster without node_type_id or instance_pool_id.");
  return problems;
}

/** MLflow writes name, image, command and env of the first container into it; all else is the person's. */
function checkJobTemplate(root: MapNode): Problem[] {
  const problems: Problem[] = [];
  const kind = entryOf(root, "kind");
  if (kind !== undefined && textOf(kind.value) !== "Job") {
    const message = `Kubernetes is asked for a Job, but this is of kind ${textOf(kind.value) ?? whatItIs(kind.value)}.`;
    problems.push({ code: "backend-value-kind", severity: "warning", message, range: placeOf(kind) });
  }
  const namespace = below(root, ["metadata", "namespace"], problems);
  if (namespace !== undefined && !textOf(namespace.value)) problems.push(notText(namespace));
  const containers = below(root, ["spec", "template", "spec", "containers"], problems);
  const [first] = containers?.value.kind === "list" ? containers.value.items : [];
  if (containers !== undefined && first?.kind !== "map") {
    const message = "MLflow needs a list of containers here, and writes image and command into the first of them.";
    problems.push({ code: "backend-value-kind", severity: "error", message, range: placeOf(containers) });
  }
  const env = first?.kind === "map" ? entryOf(first, "env") : undefined;
  if (env !== undefined && env.value.kind !== "list") {
    const message = `MLflow appends to the list env, but this is ${whatItIs(env.value)}.`;
    problems.push({ code: "backend-value-kind", severity: "error", message, range: placeOf(env) });
  }
  const pod = valueAt(root, ["spec", "template", "spec"]);
  const policy = pod?.kind === "map" ? entryOf(pod, "restartPolicy") : undefined;
  if (pod?.kind === "map" && !["Never", "OnFailure"].includes(textOf(policy?.value) ?? "")) {
    const message = "Kubernetes takes a Job only with restartPolicy: Never or OnFailure.";
    const found = { ...missing(pod, message), severity: "warning" as const };
    problems.push(policy === undefined ? found : { ...found, range: placeOf(policy) });
  }
  return problems;
}

/** The entry at a path of maps; what is absent on the way, or no map, is told. */
function below(root: MapNode, path: readonly string[], problems: Problem[]): MapEntry | undefined {
  let map = root;
  for (const [index, key] of path.entries()) {
    const entry = entryOf(map, key);
    if (entry === undefined) {
      const message = `MLflow cannot use this job template without ${path.join(".")}.`;
      problems.push(missing(map, message));
      return undefined;
    }
    if (index === path.length - 1) return entry;
    if (entry.value.kind !== "map") {
      problems.push(notMap(path.slice(0, index + 1).join("."), entry));
      return undefined;
    }
    map = entry.value;
  }
  return undefined;
}

function valueAt(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const key of path) node = node?.kind === "map" ? entryOf(node, key)?.value : undefined;
  return node;
}

/** MLflow passes over what it does not know, so that a misspelt key is as good as none. */
function misspelt(map: MapNode, known: readonly string[]): Problem[] {
  const present = map.entries.map(({ key }) => key.scalar.text);
  const absent = known.filter((key) => !present.includes(key));
  return map.entries.flatMap(({ key }): Problem[] => {
    const word = key.scalar.text;
    const meant = known.includes(word) ? undefined : nearest(word, absent);
    if (meant === undefined) return [];
    const newText = key.style === "double" ? `"${meant}"` : meant;
    const fixes = [{ title: `Change to ${meant}`, range: key.range, newText }];
    const message = `\`${word}\` is not known here; \`${meant}\` is.`;
    return [{ code: "unknown-key", severity: "warning", message, range: key.range, fixes }];
  });
}

function missing(map: MapNode, message: string): Problem {
  return { code: "backend-key-missing", severity: "error", message, range: map.entries[0]?.key.range ?? map.range };
}

function notText(entry: MapEntry): Problem {
  const what = textOf(entry.value) === "" ? "empty" : whatItIs(entry.value);
  const message = `MLflow needs a text as ${entry.key.scalar.text}, but this is ${what}.`;
  return { code: "backend-value-kind", severity: "error", message, range: placeOf(entry) };
}

function notMap(name: string, entry: MapEntry): Problem {
  const message = `MLflow needs keys below ${name}, but this is ${whatItIs(entry.value)}.`;
  return { code: "backend-value-kind", severity: "error", message, range: placeOf(entry) };
}

function placeOf({ key, value }: MapEntry): Problem["range"] {
  return value.range.end > value.range.start ? value.range : key.range;
}
