"""Loads MLproject texts with the real MLflow. In: a JSON list of texts. Out: for each what was loaded, or the error."""

import json
import os
import re
import sys
import tempfile

from mlflow.exceptions import ExecutionException
from mlflow.projects._project_spec import load_project

MISSING_FILE = re.compile(r"file (.+), but no such file was found", re.DOTALL)


def text_or_none(value):
    return None if value is None else str(value)


def load(folder):
    try:
        return load_project(folder)
    except ExecutionException as error:
        missing = MISSING_FILE.search(str(error))
        if missing is None:
            raise
        path = os.path.abspath(missing[1])
        if not path.startswith(folder + os.sep):
            raise
        # Whether the environment's file is there is no matter of the text.
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w"):
            pass
        return load_project(folder)


def facts(text):
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        with open(os.path.join(folder, "MLproject"), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        try:
            project = load(folder)
            entry_points = [
                {
                    "name": str(entry.name),
                    "command": entry.command if isinstance(entry.command, str) else None,
                    "parameters": [
                        [str(name), str(parameter.type), text_or_none(parameter.default)]
                        for name, parameter in entry.parameters.items()
                    ],
                }
                for entry in project._entry_points.values()
            ]
            return {"name": str(project.name) if project.name else None, "entry_points": entry_points}
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"[:400]}


json.dump([facts(text) for text in json.load(sys.stdin)], sys.stdout)
