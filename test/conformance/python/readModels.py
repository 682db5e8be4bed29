"""What MLflow itself reads of MLmodel files: `readModels.py NEW FOLDER…`, each the folder of a model; NEW gets some that this mlflow writes."""

import json
import os
import sys

import numpy as np
from mlflow.models import Model, ModelSignature
from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.schema import AnyType, Array, Map, Object, Property, SparkMLVector


def schema(part):
    return part and [json.loads(json.dumps(one.to_dict())) for one in part]


item = Object([Property("name", DataType.string), Property("price", Array(DataType.double), required=False)])
every = [ColSpec(kind, kind.name, required=at % 2 == 0) for at, kind in enumerate(DataType)]
nested = [ColSpec(Array(Array(item)), "a"), ColSpec(Map(Map(AnyType())), "m", required=False), ColSpec(SparkMLVector(), "v")]
tensors = [TensorSpec(np.dtype(kind), (-1, 2, at + 1), kind) for at, kind in enumerate(["uint8", "float16", "complex64", "str", "bool"])]
params = [
    ParamSpec("whole", DataType.long, 9007199254740993),
    ParamSpec("point", DataType.double, 1.0),
    ParamSpec("tiny", DataType.float, 1e-07),
    ParamSpec("none", DataType.string, None),
    ParamSpec("day", DataType.datetime, np.datetime64("2026-11-26 04:05:06")),
    ParamSpec("list", DataType.string, ["a", "\u00e9\n"], shape=(-1,)),
    ParamSpec("object", item, {"name": "x", "price": [1.5]}),
]
signatures = [
    ModelSignature(Schema(every), Schema(nested), ParamSchema(params)),
    ModelSignature(Schema(tensors), Schema([TensorSpec(np.dtype("int64"), (-1,))])),
    ModelSignature(Schema([ColSpec("double"), ColSpec(AnyType())])),
    ModelSignature(params=ParamSchema(params[:1])),
    None,
]
new = sys.argv[1]
for at, signature in enumerate(signatures):
    os.makedirs(f"{new}/{at}")
    model = Model(artifact_path="x", run_id=f"r{at}", signature=signature, model_id="m-1" if at else None)
    model.add_flavor("python_function", loader_module="x", env={"conda": "conda.yaml"}, python_version="3.11.7")
    model.save(f"{new}/{at}/MLmodel")

told = []
for folder in [*(f"{new}/{at}" for at in range(len(signatures))), *sys.argv[2:]]:
    model = Model.load(folder)
    signature = model.signature
    example = model.saved_input_example_info
    pyfunc = model.flavors.get("python_function", {})
    env = pyfunc.get("env")
    told.append({
        "flavors": list(model.flavors),
        "model_id": model.model_id,
        "run_id": model.run_id,
        "mlflow_version": model.mlflow_version,
        "size": model.model_size_bytes,
        "example": example and [example["artifact_path"], example.get("serving_input_path"), example.get("type"), bool(example.get("params"))],
        "python": pyfunc.get("python_version"),
        "env": {"conda": env} if isinstance(env, str) else env,
        "signature": signature and {
            "inputs": schema(signature.inputs),
            "outputs": schema(signature.outputs),
            "params": schema(signature.params),
        },
    })
print(json.dumps(told))
