"""Runs scripts with argument lists and prints how each ended: {"runs": [[script, [words]]], "folder": ...} comes in."""

import contextlib
import io
import json
import os
import runpy
import sys

given = json.load(sys.stdin)
os.chdir(given["folder"])
os.environ["COLUMNS"] = "200"
before = set(sys.modules)


def run(script, words):
    sys.argv = [script, *words]
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException as error:
        code = 1
        err.write(f"{type(error).__name__}: {error}")
    for name in given.get("local", []):
        sys.modules.pop(name, None)
    if "absl.flags" in sys.modules:
        forget_flags()
    return [code, err.getvalue()[-300:]]


def forget_flags():
    """A process has one set of flags; each run begins with those of absl itself."""
    from absl import flags

    for module, mine in list(flags.FLAGS.flags_by_module_dict().items()):
        if "absl" in module:
            continue
        for flag in list(mine):
            for name in (flag.name, flag.short_name):
                if name and name in flags.FLAGS:
                    delattr(flags.FLAGS, name)
    flags.FLAGS.unparse_flags()


print(json.dumps([run(script, words) for script, words in given["runs"]]))
