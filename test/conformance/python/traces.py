"""Traces, assessments and prompts with the unmodified client; prints what it found as JSON, sorted, without its ids."""

import json
import sys
import warnings

import mlflow
from mlflow.entities import Feedback, SpanEvent, SpanType

warnings.simplefilter("ignore")


def write():
    mlflow.set_experiment("tracing")

    @mlflow.trace(name="answer", span_type=SpanType.CHAIN, attributes={"n": 1, "f": 1.5, "l": [1, None], "d": {"k": True}})
    def answer(question):
        with mlflow.start_span("ask", span_type=SpanType.LLM) as span:
            span.set_inputs({"question": question})
            span.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7})
            span.add_event(SpanEvent("thought", attributes={"n": 2}))
        mlflow.update_current_trace(tags={"team": "blue"}, metadata={"mlflow.trace.session": "s1"})
        return question.upper()

    answer("why")
    with mlflow.start_run(run_name="traced"):
        answer("how")
    mlflow.flush_trace_async_logging()
    first, second = mlflow.search_traces(order_by=["timestamp ASC"], return_type="list")
    good = mlflow.log_feedback(trace_id=first.info.trace_id, name="good", value=0.5, metadata={"by": "me"})
    changed = Feedback(name="better", value="yes", rationale="because")
    mlflow.update_assessment(first.info.trace_id, good.assessment_id, changed)
    mlflow.override_feedback(trace_id=first.info.trace_id, assessment_id=good.assessment_id, value=False)
    mlflow.log_expectation(trace_id=first.info.trace_id, name="expected", value={"words": [1, 2.5]})
    mlflow.log_feedback(trace_id=second.info.trace_id, name="broken", error=ValueError("no"))
    mlflow.set_trace_tag(first.info.trace_id, "kept", "1")
    mlflow.set_trace_tag(first.info.trace_id, "gone", "1")
    mlflow.delete_trace_tag(first.info.trace_id, "gone")
    third = mlflow.start_span_no_context("third")
    third.end()
    mlflow.flush_trace_async_logging()
    client = mlflow.MlflowClient()
    assert client.delete_traces(first.info.experiment_id, trace_ids=[third.trace_id]) == 1

    mlflow.genai.register_prompt("greeting", template="Hi {{name}}", commit_message="first", tags={"tone": "warm"})
    mlflow.genai.register_prompt("greeting", template=[{"role": "user", "content": "Ho {{name}}"}])
    mlflow.genai.set_prompt_alias("greeting", "live", 1)
    assert mlflow.genai.load_prompt("prompts:/greeting@live").format(name="you") == "Hi you"
    client.link_prompt_versions_to_trace([mlflow.genai.load_prompt("prompts:/greeting/1")], first.info.trace_id)


FILTERS = [
    "tags.team = 'blue' AND name LIKE 'ans%'",
    "name RLIKE '^a.*r$'",
    "metadata.`mlflow.trace.session` = 's1'",
    "feedback.better = 'yes'",
    "feedback.better = 'false'",
    "expectation.expected IS NOT NULL",
    "tags.kept IS NULL",
    "prompt = 'greeting/1'",
    "status = 'OK' AND timestamp > 0",
]


def read():
    (run,) = mlflow.search_runs(search_all_experiments=True, output_format="list")
    experiment = [run.info.experiment_id]
    search = lambda **query: mlflow.search_traces(locations=experiment, order_by=["timestamp ASC"], return_type="list", **query)
    traces = search()
    found = {text: [traces.index(t) for t in traces if t.info.trace_id in {f.info.trace_id for f in search(filter_string=text)}] for text in FILTERS}
    prompts = [(p.name, p.description, {k: v for k, v in p.tags.items() if not k.startswith("_")}) for p in mlflow.genai.search_prompts()]
    whole = [mlflow.get_trace(trace.info.trace_id) for trace in traces]
    print(json.dumps({
        "traces": [facts(trace) for trace in whole],
        "found": found,
        "of run": [trace.info.response_preview for trace in search(run_id=run.info.run_id)],
        "prompts": prompts,
        "versions": [mlflow.genai.load_prompt(f"prompts:/greeting/{v}").template for v in (1, 2)],
        "alias": mlflow.genai.load_prompt("prompts:/greeting@live").version,
    }, sort_keys=True))


def facts(trace):
    info = trace.info.to_dict()
    spans = trace.data.to_dict()["spans"]
    assessments = sorted(info.pop("assessments", []), key=lambda a: (a["assessment_name"], "overrides" in a))
    for assessment in assessments:
        if "expectation" in assessment:
            # Over REST the client does not read whether an expectation is valid.
            assessment.pop("valid", None)
    # Where the spans are is the one thing that a server without OpenTelemetry's route does in another way.
    info["tags"].pop("mlflow.trace.spansLocation", None)
    return {"info": info, "spans": spans, "assessments": assessments}


write() if sys.argv[1:] == ["write"] else read()
