"""`python -m tests.quality.floor`: measure the labelled pages and pin the result; refuses to lower what is pinned.

`--lower` lowers it, for a change that is worth it; say why in the commit.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from forum_comments.segmentation import divide_pages
from tests.quality.pages import fingerprint, labelled_pages
from training.measures import Tally
from training.pages import read, true_starts

FLOOR_FILE = Path(__file__).with_name("floor.json")
MEASURES = ("F1", "comments right")
DIGITS = 3


def measure() -> dict[str, dict[str, float]]:
    """Divide every page by itself, with the model that the package brings along; measures by layout."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for labelled in labelled_pages():
        page = read(labelled)
        (division,) = divide_pages([page])
        found = {boundary.block: boundary.confidence for boundary in division.boundaries}
        tallies[labelled.layout].add(true_starts(labelled, page), found)
    return {
        layout: {name: round(tally.measures()[name], DIGITS) for name in MEASURES}
        for layout, tally in sorted(tallies.items())
    }


def lowered(before: dict[str, dict[str, float]], now: dict[str, dict[str, float]]) -> list[str]:
    """Say which measures are below their floor."""
    return [
        f"{layout}, {name}: {now.get(layout, {}).get(name, 0.0)} is below {value}"
        for layout, values in before.items()
        for name, value in values.items()
        if now.get(layout, {}).get(name, 0.0) < value
    ]


def main(arguments: list[str], file: Path = FLOOR_FILE) -> int:
    """Pin what is measured; 1 where that would lower a floor without `--lower`."""
    now = measure()
    pages = fingerprint(labelled_pages())
    if file.exists() and "--lower" not in arguments:
        pinned = json.loads(file.read_text(encoding="utf-8"))
        worse = lowered(pinned["floor"], now) if pinned["pages"] == pages else ["the labelled pages have changed"]
        if worse:
            print("\n".join([*worse, "Nothing was written; use --lower to pin it all the same."]), file=sys.stderr)
            return 1
    file.write_text(json.dumps({"pages": pages, "floor": now}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
