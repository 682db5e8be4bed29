import type { Table } from "./checkTable.ts";
import { csvLine } from "./csvText.ts";
import { layOutJson, printJson } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { isPlain } from "./takes.ts";
import type { ColumnSpec, Schema, Signature, ValueType } from "./types.ts";
import { nameOfColumn } from "./words.ts";

// Requests that MLflow's scoring server takes (mlflow 3.17.2 `pyfunc/scoring_server`).

export const REQUEST_FORMS = ["dataframe_split", "dataframe_records", "inputs", "instances", "csv"] as const;

export type RequestForm = (typeof REQUEST_FORMS)[number];

/** What a model is asked about. */
export type ModelInput =
  | { kind: "table"; table: Table }
  /** One tensor without a name, or several by name. */
  | { kind: "tensors"; tensors: Json }
  /** A whole body that is neither: chat messages, or what only the model knows. */
  | { kind: "body"; body: JsonObject };

export interface ModelRequest {
  input: ModelInput;
  params: JsonObject;
}

export interface PrintedRequest {
  body: string;
  contentType: "application/json" | "text/csv";
}

/** Forms in which the scoring server takes what a signature describes, the usual one first. */
export function formsOf(signature: Signature | undefined): readonly RequestForm[] {
  const inputs = signature?.inputs;
  if (signature?.fromTypeHint === true) return ["inputs"];
  if (inputs?.kind === "tensors") {
    const hasObjects = inputs.tensors.some(({ dtype }) => dtype === "object");
    return hasObjects ? ["inputs"] : ["inputs", "instances"];
  }
  if (inputs === undefined) return REQUEST_FORMS;
  return REQUEST_FORMS.filter((form) => formProblem(form, inputs.columns) === undefined);
}

/** Why a form cannot carry such columns; undefined when it can. */
export function formProblem(form: RequestForm, columns: readonly ColumnSpec[]): string | undefined {
  const nameOf = (spec: ColumnSpec) => nameOfColumn(spec, columns.indexOf(spec));
  const nested = columns.find(({ value }) => !isPlain(value));
  const binary = columns.find(({ value }) => value.type === "binary");
  const isUnnamed = columns[0]?.name === undefined;
  switch (form) {
    case "csv": {
      const date = columns.find(({ value }) => value.type === "datetime");
      const none = nested ?? binary ?? date;
      if (none === undefined) return undefined;
      return `MLflow reads no ${none.value.type} from CSV, and ${nameOf(none)} is one.`;
    }
    case "instances":
    case "inputs": {
      if (binary !== undefined) return `MLflow decodes Base64 in dataframes only, and ${nameOf(binary)} is binary.`;
      if (form === "instances" && nested !== undefined) {
        return `MLflow turns instances into columns, which ${nameOf(nested)} does not survive.`;
      }
      const types = new Set(columns.map(({ value }) => value.type));
      if (isUnnamed && (types.size > 1 || nested !== undefined)) {
        return "Without names, MLflow reads all columns as the first one's type.";
      }
      const mixed = columns.find(({ value }) => isListOfAny(value));
      if (mixed !== undefined)
        return `MLflow makes values of one type of a list in ${form}, and ${nameOf(mixed)} may hold several.`;
      return undefined;
    }
    default:
      return undefined;
  }
}

function isListOfAny(type: ValueType): boolean {
  return type.type === "array" && (type.items.type === "any" || isListOfAny(type.items));
}

/** What pandas reads as nothing in a CSV (its `na_values`). */
const NOTHING = /^(?:#N\/A(?: N\/A)?|#NA|-?1\.#IND|-?1\.#QNAN|-?NaN|-?nan|<NA>|N\/A|NA|NULL|None|n\/a|null|)$/;

/** Why these values do not survive in that form; undefined when they do. */
export function valuesProblem(
  form: RequestForm,
  { input, params }: ModelRequest,
  schema: Schema | undefined,
): string | undefined {
  if (input.kind !== "table") return form === "csv" ? "Only rows can be sent as CSV." : undefined;
  if (form === "csv") {
    const sent = Object.keys(params);
    if (sent.length > 0)
      return `CSV carries no params, and ${sent.join(", ")} ${sent.length === 1 ? "is" : "are"} set.`;
    for (const row of input.table.rows) {
      for (const value of row) {
        if (typeof value === "string" && NOTHING.test(value)) {
          return `MLflow's reader of CSV takes ${value === "" ? "an empty text" : value} for nothing.`;
        }
        if (typeof value === "object" && value !== null) return "Lists and objects cannot be sent as CSV.";
      }
    }
  }
  if ((form === "instances" || form === "inputs") && input.table.rows.some((row) => row.includes(null))) {
    return `MLflow takes ${form} with a value in every column of every row only.`;
  }
  if (form === "inputs" && schema === undefined && input.table.columns === undefined) {
    return "Without names, rows are a tensor to MLflow.";
  }
  return undefined;
}

/** A request as it is sent; `laidOut`: over several lines, for people. */
export function printRequest(form: RequestForm, { input, params }: ModelRequest, laidOut = false): PrintedRequest {
  if (form === "csv" && input.kind === "table") return { body: printCsv(input.table), contentType: "text/csv" };
  const body: JsonObject =
    input.kind === "body"
      ? input.body
      : input.kind === "tensors"
        ? tensorBody(form, input.tensors)
        : tableBody(form, input.table);
  const whole = Object.keys(params).length === 0 ? body : { ...body, params };
  return { body: laidOut ? layOutJson(whole) : printJson(whole), contentType: "application/json" };
}

function tensorBody(form: RequestForm, tensors: Json): JsonObject {
  if (form !== "instances" || typeof tensors !== "object" || tensors === null || Array.isArray(tensors)) {
    return form === "instances" ? { instances: tensors } : { inputs: tensors };
  }
  const lists = Object.entries(tensors);
  const longest = Math.max(0, ...lists.map(([, list]) => (Array.isArray(list) ? list.length : 0)));
  const instances = Array.from({ length: longest }, (_, i) =>
    Object.fromEntries(
      lists.flatMap(([name, list]) => (Array.isArray(list) && i < list.length ? [[name, list[i] ?? null]] : [])),
    ),
  );
  return { instances };
}

function tableBody(form: RequestForm, { columns, rows }: Table): JsonObject {
  switch (form) {
    case "dataframe_records":
      return { dataframe_records: rows.map((row) => recordOf(columns, row)) };
    case "inputs":
    case "instances": {
      if (columns !== undefined) return { [form]: rows.map((row) => recordOf(columns, row)) };
      // One column is a list of its values.
      return { [form]: rows.map((row) => (row.length === 1 ? (row[0] ?? null) : row)) };
    }
    default:
      return { dataframe_split: { ...(columns === undefined ? {} : { columns }), data: rows } };
  }
}

function recordOf(columns: string[] | undefined, row: Json[]): JsonObject {
  return Object.fromEntries(row.map((value, i): [string, Json] => [columns?.[i] ?? String(i), value]));
}

function printCsv({ columns, rows }: Table): string {
  const width = rows[0]?.length ?? 0;
  const header = columns ?? Array.from({ length: width }, (_, i) => String(i));
  return [header, ...rows.map((row) => row.map(csvField))].map((fields) => `${csvLine(fields)}\n`).join("");
}

function csvField(value: Json): string | null {
  if (value === null || typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  return printJson(value);
}
