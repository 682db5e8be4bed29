"""Logs what the Run panel is tested with, as a person would with mlflow: argument is the folder of the workspace."""

import json
import math
import struct
import sys
import wave
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import mlflow
import numpy as np
import pandas as pd
from PIL import Image

folder = Path(sys.argv[1])
mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
mlflow.set_experiment("wine-quality")

ATTACK = "window.parent.flowdeckAttacked = true; window.top.flowdeckAttacked = true; document.title = 'attacked'"
HOSTILE_HTML = f"""<!DOCTYPE html><html><head>
<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/refresh"><base href="http://127.0.0.1:9/">
<style>@import url("http://127.0.0.1:9/import.css"); h1 {{ color: rgb(200, 0, 0); background: url(http://127.0.0.1:9/a.png) }}</style>
<script>{ATTACK}</script><link rel="stylesheet" href="http://127.0.0.1:9/link.css"></head>
<body onload="{ATTACK}"><h1 id="title" style="letter-spacing: 3px">Report of the run</h1>
<img src="http://127.0.0.1:9/pixel.png" onerror="{ATTACK}"><a id="link" href="javascript:{ATTACK}">link</a>
<iframe src="http://127.0.0.1:9/frame"></iframe><form action="http://127.0.0.1:9/form"><button>go</button></form>
<svg><script>{ATTACK}</script><a xlink:href="javascript:{ATTACK}"><text y="20">svg</text></a></svg></body></html>"""
HOSTILE_SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80" onload="{ATTACK}">
<script>{ATTACK}</script><rect width="120" height="80" fill="#c33"/><image href="http://127.0.0.1:9/x.png" width="9" height="9"/>
<foreignObject width="50" height="50"><iframe xmlns="http://www.w3.org/1999/xhtml" src="http://127.0.0.1:9/"/></foreignObject></svg>"""
HOSTILE_NOTE = f"""Lower **eta** than the champion, patience 40. Expect a *later* minimum, near step 450.

- see [the report](https://example.com/report)
- <img src=x onerror="{ATTACK}"> <script>{ATTACK}</script>
- [bad](javascript:alert(1)) ![pixel](http://127.0.0.1:9/pixel.png)
"""


def log_curves(factor: float, seed: int) -> None:
    noise = np.random.default_rng(seed)
    for step in range(0, 420, 3):
        mlflow.log_metrics(
            {
                "val_rmse": 0.58 * factor + 0.5 * math.exp(-step / 40) + 0.006 * noise.normal(),
                "train_rmse": 0.3 * factor + 0.7 * math.exp(-step / 70),
                "val_r2": 0.53 - 0.5 * math.exp(-step / 60),
                "system/cpu_utilization_percentage": 88 + 6 * noise.normal(),
            },
            step=step,
        )


with mlflow.start_run(run_name="gentle-crane-512") as baseline:
    mlflow.log_params({"eta": 0.08, "max_depth": 6, "early_stopping_rounds": 25, "booster": "gbtree"})
    log_curves(0.96, 1)

with mlflow.start_run(run_name="luminous-hare-19") as run:
    mlflow.log_params(
        {"eta": 0.06, "max_depth": 6, "subsample": 0.8, "n_estimators": 500, "early_stopping_rounds": 40,
         "objective": "reg:squarederror"}
    )
    log_curves(1.0, 2)
    mlflow.set_tags({"team": "tabular", "data": "v3", "gpu": "none", "mlflow.note.content": HOSTILE_NOTE})
    frame = pd.DataFrame({"alcohol": [9.4, 9.8, 10.5], "grape": ["merlot", "riesling", "syrah"], "quality": [5, 6, 7]})
    mlflow.log_input(mlflow.data.from_pandas(frame, name="winequality-red", targets="quality"), context="train")
    for step in range(0, 400, 50):
        image = Image.new("RGB", (320, 240), (255, 255, 255))
        for x in range(step // 2 + 20):
            image.putpixel((x % 320, (x * 7) % 240), (40, 80, 200))
        mlflow.log_image(image, key="plots/predicted", step=step)
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.scatter(np.arange(60), np.random.default_rng(0).normal(size=60))
    axes.set_xlabel("observed quality")
    for name in ("importance.png", "importance.pdf", "importance.svg"):
        mlflow.log_figure(figure, f"plots/{name}")
    table = pd.DataFrame({"id": range(5000), "grape": ["merlot", "pinot, noir"] * 2500, "score": np.linspace(80, 100, 5000)})
    local = folder / "made"
    local.mkdir()
    table.to_csv(local / "predictions.csv", index=False)
    table.to_parquet(local / "predictions.parquet", row_group_size=1000)
    mlflow.log_table(table.head(30), "eval_table.json")
    with wave.open(str(local / "tone.wav"), "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(8000)
        tone.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(i / 5))) for i in range(8000)))
    (local / "train.log").write_text("".join(f"[14:05:{i % 60:02}] step {i} val_rmse 0.5874\n" for i in range(200_000)))
    (local / "train.py").write_text('import mlflow\n\n\ndef train(eta: float = 0.06):\n    """Trains."""\n    return eta * 2  # twice\n')
    (local / "config.json").write_text('{"eta": 0.06, "layers": [1, 2, {"deep": true}], "bad": NaN, "name": "a < b"}')
    (local / "places.geojson").write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [8.4, 49.0]}},
                    {
                        "type": "Feature",
                        "properties": {},
                        "geometry": {"type": "Polygon", "coordinates": [[[6, 47], [15, 47.3], [14.5, 55], [8, 54.5], [6, 47]]]},
                    },
                    {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[7, 50], [13.4, 52.5]]}},
                ],
            }
        )
    )
    (local / "report.html").write_text(HOSTILE_HTML)
    (local / "hostile.svg").write_text(HOSTILE_SVG)
    (local / "hostile.md").write_text(HOSTILE_NOTE)
    (local / "model.pkl").write_bytes(bytes(range(256)) * 4)
    (local / "binary.txt").write_bytes(bytes(range(256)) * 4)
    (local / "cut.parquet").write_bytes((local / "predictions.parquet").read_bytes()[:5000])
    (local / "cut.json").write_text('{"eta": 0.06, "layers": [1,')
    (local / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n cut off")
    (local / "cut.pdf").write_bytes(b"%PDF-1.7 cut off")
    (local / "empty.csv").write_bytes(b"")
    mlflow.log_artifacts(str(local))

    class Twice(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return model_input * 2

    signature = mlflow.models.infer_signature(frame[["alcohol"]], pd.Series([0.5, 0.6, 0.7], name="quality"))
    mlflow.pyfunc.log_model(name="model", python_model=Twice(), signature=signature, pip_requirements=["mlflow"])
    with mlflow.start_run(run_name="fold-1", nested=True):
        mlflow.log_metric("val_rmse", 0.61)

print(json.dumps({"run_id": run.info.run_id, "baseline": baseline.info.run_id, "artifacts": run.info.artifact_uri}))
