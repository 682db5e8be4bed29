"""Writes to, or tells about, the file store named by MLFLOW_TRACKING_URI, with an unmodified MLflow."""

import json
import math
import os
import sys

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

from mlflow.entities import Metric, Param, RunTag
from mlflow.tracking import MlflowClient


def write(client, count):
    """Runs whose points come one by one; prints each run's id once it has ended."""
    experiment = client.create_experiment("from Python", tags={"team": "blå"})
    for number in range(count):
        run = client.create_run(experiment, run_name=f"run {number}", start_time=1_000 + number)
        run_id = run.info.run_id
        client.log_batch(run_id, params=[Param("lr/first", str(number)), Param("empty", "")], tags=[RunTag("k", "ä\nb")])
        for step in range(20):
            client.log_batch(run_id, metrics=[Metric("loss/train", 1 / (step + 1), 5_000 + step, step)])
        client.log_metric(run_id, "odd", math.nan, 7, 0)
        client.set_terminated(run_id, "FINISHED", 9_000 + number)
        print(run_id, flush=True)


def tell(client):
    """Everything the client sees, as JSON."""
    experiments = client.search_experiments(view_type=3)
    runs = client.search_runs([e.experiment_id for e in experiments], run_view_type=3)
    models = client.search_registered_models()
    logged = client.search_logged_models([e.experiment_id for e in experiments])
    print(
        json.dumps(
            {
                "experiments": [[e.name, e.lifecycle_stage, e.tags] for e in experiments],
                "runs": [
                    {
                        "name": r.info.run_name,
                        "status": r.info.status,
                        "stage": r.info.lifecycle_stage,
                        "times": [r.info.start_time, r.info.end_time],
                        "user": r.info.user_id,
                        "params": r.data.params,
                        "tags": r.data.tags,
                        "metrics": {k: repr(v) for k, v in r.data.metrics.items()},
                        "history": [
                            [m.timestamp, m.step, repr(m.value)]
                            for k in sorted(r.data.metrics)
                            for m in client.get_metric_history(r.info.run_id, k)
                        ],
                        "datasets": [
                            [d.dataset.name, d.dataset.digest, {t.key: t.value for t in d.tags}]
                            for d in r.inputs.dataset_inputs
                        ],
                        "outputs": [[m.model_id, m.step] for m in r.outputs.model_outputs],
                    }
                    for r in runs
                ],
                "models": [
                    [m.name, m.description, m.tags, m.aliases, sorted([v.version, v.current_stage] for v in m.latest_versions)]
                    for m in models
                ],
                "versions": [
                    [v.name, v.version, v.source, v.run_id, v.tags] for v in client.search_model_versions()
                ],
                "logged": [
                    [m.name, str(m.status), m.tags, m.params, [[x.key, x.value, x.run_id] for x in m.metrics or []]]
                    for m in logged
                ],
            }
        )
    )


if __name__ == "__main__":
    client = MlflowClient(os.environ["MLFLOW_TRACKING_URI"])
    if sys.argv[1] == "write":
        write(client, int(sys.argv[2]))
    else:
        tell(client)
