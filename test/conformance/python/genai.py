"""Every call that a GenAI script makes of the client: each prints `ok`, or why it failed. Ends with the count of both."""

import json
import sys
import time
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor

import mlflow
from mlflow import MlflowClient
from mlflow.entities import AssessmentSource, Expectation, Feedback, SpanType
from mlflow.exceptions import MlflowException
from mlflow.tracing.constant import TraceMetadataKey

warnings.simplefilter("ignore")
client = MlflowClient()
experiment = mlflow.set_experiment("genai").experiment_id
results = {"ok": 0, "failed": 0}


def check(name, call, expected=None):
    """Calls; holds what comes back, or what `expected` takes from it, to be true. Gives it back."""
    try:
        value = call()
        assert expected is None or expected(value), f"answered {value!r}"
    except Exception:
        results["failed"] += 1
        print(f"failed {name}\n{traceback.format_exc()}")
        return None
    results["ok"] += 1
    print(f"ok {name}")
    return value


def refused(call):
    """The code of MLflow's refusal."""
    try:
        call()
    except MlflowException as error:
        return error.error_code
    return None


# -- Traces: by decorator, by context, by hand, by one call, many at once, of generators and of failures.
@mlflow.trace(span_type=SpanType.AGENT)
def agent(n):
    with mlflow.start_span("retrieve", span_type=SpanType.RETRIEVER) as span:
        span.set_inputs({"n": n})
        span.set_outputs([{"page_content": "text", "metadata": {"doc_uri": "a.txt"}}])
    mlflow.update_current_trace(tags={"n": str(n), "kind": "agent"}, metadata={"mlflow.trace.session": f"s{n % 2}", "mlflow.trace.user": "me"})
    if n == 4:
        raise ValueError("four")
    return {"n": n}


@mlflow.trace
def stream():
    yield from range(3)


def fails():
    try:
        agent(4)
    except ValueError:
        return True


def by_hand():
    root = client.start_trace("by hand", inputs={"a": 1}, tags={"kind": "hand"}, experiment_id=experiment)
    child = client.start_span("step", trace_id=root.trace_id, parent_id=root.span_id)
    client.end_span(root.trace_id, child.span_id, outputs=1, status="ERROR")
    client.end_trace(root.trace_id, outputs={"b": 2})
    return root.trace_id


def search(**query):
    mlflow.flush_trace_async_logging()
    return mlflow.search_traces(locations=[experiment], return_type="list", **query)


check("a traced function", lambda: [agent(n)["n"] for n in range(4)], lambda v: v == [0, 1, 2, 3])
check("a traced function that fails", fails)
check("a traced generator", lambda: list(stream()), lambda v: v == [0, 1, 2])
hand = check("a trace by hand", by_hand)
logged = check("log_trace", lambda: mlflow.log_trace(name="logged", request="q", response="a", tags={"kind": "logged"}, execution_time_ms=5))
check("traces at once", lambda: list(ThreadPoolExecutor(8).map(agent, range(10, 30))), lambda v: len(v) == 20)
run = mlflow.start_run(run_name="with traces")
check("a trace in a run", lambda: agent(100))
mlflow.end_run()
check("search_traces", search, lambda v: len(v) == 29)
first = check("search_traces of a tag", lambda: search(filter_string="tags.n = '0'"), lambda v: len(v) == 1)[0]
trace_id = first.info.trace_id
check("get_trace", lambda: mlflow.get_trace(trace_id), lambda v: [s.name for s in v.data.spans] == ["agent", "retrieve"])
check("get_trace of a failure", lambda: search(filter_string="status = 'ERROR'"), lambda v: [t.info.tags["n"] for t in v] == ["4"])
check("get_trace of none", lambda: mlflow.get_trace("tr-00000000000000000000000000000000"), lambda v: v is None)
check("the spans of a trace by hand", lambda: mlflow.get_trace(hand), lambda v: [s.status.status_code.value for s in v.data.spans] == ["OK", "ERROR"])
check("search_traces as a frame", lambda: mlflow.search_traces(locations=[experiment], max_results=3), lambda v: len(v) == 3 and "trace_id" in v.columns)
check("add_trace", lambda: mlflow.add_trace(mlflow.get_trace(trace_id)) or True)
mlflow.flush_trace_async_logging()


