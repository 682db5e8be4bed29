import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ENV_MANAGERS } from "../../src/projects/request.ts";
import {
  DEFAULT_PARALLEL,
  MOST_STEPS,
  RETRY_KEYS,
  STEP_KEYS,
  STEP_NAME,
  WORKFLOW_KEYS,
} from "../../src/projects/workflow/document.ts";
import { readWorkflow } from "../../src/projects/workflow/readWorkflow.ts";
import { readYaml, type YamlNode } from "../../src/projects/yamlTree.ts";
import { root } from "../support/environment.ts";

/** The words of JSON schema that the file uses. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | false;
  propertyNames?: { pattern: string };
  maxProperties?: number;
  items?: Schema;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  definitions?: Record<string, Schema>;
}

const schema = JSON.parse(readFileSync(join(root, "schemas/workflow.mlflow.schema.json"), "utf8")) as Schema;
const definition = (name: string): Schema => schema.definitions?.[name] ?? {};

function typeOf(value: unknown): string[] {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number"] : ["number"];
  return [typeof value];
}

function fits(value: unknown, one: Schema): boolean {
  if (one.$ref !== undefined) return fits(value, definition(one.$ref.replace("#/definitions/", "")));
  if (one.anyOf?.some((each) => fits(value, each)) === false) return false;
  if (one.enum?.includes(value) === false) return false;
  if (one.type !== undefined && ![one.type].flat().some((type) => typeOf(value).includes(type))) return false;
  if (typeof value === "number") return value >= (one.minimum ?? -Infinity) && value <= (one.maximum ?? Infinity);
  if (Array.isArray(value)) return value.every((item) => fits(item, one.items ?? {}));
  if (typeof value !== "object" || value === null) return true;
  const entries = Object.entries(value);
  if (one.required?.every((key) => key in value) === false || entries.length > (one.maxProperties ?? Infinity))
    return false;
  return entries.every(([key, inner]) => {
    if (one.propertyNames !== undefined && !new RegExp(one.propertyNames.pattern).test(key)) return false;
    const property = one.properties?.[key] ?? one.additionalProperties ?? {};
    return property !== false && fits(inner, property);
  });
}

function plain(node: YamlNode): unknown {
  if (node.kind === "list") return node.items.map(plain);
  if (node.kind === "map")
    return Object.fromEntries(node.entries.map(({ key, value }) => [key.scalar.text, plain(value)]));
  const { kind, text } = node.scalar;
  if (kind === "null") return null;
  return kind === "bool" ? text === "True" : kind === "int" || kind === "float" ? Number(text) : text;
}

test("the schema has the keys, names and numbers of the reader", () => {
  assert.deepEqual(Object.keys(schema.properties ?? {}), [...WORKFLOW_KEYS]);
  assert.deepEqual(Object.keys(definition("step").properties ?? {}), [...STEP_KEYS]);
  const retries = definition("step").properties?.["retries"]?.anyOf?.[1];
  assert.deepEqual(Object.keys(retries?.properties ?? {}), [...RETRY_KEYS]);
  assert.deepEqual(definition("envManager").enum, [...ENV_MANAGERS]);
  assert.equal(schema.properties?.["max_parallel"]?.default, DEFAULT_PARALLEL);
  assert.equal(schema.properties?.["steps"]?.maxProperties, MOST_STEPS);
  assert.equal(schema.properties?.["steps"]?.propertyNames?.pattern, STEP_NAME.source);
});

const s = (body: string) => `steps: {a: ${body}}`;
const files: [text: string, isRight: boolean][] = [
  ["steps: {a: }", true],
  ["name: x", false],
  ["steps: []", false],
  ["steps: {a: }\nnmae: x", false],
  ["steps: {a: }\nname: [x]", false],
  ["steps: {'a b': }", false],
  ["steps: {a: 5}", false],
  ["steps: {a: }\nmax_parallel: 0", false],
  ["steps: {a: }\nmax_parallel: 2.5", false],
  ["steps: {a: }\nmax_parallel: 3", true],
  ["steps: {a: }\nenv_manager: poetry", false],
  ["steps: {a: }\nparameters: {x: float, y: {type: path, default: x}}", true],
  ["steps: {a: }\nparameters: [x]", false],
  [s("{entry_point: b, project: .., env_manager: uv}"), true],
  [s("{entry_point: [b]}"), false],
  [s("{parameters: {x: 1, y: true, z: t}}"), true],
  [s("{parameters: {x: [1]}}"), false],
  [s("{parameters: {x: }}"), false],
  [s("{parameters: 5}"), false],
  [s("{retries: 2}"), true],
  [s("{retries: -1}"), false],
  [s("{retries: many}"), false],
  [s("{retries: {count: 1, delay: 0.5}}"), true],
  [s("{retries: {count: 1, delay: -1}}"), false],
  [s("{retries: {times: 1}}"), false],
  [s("{cache: no, continue_on_error: true}"), true],
  [s("{cache: never}"), false],
  ["steps: {a: , b: {needs: a}, c: {needs: [a, b]}}", true],
  [s("{needs: [5]}"), false],
];
for (const [text, isRight] of files) {
  test(`reader and schema agree that this is ${isRight ? "right" : "wrong"}: ${text.replace("\n", " ⏎ ")}`, () => {
    const { root: tree } = readYaml(text);
    assert(tree !== undefined);
    const errors = readWorkflow(text).problems.filter(({ severity }) => severity === "error");
    assert.deepEqual([errors.length === 0, fits(plain(tree), schema)], [isRight, isRight], JSON.stringify(errors));
  });
}
