"""Boosted trees: fitted with scikit-learn, written as the plain lists that `forum_comments.trees` reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

# Slow learning over many of the features' subsets: with nine authors to learn from, what counts is not to overfit.
SETTINGS = {
    "learning_rate": 0.03,
    "max_depth": 4,
    "max_leaf_nodes": 10,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "max_features": 0.15,
    "early_stopping": False,
}
DIGITS = 4


def fit_trees(
    names: tuple[str, ...], table: NDArray[np.float64], labels: NDArray[np.bool_], count: int, seed: int = 0
) -> dict[str, Any]:
    """Fit `count` trees to rows of features and their labels; the result is what `forum_comments.trees.Trees` takes."""
    classifier = HistGradientBoostingClassifier(max_iter=count, random_state=seed, **SETTINGS)
    classifier.fit(table, labels)
    return {
        "features": list(names),
        "start": round(float(classifier._baseline_prediction.ravel()[0]), DIGITS),
        "trees": [_as_list(stage[0].nodes) for stage in classifier._predictors],
    }


def _as_list(nodes: Any) -> list[list[float]]:
    tree: list[list[float]] = []
    for node in nodes:
        if node["is_leaf"]:
            tree.append([round(float(node["value"]), DIGITS)])
        else:
            threshold = float(f"{float(node['num_threshold']):.5g}")
            tree.append([int(node["feature_idx"]), threshold, int(node["left"]), int(node["right"])])
    return tree
