import { shared } from "./environment.ts";
import { readFileSync } from "node:fs";

// Every row of the spec's §2 (keys), §5 (values) and §7 (environments) of ../shared/mlproject-spec.md, and the shapes that use it: a text
// is the beginning of a shape's name. A row that no run can show names, in `elsewhere`, where it is tested.

export interface SpecRow {
  section: 2 | 5 | 7;
  /** Words of the spec that the row stands for; they are looked for in its text. */
  row: string;
  shapes?: string[];
  elsewhere?: string;
}

const row = (section: SpecRow["section"], words: string, ...shapes: string[]): SpecRow => ({
  section,
  row: words,
  shapes,
});

export const SPEC_ROWS: SpecRow[] = [
  row(2, "| `name` | text", "a docker project without a name", "real: a docker project in an image built"),
  row(
    2,
    "| `conda_env` | path",
    "a conda project, by the conda on PATH",
    "real: a conda project by the recording conda",
  ),
  row(2, "| `python_env` | path", "a python_env project, in the environment", "real: a module of a package"),
  row(2, "| `docker_env` | map", "a docker project with volumes", "real: a docker project with four volumes"),
  row(2, "| `entry_points` | map", "real: an entry point of several"),
  row(2, "may be absent, must not be null", "a file without entry points", "entry points that are nothing"),
  row(2, "| `databricks_spark_job` | map", "entry points of a Databricks job"),
  row(
    2,
    "Unknown keys are ignored at every level",
    "real: descriptions beside the types",
    "a file without entry points",
  ),
  row(2, "Entry point = map with `command` (text)", "real: nine parameters", "parameters that are a list"),
  row(
    2,
    "Parameter = a type name (short form)",
    "real: MLflow's own test project, a uri and",
    "a value that is missing",
  ),
  row(2, "a map with `type` (default `string`) and `default`", "real: nine parameters", "a number as default"),
  row(2, "at most one of the three env keys", "two environments in one project"),
  row(
    2,
    "`docker_env` → docker; `python_env` → that file",
    "a docker project with volumes",
    "a python_env project, in",
  ),
  row(2, "no key: `python_env.yaml` in the folder", "real: no environment key", "python_env.yaml under uv"),
  row(2, "else `conda.yaml` in the folder (not `conda.yml`)", "conda.yaml, by the conda of", "no environment at all"),
  row(2, "else a bare python environment", "a project without environment, virtualenv asked for"),
  row(2, "A null or empty env value counts as absent", "an environment key without a value, and"),
  row(2, 'its key still counts for "more than one"', "an environment key without a value beside"),

  row(5, "required when its default is null or absent", "a default that is null", "a value that is missing"),
  row(5, "splits at the first `=`", "declared parameters with YAML's values"),
  row(5, "no `=`: usage error", "a value without a name"),
  row(5, "the same name twice: usage error", "a value given twice"),
  row(
    5,
    "`uri` must have a scheme (any:",
    "a path as file: URI",
    "real: MLflow's own test project, a uri that is none",
  ),
  row(
    5,
    "`path`: no scheme or `file:///`",
    "a path as file: URI",
    "a path that is not there",
    "real: a path whose default",
  ),
  row(5, "Other scheme → downloaded", "paths and URIs", "real: an artifact of a run as path"),
  row(5, "A number as default of a `path`", "a number as default of a path"),
  row(5, "All other types: unchanged, never checked", "real: declared types that MLflow does not know"),
  row(5, "Values become text by Python `str()`", "declared parameters with YAML's values", "scalars of YAML 1.1"),
  row(5, "Then `shlex.quote` (POSIX)", "a script without an MLproject file", "real: declared types"),
  row(5, "YAML 1.1 scalars", "scalars of YAML 1.1", "real: an entry point of several"),
  {
    section: 5,
    row: "The npm package `yaml` (2.8.3 tried) is not a substitute",
    elsewhere: "test/conformance/mlprojectReader.test.ts: the real PyYAML beside our reader",
  },

  row(
    7,
    "| (none given) |",
    "a conda project, by the conda on PATH",
    "a python_env project, in",
    "a docker project with",
  ),
  row(7, "| `local` | asked", "real: nine parameters"),
  row(7, "| `virtualenv` | asked or python project", "a project without environment, virtualenv", "real: a module"),
  row(7, "| `uv` | asked", "python_env.yaml under uv", "real: an entry point of several"),
  row(7, "| `conda` | asked or conda project", "conda.yaml, by the conda of", "a python_env project, conda asked for"),
  row(7, "Other names: Invalid value", "a manager that is none"),
  row(7, "A docker project ignores the env manager", "a docker project in an image built for it, whose"),
  row(7, "A conda project under virtualenv/uv", "a conda project under virtualenv"),
  row(7, "an unpinned `python`", "a conda file without a version of Python"),
  row(7, "keys `python` (text: write", "a version of Python that is a number", "a python_env project, in"),
  row(7, "`build_dependencies` (list)", "a version of Python in two parts", "python_env.yaml under uv"),
  row(7, "`-r requirements.txt` allowed", "a version of Python in two parts"),
  row(7, "Any other key is a TypeError", "a key that python_env.yaml does not have"),
  row(7, "Missing `python` = the running version", "python_env.yaml without a version"),
  row(7, "A two-part version is completed by pyenv", "a version of Python in two parts"),
  row(
    7,
    "conda.yaml: `name`, `channels`",
    "a conda project by the conda of MLFLOW_CONDA_HOME",
    "real: a conda project by",
  ),
  row(7, "other item kinds are errors", "a conda file with items that are no texts"),
  row(7, "existing folder = reused as is", "a python_env project, in the environment that mlflow has built"),
  row(7, "A failed creation is removed", "a requirement that cannot be installed"),
  row(7, "Conda: environment `mlflow-<sha1", "a conda project, by the conda on PATH"),
  row(
    7,
    "`MLFLOW_CONDA_HOME`, `CONDA_EXE`",
    "a conda project by the conda of MLFLOW_CONDA_HOME",
    "conda.yaml, by the conda of",
  ),
  row(7, "Docker: `name` required", "a docker project without a name"),
  row(7, "must exist and answer `docker info`", "a docker project whose daemon does not answer"),
  row(7, "the image itself is used (pulled when absent)", "a docker project whose image is fetched"),
  row(
    7,
    "With it: a new image, tag",
    "real: a docker project in an image built",
    "a docker project in an image built for it",
  ),
  row(7, "then `-A` arguments", "a docker project with volumes", "real: a docker project with variables in pairs"),
  {
    section: 7,
    row: "mounts for a local tracking store",
    elsewhere:
      "a container of ours always speaks to a server: test/projects/docker.test.ts 'a server of this machine…'",
  },
  row(7, "local artifacts", "a docker project with volumes"),
  {
    section: 7,
    row: "credentials of the artifact store (S3, Azure, GCS, HDFS variables)",
    elsewhere:
      "Python's mlflow needs boto3 and its like for it: test/projects/docker.test.ts 'a container reaches artifacts at …'",
  },
  row(
    7,
    "`-v` per volume (not expanded by mlflow",
    "a docker project with volumes",
    "real: a docker project with four volumes",
  ),
  row(7, "`-e K=V` per variable", "real: a docker project with variables in pairs"),
  row(
    7,
    "text = copy from the host (unset:",
    "a docker project with volumes",
    "a docker project whose variable is not set",
  ),
];

/** The lines of the spec's sections; undefined where ../shared is absent. */
export function specSections(): Map<number, string> | undefined {
  const file = shared("mlproject-spec.md");
  if (file === undefined) return undefined;
  const parts = readFileSync(file, "utf8").split(/^## (?=\d+\.)/m);
  return new Map(parts.slice(1).map((part) => [Number.parseInt(part, 10), part]));
}
