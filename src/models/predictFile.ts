import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { MlflowError } from "../mlflow/errors.ts";
import { readAnswer } from "../mlflow/signature/answer.ts";
import { checkTable } from "../mlflow/signature/checkTable.ts";
import type { Table } from "../mlflow/signature/checkTable.ts";
import { csvLine, CsvReader, csvSeparator } from "../mlflow/signature/csvText.ts";
import { readField } from "../mlflow/signature/fields.ts";
import { JsonMistake, printJson, readJson } from "../mlflow/signature/json.ts";
import type { Json, JsonObject } from "../mlflow/signature/json.ts";
import { recogniseJson } from "../mlflow/signature/recognise.ts";
import { printRequest } from "../mlflow/signature/requests.ts";
import type { ColumnSpec, Signature } from "../mlflow/signature/types.ts";
import { nameOfColumn } from "../mlflow/signature/words.ts";
import { explainRefusal } from "./refusal.ts";
import { askScoringServer } from "./scoringClient.ts";

/** Rows of a file, asked of a scoring server in parts. */
export interface PredictFileOptions {
  /** CSV, JSON (any form of a request) or lines of JSON, by its ending: `.csv`, `.tsv`, `.json`, `.jsonl`. */
  input: string;
  /** `.csv` or `.json` (lines of JSON for `.jsonl`). */
  output: string;
  server: { url: string; title: string; timeout: number };
  signature: Signature | undefined;
  params?: JsonObject;
  /** Rows of one request. */
  part?: number;
  signal?: AbortSignal;
  /** Share of the file that is done, 0 to 1, and its rows. */
  onProgress?(share: number, rows: number): void;
}

export interface PredictFileResult {
  rows: number;
  requests: number;
  /** It was cancelled: `rows` of them are in the output. */
  cancelled: boolean;
}

const PART = 500;
/** Bytes of a JSON file, which is read whole. */
const LARGEST_JSON = 200_000_000;

interface Row {
  /** From 1. */
  number: number;
  values: Json[];
}

/**
 * Writes each row of the input with its predictions beside it, into a file beside `output` that takes its place at the end: what was
 * there before stays whole until then. What was cancelled before the first answer, or failed, leaves nothing.
 * @throws MlflowError with the row that cannot be sent, or that the server refuses; what the file system says.
 */
export async function predictFile(options: PredictFileOptions): Promise<PredictFileResult> {
  const { signal, part = PART } = options;
  const source = /\.jsonl?$/i.test(options.input) ? await jsonRows(options) : csvRows(options);
  const writer = await RowWriter.open(options.output);
  let [rows, requests] = [0, 0];
  try {
    let waiting: Row[] = [];
    const send = async (share: number) => {
      const answers = await askPart(options, source.columns(), waiting);
      await writer.write(source.columns(), waiting, answers);
      rows += waiting.length;
      requests += 1;
      waiting = [];
      options.onProgress?.(share, rows);
    };
    for await (const { row, share } of source.rows) {
      signal?.throwIfAborted();
      waiting.push(row);
      if (waiting.length >= part) await send(share);
    }
    if (waiting.length > 0) await send(1);
    if (rows === 0) throw new MlflowError("INVALID_PARAMETER_VALUE", "There are no rows in this file.");
    await writer.end();
    return { rows, requests, cancelled: false };
  } catch (error) {
    const cancelled = signal?.aborted === true;
    if (cancelled && rows > 0) await writer.end();
    else await writer.drop();
    if (cancelled) return { rows, requests, cancelled };
    throw error;
  }
}

interface Source {
  columns(): string[];
  rows: AsyncIterable<{ row: Row; share: number }>;
}

