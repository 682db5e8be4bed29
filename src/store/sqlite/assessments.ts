import { MlflowError } from "../../mlflow/errors.ts";
import type { Assessment } from "../../mlflow/traces.ts";
import type { TraceStore } from "../traceStore.ts";
import { invalid } from "../validation.ts";
import {
  aggregateOf,
  ASSESSMENT_COLUMNS,
  type AssessmentRow,
  assessmentWriter,
  errorText,
  hasAggregates,
  metadataText,
  toAssessment,
} from "./assessmentRows.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { traceFinder } from "./traceRows.ts";

type Methods = "createAssessment" | "getAssessment" | "updateAssessment" | "deleteAssessment";

export function assessmentMethods(db: Database): Pick<TraceStore, Methods> {
  const findTrace = traceFinder(db);
  const write = assessmentWriter(db);
  const byId = db.prepare<[string, string], AssessmentRow>(
    `SELECT ${ASSESSMENT_COLUMNS} FROM assessments x WHERE x.trace_id = ? AND x.assessment_id = ?`,
  );
  const traceExists = db.prepare<[string], unknown>("SELECT 1 FROM trace_info WHERE request_id = ?");
  const setValid = db.prepare<[number, string, string], unknown>(
    "UPDATE main.assessments SET valid = ? WHERE trace_id = ? AND assessment_id = ?",
  );
  const update = db.prepare<SqlValue[], unknown>(
    `UPDATE main.assessments SET name = ?, value = ?, error = ?, last_updated_timestamp = ?, rationale = ?,
       assessment_metadata = ? WHERE trace_id = ? AND assessment_id = ?`,
  );
  const setAggregate = db.prepare<SqlValue[], unknown>(
    "UPDATE main.assessments SET aggregate_value = ?, is_numeric_value = ? WHERE trace_id = ? AND assessment_id = ?",
  );
  const remove = db.prepare<[string, string], unknown>(
    "DELETE FROM main.assessments WHERE trace_id = ? AND assessment_id = ?",
  );
  const find = (trace_id: string, assessment_id: string): Assessment => {
    const row = byId.get(trace_id, assessment_id);
    if (row !== undefined) return toAssessment(row);
    const message =
      traceExists.get(trace_id) === undefined
        ? `Trace with request_id '${trace_id}' not found`
        : notFound(trace_id, assessment_id);
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
  };

  return {
    createAssessment: async (assessment) =>
      db.write(() => {
        const { trace_id, overrides } = assessment;
        const { experiment_id, timestamp_ms } = findTrace(trace_id);
        if (overrides !== undefined && setValid.run(0, trace_id, overrides).changes === 0) {
          throw new MlflowError("RESOURCE_DOES_NOT_EXIST", notFound(trace_id, overrides));
        }
        const trace = { trace_id, experiment_id, request_time: timestamp_ms };
        return find(trace_id, write(assessment, trace, false));
      }),
    getAssessment: async ({ trace_id, assessment_id }) => db.read(() => find(trace_id, assessment_id)),
    updateAssessment: async (change) =>
      db.write(() => {
        const { trace_id, assessment_id } = change;
        const before = find(trace_id, assessment_id);
        const after = changed(before, change);
        const { aggregate, numeric } = aggregateOf(after.value);
        const error = after.error === undefined ? null : errorText(after.error);
        const metadata = metadataText(after.metadata);
        const { assessment_name, value, last_update_time, rationale = null } = after;
        const values = [assessment_name, value, error, last_update_time, rationale, metadata];
        update.run(...values, trace_id, assessment_id);
        if (hasAggregates(db)) setAggregate.run(aggregate, numeric, trace_id, assessment_id);
        return find(trace_id, assessment_id);
      }),
    deleteAssessment: async ({ trace_id, assessment_id }) =>
      db.write(() => {
        const row = byId.get(trace_id, assessment_id);
        // MLflow's deletion may be repeated.
        if (row === undefined) return;
        if (row.overrides !== null) setValid.run(1, trace_id, row.overrides);
        remove.run(trace_id, assessment_id);
      }),
  };
}

function notFound(trace_id: string, assessment_id: string): string {
  return `Assessment with ID '${assessment_id}' not found for trace '${trace_id}'`;
}

function changed(before: Assessment, change: Parameters<TraceStore["updateAssessment"]>[0]): Assessment {
  const { assessment_name, feedback, expectation, rationale, metadata } = change;
  if (expectation !== undefined && feedback !== undefined) {
    throw invalid("Cannot specify both `expectation` and `feedback` parameters.");
  }
  if (expectation !== undefined && before.assessment_type !== "expectation") {
    throw invalid("Cannot update expectation value on a Feedback assessment.");
  }
  if (feedback !== undefined && before.assessment_type !== "feedback") {
    throw invalid("Cannot update feedback value on an Expectation assessment.");
  }
  const { error: _, ...rest } = before;
  const error = feedback === undefined ? before.error : feedback.error;
  const merged = { ...before.metadata, ...metadata };
  return {
    ...rest,
    ...(error === undefined ? {} : { error }),
    assessment_name: assessment_name ?? before.assessment_name,
    value: feedback?.value ?? expectation?.value ?? before.value,
    // Only feedback has a rationale (mlflow 3.17 rebuilds an expectation without one).
    ...(before.assessment_type !== "expectation" && rationale !== undefined ? { rationale } : {}),
    metadata: merged,
    last_update_time: Date.now(),
  };
}
