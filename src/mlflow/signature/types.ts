// A model's signature as MLflow 3.17.2 stores it (`mlflow/types/schema.py`); plain data, so it may cross a port.

export const DATA_TYPES = ["boolean", "integer", "long", "float", "double", "string", "binary", "datetime"] as const;

export type DataType = (typeof DATA_TYPES)[number];

/** What a column, a property, an item or a param holds; spelled as in the JSON of a signature. */
export type ValueType =
  | { type: DataType }
  | { type: "array"; items: ValueType }
  | { type: "object"; properties: Property[] }
  | { type: "map"; values: ValueType }
  /** A vector of Spark ML: an array of doubles. */
  | { type: "sparkml_vector" }
  | { type: "any" };

export interface Property {
  name: string;
  value: ValueType;
  required: boolean;
}

export interface ColumnSpec {
  /** Absent: it has only a place. Either all columns of a schema have names or none. */
  name?: string;
  value: ValueType;
  required: boolean;
}

export interface TensorSpec {
  /** Absent: it is the only one. */
  name?: string;
  /** numpy's name: `float32`, `uint8`, `str`. */
  dtype: string;
  /** −1 where any length is taken. */
  shape: number[];
}

export type Schema = { kind: "columns"; columns: ColumnSpec[] } | { kind: "tensors"; tensors: TensorSpec[] };

export interface ParamSpec {
  name: string;
  value: ValueType;
  /** As JSON text, all digits kept; `null` is a text, too. */
  default: string;
  /** Absent: one value; otherwise a list of any length. */
  shape?: [-1];
}

export const SIGNATURE_PARTS = ["inputs", "outputs", "params"] as const;

export type SignaturePart = (typeof SIGNATURE_PARTS)[number];

export interface Signature {
  inputs?: Schema;
  outputs?: Schema;
  params?: ParamSpec[];
  /** Parts that are there and that nobody can read. */
  unread?: SignaturePart[];
  /** Made from Python's type hints: its scoring server takes `inputs` only, and pydantic checks them. */
  fromTypeHint?: boolean;
}
