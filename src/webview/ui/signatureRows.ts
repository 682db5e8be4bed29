import type { ParamSpec, Schema, ValueType } from "../../mlflow/signature/types.ts";
import { tensorWords } from "../../mlflow/signature/words.ts";

/** A row of a signature's table: a column, a tensor, a param, or a property of the object in the row above it. */
export interface SignatureRow {
  name: string;
  /** It has no name of its own, only a place. */
  isPlace: boolean;
  type: string;
  /** `required`, `optional`, `default 10.0`. */
  about: string;
  /** 0: of the signature itself. */
  depth: number;
}

/** Properties nested deeper are told by their type alone. */
const DEEPEST = 8;

export function schemaRows(schema: Schema): SignatureRow[] {
  if (schema.kind === "tensors") {
    return schema.tensors.map((spec, at) => ({
      ...nameIn(spec, at),
      type: tensorWords(spec),
      about: "required",
      depth: 0,
    }));
  }
  return schema.columns.flatMap((spec, at) => [
    { ...nameIn(spec, at), type: nestedWords(spec.value), about: aboutOf(spec.required), depth: 0 },
    ...propertyRows(spec.value, 1),
  ]);
}

export function paramRows(params: readonly ParamSpec[]): SignatureRow[] {
  return params.flatMap(({ name, value, shape, default: otherwise }) => [
    {
      name,
      isPlace: false,
      type: shape === undefined ? nestedWords(value) : `${nestedWords(value)} (-1)`,
      about: `default ${otherwise}`,
      depth: 0,
    },
    ...propertyRows(value, 1),
  ]);
}

/** Places are counted from 0, as MLflow counts them. */
function nameIn(spec: { name?: string }, at: number): Pick<SignatureRow, "name" | "isPlace"> {
  return { name: spec.name ?? String(at), isPlace: spec.name === undefined };
}

function aboutOf(required: boolean): string {
  return required ? "required" : "optional";
}

/** As `typeWords`, but properties are rows of their own. */
function nestedWords(value: ValueType): string {
  switch (value.type) {
    case "array":
      return `array<${nestedWords(value.items)}>`;
    case "map":
      return `map<${nestedWords(value.values)}>`;
    case "sparkml_vector":
      return "vector";
    default:
      return value.type;
  }
}

function propertyRows(value: ValueType, depth: number): SignatureRow[] {
  switch (value.type) {
    case "array":
      return propertyRows(value.items, depth);
    case "map":
      return propertyRows(value.values, depth);
    case "object":
      return value.properties.flatMap(({ name, value: inner, required }) => [
        { name, isPlace: false, type: nestedWords(inner), about: aboutOf(required), depth },
        ...(depth < DEEPEST ? propertyRows(inner, depth + 1) : []),
      ]);
    default:
      return [];
  }
}
