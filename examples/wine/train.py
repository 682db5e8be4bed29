"""Trains an ensemble of networks on the wine data, one `partial_fit` a member and epoch, and logs what it sees."""

import argparse

import matplotlib

matplotlib.use("Agg")

import mlflow
import numpy as np
import pandas as pd
from data import FEATURES, split
from matplotlib import pyplot as plt
from mlflow.models import infer_signature
from sklearn.ensemble import VotingClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from threadpoolctl import threadpool_limits

# Every wine is shown this often in an epoch, each time with another measuring error.
COPIES = 40
MEASURING_ERROR = 0.6

# What of scikit-learn is in the model beyond the types that are loaded without asking.
TRUSTED_TYPES = ["sklearn.neural_network._stochastic_optimizers.AdamOptimizer", "sklearn.utils._bunch.Bunch"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=80)
    parser.add_argument("--learning-rate", type=float, default=0.0001)
    parser.add_argument("--l2", type=float, default=0.001)
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--members", type=int, default=16)
    parser.add_argument("--test-size", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


class Member:
    """One network and the bootstrap sample it learns from."""

    def __init__(self, args: argparse.Namespace, number: int, rows: int) -> None:
        self.random = np.random.default_rng([args.seed, number])
        self.sample = self.random.integers(rows, size=rows)
        self.network = MLPClassifier(
            hidden_layer_sizes=(args.hidden,),
            learning_rate_init=args.learning_rate,
            alpha=args.l2,
            batch_size=200,
            random_state=args.seed + number,
        )

    def learn(self, features: np.ndarray, labels: np.ndarray, classes: np.ndarray, expand) -> None:
        rows = np.tile(self.sample, COPIES)
        noisy = features[rows] + self.random.normal(scale=MEASURING_ERROR, size=(len(rows), features.shape[1]))
        self.network.partial_fit(expand(noisy), labels[rows], classes=classes)


def probabilities(members: list[Member], features: np.ndarray) -> np.ndarray:
    return np.mean([member.network.predict_proba(features) for member in members], axis=0)


def main() -> None:
    args = arguments()
    train, test = split(args.test_size, args.seed)
    labels, test_labels = train["cultivar"].to_numpy(), test["cultivar"].to_numpy()
    classes = np.unique(labels)
    scale = StandardScaler().fit(train[FEATURES])
    features, test_features = scale.transform(train[FEATURES]), scale.transform(test[FEATURES])
    polynomial = PolynomialFeatures(degree=3, include_bias=False)
    expand = make_pipeline(polynomial, StandardScaler()).fit(features).transform

    with mlflow.start_run() as run, threadpool_limits(1):
        # Started from MLproject, the run has its params already, as they were written there.
        given = run.data.params
        mlflow.log_params({name: value for name, value in vars(args).items() if name not in given})
        mlflow.log_input(mlflow.data.from_pandas(train, name="wine-train", targets="cultivar"), context="train")

        members = [Member(args, number, len(train)) for number in range(args.members)]
        for epoch in range(1, args.epochs + 1):
            for member in members:
                member.learn(features, labels, classes, expand)
            fitted, predicted = probabilities(members, expand(features)), probabilities(members, expand(test_features))
            metrics = {
                "train_loss": log_loss(labels, fitted, labels=classes),
                "val_loss": log_loss(test_labels, predicted, labels=classes),
                "val_accuracy": accuracy_score(test_labels, classes[predicted.argmax(axis=1)]),
            }
            mlflow.log_metrics(metrics, step=epoch)
            print(f"epoch {epoch:3d}  " + "  ".join(f"{key} {value:.4f}" for key, value in metrics.items()), flush=True)

        vote = VotingClassifier([(f"member{i}", FrozenEstimator(m.network)) for i, m in enumerate(members)], voting="soft")
        model = make_pipeline(FrozenEstimator(scale), polynomial, StandardScaler(), vote).fit(train[FEATURES], labels)
        report(model, test)


def report(model, test: pd.DataFrame) -> None:
    """Logs the accuracy, the confusion matrix, the predictions and the model."""
    predictions = model.predict(test[FEATURES])
    accuracy = accuracy_score(test["cultivar"], predictions)
    mlflow.log_metric("accuracy", accuracy)

    figure, axes = plt.subplots(figsize=(5, 4.5), layout="constrained")
    ConfusionMatrixDisplay.from_predictions(test["cultivar"], predictions, ax=axes, cmap="Blues", colorbar=False)
    mlflow.log_figure(figure, "confusion_matrix.png")

    table = test.assign(predicted=predictions, right=predictions == test["cultivar"])
    mlflow.log_table(table, "predictions.json")
    mlflow.log_text(table.to_csv(index=False), "predictions.csv")

    example = test[FEATURES].head(3)
    mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(example, model.predict(example)),
        input_example=example,
        skops_trusted_types=TRUSTED_TYPES,
    )
    print(f"accuracy {accuracy:.4f}")


if __name__ == "__main__":
    main()
