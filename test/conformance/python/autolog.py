"""Trains with sklearn.autolog(), logs and registers a model, loads it again: what a person's script does."""

import mlflow
import numpy as np
from mlflow import MlflowClient
from mlflow.models import infer_signature
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

x, y = load_wine(return_X_y=True)
mlflow.set_experiment("wine")
client = MlflowClient()

# Autologging: params, training metrics, a dataset, a model.
mlflow.sklearn.autolog()
with mlflow.start_run(run_name="auto") as run:
    LogisticRegression(max_iter=50, C=0.5).fit(x, y)
data = client.get_run(run.info.run_id)
assert data.data.params["C"] == "0.5", data.data.params
assert 0.5 < data.data.metrics["training_score"] <= 1, data.data.metrics
assert len(data.inputs.dataset_inputs) == 1, data.inputs
assert len(data.outputs.model_outputs) == 1, data.outputs

# A search: one parent, its children, the best one's parameters.
with mlflow.start_run(run_name="search") as parent:
    GridSearchCV(RandomForestClassifier(n_estimators=5, random_state=0), {"max_depth": [2, 3]}, cv=2).fit(x, y)
children = client.search_runs(
    [parent.info.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'", order_by=["metrics.mean_test_score DESC"]
)
assert len(children) == 2, children
mlflow.sklearn.autolog(disable=True)

# By hand: a model with its signature, registered, found by alias, and asked.
model = LogisticRegression(max_iter=200).fit(x, y)
with mlflow.start_run(run_name="manual") as manual:
    mlflow.log_metrics({"loss": 0.5, "acc": float("nan")}, step=1)
    mlflow.log_dict({"a": [1, 2]}, "nested/some.json")
    info = mlflow.sklearn.log_model(
        model, name="wine-model", signature=infer_signature(x, model.predict(x)), registered_model_name="Wine"
    )
    mlflow.log_metric("after", 1.0, model_id=info.model_id)
client.set_registered_model_alias("Wine", "champion", 1)
client.transition_model_version_stage("Wine", 1, "Staging")
client.set_model_version_tag("Wine", "1", "checked", "yes")
loaded = mlflow.sklearn.load_model("models:/Wine@champion")
assert np.array_equal(loaded.predict(x), model.predict(x))
assert mlflow.artifacts.load_dict(f"{manual.info.artifact_uri}/nested/some.json") == {"a": [1, 2]}
assert [f.path for f in client.list_artifacts(manual.info.run_id, "nested")] == ["nested/some.json"]
found = mlflow.search_logged_models(filter_string="metrics.after >= 1", output_format="list")
assert [m.model_id for m in found] == [info.model_id], found
assert [v.version for v in client.search_model_versions("name = 'Wine' and tags.checked = 'yes'")] == ["1"] or [
    v.version for v in client.search_model_versions("name = 'Wine' and tags.checked = 'yes'")
] == [1]
frame = mlflow.search_runs(filter_string="metrics.loss < 1 and attributes.status = 'FINISHED'")
assert list(frame.run_id) == [manual.info.run_id], frame
print("done")
