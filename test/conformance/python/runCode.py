"""Runs pieces of Python as a person pastes them. Each line of its input is a JSON list of texts.

Prints a JSON list in a line: of each the ids of its rows, in order, the columns and rows of its table, and the keys and counts of its groups; or its error.
"""

import json
import math
import sys


def plain(value):
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value)


def result(text):
    space = {}
    try:
        exec(text, space)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    told = {"ids": list(space["runs"]["run_id"])}
    if "table" in space:
        table = space["table"]
        told["columns"] = list(table.columns)
        told["rows"] = [[plain(value) for value in row] for row in table.itertuples(index=False, name=None)]
    if "groups" in space:
        told["groups"] = len(space["groups"])
    return told


for line in sys.stdin:
    print(json.dumps([result(text) for text in json.loads(line)]), flush=True)
