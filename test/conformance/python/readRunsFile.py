"""Reads an exported file with pandas and compares it with mlflow.search_runs; runs copied code. Prints JSON."""
import json
import sys

import mlflow
import pandas as pd

csv, json_file, code, experiment_id, filter_string, order_by = sys.argv[1:7]
want = mlflow.search_runs([experiment_id], filter_string, order_by=[order_by])
texts = {c: str for c in want.columns if not c.startswith("metrics.") and c not in ("start_time", "end_time")}
dates = ["start_time", "end_time"]


def told(frame):
    frame = frame.reindex(columns=sorted(frame.columns))
    for name in dates:
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601").astype("datetime64[ms, UTC]")
    for name in frame.columns:
        if name.startswith("metrics."):
            frame[name] = frame[name].astype("float64")
        elif name not in dates:
            frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    return frame


want = told(want)
problems = []
for kind, got in (
    ("csv", pd.read_csv(csv, dtype=texts, keep_default_na=False, na_values={c: ["", "NaN"] for c in want.columns})),
    ("json", pd.DataFrame(json.load(open(json_file)))),
):
    try:
        pd.testing.assert_frame_equal(told(got), want, check_exact=True)
    except AssertionError as error:
        problems.append(f"{kind}: {error}")
ids = []
for text in json.load(open(code)):
    space = {}
    exec(text, space)
    ids.append(list(space["table" if "table" in space else "runs"]["run_id"]))
    if "groups" in space:
        ids.append(len(space["groups"]))
print(json.dumps({"problems": problems, "ids": ids, "rows": len(want)}))
