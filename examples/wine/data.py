"""The wines and how they are split. Both entry points use it, so that they see the same parts."""

import pandas as pd
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

# The other columns separate the three cultivars so well that there would be nothing left to learn.
FEATURES = ["malic_acid", "ash", "alcalinity_of_ash", "magnesium", "nonflavanoid_phenols", "proanthocyanins", "hue", "alcohol"]


def split(test_size: float, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The training and the test part: the chosen columns as floats, and `cultivar`."""
    wines = load_wine(as_frame=True)
    table = wines.data[FEATURES].assign(cultivar=wines.target_names[wines.target])
    train, test = train_test_split(table, test_size=test_size, random_state=seed, stratify=table["cultivar"])
    return train.reset_index(drop=True), test.reset_index(drop=True)
