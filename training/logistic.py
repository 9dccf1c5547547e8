"""Logistic regression over named features, for small models that are kept as readable weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

CONSTANT = "constant"
STEPS = 12
Features = Mapping[str, float]


def fit(
    rows: Sequence[Features],
    labels: Sequence[bool],
    penalty: float,
    least: int,
    row_weights: Sequence[float],
) -> dict[str, float]:
    """Learn the weight of each feature and a constant, by Newton's method with a ridge penalty on the weights.

    Features that fewer than `least` rows have are left out. Deterministic; features should be few (some hundreds).
    """
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in counts.items() if count >= least)
    column = {name: number for number, name in enumerate(names)}
    table: NDArray[np.float64] = np.zeros((len(rows), len(names) + 1))
    table[:, -1] = 1.0
    for number, row in enumerate(rows):
        for name, value in row.items():
            if name in column:
                table[number, column[name]] = value
    truth = np.asarray(labels, dtype=np.float64)
    importance = np.asarray(row_weights, dtype=np.float64)
    ridge = np.full(len(names) + 1, penalty)
    ridge[-1] = 0.0
    weights = np.zeros(len(names) + 1)
    for _ in range(STEPS):
        probability = 1.0 / (1.0 + np.exp(-np.clip(table @ weights, -30, 30)))
        gradient = table.T @ (importance * (probability - truth)) + ridge * weights
        curvature = (table * (importance * probability * (1.0 - probability))[:, None]).T @ table + np.diag(
            ridge + 1e-9
        )
        weights -= np.linalg.solve(curvature, gradient)
    return {name: float(weights[number]) for number, name in enumerate([*names, CONSTANT])}


def weigh(row: Features, weights: Mapping[str, float]) -> float:
    """Give the log-odds of a row."""
    return weights[CONSTANT] + sum(weights.get(name, 0.0) * value for name, value in row.items())
