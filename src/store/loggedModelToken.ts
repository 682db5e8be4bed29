import type { SearchLoggedModels } from "./trackingStore.ts";
import { invalid } from "./validation.ts";

/** What a token belongs to: asking on with another question is refused. */
export function createToken(offset: number, { experiment_ids, filter, order_by }: SearchLoggedModels): string {
  const token = { experiment_ids, filter_string: filter || null, order_by: order_by ?? null, offset };
  return Buffer.from(JSON.stringify(token)).toString("base64");
}

/** Where the page of a token starts. Throws INVALID_PARAMETER_VALUE when it belongs to another question. */
export function offsetIn(page_token: string, { experiment_ids, filter, order_by }: SearchLoggedModels): number {
  const token = readToken(page_token);
  const pairs: [string, string, unknown, unknown][] = [
    ["Experiment IDs", "experiment IDs", experiment_ids, token["experiment_ids"]],
    ["Filter string", "filter string", filter || null, token["filter_string"] ?? null],
    ["Order by", "order by", order_by ?? null, token["order_by"] ?? null],
  ];
  for (const [title, name, wanted, found] of pairs) {
    const [expected, actual] = [JSON.stringify(wanted), JSON.stringify(found)];
    if (expected === actual) continue;
    throw invalid(
      `${title} in the page token do${title.endsWith("s") ? "" : "es"} not match the requested ${name}. Expected: ${expected}. Found: ${actual}`,
    );
  }
  return Number(token["offset"] ?? 0) || 0;
}

/** The border where a token enters. */
function readToken(page_token: string): Record<string, unknown> {
  try {
    const token: unknown = JSON.parse(Buffer.from(page_token, "base64").toString());
    if (typeof token === "object" && token !== null) return token as Record<string, unknown>;
  } catch (error) {
    throw invalid(`Invalid page token: ${page_token}. ${String(error)}`);
  }
  throw invalid(`Invalid page token: ${page_token}.`);
}
