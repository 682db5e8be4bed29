import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { ModelFile } from "../../src/mlflow/modelFile.ts";
import { isObject, type Json, printJson, readJson } from "../../src/mlflow/signature/json.ts";
import type { Schema, ValueType } from "../../src/mlflow/signature/types.ts";
import { readMlmodel } from "../../src/models/mlmodel.ts";
import { findPython, root, shared, skipWithout, temporaryFolder } from "../support/environment.ts";
import { clientEnvironment } from "../support/python.ts";

const python = findPython();
const skip = skipWithout(python, "Python with mlflow");

test("an MLmodel of any release tells what MLflow itself reads of it", { skip }, () => {
  const folder = temporaryFolder("flowdeck-mlmodel-");
  const released = releasedModels(folder);
  const script = join(root, "test/conformance/python/readModels.py");
  const printed = execFileSync(python ?? "", [script, join(folder, "new"), ...released], {
    encoding: "utf8",
    env: clientEnvironment(""),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const line = printed.trim().split("\n").at(-1) ?? "";
  const told = readTold(line);
  const written = told.length - released.length;
  const folders = [...Array.from({ length: written }, (_, at) => join(folder, "new", String(at))), ...released];
  assert.ok(
    written >= 5 && (shared("interop") === undefined || released.length >= 40),
    `${written}, ${released.length}`,
  );
  const files = folders.map((place) => readMlmodel(readFileSync(join(place, "MLmodel"), "utf8")));
  for (const [at, file] of files.entries()) assert.deepEqual(asMlflow(file), told[at], folders[at]);
  const defaults = files.map(({ signature }) => signature?.params?.map((param) => param.default) ?? []);
  assert.deepEqual(defaults, defaultsIn(readJson(line)));
});

/** What Python told, without the defaults of params: whether one is 1 or 1.0 is told by their texts alone. */
function readTold(line: string): unknown[] {
  const told: unknown = JSON.parse(line, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !("default" in value)) return value;
    const { default: _default, ...rest } = value;
    return rest;
  });
  assert.ok(Array.isArray(told));
  return told;
}

/** The defaults of each model's params, as JSON texts. */
function defaultsIn(told: Json): string[][] {
  assert.ok(Array.isArray(told));
  return told.map((model) => {
    const signature = isObject(model) ? model["signature"] : undefined;
    const params = isObject(signature) ? signature["params"] : undefined;
    if (!Array.isArray(params)) return [];
    return params.map((param) => printJson((isObject(param) ? param["default"] : undefined) ?? null));
  });
}

/** The models in shared/interop, one of each MLmodel text there. */
function releasedModels(folder: string): string[] {
  const releases = shared("interop");
  if (releases === undefined) return [];
  for (const tar of globSync(`${releases}/*/*.tar.gz`)) {
    execFileSync("tar", ["-xzf", tar, "-C", folder, "--wildcards", "*/MLmodel"]);
  }
  return globSync(`${folder}/**/MLmodel`)
    .map((file) => dirname(file))
    .toSorted((a, b) => a.localeCompare(b));
}

/** As readModels.py tells it. */
function asMlflow(file: ModelFile) {
  const { signature, input_example: example, environment } = file;
  const { conda, virtualenv, python_version } = environment;
  return {
    flavors: file.flavors.map(({ name }) => name),
    model_id: file.model_id ?? null,
    run_id: file.run_id ?? null,
    mlflow_version: file.mlflow_version ?? null,
    size: file.size ?? null,
    example:
      example === undefined
        ? null
        : [example.artifact_path, example.serving_input_path ?? null, example.type ?? null, example.params],
    python: python_version ?? null,
    env: conda === undefined ? null : { conda, ...(virtualenv === undefined ? {} : { virtualenv }) },
    signature:
      signature === undefined
        ? null
        : {
            inputs: schemaAsMlflow(signature.inputs),
            outputs: schemaAsMlflow(signature.outputs),
            params:
              signature.params?.map(({ name, value, shape }) => ({
                ...typeAsMlflow(value),
                ...{ name, shape: shape ?? null },
              })) ?? null,
          },
  };
}

function schemaAsMlflow(schema: Schema | undefined): object[] | null {
  if (schema === undefined) return null;
  if (schema.kind === "tensors") {
    return schema.tensors.map(({ name, ...spec }) => ({
      type: "tensor",
      "tensor-spec": spec,
      ...(name === undefined ? {} : { name }),
    }));
  }
  return schema.columns.map(({ name, value, required }) => ({
    ...typeAsMlflow(value),
    ...(name === undefined ? {} : { name }),
    required,
  }));
}

function typeAsMlflow(value: ValueType): object {
  switch (value.type) {
    case "array":
      return { type: "array", items: typeAsMlflow(value.items) };
    case "map":
      return { type: "map", values: typeAsMlflow(value.values) };
    case "object":
      return {
        type: "object",
        properties: Object.fromEntries(
          value.properties.map(({ name, value: inner, required }) => [name, { ...typeAsMlflow(inner), required }]),
        ),
      };
    default:
      return { type: value.type };
  }
}
