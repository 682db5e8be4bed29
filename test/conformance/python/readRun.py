"""Prints one run and one registered model as JSON: python readRun.py RUN_ID MODEL. Works with mlflow 1.30 and later."""

import json
import sys

from mlflow import MlflowClient
from mlflow.entities import ViewType

run_id, name = sys.argv[1:]
client = MlflowClient()
run = client.get_run(run_id)
model = client.get_registered_model(name)
versions = sorted(client.search_model_versions(f"name = '{name}'"), key=lambda version: int(version.version))
history = client.get_metric_history(run_id, "loss")
inputs = getattr(run, "inputs", None)
print(
    json.dumps(
        {
            "info": [run.info.run_name, run.info.status, run.info.start_time, run.info.end_time, run.info.user_id],
            "artifact_uri": run.info.artifact_uri,
            "params": run.data.params,
            "tags": run.data.tags,
            "metrics": {key: repr(value) for key, value in run.data.metrics.items()},
            "loss": sorted((point.step, point.timestamp, repr(point.value)) for point in history),
            "datasets": [d.dataset.name for d in inputs.dataset_inputs] if inputs else [],
            "model": [model.description, model.tags],
            "versions": [[int(v.version), v.current_stage, v.description, v.source, v.run_id] for v in versions],
            "aliases": {alias: int(version) for alias, version in getattr(model, "aliases", {}).items()},
            "deleted": [e.name for e in client.search_experiments(view_type=ViewType.DELETED_ONLY)],
        },
        sort_keys=True,
    )
)
