/** A table as CSV (RFC 4180): quotes only where they are needed, CRLF at the ends of lines. */
export function csvOf(header: string[], rows: Iterable<readonly (string | number | null)[]>): string {
  const lines = [header.map(cell).join(",")];
  for (const row of rows) lines.push(row.map(cell).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  const text = typeof value === "number" ? numberText(value) : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** All digits; NaN and infinities as pandas reads them. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Math.abs(value) >= Number.MAX_VALUE) return value > 0 ? "inf" : "-inf";
  return String(value);
}
