// What both language servers are given: a project with scripts, and a JSON schema that says of MLproject files what a schema can say.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const LINES_EACH = 20;

/** An MLproject file of `lines` lines, its entry points as people write them: 20 lines each, a script each. */
export function projectText(lines) {
  const head = ["name: wine-quality", "python_env: python_env.yaml", "", "entry_points:"];
  const count = Math.max(1, Math.floor((lines - head.length) / LINES_EACH));
  const bodies = Array.from({ length: count }, (_, n) => entryPoint(n));
  return `${[...head, ...bodies].join("\n")}\n`;
}

function entryPoint(n) {
  return `  # Step ${n}: fits a model on the data of the step before.
  step_${n}:
    parameters:
      raw_data: {type: path, default: data/red.csv}
      eta: {type: float, default: 0.08}
      max_depth: {type: float, default: ${n % 12}}
      subsample:
        type: float
        default: 0.8
      l2: {type: float, default: 1.0e-5}
      model_uri: {type: uri, default: "models:/wine-quality@champion"}
      seed: {type: int, default: ${n}}
      note: string
    command: >-
      python train_${n % 20}.py --raw-data {raw_data}
      --eta {eta} --max-depth {max_depth}
      --subsample {subsample} --l2 {l2}
      --model-uri {model_uri} --seed {seed}
      --note {note}
`;
}

const SCRIPT = `import argparse
import mlflow

parser = argparse.ArgumentParser(description="Fits a model.")
parser.add_argument("--raw-data", required=True)
parser.add_argument("--eta", type=float, default=0.08, help="Step size shrinkage")
parser.add_argument("--max-depth", type=float, default=6)
parser.add_argument("--subsample", type=float, default=0.8)
parser.add_argument("--l2", type=float, default=1e-5)
parser.add_argument("--model-uri")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--note", choices=["none", "draft", "final"])
args = parser.parse_args()
with mlflow.start_run():
    mlflow.log_metric("rmse", args.eta)
`;

/** Writes the project into `folder`: its environment file, its scripts, and the schema. */
export function writeProject(folder) {
  mkdirSync(join(folder, "data"), { recursive: true });
  writeFileSync(join(folder, "data/red.csv"), "quality\n");
  writeFileSync(join(folder, "python_env.yaml"), 'python: "3.11"\ndependencies: [mlflow]\n');
  for (let n = 0; n < 20; n += 1) writeFileSync(join(folder, `train_${n}.py`), SCRIPT);
  writeFileSync(join(folder, "schema.json"), JSON.stringify(SCHEMA));
  return {
    uri: pathToFileURL(join(folder, "MLproject")).href,
    schema: pathToFileURL(join(folder, "schema.json")).href,
  };
}

const parameter = {
  anyOf: [
    { type: "string", enum: ["string", "float", "path", "uri"], description: "Type of the parameter." },
    { type: "string" },
    {
      type: "object",
      properties: {
        type: { type: "string", description: "`string`, `float`, `path` or `uri`." },
        default: { description: "Value when none is given." },
        description: { type: "string" },
      },
    },
  ],
};

const SCHEMA = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "MLproject",
  type: "object",
  properties: {
    name: { type: "string", description: "Name of the project." },
    python_env: { type: "string", description: "Path of a python_env.yaml." },
    conda_env: { type: "string", description: "Path of a conda environment file." },
    docker_env: {
      type: "object",
      required: ["image"],
      properties: {
        image: { type: "string" },
        volumes: { type: "array", items: { type: "string" } },
        environment: { type: "array" },
      },
    },
    entry_points: {
      type: "object",
      description: "Commands of the project by name.",
      additionalProperties: {
        type: "object",
        required: ["command"],
        properties: {
          command: { type: "string", description: "Shell line to run." },
          parameters: {
            type: "object",
            description: "Values the command can use as `{name}`.",
            additionalProperties: parameter,
          },
        },
      },
    },
  },
};
