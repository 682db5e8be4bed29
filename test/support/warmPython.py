"""Runs scripts as asked on stdin, one JSON object a line: number, script, args, cwd, env, out, err (files for what it prints).

Tells `{number} {exit code}` of each that ended. To import mlflow takes two seconds of a core, and longer than most scripts: it is
imported once, and each script runs in a copy of this process that has done nothing else.
"""

import gc
import json
import os
import runpy
import signal
import sys

import mlflow  # noqa: F401


def become(asked):
    """Makes this process one that was started for the script."""
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    for number, place in enumerate((os.devnull, asked["out"], asked["err"])):
        file = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    sys.argv = [asked["script"], *asked["args"]]
    sys.path[0] = os.path.dirname(asked["script"])


def main():
    # A pipe of Node's is a socket, which bash takes for a remote login.
    asks, tells = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    gc.freeze()
    for line in os.fdopen(asks, closefd=False):
        asked = json.loads(line)
        if asked["env"].get("MLFLOW_TRACKING_URI", "").startswith("sqlite:"):
            import mlflow.store.tracking.sqlalchemy_store  # noqa: F401
        # Whoever waits for a script is not waited for.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        if os.fork() > 0:
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        script = os.fork()
        if script == 0:
            os.close(asks)
            os.close(tells)
            become(asked)
            return asked["script"]
        code = os.waitstatus_to_exitcode(os.waitpid(script, 0)[1])
        os.write(tells, f"{asked['number']} {code}\n".encode())
        os._exit(0)
    return None


script = main()
if script is not None:
    runpy.run_path(script, run_name="__main__")
