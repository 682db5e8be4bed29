"""Prints what the client sees at a tracking URI, as JSON: python facts.py URI. Volatile order is sorted away."""

import json
import sys

from mlflow import MlflowClient
from mlflow.entities import ViewType

uri = sys.argv[1]
client = MlflowClient(tracking_uri=uri, registry_uri=uri)


def all_pages(search):
    token, found = None, []
    while True:
        page = search(token)
        found += page
        token = page.token
        if not token:
            return found


def run_facts(run):
    info = run.info
    histories = {
        key: sorted((m.timestamp, m.step, repr(m.value)) for m in client.get_metric_history(info.run_id, key))
        for key in run.data.metrics
    }
    return {
        "info": [info.run_name, info.experiment_id, info.status, info.start_time, info.end_time, info.lifecycle_stage],
        "artifact_uri": info.artifact_uri,
        "user": info.user_id,
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {key: repr(value) for key, value in run.data.metrics.items()},
        "histories": histories,
        "datasets": sorted(
            [
                d.dataset.name,
                d.dataset.digest,
                d.dataset.source_type,
                d.dataset.source,
                d.dataset.schema or "",
                d.dataset.profile or "",
                sorted((t.key, t.value) for t in d.tags),
            ]
            for d in run.inputs.dataset_inputs
        ),
        "models_in": sorted(m.model_id for m in run.inputs.model_inputs or []),
        "models_out": sorted([m.model_id, m.step] for m in run.outputs.model_outputs or []) if run.outputs else [],
    }


def model_facts(model):
    return {
        "name": model.name,
        "experiment": model.experiment_id,
        "run": model.source_run_id,
        "location": model.artifact_location,
        "status": str(model.status),
        "times": [model.creation_timestamp, model.last_updated_timestamp],
        "params": model.params,
        "tags": model.tags,
        "metrics": sorted([m.key, repr(m.value), m.step, m.run_id] for m in model.metrics or []),
    }


def trace_facts(info):
    return {
        "info": [info.experiment_id, str(info.state), info.request_time, info.execution_duration, info.client_request_id],
        "previews": [info.request_preview, info.response_preview],
        "tags": info.tags,
        "metadata": info.trace_metadata,
        "assessments": sorted(
            [a.name, repr(a.value), a.source.source_type, a.source.source_id, a.rationale or "", a.create_time_ms]
            for a in info.assessments
        ),
    }


def version_facts(version):
    return [
        version.name,
        str(version.version),
        version.current_stage,
        version.source,
        version.run_id,
        version.status,
        # REST has no null: an absent text reads as "".
        version.description or "",
        # Only reading one version tells its aliases everywhere.
        sorted(client.get_model_version(version.name, version.version).aliases),
        version.tags,
        version.model_id,
        version.creation_timestamp,
        version.last_updated_timestamp,
        client.get_model_version_download_uri(version.name, version.version),
    ]


experiments = all_pages(lambda token: client.search_experiments(view_type=ViewType.ALL, page_token=token))
ids = sorted(e.experiment_id for e in experiments)
runs = all_pages(lambda token: client.search_runs(ids, run_view_type=ViewType.ALL, page_token=token))
models = all_pages(lambda token: client.search_logged_models(ids, page_token=token))
traces = all_pages(lambda token: client.search_traces(locations=ids, include_spans=False, page_token=token))
registered = all_pages(lambda token: client.search_registered_models(page_token=token))
versions = all_pages(lambda token: client.search_model_versions(page_token=token))

print(
    json.dumps(
        {
            "experiments": {
                e.experiment_id: [e.name, e.artifact_location, e.lifecycle_stage, e.creation_time, e.last_update_time, e.tags]
                for e in experiments
            },
            "run_order": [r.info.run_id for r in runs],
            "runs": {r.info.run_id: run_facts(r) for r in runs},
            "logged_models": {m.model_id: model_facts(m) for m in models},
            "traces": {t.info.trace_id: trace_facts(t.info) for t in traces},
            "registered_models": {
                r.name: [
                    r.description or "",
                    r.tags,
                    {alias: str(version) for alias, version in r.aliases.items()},
                    r.creation_timestamp,
                    r.last_updated_timestamp,
                ]
                for r in registered
            },
            "model_versions": sorted(map(version_facts, versions), key=lambda facts: facts[:2]),
        },
        sort_keys=True,
    )
)
