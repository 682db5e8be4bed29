"""Loads MLproject texts with the real MLflow and builds every command. In: a JSON list of texts. Out: for each {"load": error
or null, "entry_points": {name: error or null}}. Environment files are made as they are asked for, but for those in `nowhere`."""

import json
import os
import re
import sys
import tempfile

from mlflow.exceptions import ExecutionException
from mlflow.projects._project_spec import load_project

MISSING_FILE = re.compile(r"file (.+), but no such file was found", re.DOTALL)


def load(folder):
    try:
        return load_project(folder)
    except ExecutionException as error:
        missing = MISSING_FILE.search(str(error))
        if missing is None or "/nowhere/" in missing[1]:
            raise
        path = os.path.abspath(missing[1])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w"):
            pass
        return load_project(folder)


def value_of(parameter):
    return {"uri": "s3://bucket/key", "path": os.getcwd()}.get(parameter.type, "1")


def build(entry, storage):
    given = {
        name: value_of(parameter) for name, parameter in entry.parameters.items() if parameter.default is None
    }
    try:
        command = entry.compute_command(given, storage)
        assert isinstance(command, str)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    return None


def facts(text):
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        with open(os.path.join(folder, "MLproject"), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        try:
            project = load(folder)
        except Exception as error:
            return {"load": f"{type(error).__name__}: {error}"[:300], "entry_points": {}}
        entries = project._entry_points.values()
        return {"load": None, "entry_points": {str(entry.name): build(entry, folder) for entry in entries}}


json.dump([facts(text) for text in json.load(sys.stdin)], sys.stdout)
