"""Writes a store with real models, logged by the installed mlflow: `realModels.py FOLDER`. What it made is in FOLDER/facts.json."""

import json
import os
import sys
import types

folder = os.path.abspath(sys.argv[1])
os.makedirs(folder, exist_ok=True)
os.chdir(folder)
os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{folder}/mlflow.db"

import cloudpickle
import mlflow
import numpy as np
import pandas as pd
import sklearn
import xgboost
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.schema import Array, Map, Object, Property
from sklearn.linear_model import ElasticNet

client = mlflow.MlflowClient()
experiment_id = client.create_experiment("real models", artifact_location=f"{folder}/mlruns/models")
mlflow.set_experiment(experiment_id=experiment_id)
facts = {"root": folder, "experiment_id": experiment_id, "models": {}}
random = np.random.default_rng(7)
MLFLOW = f"mlflow=={mlflow.__version__}"
CLOUDPICKLE = f"cloudpickle=={cloudpickle.__version__}"


def register(name, info, run):
    version = mlflow.register_model(info.model_uri, name).version
    fact = {"version": str(version), "run_id": run.info.run_id, "model_id": info.model_id}
    facts["models"].setdefault(name, []).append(fact)
    return str(version)


# Columns with spaces, params, an input example; four versions that differ in metrics, params, signature and environment.
columns = ["fixed acidity", "volatile acidity", "citric acid", "alcohol"]
wine = pd.DataFrame(random.uniform([4, 0.1, 0, 8], [12, 1.2, 0.8, 14], (64, 4)).round(2), columns=columns)
quality = (0.4 * wine["alcohol"] - 1.5 * wine["volatile acidity"] + 1).rename("quality")
params = ParamSchema([
    ParamSpec("clip", DataType.double, 10.0),
    ParamSpec("digits", DataType.long, 2),
    ParamSpec("rounding", DataType.string, "half up"),
    ParamSpec("weights", DataType.double, [1.0, 0.5], shape=(-1,)),
])
doubles = Schema([ColSpec("double", name) for name in columns])
longer = Schema([ColSpec("double", name) for name in columns[:3]] + [ColSpec("double", "alcohol", required=False)])
here = f"scikit-learn=={sklearn.__version__}"
plan = [
    (0.9, doubles, None, ["mlflow==2.9.2", "scikit-learn==1.3.0", CLOUDPICKLE]),
    (0.3, doubles, params, [MLFLOW, "scikit-learn==1.5.2", CLOUDPICKLE]),
    (0.05, doubles, params, [MLFLOW, here, CLOUDPICKLE]),
    (0.01, longer, params, [MLFLOW, here, CLOUDPICKLE]),
]
for alpha, inputs, schema, requirements in plan:
    with mlflow.start_run(run_name=f"elastic net {alpha}") as run:
        model = ElasticNet(alpha=alpha, l1_ratio=0.5).fit(wine, quality)
        info = mlflow.sklearn.log_model(
            model,
            name="wine",
            signature=ModelSignature(inputs, Schema([ColSpec("double")]), schema),
            input_example=(wine.head(3), {"digits": 2}) if schema else wine.head(3),
            pip_requirements=requirements,
            params={"alpha": alpha, "l1_ratio": 0.5},
            serialization_format="cloudpickle",
        )
        rmse = float(np.sqrt(np.mean((model.predict(wine) - quality) ** 2)))
        dataset = mlflow.data.from_pandas(wine, name="wine")
        mlflow.log_input(dataset, context="training")
        mlflow.log_params({"alpha": alpha, "l1_ratio": 0.5})
        mlflow.log_metrics({"rmse": rmse, "r2": float(model.score(wine, quality))}, dataset=dataset, model_id=info.model_id)
    version = register("wine-quality", info, run)
    client.update_model_version("wine-quality", version, f"Elastic net with **alpha {alpha}**.")
    client.set_model_version_tag("wine-quality", version, "reviewed", "true" if alpha < 0.5 else "false")
client.update_registered_model("wine-quality", "Quality of a wine from what was *measured* of it.")
client.set_registered_model_tag("wine-quality", "team", "cellar")
client.set_registered_model_alias("wine-quality", "champion", "2")
client.set_registered_model_alias("wine-quality", "challenger", "3")
for version, stage in (("1", "Archived"), ("2", "Production"), ("3", "Staging")):
    client.transition_model_version_stage("wine-quality", version, stage)


