import { checkParams, readParam } from "../../../mlflow/signature/checkParams.ts";
import { checkTable } from "../../../mlflow/signature/checkTable.ts";
import type { Table } from "../../../mlflow/signature/checkTable.ts";
import { checkTensor } from "../../../mlflow/signature/checkTensor.ts";
import { fieldText, readField } from "../../../mlflow/signature/fields.ts";
import type { FieldSpec } from "../../../mlflow/signature/fields.ts";
import { isObject, JsonMistake, layOutJson, printJson, readJson } from "../../../mlflow/signature/json.ts";
import type { Json, JsonObject } from "../../../mlflow/signature/json.ts";
import { recognise } from "../../../mlflow/signature/recognise.ts";
import type { ModelInput, ModelRequest } from "../../../mlflow/signature/requests.ts";
import type { ColumnSpec, ParamSpec, Signature, TensorSpec } from "../../../mlflow/signature/types.ts";
import { nameOfColumn } from "../../../mlflow/signature/words.ts";

/** What stands in the fields: texts as they were typed. */
export interface Draft {
  /** Of rows; those of the signature, where it has columns. */
  columns: string[];
  rows: string[][];
  /** Text of each tensor, by name; the only one without a name is "". */
  tensors: Record<string, string>;
  params: Record<string, string>;
  /** The whole request as text, where that was written last: then the fields follow it. */
  text?: string;
}

export interface DraftProblem {
  row?: number;
  column?: string;
  param?: string;
  text: string;
}

/** What a draft asks, once nothing is wrong with it. */
export interface ReadDraft {
  request?: ModelRequest;
  problems: DraftProblem[];
  notes: string[];
  /** What the fields show, where a text was read. */
  fields?: Omit<Draft, "text">;
  /** Rows or values that are asked about. */
  count: number;
}

export const EMPTY_DRAFT: Draft = { columns: [], rows: [[]], tensors: {}, params: {} };

/** Fields of a row: those of the signature, or without one what the rows have. */
export function fieldsOf(signature: Signature | undefined, columns: readonly string[]): FieldSpec[] {
  const schema = signature?.inputs;
  if (schema?.kind === "columns") {
    return schema.columns.map((spec, i) => ({
      name: nameOfColumn(spec, i),
      value: spec.value,
      required: spec.required,
    }));
  }
  return columns.map((name) => ({ name, value: { type: "any" }, required: false }));
}

/** A draft without anything in it. */
export function emptyDraft(signature: Signature | undefined): Draft {
  const columns = fieldsOf(signature, []).map(({ name }) => name);
  return { columns, rows: [columns.map(() => "")], tensors: {}, params: {} };
}

/** The same rows under the columns of another signature: a value stays with its name, not with its place. */
export function fitDraft(draft: Draft, signature: Signature | undefined): Draft {
  if (signature?.inputs?.kind !== "columns") return draft;
  const columns = fieldsOf(signature, []).map(({ name }) => name);
  const isFit = columns.length === draft.columns.length && columns.every((name, at) => name === draft.columns[at]);
  if (isFit) return draft;
  const places = columns.map((name) => draft.columns.indexOf(name));
  return { ...draft, columns, rows: draft.rows.map((row) => places.map((at) => row[at] ?? "")) };
}

/** Text of a tensor or a param; a model may call one `constructor`. */
export function textNamed(texts: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(texts, name) ? (texts[name] ?? "") : "";
}

export function readDraft(draft: Draft, signature: Signature | undefined): ReadDraft {
  if (draft.text !== undefined) return readText(draft.text, signature);
  const params = readParams(draft.params, signature?.params);
  const input = readInput(draft, signature);
  const problems = [...input.problems, ...params.problems];
  return {
    ...(problems.length === 0 && input.input !== undefined
      ? { request: { input: input.input, params: params.params } }
      : {}),
    problems,
    notes: input.notes,
    count: input.count,
  };
}

interface ReadInput {
  input?: ModelInput;
  problems: DraftProblem[];
  notes: string[];
  count: number;
}

