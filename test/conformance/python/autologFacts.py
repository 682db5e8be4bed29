"""Trains with the autologging of sklearn and xgboost; prints what arrived, as JSON without ids, times and places."""

import json
import sys
import warnings

import mlflow
import xgboost
from mlflow import MlflowClient
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, train_test_split

warnings.simplefilter("ignore")
client = MlflowClient()
experiment = mlflow.set_experiment("autologged").experiment_id
x, y = load_wine(return_X_y=True, as_frame=True)
x, x_test, y, y_test = train_test_split(x, y, random_state=0)

# Params, training metrics, a dataset, plots and a model; then metrics of what is done with it.
mlflow.sklearn.autolog(log_input_examples=True, extra_tags={"by": "sklearn"})
with mlflow.start_run(run_name="logistic"):
    model = LogisticRegression(max_iter=30, C=0.5).fit(x, y)
    model.score(x_test, y_test)
    f1_score(y_test, model.predict(x_test), average="macro")

# A parent and a child for each candidate.
mlflow.sklearn.autolog(log_models=False)
with mlflow.start_run(run_name="grid"):
    GridSearchCV(RandomForestClassifier(n_estimators=3, random_state=0), {"max_depth": [1, 2]}, cv=2).fit(x, y)
mlflow.sklearn.autolog(disable=True)

# Metrics of each iteration, of two datasets; importances as JSON and as a picture; a model with its signature.
mlflow.xgboost.autolog(importance_types=["weight", "gain"], model_format="json")
matrix, test = xgboost.DMatrix(x, label=y), xgboost.DMatrix(x_test, label=y_test)
options = {"objective": "multi:softprob", "num_class": 3, "max_depth": 2, "nthread": 1, "eval_metric": ["mlogloss", "merror"]}
with mlflow.start_run(run_name="boosted"):
    xgboost.train(options, matrix, 7, evals=[(matrix, "train"), (test, "test")], early_stopping_rounds=3, verbose_eval=False)

mlflow.xgboost.autolog(log_models=False)
with mlflow.start_run(run_name="boosted classifier"):
    xgboost.XGBClassifier(n_estimators=3, max_depth=2, n_jobs=1).fit(x, y, eval_set=[(x_test, y_test)], verbose=False)


def files(listing, path=None):
    for entry in listing(path):
        if entry.is_dir:
            yield from files(listing, entry.path)
        else:
            yield entry.path


def metric_facts(key, value, history):
    # How long the fits of a grid took is never the same.
    value_of = (lambda value: "a time") if key.endswith("_time") else repr
    return [value_of(value), [[m.step, value_of(m.value)] for m in history]]


def run_facts(run):
    run_id = run.info.run_id
    tags = dict(run.data.tags)
    parent = tags.pop("mlflow.parentRunId", None)
    if parent is not None:
        # The name of a candidate's run is drawn by lot.
        tags["mlflow.runName"] = f"child of {client.get_run(parent).info.run_name}"
    histories = {key: client.get_metric_history(run_id, key) for key in run.data.metrics}
    return {
        "status": run.info.status,
        "tags": tags,
        "params": run.data.params,
        "metrics": {key: metric_facts(key, value, histories[key]) for key, value in run.data.metrics.items()},
        "datasets": [[d.dataset.to_dictionary(), [[t.key, t.value] for t in d.tags]] for d in run.inputs.dataset_inputs],
        "artifacts": sorted(files(lambda path: client.list_artifacts(run_id, path))),
        "models": [[client.get_logged_model(o.model_id).name, o.step] for o in run.outputs.model_outputs],
    }


def model_facts(model):
    described = mlflow.models.get_model_info(model.model_uri)
    return {
        "name": model.name,
        # REST has no null: an absent text reads as "".
        "type": model.model_type or "",
        "status": str(model.status),
        "run": client.get_run(model.source_run_id).info.run_name,
        "params": model.params,
        "tags": model.tags,
        "metrics": sorted([m.key, repr(m.value), m.step, m.dataset_name, m.dataset_digest] for m in model.metrics or []),
        "signature": described.signature.to_dict(),
        "flavors": sorted(described.flavors),
        "files": sorted(files(lambda path: client.list_logged_model_artifacts(model.model_id, path))),
    }


def sorted_facts(facts):
    return sorted(facts, key=lambda one: json.dumps(one, sort_keys=True))


runs = client.search_runs([experiment])
models = client.search_logged_models([experiment])
json.dump({"runs": sorted_facts(map(run_facts, runs)), "models": sorted_facts(map(model_facts, models))}, sys.stdout, sort_keys=True)