# -- Pages, orders, filters.
def paged(size, **query):
    found, token = [], None
    while True:
        page = client.search_traces(locations=[experiment], max_results=size, page_token=token, **query)
        assert len(page) <= size
        found += [t.info.trace_id for t in page]
        token = page.token
        if not token:
            return found


for order in ["timestamp_ms ASC", "timestamp DESC", "execution_time DESC", "status ASC", "name DESC", "tags.n ASC", "metadata.`mlflow.trace.session` DESC", "attributes.execution_time ASC"]:
    check(f"pages by {order}", lambda: paged(4, order_by=[order], include_spans=False), lambda v: len(v) == len(set(v)) == 30)
check("pages with spans", lambda: paged(7, filter_string="tags.kind = 'agent'"), lambda v: len(v) == 27)
for text, count in {
    "tags.kind = 'agent' AND tags.n != '0'": 25,
    "name = 'agent'": 26,
    "trace.name LIKE 'ag%'": 26,
    "trace.status = 'OK'": 29,
    "attributes.status != 'ERROR'": 29,
    "metadata.`mlflow.trace.session` = 's1'": 12,
    "execution_time_ms >= 0": 30,
    f"timestamp_ms > {int(time.time() * 1000) - 3_600_000}": 30,
    "request_id = 'none'": 0,
    f"run_id = '{run.info.run_id}'": 1,
    "feedback.none IS NULL": 30,
}.items():
    check(f"search_traces: {text.split(' > ')[0]}", lambda: paged(50, filter_string=text), lambda v: len(v) == count)
# Spans that the client had to upload as a file, for want of OpenTelemetry's route, no server searches: they are answered.
for text in ["span.name = 'retrieve'", "span.type = 'RETRIEVER'", "span.status = 'ERROR'", "trace.text LIKE '%four%'"]:
    check(f"search_traces: {text}", lambda: paged(50, filter_string=text))
check("search_traces of nonsense", lambda: refused(lambda: search(filter_string="nonsense = 1")), lambda v: v == "INVALID_PARAMETER_VALUE")
check("search_sessions", lambda: mlflow.search_sessions(locations=[experiment]), lambda v: len(v) == 2)

# -- Tags, feedback, expectations.
check("set_trace_tag", lambda: client.set_trace_tag(trace_id, "kept", "1") or True)
check("delete_trace_tag", lambda: mlflow.set_trace_tag(trace_id, "gone", "1") or mlflow.delete_trace_tag(trace_id, "gone") or True)
check("the tags", lambda: mlflow.get_trace(trace_id).info.tags, lambda v: v["kept"] == "1" and "gone" not in v)
human = AssessmentSource(source_type="HUMAN", source_id="me@here")
judge = AssessmentSource(source_type="LLM_JUDGE", source_id="judge")
for value in [True, 0.25, 3, "words", ["a", 1], {"a": 1.5}, None]:
    check(f"log_feedback {value!r}", lambda: mlflow.log_feedback(trace_id=trace_id, name=f"f-{value!r}"[:20], value=value, source=human, rationale="so", error=ValueError("x") if value is None else None))
span_id = first.data.spans[1].span_id
check("log_feedback of a span", lambda: mlflow.log_feedback(trace_id=trace_id, name="spanned", value="well", span_id=span_id, source=judge, metadata={"a": "b"}), lambda v: v.span_id == span_id)
for value in ["text", 2, [1, 2], {"facts": ["a"]}]:
    check(f"log_expectation {value!r}", lambda: mlflow.log_expectation(trace_id=trace_id, name=f"e-{type(value).__name__}", value=value, source=human))
