"""Reads the tags that Flowdeck left on a registered model, renames the model and tags it; prints the tags as JSON."""

import json
import sys

from mlflow import MlflowClient

name, new_name = sys.argv[1:]
client = MlflowClient()
before = client.get_registered_model(name).tags
found = client.search_registered_models(f"tags.team = 'cellar' AND name = '{name}'")
client.set_registered_model_tag(name, "reviewed", "yes")
client.rename_registered_model(name, new_name)
client.set_registered_model_alias(new_name, "python", "1")
print(json.dumps({"before": before, "found": [one.name for one in found], "after": client.get_registered_model(new_name).tags}))
