"""Finds the most accurate of three models, the simplest one of equals."""

import argparse

import mlflow

# The simplest first.
NAMES = ("narrow", "strict", "wide")


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in NAMES:
        parser.add_argument(f"--{name}", type=float, required=True)
    accuracies = vars(parser.parse_args())

    with mlflow.start_run():
        winner = max(NAMES, key=lambda name: accuracies[name])
        mlflow.log_param("winner", winner)
        mlflow.log_metric("accuracy", accuracies[winner])
        print(f"{winner} wins with an accuracy of {accuracies[winner]:.3f}")


if __name__ == "__main__":
    main()