function csvRows({ input }: PredictFileOptions): Source {
  let header: string[] | undefined;
  async function* rows(): AsyncGenerator<{ row: Row; share: number }> {
    const { size } = await stat(input);
    let [read, number] = [0, 0];
    let reader: CsvReader | undefined;
    let first = "";
    const take = (fields: (string | null)[]): Row | undefined => {
      if (header === undefined) {
        header = fields.map((name) => name?.trim() ?? "");
        return undefined;
      }
      number += 1;
      if (fields.length !== header.length) {
        throw invalid(`Row ${number} has ${fields.length} values for ${header.length} columns.`);
      }
      return { number, values: fields };
    };
    for await (const text of createReadStream(input, { encoding: "utf8", highWaterMark: 1 << 18 })) {
      const piece = String(text);
      read += Buffer.byteLength(piece);
      if (reader === undefined) {
        first += piece;
        if (!first.includes("\n") && read < size) continue;
        reader = new CsvReader(csvSeparator(first) ?? ",");
      }
      const fields = reader.read(first === "" ? piece : first);
      first = "";
      for (const each of fields) {
        const row = take(each);
        if (row !== undefined) yield { row, share: Math.min(0.99, read / size) };
      }
    }
    for (const each of reader?.end() ?? []) {
      const row = take(each);
      if (row !== undefined) yield { row, share: 0.99 };
    }
  }
  return { columns: () => header ?? [], rows: rows() };
}

async function jsonRows({ input, signature }: PredictFileOptions): Promise<Source> {
  const { size } = await stat(input);
  if (size > LARGEST_JSON) {
    throw new MlflowError("RESOURCE_EXHAUSTED", "A JSON file is read whole, up to 200 MB; a CSV may have any size.");
  }
  let text = "";
  for await (const piece of createReadStream(input, { encoding: "utf8" })) text += String(piece);
  const table = tableOf(text, /\.jsonl$/i.test(input), signature);
  const names = table.columns ?? (table.rows[0] ?? []).map((_, i) => String(i));
  async function* rows(): AsyncGenerator<{ row: Row; share: number }> {
    for (const [i, values] of table.rows.entries())
      yield { row: { number: i + 1, values }, share: (i + 1) / table.rows.length };
  }
  return { columns: () => names, rows: rows() };
}

function tableOf(text: string, isLines: boolean, signature: Signature | undefined): Table {
  try {
    const value: Json = isLines
      ? text
          .split("\n")
          .filter((line) => line.trim() !== "")
          .map(readJson)
      : readJson(text);
    const read = recogniseJson(value, signature);
    if ("problem" in read) throw invalid(read.problem);
    if (read.input.kind !== "table") throw invalid("This file holds no rows; ask with it in the Predict panel.");
    return read.input.table;
  } catch (error) {
    if (error instanceof JsonMistake) throw invalid(error.message);
    throw error;
  }
}

async function askPart(
  options: PredictFileOptions,
  columns: string[],
  rows: Row[],
): Promise<Json[][] & { names?: string[] }> {
  const { server, signature, params = {}, signal } = options;
  const first = rows[0]?.number ?? 1;
  const table = checkedRows(columns, rows, signature);
  const { body } = printRequest("dataframe_split", { input: { kind: "table", table }, params });
  const timeout = server.timeout * 1_000 + 2_000;
  const reply = await askScoringServer({
    url: server.url,
    body,
    contentType: "application/json",
    timeout,
    ...(signal === undefined ? {} : { signal }),
  });
  const last = rows.at(-1)?.number ?? first;
  if (reply.status !== 200) {
    const { text } = explainRefusal(reply, server.title, signature?.inputs);
    throw invalid(`Rows ${first} to ${last}: ${text}`);
  }
  const answer = readAnswer(reply.text, signature?.outputs);
  if (answer === undefined) throw invalid(`${server.title} answered with something that is no JSON.`);
  if (answer.total !== rows.length) {
    throw invalid(
      `${server.title} gave ${answer.total} predictions for ${rows.length} rows, so nobody knows which is whose.`,
    );
  }
  return Object.assign(answer.rows as Json[][], { names: answer.columns });
}

