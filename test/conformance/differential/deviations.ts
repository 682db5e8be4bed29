// Where our answers differ from mlflow 3.17's on purpose.
import { isDeepStrictEqual } from "node:util";
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
    why: "A refusal is always MLflow's JSON, where its server shows a page or FastAPI's `detail`.",
    applies: (_call, theirs, ours) =>
      theirs.status >= 400 &&
      theirs.status === ours.status &&
      (typeof theirs.body === "string" || Object.hasOwn(Object(theirs.body), "detail")) &&
      isError(ours),
  },
  {
    why: "What was uploaded is answered with an empty object, where MLflow answers nothing.",
    applies: (_call, theirs, ours) =>
      theirs.status === 200 && ours.status === 200 && theirs.body === "" && JSON.stringify(ours.body) === "{}",
  },
  {
    why: "An artifact that there is not is named as it was asked for, where MLflow names its place in the store.",
    applies: (_call, theirs, ours) =>
      theirs.status === 404 &&
      ours.status === 404 &&
      [theirs, ours].every((each) => messageOf(each).startsWith("No such artifact: '")),
  },
  {
    why: "A fraction after a bare `timestamp` is a number to us; MLflow takes whole ones only there, but not after `timestamp_ms`.",
    applies: ({ path }, theirs, ours) =>
      path.includes("/traces") &&
      ours.status === 200 &&
      /^Invalid clause\(s\) in filter string: 'timestamp', '[<>=!]+', '-?[\d.e+-]+', 'timestamp'/i.test(
        messageOf(theirs),
      ),
  },
  {
    why: "A list that is compared with `=` is refused; MLflow's parser passes over one that a word follows.",
    applies: ({ path }, theirs, ours) =>
      path.endsWith("/traces/search") &&
      theirs.status === 200 &&
      messageOf(ours).startsWith("Invalid comparator '=' for the list that"),
  },
  {
    why: "The files of a folder `.` are listed by their own paths, as MLflow lists them where it serves no artifacts itself.",
    applies: ({ path, query = [] }, theirs, ours) =>
      path.endsWith("artifacts/list") &&
      query.some(([name, value]) => name === "path" && value.split("/").includes(".")) &&
      theirs.status === 200 &&
      JSON.stringify(theirs.body).replaceAll('"path":"./', '"path":"') === JSON.stringify(ours.body),
  },
  {
    why: "A run that was not named is named as nothing, where MLflow prints Python's None.",
    applies: (_call, theirs, ours) =>
      messageOf(theirs) === "Run with id=None not found" && messageOf(ours) === "Run with id= not found",
  },
  {
    why: "Our server has no gateway, and signs no URLs of cloud storage.",
    applies: ({ path }, theirs, ours) =>
      path.endsWith("/server-info") && theirs.status === 200 && isWithoutGateway(theirs.body, ours.body),
  },
  {
    why: "A body that is JSON but no object is refused as such; MLflow goes on to the first field that is missing.",
    applies: (_call, theirs, ours) => isRefusal(theirs) && messageOf(ours).includes("The body must be a JSON object."),
  },
  {
    why: "A run without an experiment goes to `Default`, which MLflow means to do too; its database refuses the row.",
    applies: ({ path }, theirs, ours) =>
      path.endsWith("runs/create") &&
      ours.status === 200 &&
      messageOf(theirs).includes("FOREIGN KEY constraint failed"),
  },
  {
    why: "A field of an item that is null counts as not sent, where MLflow's server fails.",
    applies: ({ path, body }, theirs, ours) =>
      theirs.status >= 500 &&
      ours.status === 200 &&
      path.endsWith("log-batch") &&
      JSON.stringify(body).includes(":null"),
  },
  {
    why: "A trace whose spans were never stored is answered without them, where MLflow's server fails.",
    applies: ({ path }, theirs, ours) =>
      path.endsWith("traces/get") &&
      ours.status === 200 &&
      messageOf(theirs) === "Trace data not stored in tracking store",
  },
  {
    why: "The short names of a logged model's times are understood behind `attributes.` too, where MLflow's server fails.",
    applies: ({ path, body }, theirs, ours) =>
      theirs.status >= 500 &&
      ours.status === 200 &&
      path.endsWith("logged-models/search") &&
      /attributes\.(?:creation_time|creation_timestamp|last_updated_timestamp)\b/.test(JSON.stringify(body)),
  },
  {
    why: "The latest versions of stages come in an order that MLflow leaves to its database.",
    applies: ({ path }, theirs, ours) =>
      path.endsWith("get-latest-versions") && ours.status === 200 && sortedText(theirs) === sortedText(ours),
  },
  {
    why: "A value of the wrong type is refused by its name; MLflow goes on with the fields that stand before it.",
    applies: (_call, theirs, ours) =>
      theirs.status !== 500 && isRefusal(ours) && /^Invalid value .* Hint: Value was of type/.test(messageOf(ours)),
  },
  {
    why: "MLflow refuses sources at hosts it would connect to; our server connects to none, and keeps the address.",
    applies: ({ path }, theirs, ours) =>
      path.endsWith("model-versions/create") &&
      ours.status === 200 &&
      /cannot use the '\w+' scheme/.test(messageOf(theirs)),
  },
  {
    why: "An id that no run can have is refused by every call as most of MLflow's calls do.",
    applies: (_call, theirs, ours) =>
      /^Run with id=.* not found/.test(messageOf(theirs)) &&
      /^Invalid value .* for parameter 'run_id'/.test(messageOf(ours)),
  },
  {
    why: "Of a tag that a run or a logged model is created with twice, the last one counts; MLflow's database refuses it.",
    applies: ({ path }, theirs, ours) =>
      /\/(?:runs\/create|logged-models)$/.test(path) &&
      ours.status === 200 &&
      /UNIQUE constraint failed: (?:logged_model_)?tags/.test(messageOf(theirs)),
  },
  {
    why: "MLflow hands on what SQLite says of a statement, with its text; we refuse without it.",
    applies: (_call, theirs, ours) => isRefusal(theirs) && isRefusal(ours) && messageOf(theirs).includes("(sqlite3."),
  },
  {
    why: "A text that is no list of comparisons, or no order: both refuse; which of its pieces are named is the parser's.",
    applies: (_call, theirs, ours) => isRefusal(theirs) && isRefusal(ours) && [theirs, ours].some(isUnparsed),
  },
  {
    why: "Of several faults in one search, the one that is told first is not always the same.",
    applies: (call, theirs, ours) => isRefusal(theirs) && isRefusal(ours) && hasSeveralParts(call),
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

/** What our server-info says otherwise. */
const LACKING = {
  presigned_upload_run_id_supported: false,
  presigned_upload_model_id_supported: false,
  features_enabled: { gateway: false },
};

function isWithoutGateway(theirs: unknown, ours: unknown): boolean {
  const { features_enabled, ...info }: { features_enabled?: object } = Object(theirs);
  const lacking = { ...LACKING, features_enabled: { ...features_enabled, ...LACKING.features_enabled } };
  return isDeepStrictEqual({ ...info, ...lacking }, ours);
}

function isUnparsed(answer: Answer): boolean {
  const parserSays =
    /^(?:Invalid clause\(s\) in filter string|Invalid filter string: |Invalid order_by clause|Search filter contained multiple|Invalid comparison clause)/;
  return parserSays.test(messageOf(answer));
}

function hasSeveralParts({ body, query = [] }: Call): boolean {
  const fields = query.length > 0 ? query : Object.entries(Object(body));
  const parts = fields.flatMap(([name, value]): unknown[] => {
    if (name === "filter") return String(value).split(/\band\b/i);
    return name === "order_by" && Array.isArray(value) ? value : [value];
  });
  return parts.filter((part) => part !== undefined).length > 1;
}

function messageOf({ body }: Answer): string {
  return typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";
}

function sortedText({ body }: Answer): string {
  const { model_versions = [] }: { model_versions?: unknown[] } = Object(body);
  return JSON.stringify(model_versions.map((each) => JSON.stringify(each)).toSorted());
}
