import type { ColumnSpec, ParamSpec, Schema, TensorSpec, ValueType } from "./types.ts";

/** `double`, `array<string>`, `map<long>`, `object {city, zip}`, `vector`. */
export function typeWords(value: ValueType): string {
  switch (value.type) {
    case "array":
      return `array<${typeWords(value.items)}>`;
    case "map":
      return `map<${typeWords(value.values)}>`;
    case "object":
      return `object {${value.properties.map(({ name, required }) => (required ? name : `${name}?`)).join(", ")}}`;
    case "sparkml_vector":
      return "vector";
    default:
      return value.type;
  }
}

/** `float32 (-1, 28, 28)`. */
export function tensorWords({ dtype, shape }: TensorSpec): string {
  return `${dtype} (${shape.join(", ")})`;
}

/** `double`, or `double (-1)` for a list of them. */
export function paramWords({ value, shape }: ParamSpec): string {
  return shape === undefined ? typeWords(value) : `${typeWords(value)} (-1)`;
}

/** What an input or output is called: its name, or its place, counted from 0 as MLflow does. */
export function nameOfColumn(spec: ColumnSpec | TensorSpec, index: number): string {
  return spec.name ?? String(index);
}

/** Columns or tensors of a schema with their words, in its order. */
export function schemaWords(schema: Schema): { name: string; words: string; required: boolean }[] {
  if (schema.kind === "tensors") {
    return schema.tensors.map((spec, i) => ({ name: nameOfColumn(spec, i), words: tensorWords(spec), required: true }));
  }
  return schema.columns.map((spec, i) => ({
    name: nameOfColumn(spec, i),
    words: typeWords(spec.value),
    required: spec.required,
  }));
}
