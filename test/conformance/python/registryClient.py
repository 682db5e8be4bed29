"""Calls all that MlflowClient has about registered models and logged models: `registryClient.py URI`, of a store without models.

Prints a JSON list: of each call its method, its arguments and its answer, or the error that it raised.
"""

import json
import sys

import mlflow
from mlflow import MlflowClient
from mlflow.entities import LoggedModelInput, Metric

uri = sys.argv[1]
mlflow.set_tracking_uri(uri)
client = MlflowClient(uri)
told = []


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if hasattr(value, "to_dictionary"):
        return plain(value.to_dictionary())
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return plain(dict(value))
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def call(method, *args, of=client, **named):
    entry = {"method": method, "args": plain(args), "named": plain(named)}
    told.append(entry)
    answer = None
    try:
        answer = getattr(of, method)(*args, **named)
        entry["answer"] = plain(answer)
        if method == "get_latest_versions":
            # In an order that MLflow leaves to its database.
            entry["answer"].sort(key=lambda version: version["version"])
        if hasattr(answer, "token"):
            entry["more"] = bool(answer.token)
    except Exception as error:
        # What SQLite says of a statement is the database's own.
        message = str(error).split(" Error: (")[0]
        entry["error"] = {"type": type(error).__name__, "error_code": getattr(error, "error_code", None), "message": message}
    return answer


def pages(method, **named):
    """All pages, each by the token of the one before it."""
    token = None
    for _ in range(9):
        found = call(method, page_token=token, **named)
        told[-1]["named"].pop("page_token")
        token = getattr(found, "token", None)
        if not token:
            return


experiment = client.create_experiment("registry")
run = client.create_run(experiment, run_name="trained").info.run_id
for step, value in enumerate((0.5, 0.25)):
    client.log_metric(run, "rmse", value, step=step)

# Registered models.
for name in ("wine", "beer", "Wine", "it's 100%"):
    call("create_registered_model", name, tags={"team": name, "n": 1}, description=f"about {name}")
call("create_registered_model", "wine")
call("create_registered_model", "")
call("create_registered_model", "a/b")
call("create_registered_model", "a:b")
call("create_registered_model", "plain")
call("get_registered_model", "wine")
call("get_registered_model", "none")
call("update_registered_model", "beer", description="**bold**")
call("update_registered_model", "none", description="x")
call("rename_registered_model", "beer", "ale")
call("rename_registered_model", "beer", "ale")
call("rename_registered_model", "ale", "wine")
call("rename_registered_model", "ale", " ")
call("set_registered_model_tag", "ale", "hops", "3")
call("set_registered_model_tag", "ale", "hops", "")
call("set_registered_model_tag", "none", "hops", "3")
call("set_registered_model_tag", "ale", "k" * 251, "3")
call("delete_registered_model_tag", "ale", "team")
call("delete_registered_model_tag", "ale", "team")

# Logged models.
models = []
for number in range(4):
    params = {"depth": str(number), "kind": "tree"}
    model = call(
        "create_logged_model",
        experiment,
        name=f"net {number % 2}",
        source_run_id=run if number < 2 else None,
        tags={"n": str(number)},
        params=params,
        model_type="agent" if number == 3 else None,
    )
    models.append(model.model_id)
call("create_logged_model", experiment, name="a/b")
call("create_logged_model", "99")
for number, model in enumerate(models):
    points = [Metric("rmse", 1 / (number + 1), 5, 0, model_id=model, dataset_name="wine", dataset_digest="d1", run_id=run)]
    client.log_batch(run, metrics=points)
