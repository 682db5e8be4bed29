// Requests that were sent before, kept for each model. No vscode: the storage is given.
import type { SendQuery, SentRequest, ServerAnswer } from "../../../protocol/panels/predict.ts";

/** What keeps them: the workspace's own storage. */
export interface Kept {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = "flowdeck.predict.sent";
/** Of one model, of all together, and the characters of one body and of all bodies: the whole is written with each request. */
const MOST = 20;
const MOST_MODELS = 20;
const LONGEST = 50_000;
const LONGEST_OF_ALL = 400_000;

type All = Record<string, SentRequest[]>;

export function sentTo(kept: Kept, model: string): SentRequest[] {
  return readAll(kept)[model] ?? [];
}

/** Keeps a request; the same one again only moves to the front. What is too long to be kept is not. */
export async function keepSent(
  kept: Kept,
  model: string,
  query: SendQuery,
  answers: readonly ServerAnswer[],
): Promise<void> {
  if (query.body.length > LONGEST) return;
  const { [model]: before = [], ...others } = readAll(kept);
  const sent: SentRequest = {
    ...{ at: answers[0]?.at ?? Date.now(), form: query.form, body: query.body, rows: query.rows },
    answers: answers.map(({ title, ms, problem }) => ({ title, ms, failed: problem !== undefined })),
  };
  const list = [sent, ...before.filter(({ body }) => body !== query.body)].slice(0, MOST);
  // The models asked last stay.
  const rest = Object.entries(others).slice(0, MOST_MODELS - 1);
  await kept.update(KEY, withinAll([[model, list], ...rest]));
}

/** What has room, from the front on. */
function withinAll(models: [string, SentRequest[]][]): All {
  let room = LONGEST_OF_ALL;
  const fitting = models.map(([model, list]): [string, SentRequest[]] => [
    model,
    list.filter(({ body }) => {
      room -= body.length;
      return room >= 0;
    }),
  ]);
  return Object.fromEntries(fitting.filter(([, list]) => list.length > 0));
}

export async function forgetSent(kept: Kept, model: string): Promise<void> {
  const { [model]: _, ...others } = readAll(kept);
  await kept.update(KEY, others);
}

/** The border: an earlier version may have kept something else. */
function readAll(kept: Kept): All {
  const value = kept.get(KEY);
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([model, list]): [string, SentRequest[]][] =>
      Array.isArray(list) ? [[model, list.filter(isSent)]] : [],
    ),
  );
}

function isSent(value: unknown): value is SentRequest {
  if (typeof value !== "object" || value === null) return false;
  const { at, form, body, rows, answers } = value as Partial<Record<keyof SentRequest, unknown>>;
  return (
    [typeof at, typeof form, typeof body, typeof rows].join() === "number,string,string,number" &&
    Array.isArray(answers)
  );
}
