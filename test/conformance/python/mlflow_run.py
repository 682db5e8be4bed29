"""Runs `mlflow run` as asked on stdin, one JSON object a line: args, cwd, env. Answers each with a line `RESULT {code}`.

One process for all of them, since importing mlflow takes longer than a run.
"""

import json
import os
import sys
import traceback

from mlflow.cli import cli


def run(args):
    try:
        cli.main(args=["run", *args], prog_name="mlflow")
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else 1
    except Exception:
        # What a console script ends with.
        traceback.print_exc()
        return 1
    return 0


# Node's pipes are sockets, which bash takes for a remote login: it would read ~/.bashrc. What runs here hears nothing.
asks = os.fdopen(os.dup(0))
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

before = dict(os.environ)
for line in asks:
    asked = json.loads(line)
    os.environ.clear()
    os.environ.update({**before, **asked["env"]})
    os.chdir(asked["cwd"])
    sys.path[:0] = [path for path in asked["env"].get("PYTHONPATH", "").split(":") if path and path not in sys.path]
    code = run(asked["args"])
    sys.stderr.flush()
    print(f"\nRESULT {code}", flush=True)
