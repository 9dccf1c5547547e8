import re
from pathlib import Path

import pytest

from forum_comments.evaluation import evaluation_rows
from training.seeds import measure_seeds, table

ROOT = Path(__file__).parent.parent
MEASURES = ("precision", "recall", "F1", "comments right", "calibration error")
ROW = re.compile(r"^\| (replies page|list|profile) \| ([^|]+) \| ((?:[01]\.\d\d \| ){4}[01]\.\d\d) \|$", re.MULTILINE)


@pytest.mark.parametrize(("document", "count"), [("README.md", 12), ("training/MODEL_CARD.md", 18)])
def test_the_tables_that_people_read_hold_the_figures_of_the_evaluation(document: str, count: int) -> None:
    measured = {(row["layout"], row["evidence"], row["measure"]): row["value"] for row in evaluation_rows()}
    printed = ROW.findall((ROOT / document).read_text(encoding="utf-8"))
    assert len(printed) == count
    for layout, evidence, values in printed:
        for measure, value in zip(MEASURES, values.split(" | "), strict=True):
            assert float(value) == pytest.approx(measured[layout, evidence, measure], abs=0.0051), (layout, evidence)


def test_the_readme_holds_the_figures_of_quotations_authors_and_replies() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    of_people = [row for row in evaluation_rows() if str(row["evidence"]).startswith("people")]
    assert len(of_people) > 10
    for row in of_people:
        share = float(str(row["value"]))
        line = f"| {row['layout']} | {row['evidence']} | {row['measure']} | {share:.2f} | {row['counted']} |"
        assert line in readme


def test_the_readme_holds_what_is_measured_on_the_seeds() -> None:
    assert table(*measure_seeds(ROOT / "seeds")) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_figure_is_a_share_and_says_what_it_counts() -> None:
    for row in evaluation_rows():
        assert 0.0 <= float(str(row["value"])) <= 1.0, row
        assert int(str(row["counted"])) > 0, row


def test_what_is_measured_is_not_below_what_was_once_reached() -> None:
    """The figures before anything was learnt: a model that is worse than word lists written by hand is a mistake."""
    measured = {
        (row["layout"], row["measure"]): row["value"]
        for row in evaluation_rows()
        if row["evidence"] == "rules and words"
    }
    assert measured["replies page", "F1"] > 0.92
    assert measured["list", "F1"] > 0.82
    assert measured["profile", "F1"] > 0.54
