"""What a person does with mlflow-skinny, which has no SQLAlchemy, numpy or pandas; prints what it made, as JSON."""

import importlib.util
import json
import math
import os
import sys
import tempfile
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException

for absent in ("sqlalchemy", "numpy", "pandas", "flask"):
    assert importlib.util.find_spec(absent) is None, f"{absent} is here, so this is not the small client"

LARGE = 10 * 1024 * 1024 + 1
client = MlflowClient()
experiment = mlflow.create_experiment("small", tags={"kind": "skinny"})
mlflow.set_experiment("small")

with tempfile.TemporaryDirectory() as folder:
    large = Path(folder, "data", "large.bin")
    large.parent.mkdir()
    large.write_bytes(os.urandom(LARGE))
    Path(folder, "data", "ü & 100%.txt").write_text("odd", encoding="utf-8")
    with mlflow.start_run(run_name="first", tags={"team": "blue"}, description="A *note*") as run:
        mlflow.log_params({"lr": 0.1, "layers": [1, 2], "ü": "ß"})
        for step, value in enumerate([0.5, math.inf, -math.inf, math.nan]):
            mlflow.log_metric("loss", value, step=step)
        mlflow.log_metrics({"acc": 1e-300, "big": 1e308}, step=-3)
        mlflow.log_artifacts(os.path.dirname(large), "up")
        mlflow.log_text("hello", "notes/a.txt")
        mlflow.log_dict({"a": [1, None]}, "notes/b.json")
        with mlflow.start_run(run_name="child", nested=True) as child:
            mlflow.log_metric("loss", 1)
    run_id = run.info.run_id
    down = Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="up", dst_path=folder))
    assert (down / "large.bin").read_bytes() == large.read_bytes()
    assert (down / "ü & 100%.txt").read_text(encoding="utf-8") == "odd"
assert mlflow.artifacts.load_text(f"runs:/{run_id}/notes/a.txt") == "hello"
assert mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/notes/b.json") == {"a": [1, None]}
listed = {f.path: f.file_size for top in client.list_artifacts(run_id) for f in client.list_artifacts(run_id, top.path)}

now = 1_700_000_000_000
client.log_batch(
    run_id,
    metrics=[Metric("batch", n / 8, now + n, n) for n in range(1000)],
    params=[Param(f"p{n}", str(n)) for n in range(100)],
    tags=[RunTag("batched", "yes")],
)
client.set_tag(run_id, "gone", "1")
client.delete_tag(run_id, "gone")
client.update_run(child.info.run_id, status="FAILED", name="renamed")
assert [m.step for m in client.get_metric_history(run_id, "batch")] == list(range(1000))
try:
    client.log_param(run_id, "lr", "0.2")
    raise AssertionError("a parameter was changed")
except MlflowException as error:
    assert error.error_code == "INVALID_PARAMETER_VALUE", error

# Found, deleted, restored.
found = mlflow.search_runs(filter_string="params.lr = '0.1' and metrics.batch > 100", output_format="list")
assert [r.info.run_id for r in found] == [run_id], found
pages = client.search_runs([experiment], order_by=["attributes.start_time ASC"], max_results=1)
assert [r.info.run_id for r in client.search_runs([experiment], max_results=1, order_by=["attributes.start_time ASC"], page_token=pages.token)] == [
    child.info.run_id
]
client.delete_run(child.info.run_id)
assert len(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)) == 1
client.restore_run(child.info.run_id)
other = client.create_experiment("other")
client.rename_experiment(other, "renamed")
client.delete_experiment(other)
client.restore_experiment(other)
assert [e.name for e in client.search_experiments(filter_string="tags.kind = 'skinny'")] == ["small"]

# A registry: a version of the run's files, found by its alias.
client.create_registered_model("Small", tags={"size": "s"}, description="tiny")
version = client.create_model_version("Small", f"{run.info.artifact_uri}/notes", run_id, tags={"v": "1"})
client.set_registered_model_alias("Small", "champion", version.version)
client.set_model_version_tag("Small", version.version, "checked", "yes")
client.update_model_version("Small", version.version, "The first")
second = client.create_model_version("Small", f"runs:/{run_id}/up", run_id)
client.delete_model_version("Small", second.version)
champion = client.get_model_version_by_alias("Small", "champion")
assert str(champion.version) == "1" and champion.tags == {"v": "1", "checked": "yes"}, champion
assert [str(v.version) for v in client.search_model_versions("name = 'Small'")] == ["1"]
assert [m.name for m in client.search_registered_models("tags.size = 's'")] == ["Small"]
assert mlflow.artifacts.load_text("models:/Small@champion/a.txt") == "hello"

json.dump({"run": run_id, "child": child.info.run_id, "experiment": experiment, "listed": listed}, sys.stdout)