function readInput({ columns, rows, tensors }: Draft, signature: Signature | undefined): ReadInput {
  const schema = signature?.inputs;
  if (schema?.kind === "tensors") return readTensors(tensors, schema.tensors);
  if (columns.length === 0) {
    return { problems: [{ text: "There is nothing to send yet." }], notes: [], count: 0 };
  }
  const fields = fieldsOf(signature, columns);
  const problems: DraftProblem[] = [];
  const values = rows.map((texts, row) =>
    fields.map((field, at): Json => {
      const read = readField(texts[at] ?? "", field);
      if ("value" in read) return read.value;
      problems.push({ row, column: field.name, text: read.problem });
      return null;
    }),
  );
  const table: Table = { columns: fields.map(({ name }) => name), rows: values };
  const count = rows.length;
  if (problems.length > 0) return { problems, notes: [], count };
  if (schema === undefined) return { input: { kind: "table", table }, problems, notes: [], count };
  return { ...checkedRows(schema.columns, table), count };
}

function checkedRows(columns: readonly ColumnSpec[], given: Table): Omit<ReadInput, "count"> {
  const isNamed = columns[0]?.name !== undefined;
  const { table, problems, notes } = checkTable(columns, isNamed ? given : { rows: given.rows });
  return { ...(problems.length === 0 ? { input: { kind: "table", table } } : {}), problems, notes };
}

function readTensors(texts: Record<string, string>, specs: readonly TensorSpec[]): ReadInput {
  const problems: DraftProblem[] = [];
  const done: [string, Json][] = [];
  for (const spec of specs) {
    const name = spec.name ?? "";
    const text = textNamed(texts, name);
    const told = spec.name ?? "The input";
    try {
      if (text.trim() === "") throw new JsonMistake(`${told} is required.`, 0);
      const checked = checkTensor(readJson(text), spec);
      if ("value" in checked) done.push([name, checked.value]);
      else problems.push({ column: name, text: checked.problem });
    } catch (error) {
      if (!(error instanceof JsonMistake)) throw error;
      problems.push({ column: name, text: error.message.replace("This is not JSON", `${told} is not JSON`) });
    }
  }
  const [first] = done;
  const count = Array.isArray(first?.[1]) ? first[1].length : 1;
  if (problems.length > 0 || first === undefined) return { problems, notes: [], count };
  const tensors = specs[0]?.name === undefined ? first[1] : Object.fromEntries(done);
  return { input: { kind: "tensors", tensors }, problems, notes: [], count };
}

function readParams(
  texts: Record<string, string>,
  specs: readonly ParamSpec[] = [],
): { params: JsonObject; problems: DraftProblem[] } {
  const problems: DraftProblem[] = [];
  const done: [string, Json][] = [];
  for (const spec of specs) {
    const read = readParam(textNamed(texts, spec.name), spec);
    if (read === undefined) continue;
    if ("value" in read) done.push([spec.name, read.value]);
    else problems.push({ param: spec.name, text: read.problem });
  }
  return { params: Object.fromEntries(done), problems };
}

