import type { DeleteTraces, Trace as TraceMessage } from "../mlflow/api.generated.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { SPANS_IN_STORE, TRACE_TAG, type TraceInfo } from "../mlflow/traces.ts";
import type { TraceStore } from "../store/traceStore.ts";
import { assessmentHandlers } from "./assessments.ts";
import { type Handlers, nonEmpty, sent, text } from "./handlers.ts";
import { expectedSpans, spanMessages } from "./spans.ts";
import { correlation } from "./traceCorrelation.ts";
import { oldTraceMessage, readTrace, record, stateOf, traceMessage } from "./traceMessages.ts";

/** What the calls about traces need beside the store: the spans of a trace that is kept in an artifact, as JSON texts. */
export type ReadSpanFile = (trace: TraceInfo) => Promise<string[]>;

/** Calls about traces, of the API before MLflow 3 and of the present one. */
export function traceHandlers(store: TraceStore, readSpanFile: ReadSpanFile): Handlers {
  return {
    ...writingHandlers(store),
    ...readingHandlers(store, readSpanFile),
    ...tagHandlers(store),
    ...assessmentHandlers(store),
  };
}

function writingHandlers(store: TraceStore): Handlers {
  const deleteTraces = (request: DeleteTraces) =>
    store.deleteTraces(
      sent({
        experiment_id: text(request.experiment_id),
        max_timestamp_millis: request.max_timestamp_millis,
        max_traces: request.max_traces,
        trace_ids: request.request_ids,
      }),
    );
  return {
    startTraceV3: async ({ trace }) => ({
      trace: { trace_info: traceMessage(await store.startTrace(readTrace(trace?.trace_info))) },
    }),
    startTrace: async ({ experiment_id, timestamp_ms, request_metadata, tags }) => ({
      trace_info: oldTraceMessage(
        await store.startRunningTrace({
          experiment_id: text(experiment_id),
          request_time: timestamp_ms ?? 0,
          trace_metadata: record(request_metadata),
          tags: record(tags),
        }),
      ),
    }),
    endTrace: async ({ request_id, timestamp_ms, status, request_metadata, tags }) => ({
      trace_info: oldTraceMessage(
        await store.endRunningTrace({
          trace_id: text(request_id),
          end_time: timestamp_ms ?? 0,
          state: stateOf(status),
          trace_metadata: record(request_metadata),
          tags: record(tags),
        }),
      ),
    }),
    deleteTraces,
    deleteTracesV3: deleteTraces,
    linkTracesToRun: async ({ trace_ids, run_id }) => {
      await store.linkTracesToRun({ trace_ids: trace_ids ?? [], run_id: text(run_id) });
      return {};
    },
    linkPromptsToTrace: async ({ trace_id, prompt_versions }) => {
      const versions = (prompt_versions ?? []).map(({ name, version }) => ({
        name: text(name),
        version: text(version),
      }));
      const wrong = versions.find(({ version }) => !/^\s*[-+]?\d+\s*$/.test(version));
      if (wrong) {
        throw new MlflowError("INVALID_PARAMETER_VALUE", `'${wrong.version}' is not the version of a prompt.`);
      }
      const prompts = versions.map(({ name, version }) => ({ name, version: String(Number(version)) }));
      await store.linkPromptsToTrace({ trace_id: text(trace_id), prompt_versions: prompts });
      return {};
    },
  };
}

