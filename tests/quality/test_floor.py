import json
from dataclasses import replace

import pytest

from tests.quality import floor
from tests.quality.pages import fingerprint, labelled_pages, validate
from training.render import LabelledPage

PINNED = json.loads(floor.FLOOR_FILE.read_text(encoding="utf-8"))


def with_comment(page: LabelledPage, number: int, **changes: object) -> LabelledPage:
    comments = list(page.comments)
    comments[number] = replace(comments[number], **changes)  # type: ignore[arg-type]
    return replace(page, comments=tuple(comments))


def test_the_labels_are_valid_and_cover_every_layout_several_times() -> None:
    pages = labelled_pages()
    for page in pages:
        validate(page)
    assert sorted({page.layout for page in pages}) == ["list", "profile", "replies page"]
    assert len(pages) == 12


def test_the_labels_are_those_that_the_floor_was_pinned_for() -> None:
    assert fingerprint(labelled_pages()) == PINNED["pages"]


def test_no_measure_is_below_its_floor() -> None:
    assert floor.lowered(PINNED["floor"], floor.measure()) == []


def test_a_lower_score_is_not_pinned_unless_asked_for(tmp_path, monkeypatch, capsys) -> None:
    file = tmp_path / "floor.json"
    file.write_text(json.dumps(PINNED), encoding="utf-8")
    monkeypatch.setattr(floor, "measure", lambda: {**PINNED["floor"], "list": {"F1": 0.1, "comments right": 0.1}})
    assert floor.main([], file) == 1
    assert "list, F1: 0.1 is below" in capsys.readouterr().err
    assert json.loads(file.read_text(encoding="utf-8")) == PINNED
    assert floor.main(["--lower"], file) == 0
    assert json.loads(file.read_text(encoding="utf-8"))["floor"]["list"]["F1"] == 0.1


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda page: replace(page, comments=()), "no comment is labelled"),
        (lambda page: with_comment(page, 1, start=page.comments[0].start), "overlaps another comment"),
        (lambda page: with_comment(page, -1, end=len(page.text) + 1), "leaves the page"),
        (lambda page: with_comment(page, 1, start=page.comments[1].start + 3), "belongs to no comment"),
        (lambda page: with_comment(page, 1, parent=1), "is no other comment of the page"),
        (lambda page: with_comment(page, 1, quotations=((0, 5),)), "a quotation leaves the comment"),
    ],
)
def test_labels_that_cannot_be_true_are_refused(damage, message) -> None:
    page = labelled_pages()[0]
    with pytest.raises(ValueError, match=f"{page.name}.*{message}"):
        validate(damage(page))
