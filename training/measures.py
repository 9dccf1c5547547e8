"""What is measured: boundaries and comments found against the truth, and whether confidences mean what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

BINS = 10


@dataclass(slots=True)
class Tally:
    """Counts over pages. A page's first boundary is given, so that it is no merit to find it and is not counted."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    whole: int = 0  # comments of which both ends are right
    comments: int = 0
    given: list[tuple[float, bool]] = field(default_factory=list)  # confidence of each boundary given, and if it is one

    def add(self, labels: Sequence[bool], found: dict[int, float]) -> None:
        """Count a page: whether a comment truly starts at each block, and the boundaries found with confidence."""
        truth = {block for block, label in enumerate(labels) if label} | {0}
        given = set(found) | {0}
        self.right += len(truth & given) - 1
        self.wrong += len(given - truth)
        self.missed += len(truth - given)
        self.whole += len(_spans(truth, len(labels)) & _spans(given, len(labels)))
        self.comments += len(truth)
        self.given += [(confidence, labels[block]) for block, confidence in found.items() if block]

    def measures(self) -> dict[str, float]:
        """Give every measure by its name; all between 0 and 1."""
        return {
            "precision": _share(self.right, self.right + self.wrong),
            "recall": _share(self.right, self.right + self.missed),
            "F1": _share(2 * self.right, 2 * self.right + self.wrong + self.missed),
            "comments right": _share(self.whole, self.comments),
            "calibration error": calibration_error(self.given),
        }


def calibration_error(given: Sequence[tuple[float, bool]]) -> float:
    """Mean distance between confidence and share right, over ten bins of equal width weighted by their size."""
    error = 0.0
    for _, confidence, share, count in calibration_bins(given):
        error += abs(confidence - share) * count / len(given)
    return error


def calibration_bins(given: Sequence[tuple[float, bool]]) -> list[tuple[int, float, float, int]]:
    """List the bins that hold anything: number, mean confidence, share right, size."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, is_right in given:
        bins.setdefault(min(BINS - 1, int(confidence * BINS)), []).append((confidence, is_right))
    return [
        (number, sum(c for c, _ in members) / len(members), sum(r for _, r in members) / len(members), len(members))
        for number, members in sorted(bins.items())
    ]


def _spans(starts: set[int], size: int) -> set[tuple[int, int]]:
    ordered = [*sorted(starts), size]
    return set(pairwise(ordered))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
