// CSV as RFC 4180 has it: what people paste, and what the scoring server reads by pandas.

const SEPARATORS = [",", "\t", ";", "|"] as const;

/** The separator that a first row has most of; undefined where it has none. */
export function csvSeparator(text: string): string | undefined {
  const first = text.split("\n", 1)[0]?.replaceAll(/"(?:[^"]|"")*"/g, "") ?? "";
  const counted = SEPARATORS.map((separator) => ({ separator, count: first.split(separator).length - 1 }));
  const most = counted.reduce((best, one) => (one.count > best.count ? one : best));
  return most.count > 0 ? most.separator : undefined;
}

/** Fields of a CSV, a text at a time: what ends within a row waits for the next. An unquoted empty field is `null`. */
export class CsvReader {
  readonly #separator: string;
  #row: (string | null)[] = [];
  #field = "";
  #state: "start" | "plain" | "quoted" | "quote" = "start";
  #wasQuoted = false;

  constructor(separator: string) {
    this.#separator = separator;
  }

  /** Rows that the text completes; blank lines are none. */
  read(text: string): (string | null)[][] {
    const rows: (string | null)[][] = [];
    for (const sign of text) {
      if (this.#state === "quoted") {
        if (sign === '"') this.#state = "quote";
        else this.#field += sign;
      } else if (this.#state === "quote" && sign === '"') {
        this.#field += '"';
        this.#state = "quoted";
      } else if (sign === this.#separator) {
        this.#endField();
      } else if (sign === "\n") {
        this.#endRow(rows);
      } else if (sign === '"' && this.#state === "start") {
        this.#state = "quoted";
        this.#wasQuoted = true;
      } else if (sign !== "\uFEFF" || this.#state !== "start") {
        if (this.#state === "start") this.#state = "plain";
        this.#field += sign;
      }
    }
    return rows;
  }

  /** The last row, where no line end follows it. */
  end(): (string | null)[][] {
    const rows: (string | null)[][] = [];
    if (this.#row.length > 0 || this.#field !== "" || this.#wasQuoted) this.#endRow(rows);
    return rows;
  }

  #endField(): void {
    this.#row.push(this.#field === "" && !this.#wasQuoted ? null : this.#field);
    this.#field = "";
    this.#state = "start";
    this.#wasQuoted = false;
  }

  #endRow(rows: (string | null)[][]): void {
    if (!this.#wasQuoted || this.#state === "plain") this.#field = this.#field.replace(/\r$/, "");
    if (this.#state === "quote") this.#field = this.#field.replace(/\r$/, "");
    const isBlank = this.#row.length === 0 && this.#field === "" && !this.#wasQuoted;
    this.#endField();
    if (!isBlank) rows.push(this.#row);
    this.#row = [];
  }
}

export function readCsvText(text: string, separator: string): (string | null)[][] {
  const reader = new CsvReader(separator);
  return [...reader.read(text), ...reader.end()];
}

/** One line of a CSV, without its end. */
export function csvLine(fields: readonly (string | null)[]): string {
  return fields
    .map((field) => {
      if (field === null) return "";
      return field === "" || /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
    })
    .join(",");
}
