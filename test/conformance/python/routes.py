"""Prints the routes of mlflow's server as JSON, [method, path]: its own Flask table and the FastAPI one in front of it."""

import json

from mlflow.server import app
from mlflow.server.fastapi_app import create_fastapi_app

flask = {(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods}
fastapi = {
    (method.upper(), path) for path, methods in create_fastapi_app(app).openapi()["paths"].items() for method in methods
}
print(json.dumps(sorted((method, path) for method, path in flask | fastapi if method not in ("HEAD", "OPTIONS"))))