function readingHandlers(store: TraceStore, readSpanFile: ReadSpanFile): Handlers {
  return {
    getTraceInfo: async ({ request_id }) => ({
      trace_info: oldTraceMessage(await store.getTraceInfo({ trace_id: text(request_id) })),
    }),
    getTraceInfoV3: async ({ trace_id }) => ({
      trace: { trace_info: traceMessage(await store.getTraceInfo({ trace_id: text(trace_id) })) },
    }),
    getTrace: async ({ trace_id = "", allow_partial = false }) => {
      const [info] = await store.getTraceInfos({ trace_ids: [trace_id] });
      if (!info) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Trace with ID ${trace_id} is not found.`);
      const trace = await readWhole(store, readSpanFile, info, allow_partial);
      if (trace) return { trace };
      const message = `Trace with ID ${trace_id} is not fully exported yet, please try again later.`;
      throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
    },
    batchGetTraces: async ({ trace_ids = [], experiment_ids }) => {
      const infos = await store.getTraceInfos(sent({ trace_ids, experiment_ids }));
      const traces: TraceMessage[] = [];
      // One after the other: each may have a large file of spans.
      for (const info of infos) {
        const trace = await readWhole(store, readSpanFile, info, false);
        if (trace !== undefined) traces.push(trace);
      }
      return { traces };
    },
    batchGetTraceInfos: async ({ trace_ids = [], experiment_ids }) => {
      const infos = await store.getTraceInfos(sent({ trace_ids, experiment_ids }));
      return { trace_infos: infos.map(traceMessage) };
    },
    searchTraces: async ({ experiment_ids = [], filter, max_results, order_by, page_token }) => {
      const query = { filter, max_results: max_results ?? 100, order_by, page_token: nonEmpty(page_token) };
      const { items, next_page_token } = await store.searchTraces(sent({ experiment_ids, ...query }));
      return sent({ traces: items.map(oldTraceMessage), next_page_token });
    },
    searchTracesV3: async ({ locations = [], filter, max_results, order_by, page_token }) => {
      const experiment_ids = locations.flatMap(({ mlflow_experiment }) =>
        mlflow_experiment ? [text(mlflow_experiment.experiment_id)] : [],
      );
      const query = { filter, max_results: max_results ?? 100, order_by, page_token: nonEmpty(page_token) };
      const { items, next_page_token } = await store.searchTraces(sent({ experiment_ids, ...query }));
      return sent({ traces: items.map(traceMessage), next_page_token });
    },
    calculateTraceFilterCorrelation: async ({ experiment_ids = [], filter_string1, filter_string2, base_filter }) => {
      const filters = { first: text(filter_string1), second: text(filter_string2), base_filter };
      const counts = await store.countTraces(sent({ experiment_ids, ...filters }));
      return {
        ...correlation(counts),
        filter1_count: counts.first,
        filter2_count: counts.second,
        joint_count: counts.both,
        total_count: counts.total,
      };
    },
  };
}

/** A trace with its spans; undefined while some of them are still to come. */
async function readWhole(
  store: TraceStore,
  readSpanFile: ReadSpanFile,
  info: TraceInfo,
  allowPartial: boolean,
): Promise<TraceMessage | undefined> {
  const inStore = info.tags[TRACE_TAG.spansLocation] === SPANS_IN_STORE;
  const stored = inStore ? await store.storedSpans({ trace_ids: [info.trace_id] }) : [];
  const contents = inStore ? stored.map(({ content }) => content) : await readSpanFile(info);
  const isWhole = contents.length > 0 && contents.length >= expectedSpans(info);
  if (!isWhole && !allowPartial) return undefined;
  return { trace_info: traceMessage(info), spans: spanMessages(contents) };
}

/** Tags that only MLflow itself sets; the mark of a failed archival may be taken away. */
const OWN_TAGS: readonly string[] = [TRACE_TAG.spansLocation, TRACE_TAG.archiveLocation, TRACE_TAG.archivalFailure];

function checkChangeable(key: string, operation: "set" | "deleted"): void {
  if (!OWN_TAGS.includes(key) || (operation === "deleted" && key === TRACE_TAG.archivalFailure)) return;
  const message = `Tag '${key}' is immutable and cannot be ${operation} on a trace.`;
  throw new MlflowError("INVALID_PARAMETER_VALUE", message);
}

function tagHandlers(store: TraceStore): Handlers {
  const setTag = async (trace_id: string | undefined, key: string | undefined, value: string | undefined) => {
    checkChangeable(text(key), "set");
    await store.setTraceTag({ trace_id: text(trace_id), key: text(key), value: text(value) });
    return {};
  };
  const deleteTag = async (trace_id: string | undefined, key: string | undefined) => {
    checkChangeable(text(key), "deleted");
    await store.deleteTraceTag({ trace_id: text(trace_id), key: text(key) });
    return {};
  };
  return {
    setTraceTag: ({ request_id, key, value }) => setTag(request_id, key, value),
    setTraceTagV3: ({ trace_id, key, value }) => setTag(trace_id, key, value),
    deleteTraceTag: ({ request_id, key }) => deleteTag(request_id, key),
    deleteTraceTagV3: ({ trace_id, key }) => deleteTag(trace_id, key),
  };
}
