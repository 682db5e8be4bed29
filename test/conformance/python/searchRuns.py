"""Answers searches of runs as mlflow does: python searchRuns.py URI FILE, where FILE is a JSON list of {filter, order_by}.

Prints a JSON list: of each search the ids found, in order, or null where it was refused.
"""

import json
import sys

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

client = MlflowClient(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    searches = json.load(file)


def found(search):
    ids, token = [], None
    try:
        while True:
            page = client.search_runs(
                ["0", "1"], search["filter"], max_results=1000, order_by=search["order_by"], page_token=token
            )
            ids += [run.info.run_id for run in page]
            token = page.token
            if not token:
                return ids
    except MlflowException:
        return None


print(json.dumps([found(search) for search in searches]))
