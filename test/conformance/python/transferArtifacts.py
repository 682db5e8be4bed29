"""Uploads in parts, downloads, listings and deletions with the unmodified client; prints one JSON object of facts."""

import hashlib
import json
import os
import sys
import urllib.request

from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository

folder = sys.argv[1]
client = MlflowClient()
run = client.create_run(client.create_experiment(f"transfer {os.urandom(4).hex()}"))
run_id = run.info.run_id


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


parts = []
upload_part = HttpArtifactRepository._upload_part


def counted(*args, **kwargs):
    parts.append(1)
    return upload_part(*args, **kwargs)


HttpArtifactRepository._upload_part = staticmethod(counted)
names = ["large.bin", "ü & 100% +x.bin"]
for i, name in enumerate(names):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(bytes([i + 1]) * 700_000 + os.urandom(1_300_001))
    client.log_artifact(run_id, os.path.join(folder, name), "deep/er")
facts = {"parts": len(parts), "same": []}
for name in names:
    found = download_artifacts(run_id=run_id, artifact_path=f"deep/er/{name}", dst_path=os.path.join(folder, "got"))
    facts["same"].append(digest(found) == digest(os.path.join(folder, name)))
facts["listed"] = [[f.path, f.file_size] for f in client.list_artifacts(run_id, "deep/er")]

# A download that broke off and goes on: what any HTTP client does with the first answer's ETag.
base = os.environ["MLFLOW_TRACKING_URI"]
path = run.info.artifact_uri.removeprefix("mlflow-artifacts:/")
url = f"{base}/api/2.0/mlflow-artifacts/artifacts/{path}/deep/er/large.bin"
headers = {"Authorization": f"Bearer {os.environ['MLFLOW_TRACKING_TOKEN']}"}
with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
    first = answer.read(1_000_000)
    etag = answer.headers["ETag"]
more = urllib.request.Request(url, headers={**headers, "Range": "bytes=1000000-", "If-Range": etag})
with urllib.request.urlopen(more) as answer:
    facts["resumed"] = [answer.status, hashlib.sha256(first + answer.read()).hexdigest() == digest(os.path.join(folder, "large.bin"))]

# Parts that are not the right ones: the client gives the upload up.
repository = get_artifact_repository(f"{run.info.artifact_uri}/broken")
created = repository.create_multipart_upload("a.bin", 2)
try:
    repository.complete_multipart_upload("a.bin", created.upload_id, [])
    facts["incomplete"] = "accepted"
except Exception as error:
    facts["incomplete"] = type(error).__name__
repository.abort_multipart_upload("a.bin", created.upload_id)
facts["broken"] = [f.path for f in client.list_artifacts(run_id, "broken")]

get_artifact_repository(run.info.artifact_uri).delete_artifacts("deep")
facts["left"] = [f.path for f in client.list_artifacts(run_id)]
print(json.dumps(facts))
