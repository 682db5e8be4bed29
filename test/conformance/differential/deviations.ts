// Where our answers differ from mlflow 3.17's on purpose.
import type { Answer, Call } from "./call.ts";

interface Deviation {
  why: string;
  /** Whether the two answers to a call differ in this way. */
  applies(call: Call, theirs: Answer, ours: Answer): boolean;
}

const DEVIATIONS: readonly Deviation[] = [
  {
    why: "No input is answered with a 5xx: what makes MLflow's server fail is refused with a 4xx and a message.",
    applies: (_call, theirs, ours) => theirs.status >= 500 && ours.status >= 400 && ours.status < 500 && isError(ours),
  },
  {
    why: "MLflow hands on what SQLite says of a statement, with its text; we refuse without it.",
    applies: (_call, theirs, ours) => isRefusal(theirs) && isRefusal(ours) && messageOf(theirs).startsWith("(sqlite3."),
  },
  {
    why: "A text that is no list of comparisons, or no order: both refuse; which of its pieces are named is the parser's.",
    applies: (_call, theirs, ours) => isRefusal(theirs) && isRefusal(ours) && [theirs, ours].some(isUnparsed),
  },
  {
    why: "Of a bad filter and a bad order_by in one search, the one that is told is not always the same.",
    applies: (call, theirs, ours) => isRefusal(theirs) && isRefusal(ours) && hasFilterAndOrder(call),
  },
  {
    why: "For a numeric attribute MLflow lists the comparators of texts; we list those that it takes.",
    applies: (_call, theirs, ours) =>
      [theirs, ours].every((answer) => /^Invalid comparator '.*' not one of/.test(messageOf(answer))) &&
      messageOf(ours).includes("'>='"),
  },
];

/** Why the answers to a call may differ; undefined when they may not. */
export function deviationOf(call: Call, theirs: Answer, ours: Answer): string | undefined {
  return DEVIATIONS.find(({ applies }) => applies(call, theirs, ours))?.why;
}

/** Whether an answer is an error in MLflow's form. */
export function isError({ body }: Answer): boolean {
  return typeof body === "object" && body !== null && "error_code" in body && "message" in body;
}

function isRefusal(answer: Answer): boolean {
  return answer.status === 400 && isError(answer);
}

function isUnparsed(answer: Answer): boolean {
  const parserSays =
    /^(?:Invalid clause\(s\) in filter string|Invalid filter string: |Invalid order_by clause|Search filter contained multiple|Invalid comparison clause)/;
  return parserSays.test(messageOf(answer));
}

function hasFilterAndOrder({ body }: Call): boolean {
  const { filter, order_by }: { filter?: unknown; order_by?: unknown } = Object(body);
  return typeof filter === "string" && filter !== "" && Array.isArray(order_by) && order_by.length > 0;
}

function messageOf({ body }: Answer): string {
  return typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";
}
