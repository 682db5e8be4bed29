// The environment keys of an MLproject file (mlflow 3.17.2: at most one, docker before python before conda).
import { checkKeys } from "./checkKeys.ts";
import type { DockerEnvironment, EntryPoint, ProblemFix, ProjectEnvironment } from "./document.ts";
import type { Problems } from "./problems.ts";
import { placeOf, whatItIs } from "./problems.ts";
import type { MapEntry, MapNode, YamlNode } from "./yamlTree.ts";
import { entryOf, isNull, isTruthy, pythonText, textOf } from "./yamlTree.ts";

export const ENVIRONMENT_KEYS = ["docker_env", "python_env", "conda_env"] as const;
export const DOCKER_KEYS = ["image", "volumes", "environment"] as const;
export const DATABRICKS_KEYS = ["python_file", "parameters", "python_libraries"] as const;

/** The environment a project declares; problems for everything that keeps MLflow from loading or using it. */
export function readEnvironment(root: MapNode, problems: Problems): ProjectEnvironment | undefined {
  const present = ENVIRONMENT_KEYS.flatMap((key) => entryOf(root, key) ?? []);
  checkOnlyOne(present, problems);
  for (const entry of present) {
    if (isTruthy(entry.value)) continue;
    const key = entry.key.scalar.text;
    problems.warning("environment-empty", `MLflow takes an empty \`${key}\` as absent.`, entry.key.range, [
      removalOf(entry),
    ]);
  }
  const [chosen] = present.filter((entry) => isTruthy(entry.value));
  if (chosen === undefined) return undefined;
  if (chosen.key.scalar.text === "docker_env") return dockerEnvironment(root, chosen, problems);
  const path = textOf(chosen.value);
  const kind = chosen.key.scalar.text === "conda_env" ? "conda" : "python_env";
  if (path !== undefined) return { kind, path, range: chosen.value.range };
  const message = `MLflow needs the path of a file here, but this is ${whatItIs(chosen.value)}.`;
  problems.error("environment-not-text", message, chosen.value.range);
  return { kind, range: chosen.value.range };
}

function checkOnlyOne(present: readonly MapEntry[], problems: Problems): void {
  if (present.length < 2) return;
  const names = present.map((entry) => `\`${entry.key.scalar.text}\``).join(" and ");
  for (const entry of present) {
    const message = `MLflow loads a project with one environment only, and this one has ${names}.`;
    problems.error("environment-twice", message, entry.key.range, [removalOf(entry)]);
  }
}

function removalOf({ key, range }: MapEntry): ProblemFix {
  // The colon of a key without a value is none of its entry.
  const end = Math.max(range.end, key.range.end + 1);
  return { title: `Remove ${key.scalar.text}`, range: { start: range.start, end }, newText: "" };
}

function dockerEnvironment(root: MapNode, entry: MapEntry, problems: Problems): ProjectEnvironment {
  const environment: ProjectEnvironment = { kind: "docker", range: entry.value.range };
  const docker = entry.value;
  if (docker.kind !== "map") {
    const message = `MLflow needs a map with \`image\` below \`docker_env\`, but this is ${whatItIs(docker)}.`;
    problems.error("docker-not-map", message, docker.range);
    return environment;
  }
  checkKeys(docker, DOCKER_KEYS, problems);
  const image = entryOf(docker, "image");
  if (image === undefined || !isTruthy(image.value)) {
    const message = "MLflow cannot load a docker environment without an `image`.";
    problems.error("docker-image-missing", message, image?.key.range ?? entry.key.range);
  }
  const name = entryOf(root, "name");
  if (name === undefined || !isTruthy(name.value)) {
    const message = "A docker project does not run without a `name`, which tags its image.";
    const at = { start: entry.key.range.start, end: entry.key.range.start };
    const fixes = name === undefined ? [{ title: "Add a name", range: at, newText: "name: project\n" }] : [];
    problems.error("docker-name-missing", message, name?.key.range ?? entry.key.range, fixes);
  }
  checkVolumes(entryOf(docker, "volumes"), problems);
  checkVariables(entryOf(docker, "environment"), problems);
  return { ...environment, docker: dockerOf(docker) };
}

