"""Prints as JSON, by run, every file that `runs:/<run_id>/<name of its logged model>` lists: python listings.py URI."""

import json
import sys

import mlflow
from mlflow import MlflowClient

mlflow.set_tracking_uri(sys.argv[1])
client = MlflowClient()


def files(run_id, path):
    for each in mlflow.artifacts.list_artifacts(f"runs:/{run_id}/{path}"):
        # The client repeats the run's own files when the run has a folder of that name, too.
        yield from files(run_id, each.path) if each.is_dir else [each.path]


ids = [experiment.experiment_id for experiment in client.search_experiments()]
found = {}
for model in client.search_logged_models(ids):
    found.setdefault(model.source_run_id, set()).update(files(model.source_run_id, model.name))
print(json.dumps({run_id: sorted(paths) for run_id, paths in found.items()}))
