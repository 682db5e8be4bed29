"""Removes for good what is deleted, as `mlflow gc` does: python gc.py URI."""

import sys

from click.testing import CliRunner
from mlflow.cli import gc

result = CliRunner().invoke(gc, ["--backend-store-uri", sys.argv[1], "--tracking-uri", sys.argv[1]])
if result.exception is not None:
    raise result.exception