function dockerOf(docker: MapNode): DockerEnvironment {
  const itemsOf = (key: string): readonly YamlNode[] => {
    const value = entryOf(docker, key)?.value;
    return value?.kind === "list" ? value.items : [];
  };
  const image = entryOf(docker, "image")?.value;
  return {
    image: image === undefined ? "" : pythonText(image),
    volumes: itemsOf("volumes").map(pythonText),
    environment: itemsOf("environment").map((item) => {
      const [name, value] = item.kind === "list" ? item.items : [];
      return name === undefined || value === undefined ? pythonText(item) : [pythonText(name), pythonText(value)];
    }),
  };
}

function checkVolumes(entry: MapEntry | undefined, problems: Problems): void {
  if (entry === undefined || !isTruthy(entry.value)) return;
  if (entry.value.kind === "list" && entry.value.items.every((item) => textOf(item) !== undefined)) return;
  const message = 'MLflow takes docker volumes only as a list of texts, such as `["/data:/data"]`.';
  problems.error("docker-volumes", message, placeOf(entry.value, entry.key.range));
}

function checkVariables(entry: MapEntry | undefined, problems: Problems): void {
  if (entry === undefined || !isTruthy(entry.value)) return;
  const items: readonly YamlNode[] = entry.value.kind === "list" ? entry.value.items : [];
  if (entry.value.kind !== "list" || items.some((item) => textOf(item) === undefined && item.kind !== "list")) {
    const message =
      'MLflow takes docker variables only as a list of names to copy and pairs to set, such as `[["A", "1"], "B"]`.';
    problems.error("docker-environment", message, placeOf(entry.value, entry.key.range));
    return;
  }
  for (const { kind, items: pair, range } of items.flatMap((item) => (item.kind === "list" ? item : []))) {
    if (pair.length < 2) {
      const message = `A docker variable is set by a pair of its name and its value; MLflow fails on a ${kind} of ${pair.length}.`;
      problems.error("docker-environment", message, range);
    } else if (pair.length > 2) {
      const message = "A docker variable is set by a pair of its name and its value; MLflow passes over what follows.";
      problems.warning("docker-environment", message, range);
    }
  }
}

/** What MLflow refuses of a Databricks Spark job. */
export function readDatabricksJob(root: MapNode, entryPoints: readonly EntryPoint[], problems: Problems): void {
  const entry = entryOf(root, "databricks_spark_job");
  if (entry === undefined || isNull(entry.value)) return;
  const job = entry.value;
  if (job.kind !== "map") {
    const message = `MLflow needs a map below \`databricks_spark_job\`, but this is ${whatItIs(job)}.`;
    problems.error("databricks-not-map", message, job.range);
    return;
  }
  checkKeys(job, DATABRICKS_KEYS, problems);
  const file = entryOf(job, "python_file");
  const hasFile = file !== undefined && !isNull(file.value);
  if (!hasFile && entryPoints.length === 0) {
    problems.error("databricks-empty", "A Databricks Spark job needs `python_file` or entry points.", entry.key.range);
  }
  if (hasFile && entryPoints.length > 0) {
    const message = "A Databricks Spark job has `python_file` or entry points, never both.";
    problems.error("databricks-both", message, file.key.range);
  }
  for (const parameter of entryPoints.flatMap((entryPoint) => entryPoint.parameters)) {
    if (parameter.type !== "path") continue;
    const message = "A Databricks Spark job takes no parameter of type `path`.";
    problems.error("databricks-path", message, parameter.typeRange ?? parameter.nameRange);
  }
  for (const key of ENVIRONMENT_KEYS) {
    const environment = entryOf(root, key);
    if (environment === undefined) continue;
    problems.error("databricks-environment", `A Databricks Spark job takes no \`${key}\`.`, environment.key.range);
  }
}
