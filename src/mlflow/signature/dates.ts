const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:([T ])(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?$/;
const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i;

/** pandas keeps dates in ns: these are the first and last whole days. */
const FIRST = "1677-09-22";
const LAST = "2262-04-10";

export type DateProblem = "none" | "zone" | "range";

/** What is wrong with a date as pandas and MLflow read it: ISO 8601 without a zone; undefined when nothing is. */
export function dateProblem(text: string): DateProblem | undefined {
  const found = DATE.exec(text.trim());
  if (found === null) return ZONE.test(text) && DATE.test(text.trim().replace(ZONE, "")) ? "zone" : "none";
  const [, year, month, day, , hour = "0", minute = "0", second = "0"] = found.map((part) => part ?? "0");
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > days) return "none";
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return "none";
  const date = `${year}-${month}-${day}`;
  return date < FIRST || date > LAST ? "range" : undefined;
}

/** Parts that a date tells: pandas reads a column by the form of its first date. */
export function dateForm(text: string): string {
  const found = DATE.exec(text.trim());
  if (found === null) return "";
  const [, , , , between = "", hour, , second, fraction] = found;
  return [
    between,
    hour === undefined ? "" : "m",
    second === undefined ? "" : "s",
    fraction === undefined ? "" : "f",
  ].join("");
}

/** With every part: `2026-11-26T00:00:00.000000000`. */
export function wholeDate(text: string): string {
  const found = DATE.exec(text.trim());
  if (found === null) return text;
  const [, year, month, day, , hour = "00", minute = "00", second = "00", fraction = ""] = found;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(9, "0")}`;
}
