import { isObject, tryJson } from "../mlflow/signature/json.ts";
import type { Schema } from "../mlflow/signature/types.ts";
import { schemaWords } from "../mlflow/signature/words.ts";
import { takesWords } from "../mlflow/signature/takes.ts";
import type { ScoringReply } from "./scoringClient.ts";

/** Why a scoring server refused, in one sentence; `column`: the field it is about. */
export interface Refusal {
  text: string;
  column?: string;
}

/** Explains an answer that is none (mlflow 2 and 3, `scoring_server` and `_enforce_schema`); `title` names the server. */
export function explainRefusal(reply: ScoringReply, title: string, inputs: Schema | undefined): Refusal {
  const { status, text } = reply;
  if (status === 504) return { text: `${title} gave up, for the model took longer than its time limit.` };
  if (status === 413) return { text: `${title} takes no request that large.` };
  if (status === 404) return { text: `What answers there has no /invocations, so it is no scoring server of MLflow.` };
  const told = tryJson(text);
  const message = isObject(told) && typeof told["message"] === "string" ? told["message"] : undefined;
  if (message === undefined) {
    const words = firstLine(text);
    if (status === 415) return { text: `${title} does not take this kind of text: ${words}` };
    return { text: `${title} answered ${status}${words === "" ? "." : `: ${words}`}` };
  }
  for (const explain of REFUSALS) {
    const found = explain(message, inputs);
    if (found !== undefined) return found;
  }
  const stack = isObject(told) && typeof told["stack_trace"] === "string" ? told["stack_trace"] : "";
  const last = lastError(stack);
  if (message.startsWith("Encountered an unexpected error")) {
    return { text: `The model failed on this input${last === undefined ? "; the log says more." : `: ${last}`}` };
  }
  const bare = message
    .replace(/^Failed to predict data [\s\S]*?\nError: /, "")
    .replace(/^Failed to enforce schema of data[\s\S]*?Error: /, "");
  return { text: `${title} refused it: ${firstLine(bare)}` };
}

type Explain = (message: string, inputs: Schema | undefined) => Refusal | undefined;

const REFUSALS: Explain[] = [
  (message) => {
    const names = listOf(/Model is missing inputs \[(.*?)\]/.exec(message)?.[1]);
    if (names === undefined) return undefined;
    const [column = ""] = names;
    const extra = listOf(/extra inputs: \[(.*?)\]/.exec(message)?.[1]) ?? [];
    const known = extra.length === 0 ? "" : `; it does not know ${extra.join(", ")}`;
    return { text: `The model needs ${names.join(", ")}, which the request does not have${known}.`, column };
  },
  (message, inputs) => {
    const found =
      /Failed to convert column (.+?) to type '/.exec(message) ??
      /Incompatible input types for column (.+?)\. /.exec(message);
    const column = found?.[1];
    if (column === undefined) return undefined;
    const takes = takesOf(inputs, column);
    return {
      text: `${column} takes ${takes ?? "values of another type"}, and the server could not make that of what was sent.`,
      column,
    };
  },
  (message) => {
    const found = /Shape of input \((.*?)\) does not match expected shape \((.*?)\)/.exec(message);
    return found === null
      ? undefined
      : { text: `The model takes the shape (${found[2]}), and this was (${found[1]}).` };
  },
  (message) => {
    const found = /dtype of input (\S+) does not match expected dtype (\S+?)[.']?(?:\s|$)/.exec(message);
    return found === null ? undefined : { text: `The model takes ${found[2]}, and this was ${found[1]}.` };
  },
  (message) => {
    if (!message.includes("exactly one of the input fields") && !message.includes('One of "instances" and "inputs"'))
      return undefined;
    return {
      text: "The server takes a JSON object with one of dataframe_split, dataframe_records, instances or inputs.",
    };
  },
  (message) => {
    const found = /Invalid parameters found: \{\('(.+?)',/.exec(message);
    return found === null
      ? undefined
      : { text: `The param ${found[1]} has a value of another type than the model takes.` };
  },
  (message) => {
    const found = /declares (\d+) inputs\s+but the provided value only has (\d+)/.exec(message);
    return found === null
      ? undefined
      : { text: `The model takes ${found[1]} columns, and the request has ${found[2]}.` };
  },
  (message) => {
    const found =
      /Missing required properties: \{(.*?)\}/.exec(message) ??
      /Failed to enforce schema for key `(.+?)`/.exec(message);
    return found?.[1] === undefined
      ? undefined
      : { text: `A value within a list or object is not as the signature says: ${found[1].replaceAll("'", "")}.` };
  },
  (message) =>
    message.includes("valid CSV-formatted") ? { text: "The server could not read the rows as CSV." } : undefined,
  (message) =>
    message.includes("valid JSON formatted") ? { text: "The server could not read the request as JSON." } : undefined,
];

function takesOf(inputs: Schema | undefined, column: string): string | undefined {
  if (inputs?.kind === "columns") {
    const spec = inputs.columns.find(({ name }, i) => (name ?? String(i)) === column);
    return spec === undefined ? undefined : takesWords(spec.value);
  }
  return inputs === undefined ? undefined : schemaWords(inputs).find(({ name }) => name === column)?.words;
}

/** `'a', 'b'`: a list as Python prints it. */
function listOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  return [...text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,\s]+)/g)].map(
    ([, a, b, c]) => a ?? b ?? c ?? "",
  );
}

/** What an exception says in the last lines of a traceback. */
function lastError(stack: string): string | undefined {
  const lines = stack.split("\n").map((line) => line.trim());
  const last = lines.findLast((line) => /^[\w.]*(?:Error|Exception)\b/.test(line));
  return last === undefined ? undefined : cut(last.replace(/^(?:\w+\.)+(?=\w+(?:Error|Exception))/, ""));
}

function firstLine(text: string): string {
  return cut(text.trim().split("\n", 1)[0] ?? "");
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
