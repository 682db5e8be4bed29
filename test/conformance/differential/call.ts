// One request as both servers get it, and their answers made comparable.

/** A request; `<name>` in it stands for the id that a server gave under that name. */
export interface Call {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From `/api/…` on. */
  path: string;
  query?: readonly (readonly [string, string])[];
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: string;
  /** In place of `application/json`; null = no such header. */
  contentType?: string | null;
}

export interface Answer {
  status: number;
  /** Text when it is no JSON. */
  body: unknown;
}

/** One of the two servers, and the ids it gave. */
export class Side {
  readonly url: string;
  readonly folder: string;
  /** While it is a number: the moments that the server's clock gave are told apart, by the step in which each was first seen. */
  step: number | undefined;
  private readonly moments = new Map<number, string>();
  private readonly ids = new Map<string, string>();
  private readonly names = new Map<string, string>();

  constructor({ url, folder }: { url: string; folder: string }) {
    this.url = url;
    this.folder = folder;
  }

  /** The id called `name` from here on. */
  name(name: string, id: string): void {
    this.ids.set(name, id);
    this.names.set(id, name);
  }

  /** Takes over all ids of a server whose database this one has. */
  nameAs(other: Side): void {
    for (const [name, id] of other.ids) this.name(name, id);
  }

  /** Sends a call with this server's own ids in it. */
  async send(call: Call): Promise<Answer> {
    const query = new URLSearchParams((call.query ?? []).map(([key, value]) => [key, this.withIds(value)]));
    const path = this.withIds(call.path);
    const text = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const type = call.contentType === undefined ? "application/json" : call.contentType;
    const response = await fetch(`${this.url}${path}${query.size > 0 ? `?${query}` : ""}`, {
      method: call.method,
      headers: type === null ? {} : { "Content-Type": type },
      ...(text === undefined ? {} : { body: Buffer.from(this.withIds(text)) }),
    });
    return { status: response.status, body: parse(await response.text()) };
  }

  private withIds(text: string): string {
    return text.replaceAll(/<([a-z]+\d+)>/g, (whole, name: string) => this.ids.get(name) ?? whole);
  }

  /** An answer in which ids, times, folders and tokens do not depend on the server. */
  comparable({ status, body }: Answer): Answer {
    const seen = new Map<string, string>();
    const rename = (text: string) =>
      text
        .replaceAll(this.folder, "<folder>")
        .replaceAll(this.url, "<url>")
        .replaceAll(/\b(?:[mdt]-|tr-)?[0-9a-f]{32}\b/g, (id) => {
          const known = this.names.get(id) ?? seen.get(id) ?? `unknown${seen.size}`;
          if (!this.names.has(id)) seen.set(id, known);
          return `<${known}>`;
        });
    const date = (time: number) => {
      if (this.step === undefined) return "<now>";
      const known = this.moments.get(time) ?? `<step ${this.step}>`;
      this.moments.set(time, known);
      return known;
    };
    return { status, body: comparable(withoutClass(body), "", { rename, date }) };
  }
}

/** What MLflow adds to an error for Databricks' tools is not part of the contract. */
function withoutClass(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("error_code" in body && "message" in body)) return body;
  return { error_code: body.error_code, message: body.message };
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return parseBare(text);
  }
}

/** MLflow's get-history-bulk prints NaN bare, which is no JSON; other answers are plain text or a page. */
function parseBare(text: string): unknown {
  if (!text.startsWith("{")) return text;
  const quoted: unknown = JSON.parse(text.replaceAll(/(?<=[:,[]\s*)-?(?:NaN|Infinity)\b/g, '"$&"'));
  return quoted;
}

/** Lists whose order MLflow leaves to its database. */
const SETS = [
  "tags",
  "params",
  "metrics",
  "aliases",
  "dataset_inputs",
  "model_inputs",
  "model_outputs",
  "latest_versions",
  "dataset_summaries",
];
const TIME = /(?:^|_)time(?:stamp)?(?:_ms)?$/;
/** Times that a test gives are small; a server's own clock is far beyond. */
const NOW = 1_600_000_000_000;

interface Names {
  rename(text: string): string;
  date(time: number): string;
}

function comparable(value: unknown, key: string, names: Names): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, key, names));
    // Histories of several runs are lists called metrics too, and have an order.
    const history =
      key === "metrics" && items.some((item) => typeof item === "object" && item !== null && "run_id" in item);
    return SETS.includes(key) && !history ? items.toSorted(byText) : items;
  }
  if (typeof value === "object" && value !== null) {
    // A random name stands in a run's tags too.
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, each]) => [name, comparable(each, name, names)]));
  }
  if (key === "next_page_token") return "<token>";
  if (typeof value === "number" && TIME.test(key) && value > NOW) return names.date(value);
  if (typeof value !== "string") return value;
  if (/^[a-z]+-[a-z]+-\d+$/.test(value)) return "<random name>";
  const text = names.rename(value);
  return key === "message" ? comparableMessage(text) : text;
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Python prints a set in an order of chance. */
function comparableMessage(message: string): string {
  return message.replaceAll(/\{('[^{}]*')\}/g, (_, items: string) => `{${items.split(", ").toSorted().join(", ")}}`);
}