/** Texts of a CSV are read by the signature; without one, as JSON where they can be. */
function checkedRows(columns: string[], rows: Row[], signature: Signature | undefined): Table {
  const schema = signature?.inputs;
  if (schema?.kind === "tensors") throw invalid("The model takes tensors, which are asked for in the Predict panel.");
  const specs =
    schema?.columns ?? columns.map((name): ColumnSpec => ({ name, value: { type: "any" }, required: false }));
  const isNamed = specs[0]?.name !== undefined;
  const places = specs.map((spec, i) => (isNamed ? columns.indexOf(spec.name ?? "") : i));
  const values = rows.map(({ number, values: given }) =>
    columns.map((_, at): Json => {
      const value = given[at] ?? null;
      const spec = specs[places.indexOf(at)];
      if (spec === undefined || typeof value !== "string") return value;
      const name = nameOfColumn(spec, places.indexOf(at));
      const read = readField(value, { name, value: spec.value, required: spec.required });
      if ("problem" in read) throw invalid(`Row ${number}: ${read.problem}`);
      return read.value;
    }),
  );
  if (schema === undefined) return { columns, rows: values };
  const { table, problems } = checkTable(specs, isNamed ? { columns, rows: values } : { rows: values });
  const [problem] = problems;
  if (problem === undefined) return table;
  const at = problem.row === undefined ? undefined : rows[problem.row];
  throw invalid(at === undefined ? problem.text : `Row ${at.number}: ${problem.text}`);
}

/** CSV, a list of JSON objects, or lines of them, as they come. */
class RowWriter {
  readonly #file: FileHandle;
  readonly #output: string;
  readonly #kind: "csv" | "json" | "jsonl";
  #begun = false;

  private constructor(file: FileHandle, output: string) {
    this.#file = file;
    this.#output = output;
    this.#kind = /\.jsonl$/i.test(output) ? "jsonl" : /\.json$/i.test(output) ? "json" : "csv";
  }

  static async open(output: string): Promise<RowWriter> {
    return new RowWriter(await open(partOf(output), "w"), output);
  }

  async write(columns: string[], rows: Row[], answers: Json[][] & { names?: string[] }): Promise<void> {
    const taken = new Set(columns);
    // A prediction may be called as a column is.
    const names = [...columns, ...(answers.names ?? []).map((name) => (taken.has(name) ? `prediction ${name}` : name))];
    const lines: string[] = [];
    if (!this.#begun && this.#kind === "csv") lines.push(`${csvLine(names)}\r\n`);
    for (const [i, { values }] of rows.entries()) {
      const all = [...columns.map((_, at) => values[at] ?? null), ...(answers[i] ?? [])];
      if (this.#kind === "csv") {
        lines.push(`${csvLine(all.map(csvField))}\r\n`);
        continue;
      }
      const object = printJson(Object.fromEntries(names.map((name, at) => [name, numberOf(all[at] ?? null)])));
      const before = this.#kind === "jsonl" ? "" : this.#begun || i > 0 ? ",\n" : "[\n";
      lines.push(`${before}${object}${this.#kind === "jsonl" ? "\n" : ""}`);
    }
    this.#begun = true;
    await this.#file.appendFile(lines.join(""));
  }

  /** Puts the file in its place. */
  async end(): Promise<void> {
    try {
      if (this.#kind === "json") await this.#file.appendFile("\n]\n");
      await this.#file.close();
      await rename(partOf(this.#output), this.#output);
    } catch (error) {
      await this.drop();
      throw error;
    }
  }

  async drop(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(partOf(this.#output), { force: true });
  }
}

function partOf(output: string): string {
  return `${output}.part`;
}

function csvField(value: Json): string | null {
  if (value === null || typeof value === "string") return value;
  return typeof value === "number" && Number.isInteger(value) ? String(value) : printJson(value);
}

/** Whole numbers of an answer are written without a point. */
function numberOf(value: Json): Json {
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function invalid(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
