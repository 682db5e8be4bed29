"""Reads python_env.yaml, conda.yaml and MLmodel texts with the real MLflow. In: a JSON list of [kind, text]. Out: errors or null."""

import json
import logging
import os
import sys
import tempfile

from mlflow.models import Model
from mlflow.utils.environment import _PythonEnv

logging.disable(logging.CRITICAL)


def check(kind, path):
    if kind == "mlmodel":
        model = Model.load(path)
        for flavor in model.flavors.values():
            if flavor is not None and not isinstance(flavor, dict):
                raise TypeError("a flavor is no map")
        return
    env = _PythonEnv.from_yaml(path) if kind == "python_env" else _PythonEnv.from_conda_yaml(path)
    # What making the environment does with them.
    "\n".join(env.build_dependencies)
    "\n".join(env.dependencies)


def facts(kind, text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "MLmodel" if kind == "mlmodel" else "env.yaml")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        try:
            check(kind, path)
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:300]
    return None


json.dump([facts(kind, text) for kind, text in json.load(sys.stdin)], sys.stdout)
