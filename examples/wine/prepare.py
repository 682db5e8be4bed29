"""Splits the wines and logs both parts as datasets and as CSV files."""

import argparse
import tempfile
from pathlib import Path

import mlflow
from data import split


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--test-size", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()

    with mlflow.start_run(), tempfile.TemporaryDirectory() as folder:
        for name, part in zip(("train", "test"), split(args.test_size, args.seed)):
            mlflow.log_input(mlflow.data.from_pandas(part, name=f"wine-{name}", targets="cultivar"), context=name)
            mlflow.log_metric(f"{name}_rows", len(part))
            file = Path(folder, f"{name}.csv")
            part.to_csv(file, index=False)
            mlflow.log_artifact(str(file), "split")
            print(f"{name}: {len(part)} wines, {part['cultivar'].value_counts().to_dict()}")


if __name__ == "__main__":
    main()