one = check("log_assessment", lambda: mlflow.log_assessment(trace_id, Feedback(name="one", value=1)))
check("log_assessment of an expectation", lambda: mlflow.log_assessment(trace_id, Expectation(name="due", value="x")))
check("get_assessment", lambda: mlflow.get_assessment(trace_id, one.assessment_id), lambda v: v.value == 1)
check("update_assessment", lambda: mlflow.update_assessment(trace_id, one.assessment_id, Feedback(name="one", value=2)), lambda v: v.value == 2)
two = check("override_feedback", lambda: mlflow.override_feedback(trace_id=trace_id, assessment_id=one.assessment_id, value=3))
check("delete_assessment", lambda: mlflow.delete_assessment(trace_id, two.assessment_id) or True)
check("the assessments", lambda: mlflow.get_trace(trace_id).info.assessments, lambda v: len(v) == 14)
check("search_traces by feedback", lambda: paged(5, filter_string="feedback.spanned = 'well' AND expectation.`e-str` = 'text'"), lambda v: v == [trace_id])
check("get_assessment of none", lambda: refused(lambda: mlflow.get_assessment(trace_id, "a-none")), lambda v: v == "RESOURCE_DOES_NOT_EXIST")

# -- Runs and models that traces belong to.
check("link_traces_to_run", lambda: client.link_traces_to_run([hand, logged], run.info.run_id) or True)
check("search_traces of a run", lambda: search(run_id=run.info.run_id), lambda v: len(v) == 3)


def trace_of_model():
    model = mlflow.set_active_model(name="agent-1")
    agent(200)
    mlflow.clear_active_model()
    return [t.info.trace_metadata[TraceMetadataKey.MODEL_ID] == model.model_id for t in search(model_id=model.model_id)]


check("a trace of an active model", trace_of_model, lambda v: v == [True])

# -- Prompts.
check("register_prompt", lambda: mlflow.genai.register_prompt("hello", template="Hi {{name}}", commit_message="first", tags={"tone": "warm"}), lambda v: v.version == 1)
check("register_prompt again", lambda: mlflow.genai.register_prompt("hello", template=[{"role": "user", "content": "Ho {{name}}"}], response_format={"type": "object"}, model_config={"model_name": "m", "temperature": 0.5}), lambda v: v.version == 2)
check("register_prompt of another", lambda: mlflow.genai.register_prompt("other-prompt", template="x" * 20_000), lambda v: v.version == 1)
check("set_prompt_alias", lambda: mlflow.genai.set_prompt_alias("hello", "live", 1) or True)
check("load_prompt", lambda: mlflow.genai.load_prompt("hello", version=2), lambda v: v.template[0]["content"] == "Ho {{name}}" and v.model_config["temperature"] == 0.5)
check("load_prompt by alias", lambda: mlflow.genai.load_prompt("prompts:/hello@live", cache_ttl_seconds=0).format(name="you"), lambda v: v == "Hi you")
check("load_prompt @latest", lambda: mlflow.genai.load_prompt("prompts:/hello@latest", cache_ttl_seconds=0).version, lambda v: v == 2)
check("load_prompt of none", lambda: mlflow.genai.load_prompt("absent", version=1, allow_missing=True) is None, lambda v: v)
check("set_prompt_tag", lambda: mlflow.genai.set_prompt_tag("hello", "team", "blue") or True)
check("get_prompt_tags", lambda: mlflow.genai.get_prompt_tags("hello"), lambda v: v["team"] == "blue")
check("search_prompts", lambda: [p.name for p in mlflow.genai.search_prompts()], lambda v: sorted(v) == ["hello", "other-prompt"])
check("search_prompts by name", lambda: [p.name for p in client.search_prompts("name LIKE 'hel%'")], lambda v: v == ["hello"])
check("search_prompts by tag", lambda: [p.name for p in client.search_prompts("tags.team = 'blue'")], lambda v: v == ["hello"])
check("search_prompts by experiment", lambda: [p.name for p in client.search_prompts(f'experiment_id = "{experiment}"')], lambda v: sorted(v) == ["hello", "other-prompt"])
check("search_prompts in pages", lambda: [len(page := client.search_prompts(max_results=1)), len(client.search_prompts(max_results=1, page_token=page.token))], lambda v: v == [1, 1])
check("delete_prompt_tag", lambda: mlflow.genai.delete_prompt_tag("hello", "team") or True)
check("set_prompt_version_tag", lambda: mlflow.genai.set_prompt_version_tag("hello", 1, "ok", "yes") or True)
check("the version's tag", lambda: client.get_prompt_version("hello", 1).tags, lambda v: v["ok"] == "yes")
check("delete_prompt_version_tag", lambda: mlflow.genai.delete_prompt_version_tag("hello", 1, "ok") or True)
check("set_prompt_model_config", lambda: mlflow.genai.set_prompt_model_config("hello", 1, {"model_name": "n", "max_tokens": 5}) or True)
check("delete_prompt_model_config", lambda: mlflow.genai.delete_prompt_model_config("hello", 1) or True)
check("get_prompt_version_by_alias", lambda: client.get_prompt_version_by_alias("hello", "live").version, lambda v: v == 1)
check("get_prompt", lambda: client.get_prompt("hello").name, lambda v: v == "hello")
check("search of models hides prompts", lambda: client.search_registered_models() + client.search_model_versions(), lambda v: len(v) == 0)


