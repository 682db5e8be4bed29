import { closeSync } from "node:fs";
import { MlflowError } from "../mlflow/errors.ts";
import { SPANS_IN_STORE, TRACE_DATA_FILE, TRACE_TAG, type TraceInfo } from "../mlflow/traces.ts";
import type { StoreMethods } from "../store/store.ts";
import type { TraceStore } from "../store/traceStore.ts";
import { send } from "./answers.ts";
import { openFile, readWhole } from "./artifactFiles.ts";
import type { Place } from "./artifactFolder.ts";
import { tidyPath } from "./artifactPath.ts";
import { placeOf } from "./artifactPlaces.ts";
import { MAX_BODY } from "./body.ts";
import type { FileRequest } from "./artifactRequests.ts";
import type { Artifacts } from "./artifacts.ts";
import { sendFile } from "./sendArtifact.ts";
import { spansInFile } from "./spans.ts";

const TRACE_ARTIFACT = /^\/ajax-api\/[23]\.0\/mlflow\/get-trace-artifact$/;

/** Whether a store keeps traces. */
export function keepsTraces(store: StoreMethods): store is StoreMethods & TraceStore {
  return "startTrace" in store;
}

/** Answers MLflow's web page, which asks for the spans of a trace or for an attachment; undefined for another path. */
export function answerTraceFile(artifacts: Artifacts, asked: FileRequest): Promise<void> | undefined {
  const { store } = artifacts;
  if (asked.method !== "GET" || !TRACE_ARTIFACT.test(asked.path) || !keepsTraces(store)) return undefined;
  return sendTraceFile(artifacts, store, asked);
}

async function sendTraceFile(artifacts: Artifacts, store: TraceStore, asked: FileRequest): Promise<void> {
  const { query, request, response } = asked;
  const trace_id = query.get("request_id") ?? "";
  if (trace_id === "") {
    throw new MlflowError("BAD_REQUEST", 'Request must include the "request_id" query parameter.');
  }
  const attachment = tidyPath(query.get("path") ?? "");
  const trace = await store.getTraceInfo({ trace_id });
  if (attachment !== "") {
    return sendFile(request, response, placeOfTrace(artifacts, trace), `attachments/${attachment}`);
  }
  if (trace.tags[TRACE_TAG.spansLocation] !== SPANS_IN_STORE) {
    return sendFile(request, response, placeOfTrace(artifacts, trace), TRACE_DATA_FILE);
  }
  const spans = await store.storedSpans({ trace_ids: [trace_id] });
  const body = Buffer.from(`{"spans":[${spans.map(({ content }) => content).join(",")}]}`);
  send(response, 200, "application/octet-stream", body, {
    "Content-Disposition": `attachment; filename=${TRACE_DATA_FILE}`,
  });
}

/** The spans of a trace that a client uploaded as an artifact, as JSON texts; none while there is no such file. */
export async function readSpanFile(artifacts: Artifacts, trace: TraceInfo): Promise<string[]> {
  try {
    const file = openFile(placeOfTrace(artifacts, trace), TRACE_DATA_FILE);
    try {
      if (file.size > MAX_BODY) throw tooLarge(trace.trace_id);
      return spansInFile(readWhole(file).toString("utf8"));
    } finally {
      closeSync(file.fd);
    }
  } catch (error) {
    if (error instanceof MlflowError && error.error_code === "RESOURCE_DOES_NOT_EXIST") return [];
    throw error;
  }
}

function tooLarge(trace_id: string): MlflowError {
  const message = `The spans of the trace '${trace_id}' take more than ${MAX_BODY} bytes: download them as a file.`;
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}

/** Its tag says where; but a client may set tags, and must not read another folder with it. */
function placeOfTrace(artifacts: Artifacts, { tags, trace_id }: TraceInfo): Place {
  const location = tags[TRACE_TAG.artifactLocation];
  if (location !== undefined && /[\\/]traces[\\/]([^\\/]+)[\\/]artifacts$/.exec(location)?.[1] === trace_id) {
    return placeOf(artifacts, location);
  }
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `The trace '${trace_id}' has no artifact location.`);
}
