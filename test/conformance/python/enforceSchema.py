"""Says of each case (a line of JSON) whether mlflow's scoring server takes the request and its enforcement passes it, and what it makes of it."""

import base64
import json
import logging
import sys
import warnings

import numpy as np
import pandas as pd
from mlflow.models.utils import _enforce_params_schema, _enforce_schema
from mlflow.pyfunc.scoring_server import infer_and_parse_data, parse_csv_input
from mlflow.types import ParamSchema, Schema
from io import StringIO

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


def read(case, body):
    schema = Schema.from_json(case["inputs"])
    if case["form"] == "csv":
        data = parse_csv_input(StringIO(body), schema)
    else:
        data = infer_and_parse_data(json.loads(body), schema)
    return _enforce_schema(data, schema)


def is_nothing(value):
    return value is None or value is pd.NaT or (isinstance(value, (float, np.floating)) and np.isnan(value))


def same(sent, value, kind):
    """Whether a value is the one that was sent; `kind` is the type of the column."""
    if isinstance(value, np.generic) and not isinstance(value, (np.datetime64, np.bytes_)):
        value = value.item()
    if sent is None or (isinstance(sent, float) and np.isnan(sent)):
        return is_nothing(value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(sent, list):
        return isinstance(value, list) and len(sent) == len(value) and all(same(a, b, None) for a, b in zip(sent, value))
    if isinstance(sent, dict):
        return isinstance(value, dict) and all(
            (key not in value and each is None) or (key in value and same(each, value[key], None)) for key, each in sent.items()
        )
    if isinstance(value, (pd.Timestamp, np.datetime64)):
        return isinstance(sent, str) and pd.Timestamp(sent) == pd.Timestamp(value)
    if isinstance(value, (bytes, np.bytes_)):
        # Within lists nobody decodes it.
        return isinstance(sent, str) and (sent.encode() == bytes(value) or base64.b64decode(sent, validate=True) == bytes(value))
    if isinstance(sent, bool) or isinstance(value, bool):
        return isinstance(sent, bool) and isinstance(value, bool) and sent == value
    if isinstance(sent, (int, float)):
        if kind in ("float", "float32", "float16") and isinstance(value, float):
            if np.isfinite(sent) and not np.isfinite(value):
                return False
            with np.errstate(all="ignore"):
                return float((np.float16 if kind == 'float16' else np.float32)(sent)) == value
        return isinstance(value, (int, float)) and sent == value
    return isinstance(value, str) and sent == value


def unchanged(case, data):
    columns = json.loads(case["inputs"])
    if columns[0]["type"] == "tensor":
        sent = json.loads(case["sent"])
        kind = columns[0]["tensor-spec"]["dtype"]
        if isinstance(data, dict):
            return all(deep(sent[name], data[name].tolist(), kind) for name in sent)
        return deep(sent, data.tolist(), kind)
    for at, name in enumerate(case["names"]):
        values = data[name].tolist() if name in data else data.iloc[:, at].tolist() if name is None or "name" not in columns[0] else None
        if values is None:
            return False
        rows = json.loads(case["sent"])
        if len(rows) != len(values):
            return False
        kind = next((c["type"] for c in columns if c.get("name") == name), None) if name is not None else columns[at]["type"]
        if not all(same(row[at], value, kind) for row, value in zip(rows, values)):
            return False
    return True


def deep(sent, value, kind):
    if isinstance(sent, list):
        return isinstance(value, list) and len(sent) == len(value) and all(deep(a, b, kind) for a, b in zip(sent, value))
    return same(sent, value, kind)


def answer(case):
    if "params_schema" in case:
        schema = ParamSchema.from_json(case["params_schema"])
        try:
            enforced = _enforce_params_schema(json.loads(case["params"]), schema)
            return {"taken": True, "repr": repr(enforced)}
        except Exception as error:
            return {"taken": False, "error": str(error)[:300]}
    try:
        data = read(case, case["body"])
    except Exception as error:
        return {"taken": False, "error": f"{type(error).__name__}: {error}"[:300]}
    try:
        kept = unchanged(case, data)
        return {"taken": True, "same": kept, "repr": "" if kept else repr(data)[:300]}
    except Exception as error:
        return {"taken": True, "same": False, "repr": f"{error!r} {data!r}"[:300]}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
