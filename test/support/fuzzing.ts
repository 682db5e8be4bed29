// Requests for every route, made from the field table: right in shape often enough to get deep, wrong in every other way.
import { Agent, request } from "node:http";
import { type ENDPOINTS, ENUMS, FIELDS } from "../../src/mlflow/api.generated.ts";

export interface Fuzzed {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
}

export interface Outcome {
  status: number;
  type: string;
  text: string;
  /** ms until the answer, and ms of CPU that this process with all its threads took meanwhile. */
  took: number;
  cpu: number;
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** JSON texts that are no value of the type asked for, or hardly one. */
const ODD: readonly string[] = [
  ...["null", "true", "false", "0", "-1", "1.5", "-0", "1e308", "1e400", "9007199254740993", "9223372036854775807"],
  ...[
    "9223372036854775808",
    "-9223372036854775809",
    '"9223372036854775807"',
    '"1e3"',
    '"NaN"',
    '"Infinity"',
    '"-Infinity"',
  ],
  ...[
    '""',
    '" "',
    '"0"',
    '"-1"',
    '"null"',
    '"true"',
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\udc00x"',
    '"\u{1f600}"',
  ],
  ...['"\u202e\u200b"', '"\\r\\nSet-Cookie: a=b"', '"../../etc/passwd"', '"..%2f..%2fetc%2fpasswd"', '"/etc/passwd"'],
  ...[
    '"file:///etc/passwd"',
    '"C:\\\\windows"',
    '"http://127.0.0.1:1/x"',
    '"s3://bucket/a"',
    '"runs:/x/y"',
    '"models:/x/1"',
  ],
  ...[
    '"\' OR 1=1 --"',
    '"\\"; DROP TABLE runs; --"',
    '"%"',
    '"_"',
    '"<script>"',
    '"${jndi:x}"',
    '"{{7*7}}"',
    '"__proto__"',
  ],
  ...["[]", "[null]", "[[]]", '[""]', "[1]", "[{}]", '["a","a"]', "{}", '{"__proto__":{"a":1}}', '{"constructor":1}'],
  ...['{"toString":null,"valueOf":null}', '{"a":{"b":{"c":[1,[2,[3]]]}}}', '{"key":"a","value":"b"}', '{"":""}'],
  `"${"x".repeat(9_000)}"`,
  `"${"é".repeat(300)}"`,
  `${"[".repeat(3_000)}${"]".repeat(3_000)}`,
  `${'{"a":'.repeat(500)}1${"}".repeat(500)}`,
];

const FILTERS = [
  "metrics.m > 1",
  "params.p = 'v'",
  "tags.t LIKE '%a%'",
  "attributes.status = 'RUNNING'",
  "name = 'm'",
  "metrics.m > 'x'",
  "' OR 1=1",
  "a = b = c",
  "((((",
  "name IN ('a',)",
  "run_id IN ()",
  "metrics.`a b` != NaN",
  "tags.t RLIKE '((((a+)+)+)+)$'",
  `name = '${"a".repeat(3_000)}'`,
  "name = 'x' AND ".repeat(200),
];

/** Values that exist in the store, by the field's name. */
export type Known = Readonly<Record<string, readonly string[]>>;

export class Fuzzer {
  readonly random: () => number;
  readonly #known: Known;
  /** How often a value of the request being made is an odd one: most requests have one or none, so that they get deep. */
  #wild = 0;

  constructor(seed: number, known: Known) {
    this.random = randomFrom(seed);
    this.#known = known;
  }

  /** A request for one entry of the table of endpoints. */
  ask([, method, path, message]: (typeof ENDPOINTS)[number]): Fuzzed {
    this.#wild = this.#pick([0, 0.02, 0.05, 0.2]);
    const prefix = this.#chance(0.5) ? "/api" : "/ajax-api";
    const whole = prefix + path.replace(/\{([^}]+)\}/g, (_, name: string) => this.#pathPart(name));
    const asked = this.#chance(this.#wild / 4)
      ? this.#pick(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "TRACE"])
      : method;
    const json = this.#message(message, 0);
    if (asked === "GET" && this.#chance(0.9)) {
      return { method: asked, path: `${whole}?${this.#query(message)}`, headers: {}, body: undefined };
    }
    const type = !this.#chance(this.#wild / 4)
      ? "application/json"
      : this.#pick(["text/plain", "application/json;charset=x", ""]);
    return {
      method: asked,
      path: whole,
      headers: type === "" ? {} : { "Content-Type": type },
      body: this.#spoil(json),
    };
  }