function readText(text: string, signature: Signature | undefined): ReadDraft {
  const read = recognise(text, signature);
  if ("problem" in read) return { problems: [{ text: read.problem }], notes: [], count: 0 };
  const checked = checkParams(signature?.params, read.params);
  const notes = [...(read.said === undefined ? [] : [read.said]), ...checked.notes];
  const params = { ...read.params, ...checked.params };
  const problems: DraftProblem[] = checked.problems;
  const schema = signature?.inputs;
  const { input } = read;
  // A CSV holds texts only, which are read as those of fields are.
  const isText = !/^\s*[[{]/.test(text);
  const fields = draftOf({ input, params }, signature, isText);
  if (isText && schema === undefined) {
    const typed = readInput(fields, signature);
    return {
      ...(typed.input === undefined ? {} : { request: { input: typed.input, params } }),
      ...typed,
      notes,
      fields,
    };
  }
  if (input.kind === "table" && schema?.kind === "columns") {
    const typed = isText ? readInput({ ...fields }, signature) : checkedRows(schema.columns, input.table);
    const all = [...problems, ...typed.problems];
    const unknown = isText ? unknownNote(input.table, schema.columns) : [];
    return {
      ...(all.length === 0 && typed.input !== undefined ? { request: { input: typed.input, params } } : {}),
      ...{ problems: all, notes: [...notes, ...typed.notes, ...unknown], fields, count: input.table.rows.length },
    };
  }
  if (input.kind === "tensors" && schema?.kind === "tensors") {
    const typed = readTensors(fields.tensors, schema.tensors);
    const all = [...problems, ...typed.problems];
    return {
      ...(all.length === 0 && typed.input !== undefined ? { request: { input: typed.input, params } } : {}),
      ...{ problems: all, notes, fields, count: typed.count },
    };
  }
  if (schema !== undefined && input.kind === "table") {
    return { problems: [{ text: "The model takes tensors, and these are rows; write inputs." }], notes, count: 0 };
  }
  const count = input.kind === "table" ? input.table.rows.length : 1;
  return { ...(problems.length === 0 ? { request: { input, params } } : {}), problems, notes, fields, count };
}

function unknownNote({ columns = [] }: Table, specs: readonly ColumnSpec[]): string[] {
  if (specs[0]?.name === undefined) return [];
  const unknown = columns.filter((name) => !specs.some((spec) => spec.name === name));
  return unknown.length === 0 ? [] : [`The model does not know ${unknown.join(", ")}, left out here.`];
}

/** A request as texts of fields; `isText`: its values are such texts already. */
export function draftOf(
  { input, params }: ModelRequest,
  signature: Signature | undefined,
  isText = false,
): Omit<Draft, "text"> {
  const schema = signature?.inputs;
  const texts = Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const spec = signature?.params?.find((one) => one.name === name);
      return [name, typeof value === "string" && spec?.shape === undefined ? value : printJson(value)];
    }),
  );
  const empty = { ...emptyDraft(signature), params: texts };
  if (input.kind === "body") return empty;
  if (input.kind === "tensors") {
    const named = schema?.kind === "tensors" && schema.tensors[0]?.name !== undefined;
    const tensors =
      named && isObject(input.tensors)
        ? Object.fromEntries(Object.entries(input.tensors).map(([name, value]) => [name, layOutJson(value)]))
        : { [named ? (schema.tensors[0]?.name ?? "") : ""]: layOutJson(input.tensors) };
    return { ...empty, tensors };
  }
  const { columns, rows } = input.table;
  const width = rows[0]?.length ?? 0;
  const names = columns ?? Array.from({ length: width }, (_, i) => String(i));
  const fields = fieldsOf(signature, names);
  const isNamed = schema?.kind === "columns" && schema.columns[0]?.name !== undefined;
  const places = fields.map(({ name }, i) => (isNamed || schema === undefined ? names.indexOf(name) : i));
  const shown = rows.map((row) =>
    fields.map(({ value: type }, i) => {
      const value = row[places[i] ?? -1] ?? null;
      return isText && typeof value === "string" ? value : fieldText(value, type);
    }),
  );
  return { ...empty, columns: fields.map(({ name }) => name), rows: shown.length === 0 ? empty.rows : shown };
}

/** What the fields hold as a request to write on, even where some of it is wrong. */
export function textOfFields(draft: Draft, signature: Signature | undefined): string {
  const schema = signature?.inputs;
  const read = (text: string, field: FieldSpec): Json => {
    const found = readField(text, field);
    return "value" in found ? found.value : text;
  };
  const loose = (text: string): Json => {
    try {
      return readJson(text);
    } catch (error) {
      if (error instanceof JsonMistake) return text;
      throw error;
    }
  };
  const params = Object.fromEntries(
    (signature?.params ?? []).flatMap((spec) => {
      const found = readParam(textNamed(draft.params, spec.name), spec);
      if (found === undefined) return [];
      return [[spec.name, "value" in found ? found.value : textNamed(draft.params, spec.name)]];
    }),
  );
  const withParams = (body: JsonObject) => layOutJson(Object.keys(params).length === 0 ? body : { ...body, params });
  if (schema?.kind === "tensors") {
    const named = schema.tensors[0]?.name !== undefined;
    const all = Object.fromEntries(Object.entries(draft.tensors).map(([name, text]) => [name, loose(text)]));
    return withParams({ inputs: named ? all : (all[""] ?? []) });
  }
  const fields = fieldsOf(signature, draft.columns);
  const isNamed = schema === undefined || schema.columns[0]?.name !== undefined;
  const data = draft.rows.map((row) => fields.map((field, at) => read(row[at] ?? "", field)));
  const columns = fields.map(({ name }) => name);
  return withParams({ dataframe_split: isNamed ? { columns, data } : { data } });
}
