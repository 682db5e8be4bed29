"""Counts what a store holds and writes one of each kind to it: python writeRun.py NAME. Works with mlflow 1.30 and later."""

import json
import math
import sys

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, ViewType

name = sys.argv[1]
client = MlflowClient()
experiments = client.search_experiments(view_type=ViewType.ALL)
runs = client.search_runs([e.experiment_id for e in experiments], run_view_type=ViewType.ALL)
seen = {"experiments": len(experiments), "runs": len(runs), "registered_models": len(client.search_registered_models())}

experiment_id = client.create_experiment(name, tags={"by": "python"})
run = client.create_run(experiment_id, tags={"mlflow.runName": name})
run_id = run.info.run_id
client.log_param(run_id, "lr", 0.1)
client.log_metric(run_id, "loss", 0.5, step=-1, timestamp=1)
client.log_batch(run_id, metrics=[Metric("loss", math.nan, 2, 3)])
client.set_tag(run_id, "note", name)
if hasattr(client, "log_inputs"):
    from mlflow.entities import Dataset, DatasetInput

    client.log_inputs(run_id, [DatasetInput(Dataset(name, "d1", "local", "{}"), [])])
client.set_terminated(run_id)
client.create_registered_model(name)
version = client.create_model_version(name, run.info.artifact_uri + "/model", run_id)
if hasattr(client, "set_registered_model_alias"):
    client.set_registered_model_alias(name, "best", version.version)
client.transition_model_version_stage(name, version.version, "Production")
print(json.dumps({"mlflow": mlflow.__version__, "seen": seen, "written": {"experiment_id": experiment_id, "run_id": run_id}}))
