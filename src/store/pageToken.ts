import { MlflowError } from "../mlflow/errors.ts";

// Page tokens as MLflow makes them (3.17 `SearchUtils`): base64 of {"offset": n}.

export function createPageToken(offset: number): string {
  return Buffer.from(`{"offset": ${offset}}`).toString("base64");
}

/** The offset of a page token; 0 without one. Throws INVALID_PARAMETER_VALUE in MLflow's wording. */
export function offsetOf(page_token: string | undefined): number {
  if (page_token === undefined || page_token === "") return 0;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(page_token) || page_token.length % 4 !== 0) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", "Invalid page token, could not base64-decode");
  }
  const text = Buffer.from(page_token, "base64").toString();
  const parsed = parseJson(text);
  if (parsed === undefined) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", `Invalid page token, decoded value=b'${text}'`);
  }
  const offset: unknown =
    typeof parsed === "object" && parsed !== null && "offset" in parsed ? parsed.offset : undefined;
  if (offset === undefined || offset === null || offset === 0 || offset === "") {
    throw new MlflowError("INVALID_PARAMETER_VALUE", `Invalid page token, parsed value=${text}`);
  }
  const number = Number(offset);
  if (!Number.isInteger(number) || number < 0) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", `Invalid page token, not stringable ${JSON.stringify(offset)}`);
  }
  return number;
}

/** One page out of `rows`, which were asked for with one more than `max_results`. */
export function pageOf<R, T>(rows: R[], offset: number, max_results: number, convert: (rows: R[]) => T[]) {
  const items = convert(rows.slice(0, max_results));
  return rows.length > max_results ? { items, next_page_token: createPageToken(offset + max_results) } : { items };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller says so in MLflow's words.
    return undefined;
  }
}