client.log_inputs(run, models=[LoggedModelInput(models[0])])
call("log_model_params", models[0], {"late": "1"})
call("log_model_params", "m-none", {"late": "1"})
call("finalize_logged_model", models[0], "READY")
call("finalize_logged_model", models[1], "FAILED")
call("finalize_logged_model", "m-none", "READY")
call("finalize_logged_model", models[2], "PENDING")
call("set_logged_model_tags", models[0], {"a": "1", "b c": "ä"})
call("set_logged_model_tags", "m-none", {"a": "1"})
call("delete_logged_model_tag", models[0], "a")
call("delete_logged_model_tag", models[0], "a")
call("get_logged_model", models[0])
call("get_logged_model", "m-none")
call("list_logged_model_artifacts", models[0])
for named in (
    {},
    {"filter_string": "params.depth = '1'"},
    {"filter_string": "metrics.rmse < 0.4"},
    {"filter_string": "tags.n = '0' AND name LIKE 'net%'"},
    {"filter_string": "status = 'READY'"},
    {"filter_string": f"source_run_id = '{run}'"},
    {"filter_string": "metrics.rmse < 0.4", "datasets": [{"dataset_name": "wine", "dataset_digest": "d1"}]},
    {"filter_string": "metrics.rmse < 0.4", "datasets": [{"dataset_name": "other"}]},
    {"order_by": [{"field_name": "metrics.rmse", "ascending": True, "dataset_name": "wine"}]},
    {"order_by": [{"field_name": "params.depth"}]},
):
    call("search_logged_models", [experiment], **named)
pages(
    "search_logged_models",
    experiment_ids=[experiment],
    max_results=1,
    order_by=[{"field_name": "metrics.rmse", "ascending": False}],
)
call("delete_logged_model", models[3])
call("delete_logged_model", models[3])
call("search_logged_models", [experiment], filter_string="name = 'net 1'")

# Versions: of a logged model, of a run, of a place, of other versions.
call("create_model_version", "wine", f"models:/{models[0]}", run_id=run, model_id=models[0], tags={"v": "1"}, description="first")
call("create_model_version", "wine", f"runs:/{run}/model", run_id=run)
call("create_model_version", "wine", "s3://bucket/wine", run_link="http://elsewhere/run", tags={"team": "x"})
call("create_model_version", "wine", "models:/wine/1")
call("create_model_version", "ale", "s3://bucket/ale")
call("create_model_version", "none", "s3://bucket/x")
call("create_model_version", "wine", "models:/none/1")
call("create_model_version", "wine", "models:/wine/99")
call("create_model_version", "wine", "/etc")
call("register_model", f"models:/{models[1]}", "ale", tags={"by": "fluent"}, of=mlflow)
call("register_model", f"models:/{models[2]}", "a new one", of=mlflow)
call("get_model_version", "wine", "1")
call("get_model_version", "wine", "99")
call("get_model_version", "wine", "x")
call("get_model_version_download_uri", "wine", "1")
call("get_model_version_download_uri", "wine", "4")
call("get_model_version_download_uri", "wine", "99")
call("get_model_version_stages", "wine", "1")
call("update_model_version", "wine", "1", description="better")
call("update_model_version", "wine", "99", description="better")
call("set_model_version_tag", "wine", "1", "checked", True)
call("set_model_version_tag", "wine", "99", "checked", True)
call("delete_model_version_tag", "wine", "1", "v")
call("delete_model_version_tag", "wine", "1", "v")

# Stages.
for version, stage, archive in (
    ("1", "Staging", False),
    ("2", "staging", True),
    ("3", "Production", False),
    ("4", "Production", True),
    ("4", "nowhere", False),
    ("99", "Staging", False),
):
    call("transition_model_version_stage", "wine", version, stage, archive_existing_versions=archive)
call("set_model_version_tag", "wine", key="by stage", value="x", stage="Staging")
call("delete_model_version_tag", "wine", key="by stage", stage="Staging")
call("get_latest_versions", "wine")
call("get_latest_versions", "wine", stages=["Production", "archived"])
call("get_latest_versions", "wine", stages=["nowhere"])
call("get_latest_versions", "none")

