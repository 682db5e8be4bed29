import type { Table } from "./checkTable.ts";
import { csvSeparator, readCsvText } from "./csvText.ts";
import { isObject, readJson } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ModelInput, ModelRequest, RequestForm } from "./requests.ts";
import type { Signature } from "./types.ts";

/** What a text that was pasted, typed or read from a file asks. */
export interface Recognised extends ModelRequest {
  /** The form it was written in, where the scoring server takes it; else what it is sent in says `said`. */
  form: RequestForm | undefined;
  /** One sentence, where it had to be converted. */
  said?: string;
}

const FORMS = ["dataframe_split", "dataframe_records", "inputs", "instances"] as const;
/** Chat, completions and embeddings: their bodies go to the model as they are. */
const LLM_KEYS = ["messages", "prompt", "input"] as const;
const SPLIT_KEYS = new Set(["columns", "data", "index"]);

export const OLD_SPLIT =
  "This is MLflow 1's form, columns and data at the top, which MLflow 2 and later refuse; it is sent as dataframe_split.";
export const OLD_RECORDS =
  "This is MLflow 1's list of records, which MLflow 2 and later refuse; it is sent as dataframe_records.";

/** Reads a request in any form that MLflow's scoring server takes or once took; a problem is one sentence. */
export function recognise(text: string, signature: Signature | undefined): Recognised | { problem: string } {
  const bare = text.trim();
  if (bare === "") return { problem: "There is nothing to send yet." };
  // An empty last field ends with its separator.
  if (!/^[[{]/.test(bare)) return recogniseCsv(text.replace(/^\s*\n/, ""));
  let value: Json;
  try {
    value = readJson(bare);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  return recogniseJson(value, signature);
}

export function recogniseJson(value: Json, signature: Signature | undefined): Recognised | { problem: string } {
  if (Array.isArray(value)) return recogniseList(value, signature);
  if (!isObject(value)) return { problem: "A request is a JSON object, a list of rows, or CSV." };
  const found = FORMS.filter((form) => form in value);
  const [form] = found;
  if (found.length > 1) return { problem: `A request has one of ${found.join(" and ")}, not both.` };
  const params = value["params"] ?? {};
  if (form !== undefined) {
    if (!isObject(params)) return { problem: "params takes an object of names and values." };
    return recogniseForm(form, value[form] ?? null, params, signature);
  }
  if (LLM_KEYS.some((key) => key in value))
    return { form: undefined, input: { kind: "body", body: value }, params: {} };
  if ("data" in value && Object.keys(value).every((key) => SPLIT_KEYS.has(key) || key === "params")) {
    const read = recogniseForm("dataframe_split", splitOf(value), isObject(params) ? params : {}, signature);
    return "problem" in read ? read : { ...read, form: undefined, said: OLD_SPLIT };
  }
  if (isOneRow(value, signature)) {
    const table = tableOfRecords([value]);
    const said = "This is one row by itself; it is sent as dataframe_split.";
    return { form: undefined, input: { kind: "table", table }, params: {}, said };
  }
  const names = FORMS.join(", ");
  return {
    problem: `A request has one of ${names}, and this has ${Object.keys(value).slice(0, 4).join(", ") || "nothing"}.`,
  };
}

function splitOf(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== "params"));
}

function recogniseList(list: Json[], signature: Signature | undefined): Recognised | { problem: string } {
  if (list.length > 0 && list.every(isObject)) {
    const read = recogniseForm("dataframe_records", list, {}, signature);
    return "problem" in read ? read : { ...read, form: undefined, said: OLD_RECORDS };
  }
  if (list.length === 0) return { problem: "There are no rows in this list." };
  const read = recogniseForm("inputs", list, {}, signature);
  if ("problem" in read) return read;
  return { ...read, form: undefined, said: "This is a list by itself; it is sent as inputs." };
}

/** An object whose keys are columns that the signature knows. */
function isOneRow(value: JsonObject, signature: Signature | undefined): boolean {
  const schema = signature?.inputs;
  if (schema?.kind !== "columns") return false;
  return schema.columns.some(({ name }) => name !== undefined && Object.hasOwn(value, name));
}

function recogniseForm(
  form: (typeof FORMS)[number],
  value: Json,
  params: JsonObject,
  signature: Signature | undefined,
): Recognised | { problem: string } {
  const done = (input: ModelInput): Recognised => ({ form, input, params });
  switch (form) {
    case "dataframe_split": {
      const table = tableOfSplit(value);
      return "problem" in table ? table : done({ kind: "table", table });
    }
    case "dataframe_records": {
      if (!Array.isArray(value) || !value.every(isObject)) {
        return { problem: "dataframe_records takes a list of objects, one a row." };
      }
      return done({ kind: "table", table: tableOfRecords(value) });
    }
    default: {
      const schema = signature?.inputs;
      if (schema?.kind === "tensors")
        return done({ kind: "tensors", tensors: form === "instances" ? columnsOf(value) : value });
      const table = schema === undefined ? undefined : tableOfInputs(value, signature);
      // Without a signature nobody knows whether this is a table.
      return done(table === undefined ? { kind: "body", body: { [form]: value } } : { kind: "table", table });
    }
  }
}

function tableOfSplit(value: Json): Table | { problem: string } {
  if (!isObject(value)) return { problem: "dataframe_split takes an object with columns and data." };
  const { columns, data } = value;
  const unknown = Object.keys(value).find((key) => !SPLIT_KEYS.has(key));
  if (unknown !== undefined)
    return { problem: `dataframe_split takes columns, data and index, and this has ${unknown}.` };
  if (!Array.isArray(data)) return { problem: "dataframe_split takes data: a list of rows." };
  const names = Array.isArray(columns) ? columns.map(nameText) : undefined;
  // One column may be a list of values.
  const rows = data.map((row) => (Array.isArray(row) ? row : [row]));
  const width = names?.length ?? rows[0]?.length ?? 0;
  const uneven = rows.findIndex((row) => row.length !== width);
  if (uneven >= 0)
    return { problem: `Row ${uneven + 1} has ${rows[uneven]?.length ?? 0} values for ${width} columns.` };
  return names === undefined ? { rows } : { columns: names, rows };
}

function nameText(value: Json): string {
  return typeof value === "string" ? value : String(typeof value === "object" ? JSON.stringify(value) : value);
}

function tableOfRecords(records: JsonObject[]): Table {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return {
    columns,
    rows: records.map((record) => columns.map((name) => (Object.hasOwn(record, name) ? (record[name] ?? null) : null))),
  };
}

/** `inputs` and `instances` of a signature with columns: records, lists by name, or values without names. */
function tableOfInputs(value: Json, signature: Signature | undefined): Table | undefined {
  const columns = signature?.inputs?.kind === "columns" ? signature.inputs.columns : [];
  const [only] = columns;
  if (Array.isArray(value)) {
    if (only?.name === undefined)
      return { rows: value.map((row) => (columns.length > 1 && Array.isArray(row) ? row : [row])) };
    if (value.every(isObject)) return tableOfRecords(value);
    return columns.length === 1 ? { columns: [only.name], rows: value.map((each) => [each]) } : undefined;
  }
  if (!isObject(value)) return columns.length === 1 ? { ...namesOf(columns), rows: [[value]] } : undefined;
  if (only?.name === undefined) return { rows: [[value]] };
  const lists = Object.entries(value);
  const isNested = columns.some(({ value: type }) => ["array", "object"].includes(type.type));
  const [, first] = lists[0] ?? [];
  const byName =
    !isNested && Array.isArray(first) && lists.every(([, list]) => Array.isArray(list) && list.length === first.length);
  if (!byName) return tableOfRecords([value]);
  return {
    columns: lists.map(([name]) => name),
    rows: first.map((_, row) => lists.map(([, list]) => (Array.isArray(list) ? (list[row] ?? null) : null))),
  };
}

function namesOf(columns: { name?: string }[]): { columns?: string[] } {
  const names = columns.flatMap(({ name }) => (name === undefined ? [] : [name]));
  return names.length > 0 ? { columns: names } : {};
}

/** Tensors by name, from one object for each row. */
function columnsOf(value: Json): Json {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isObject)) return value;
  const { columns = [], rows } = tableOfRecords(value);
  return Object.fromEntries(columns.map((name, i) => [name, rows.map((row) => row[i] ?? null)]));
}

function recogniseCsv(text: string): Recognised | { problem: string } {
  const separator = csvSeparator(text) ?? ",";
  const [header, ...rows] = readCsvText(text, separator);
  if (header === undefined || rows.length === 0 || /^[^\n]*[{[]/.test(text)) {
    return { problem: "This is neither JSON nor CSV with a line of column names and rows below it." };
  }
  const uneven = rows.findIndex((row) => row.length !== header.length);
  if (uneven >= 0) {
    return { problem: `Row ${uneven + 1} has ${rows[uneven]?.length ?? 0} values for ${header.length} columns.` };
  }
  const table = { columns: header.map((name) => name?.trim() ?? ""), rows };
  const tabs =
    separator === "," ? {} : { said: `The columns are separated by ${separator === "\t" ? "tabs" : separator}.` };
  return { form: separator === "," ? "csv" : undefined, input: { kind: "table", table }, params: {}, ...tabs };
}
