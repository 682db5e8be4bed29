"""Loads each model that the arguments name and asks it its own input example: a JSON object of URI → answer or error."""

import json
import sys

import mlflow
import numpy as np

answers = {}
for uri in sys.argv[1:]:
    try:
        model = mlflow.pyfunc.load_model(uri)
        example = model.input_example
        if isinstance(example, tuple):
            example = example[0]
        answer = None if example is None else np.asarray(model.predict(example)).tolist()
        answers[uri] = {"model_id": model.metadata.model_id, "answer": answer}
    except Exception as error:
        answers[uri] = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(answers))
