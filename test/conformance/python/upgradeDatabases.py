"""Runs mlflow's own `mlflow db upgrade` on each database: python upgradeDatabases.py PATH..."""

import sys

from mlflow.db import upgrade

for path in sys.argv[1:]:
    upgrade.callback(f"sqlite:///{path}")