def prompted():
    with mlflow.start_run(run_name="prompted") as own, mlflow.start_span("prompted") as span:
        mlflow.genai.load_prompt("hello", version=1, cache_ttl_seconds=0).format(name="you")
    mlflow.flush_trace_async_logging()
    trace = mlflow.get_trace(span.trace_id)
    return own.info.run_id, json.loads(trace.info.tags["mlflow.linkedPrompts"])


linked = check("a prompt loaded in a traced run", prompted, lambda v: v[1] == [{"name": "hello", "version": "1"}])
check("link_prompt_version_to_run", lambda: client.link_prompt_version_to_run(run.info.run_id, "prompts:/hello/2") or True)
check("list_logged_prompts", lambda: client.list_logged_prompts(run.info.run_id))
check("link_prompt_versions_to_trace", lambda: client.link_prompt_versions_to_trace([client.get_prompt_version("hello", 2)], trace_id) or True)
check("search_traces by prompt", lambda: paged(5, filter_string="prompt = 'hello/2'"), lambda v: v == [trace_id])
model = check("create_external_model", lambda: mlflow.create_external_model(name="prompted-model"))
check("link_prompt_version_to_model", lambda: client.link_prompt_version_to_model("hello", "1", model.model_id) or True)
check("delete_prompt_alias", lambda: mlflow.genai.delete_prompt_alias("hello", "live") or True)
check("delete_prompt_version", lambda: client.delete_prompt_version("other-prompt", "1") or True)
check("delete_prompt", lambda: client.delete_prompt("other-prompt") or True)
check("search_prompts after all", lambda: [p.name for p in mlflow.genai.search_prompts()], lambda v: v == ["hello"])

# -- Deletions.
check("delete_traces by id", lambda: client.delete_traces(experiment, trace_ids=[trace_id, hand]), lambda v: v == 2)
check("delete_traces, the oldest", lambda: client.delete_traces(experiment, max_timestamp_millis=int(time.time() * 1000), max_traces=5), lambda v: v == 5)
check("delete_traces by time", lambda: client.delete_traces(experiment, max_timestamp_millis=int(time.time() * 1000)), lambda v: v == 25)
check("no trace is left", search, lambda v: v == [])
json.dump(results, sys.stdout)