  /** A GET of any path with parameters of these names. */
  get(path: string, names: readonly string[]): Fuzzed {
    this.#wild = 0.3;
    const query = names.filter(() => this.#chance(0.9)).map((name) => `${name}=${encode(this.#text(name))}`);
    return { method: "GET", path: `${path}?${query.join("&")}`, headers: {}, body: undefined };
  }

  #message(name: string, depth: number): string {
    if (this.#chance(this.#wild / 8)) return this.#pick(ODD);
    const parts: string[] = [];
    for (const [field, type] of Object.entries(FIELDS[name] ?? {})) {
      if (this.#chance(field === "page_token" || field.includes("uuid") ? 0.95 : 0.1 + this.#wild)) continue;
      const key = this.#chance(0.9) ? field : field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      parts.push(`${JSON.stringify(key)}:${this.#value(field, type, depth)}`);
      if (this.#chance(this.#wild / 10)) parts.push(`${JSON.stringify(key)}:${this.#pick(ODD)}`);
    }
    if (this.#chance(this.#wild / 2)) parts.push(`"__proto__":${this.#pick(ODD)}`, `"unknown":${this.#pick(ODD)}`);
    return `{${parts.join(",")}}`;
  }

  #value(field: string, type: string, depth: number): string {
    if (this.#chance(this.#wild)) return this.#pick(ODD);
    if (type.endsWith("[]")) {
      const inner = type.slice(0, -2);
      return `[${Array.from({ length: this.#below(4) }, () => this.#value(field, inner, depth)).join(",")}]`;
    }
    if (type.startsWith("map:")) return `{"a":${this.#value(field, type.slice(4), depth)}}`;
    if (type.startsWith("enum:")) return JSON.stringify(this.#pick(Object.keys(ENUMS[type.slice(5)] ?? {})));
    switch (type) {
      case "string":
      case "bytes":
        return JSON.stringify(this.#text(field));
      case "bool":
        return this.#pick(["true", "false"]);
      case "int32":
      case "int64":
        return this.#pick(field === "max_results" ? ["1", "2", '"5"'] : ["0", "1", "100", '"3"', "1700000000000"]);
      case "double":
        return this.#pick(["0.5", "-1", "1e10", '"NaN"', '"Infinity"']);
      case "timestamp":
        return this.#pick(['"2024-01-01T00:00:00Z"', '"2024-01-01T00:00:00.123456789Z"']);
      case "duration":
        return this.#pick(['"1.5s"', '"0s"']);
      default:
        return depth > 4 || FIELDS[type] === undefined ? this.#pick(ODD) : this.#message(type, depth + 1);
    }
  }

  #text(field: string): string {
    if (field.startsWith("filter")) return this.#chance(0.5) ? "" : this.#pick(FILTERS);
    if (field === "order_by") return this.#pick(["start_time DESC", "metrics.m", "name ASC", "creation_time", "x y z"]);
    const known = this.#chance(0.9) ? this.#known[field] : undefined;
    if (known !== undefined) return this.#pick(known);
    if (!this.#chance(this.#wild)) return `${field}-${this.#below(5)}`;
    const odd: unknown = JSON.parse(this.#pick(ODD));
    return typeof odd === "string" ? odd : String(JSON.stringify(odd));
  }

  #query(message: string): string {
    const parts: string[] = [];
    for (const [field, type] of Object.entries(FIELDS[message] ?? {})) {
      const most = field === "page_token" || field.includes("uuid") ? 0.05 : 0.9;
      for (let i = this.#chance(most) ? 1 + this.#below(type.endsWith("[]") ? 3 : 1.1) : 0; i > 0; i--) {
        const number = type.startsWith("int") || type === "double" || type === "bool";
        const value = number && !this.#chance(this.#wild) ? (type === "bool" ? "true" : "1") : this.#text(field);
        parts.push(
          `${field}=${!this.#chance(this.#wild / 4) ? encode(value) : this.#pick(["%", "%zz", "%00", "%ff%fe", "+&="])}`,
        );
      }
    }
    return parts.join("&");
  }

  #pathPart(name: string): string {
    const text = this.#text(name.split(".").at(-1) ?? name);
    return this.#chance(this.#wild / 2) ? this.#pick(["%00", "%2e%2e", "..%2f", "%", "%ff"]) : encode(text) || "x";
  }

  /** Now and then the text of a body is broken on its way. */
  #spoil(json: string): Buffer {
    const bytes = Buffer.from(json);
    if (!this.#chance(this.#wild / 2)) return bytes;
    switch (this.#below(6)) {
      case 0:
        return bytes.subarray(0, this.#below(bytes.length));
      case 1:
        return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
      case 2:
        bytes[this.#below(bytes.length)] = this.#below(256);
        return bytes;
      case 3:
        return Buffer.from(JSON.stringify(json));
      case 4:
        return Buffer.from(
          json.replace(/:[^,}]*/, () => `:${this.#pick(["NaN", "Infinity", "-Infinity", "1e999", "01"])}`),
        );
      default:
        return Buffer.from(this.#pick(["", "null", "[]", "1", '""', "{}{}", "\u0000", "{'a':1}", '"{}"', '"\\"a\\""']));
    }
  }

  #chance(probability: number): boolean {
    return this.random() < probability;
  }

  #below(bound: number): number {
    return Math.floor(this.random() * bound);
  }

  #pick<T>(from: readonly T[]): T {
    const found = from[this.#below(from.length)];
    if (found === undefined) throw new Error("There is nothing to choose from.");
    return found;
  }
}

/** Lone surrogates cannot be encoded. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** Sends it and reads the answer; rejects when the connection breaks. */
export function send(url: string, { method, path, headers, body }: Fuzzed): Promise<Outcome> {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  return new Promise((done, fail) => {
    const length = body === undefined ? {} : { "Content-Length": String(body.length) };
    const { hostname, port } = new URL(url);
    const asked = request({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", fail);
      response.on("end", () =>
        done({
          status: response.statusCode ?? 0,
          type: response.headers["content-type"] ?? "",
          text: Buffer.concat(chunks).toString("utf8"),
          took: performance.now() - begun,
          cpu: cpuSince(before),
        }),
      );
    });
    asked.on("error", fail);
    asked.end(body);
  });
}