# Aliases.
call("set_registered_model_alias", "wine", "champion", "1")
call("set_registered_model_alias", "wine", "champion", "2")
call("set_registered_model_alias", "wine", "challenger", "2")
call("set_registered_model_alias", "wine", "v1", "2")
call("set_registered_model_alias", "wine", "latest", "2")
call("set_registered_model_alias", "wine", "champion", "99")
call("set_registered_model_alias", "none", "champion", "1")
call("get_model_version_by_alias", "wine", "champion")
call("get_model_version_by_alias", "wine", "nobody")
call("get_model_version_by_alias", "wine", "latest")
call("get_model_version_by_alias", "none", "champion")
call("delete_registered_model_alias", "wine", "challenger")
call("delete_registered_model_alias", "wine", "challenger")
call("get_registered_model", "wine")

# Copies.
call("copy_model_version", "models:/wine/1", "copied")
call("copy_model_version", "models:/wine@champion", "copied")
call("copy_model_version", "models:/copied/1", "copied again")
call("copy_model_version", "models:/none/1", "copied")
call("copy_model_version", "s3://bucket/wine", "copied")
call("get_model_version_download_uri", "copied again", "1")

# Searches, in pages.
for named in (
    {},
    {"filter_string": "name = 'wine'"},
    {"filter_string": "name LIKE '%in%'"},
    {"filter_string": "name ILIKE '%WIN%'", "order_by": ["name DESC"]},
    {"filter_string": "tags.team = 'wine'"},
    {"filter_string": "tag.n != '1'"},
    {"filter_string": "x = 1"},
    {"order_by": ["timestamp"]},
    {"order_by": ["colour"]},
    {"max_results": 0},
    {"max_results": 1001},
):
    call("search_registered_models", **named)
for named in (
    {},
    {"filter_string": "name = 'wine'"},
    {"filter_string": f"run_id = '{run}'"},
    {"filter_string": f"run_id IN ('{run}', 'x') AND name != 'ale'"},
    {"filter_string": "source_path LIKE 's3:%'"},
    {"filter_string": "version_number > 2"},
    {"filter_string": "tags.team = 'x'"},
    {"filter_string": "stage = 'Staging'"},
    {"filter_string": "name = 'wine'", "order_by": ["version_number ASC"]},
    {"order_by": ["creation_timestamp DESC", "name"]},
    {"max_results": 0},
    {"max_results": 200_001},
):
    call("search_model_versions", **named)
pages("search_registered_models", max_results=2)
pages("search_registered_models", max_results=1, filter_string="name LIKE '%in%'", order_by=["name DESC"])
pages("search_model_versions", max_results=3, order_by=["name", "version_number DESC"])

# What is gone.
call("delete_model_version", "wine", "2")
call("delete_model_version", "wine", "2")
call("get_model_version_by_alias", "wine", "champion")
call("create_model_version", "wine", "s3://bucket/wine/5")
call("get_registered_model", "wine")
call("delete_registered_model", "wine")
call("delete_registered_model", "wine")
call("search_model_versions", filter_string="name = 'wine'")
call("get_model_version", "copied", "1")
call("create_registered_model", "wine")
call("create_model_version", "wine", "s3://bucket/again")

# Prompts are registered models of another kind.
call("register_prompt", "greeting", "Hello {{name}}", commit_message="first", tags={"lang": "en"})
call("register_prompt", "greeting", "Hi {{name}}")
call("set_prompt_alias", "greeting", "live", 1)
call("load_prompt", "prompts:/greeting@live")
call("load_prompt", "greeting")
call("register_prompt", "wine", "x")
call("create_registered_model", "greeting")
call("search_registered_models", filter_string="name = 'greeting'")
call("search_model_versions", filter_string="name = 'greeting'")
call("create_model_version", "wine", "models:/greeting/1")
call("delete_prompt_alias", "greeting", "live")
call("set_prompt_version_tag", "greeting", 1, "t", "v")
call("delete_prompt_version_tag", "greeting", 1, "t")
call("search_prompts", filter_string="name LIKE 'greet%'")

print(json.dumps(told))