class Brightness(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input.reshape(len(model_input), -1).mean(axis=1).astype("float32")


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        rows = model_input.to_dict(orient="records") if hasattr(model_input, "to_dict") else list(model_input)
        return [str(row) for row in rows]


class Orders(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        currency = (params or {}).get("currency", "EUR")
        totals = [sum(item["price"] * (item.get("count") or 1) for item in row) for row in model_input["items"]]
        days = model_input["ordered"].dt.strftime("%Y-%m-%d")
        return pd.DataFrame({"total": totals, "currency": currency, "day": days})


# Tensors of any number of 2 × 3 pictures.
pictures = np.arange(12, dtype="float32").reshape(2, 2, 3)
with mlflow.start_run(run_name="brightness") as run:
    info = mlflow.pyfunc.log_model(
        name="brightness",
        python_model=Brightness(),
        signature=ModelSignature(
            Schema([TensorSpec(np.dtype("float32"), (-1, 2, 3))]), Schema([TensorSpec(np.dtype("float32"), (-1,))])
        ),
        input_example=pictures,
        pip_requirements=[MLFLOW, CLOUDPICKLE, f"numpy=={np.__version__}"],
    )
register("picture-brightness", info, run)

with mlflow.start_run(run_name="boosted") as run:
    model = xgboost.XGBRegressor(n_estimators=5, max_depth=2, n_jobs=1).fit(wine, quality)
    info = mlflow.xgboost.log_model(
        model,
        name="boosted",
        signature=ModelSignature(doubles, Schema([ColSpec("float")])),
        input_example=wine.head(2),
        model_format="json",
        pip_requirements=[MLFLOW, f"xgboost=={xgboost.__version__}"],
    )
    mlflow.log_metric("rmse", float(np.sqrt(np.mean((model.predict(wine) - quality) ** 2))), model_id=info.model_id)
client.set_registered_model_alias("wine-boosted", "champion", register("wine-boosted", info, run))

with mlflow.start_run(run_name="echo") as run:
    info = mlflow.pyfunc.log_model(name="echo", python_model=Echo(), pip_requirements=[MLFLOW, CLOUDPICKLE])
client.set_registered_model_alias("echo", "champion", register("echo", info, run))

# Objects within arrays, a map, optional and date columns.
item = Object([
    Property("name", DataType.string),
    Property("price", DataType.double),
    Property("count", DataType.long, required=False),
])
orders = Schema([
    ColSpec(DataType.long, "id"),
    ColSpec(Array(item), "items"),
    ColSpec(Map(DataType.string), "labels", required=False),
    ColSpec(DataType.datetime, "ordered"),
    ColSpec(DataType.string, "note", required=False),
    ColSpec(DataType.boolean, "gift", required=False),
])
with mlflow.start_run(run_name="orders") as run:
    info = mlflow.pyfunc.log_model(
        name="orders",
        python_model=Orders(),
        signature=ModelSignature(
            orders,
            Schema([ColSpec("double", "total"), ColSpec("string", "currency"), ColSpec("string", "day")]),
            ParamSchema([ParamSpec("currency", DataType.string, "EUR")]),
        ),
        pip_requirements=[MLFLOW, CLOUDPICKLE],
    )
register("order-totals", info, run)

# A model whose pickle names a module that is on no machine but, for the moment, in this process.
tools = types.ModuleType("forecast_tools")
tools.Trend = type("Trend", (), {"__module__": "forecast_tools"})
sys.modules["forecast_tools"] = tools


class Forecast(mlflow.pyfunc.PythonModel):
    def __init__(self):
        self.trend = tools.Trend()

    def predict(self, context, model_input, params=None):
        return model_input


with mlflow.start_run(run_name="forecast") as run:
    info = mlflow.pyfunc.log_model(
        name="forecast",
        python_model=Forecast(),
        signature=ModelSignature(Schema([ColSpec("double", "day")]), Schema([ColSpec("double")])),
        pip_requirements=[MLFLOW, CLOUDPICKLE, "forecast-tools==1.4.0"],
    )
register("forecast", info, run)

with open("facts.json", "w") as file:
    json.dump(facts, file, indent=1)
