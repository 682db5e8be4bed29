"""Logs points until it is stopped; prints each step once the server has acknowledged it: python logPoints.py RUN_ID FIRST."""

import sys

from mlflow import MlflowClient

client = MlflowClient()
run_id, step = sys.argv[1], int(sys.argv[2])
while True:
    client.log_metric(run_id, "loss", 1 / (1 + step), step=step)
    print(step, flush=True)
    step += 1
