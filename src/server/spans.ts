// Spans: from the JSON that MLflow keeps them in to the OpenTelemetry messages that it tells them as.
import type { AnyValue, KeyValue, Span, SpanEvent, SpanLink } from "../mlflow/api.generated.ts";
import type { TraceInfo } from "../mlflow/traces.ts";

type Parsed = null | boolean | string | number | bigint | Parsed[] | { [key: string]: Parsed };

/** Spans from their JSON texts; a text that is no span is left out. */
export function spanMessages(contents: string[]): Span[] {
  return contents.flatMap((content) => {
    const span = parse(content);
    return isObject(span) ? [spanMessage(span)] : [];
  });
}

/** The JSON texts of the spans in an artifact `traces.json`. */
export function spansInFile(text: string): string[] {
  const data = parse(text);
  const spans = isObject(data) && Array.isArray(data["spans"]) ? data["spans"] : [];
  return spans.map((span) => print(span));
}

/** How many spans the client said it would send; 0 when it did not say. */
export function expectedSpans({ trace_metadata }: TraceInfo): number {
  const stats = parse(trace_metadata["mlflow.trace.sizeStats"] ?? "null");
  return isObject(stats) && typeof stats["num_spans"] === "bigint" ? Number(stats["num_spans"]) : 0;
}

function spanMessage(span: Record<string, Parsed>): Span {
  const status = isObject(span["status"]) ? span["status"] : {};
  const code = STATUS_CODES.find((each) => each === status["code"]);
  const message = textOf(status["message"]);
  return {
    trace_id: textOf(span["trace_id"]),
    span_id: textOf(span["span_id"]),
    ...(span["parent_span_id"] ? { parent_span_id: textOf(span["parent_span_id"]) } : {}),
    name: textOf(span["name"]),
    ...(span["start_time_unix_nano"] ? { start_time_unix_nano: int64(span["start_time_unix_nano"]) } : {}),
    ...(span["end_time_unix_nano"] ? { end_time_unix_nano: int64(span["end_time_unix_nano"]) } : {}),
    attributes: entriesOf(span["attributes"]).map(([key, value]) => ({ key, value: anyValue(decoded(value)) })),
    events: listOf(span["events"]).map(eventMessage),
    links: listOf(span["links"]).flatMap(linkMessage),
    status: { ...(code === undefined ? {} : { code }), ...(message === "" ? {} : { message }) },
  };
}

const STATUS_CODES = ["STATUS_CODE_OK", "STATUS_CODE_ERROR"] as const;

function eventMessage(event: Record<string, Parsed>): SpanEvent {
  return {
    name: textOf(event["name"]),
    ...(event["time_unix_nano"] ? { time_unix_nano: int64(event["time_unix_nano"]) } : {}),
    attributes: keyValues(event["attributes"]),
  };
}

/** Ids of links are hexadecimal; longer ones than OpenTelemetry allows are left out, as MLflow does. */
function linkMessage(link: Record<string, Parsed>): SpanLink[] {
  const trace = textOf(link["trace_id"]).replace(/^tr-/, "");
  const span = textOf(link["span_id"]).replace(/^0x/, "");
  if (!/^[0-9a-f]{1,32}$/i.test(trace) || !/^[0-9a-f]{1,16}$/i.test(span)) return [];
  return [
    {
      trace_id: Buffer.from(trace.padStart(32, "0"), "hex").toString("base64"),
      span_id: Buffer.from(span.padStart(16, "0"), "hex").toString("base64"),
      attributes: keyValues(link["attributes"]),
    },
  ];
}

function keyValues(attributes: Parsed | undefined): KeyValue[] {
  return entriesOf(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** Attributes of spans are JSON texts inside the JSON. */
function decoded(value: Parsed): Parsed {
  if (typeof value !== "string") return value;
  const inner = parse(value);
  return inner === undefined ? value : inner;
}

function anyValue(value: Parsed): AnyValue {
  switch (typeof value) {
    case "boolean":
      return { bool_value: value };
    case "string":
      return { string_value: value };
    case "bigint":
      return { int_value: int64(value) };
    case "number":
      return { double_value: value };
    case "object":
      if (value === null) return {};
      if (Array.isArray(value)) return { array_value: { values: value.map(anyValue) } };
      return { kvlist_value: { values: keyValues(value) } };
    default:
      return value satisfies never;
  }
}

/** A 64-bit integer: the messages' types say number for all, the printer takes a bigint where a number is not exact. */
function int64(value: Parsed): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) || typeof value !== "bigint") return number;
  // The border: beyond 2^53 a number would be another one.
  return value as unknown as number;
}

/** Integers become bigint, so that they differ from floats and none is rounded. Undefined when the text is no JSON. */
function parse(text: string): Parsed | undefined {
  try {
    const value: Parsed = JSON.parse(text, (_key, each: unknown, context?: { source?: string }) => {
      const source = typeof each === "number" ? (context?.source ?? "") : "";
      // Reading more digits takes time by their square: such a number stays a float.
      return /^-?\d{1,1000}$/.test(source) ? BigInt(source) : each;
    });
    return value;
  } catch {
    // No JSON: the caller takes it as it is or leaves it out.
    return undefined;
  }
}

function print(value: Parsed): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(print).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${print(each)}`)
    .join(",")}}`;
}

function isObject(value: Parsed | undefined): value is { [key: string]: Parsed } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function entriesOf(value: Parsed | undefined): [string, Parsed][] {
  return isObject(value) ? Object.entries(value) : [];
}

function listOf(value: Parsed | undefined): Record<string, Parsed>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: Parsed | undefined): string {
  return typeof value === "string" ? value : "";
}
