"""Loads MLproject texts with the real MLflow and builds every command. In: [[text, {name: value}]]. Out: [{entry point: command}]."""

import json
import os
import sys
import tempfile

from mlflow.projects._project_spec import load_project


def commands(text, values):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("python_env.yaml", "conda.yaml"):
            open(os.path.join(folder, name), "w").close()
        with open(os.path.join(folder, "MLproject"), "w", encoding="utf-8") as file:
            file.write(text)
        project = load_project(folder)
        built = {}
        for name, entry in project._entry_points.items():
            given = {key: values.get(key, "1") for key, one in entry.parameters.items() if one.default is None}
            built[name] = entry.compute_command(given, folder)
        return built


json.dump([commands(text, values) for text, values in json.load(sys.stdin)], sys.stdout)
