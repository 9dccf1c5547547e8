import json
from dataclasses import replace

import pytest

pytest.importorskip("sklearn", reason="learning needs the extra `train`")

from forum_comments.language import LanguageModel
from forum_comments.segmentation import divide_pages
from tests.quality.pages import COMMENTS_FILE, labelled_pages
from training.comments import Comment
from training.evaluate import cross_validate, rows, table
from training.learn import examples_of, learn
from training.material import Material
from training.render import LabelledPage
from training.wording import Paragraphs, learn_openings, learn_rarity, paragraphs_of


@pytest.fixture(scope="module")
def material() -> Material:
    """The pages of the pinned floor, each window as the pages of an author of its own, so that there are four."""
    texts = json.loads(COMMENTS_FILE.read_text(encoding="utf-8"))
    pages: dict[str, list[LabelledPage]] = {}
    for page in labelled_pages():
        author = page.name.split(",")[0]
        pages.setdefault(author, []).append(replace(page, name=f"{author}/0/{page.layout}"))
    own = [comment for author in pages for comment in comments_by(author, texts[author.split(" from ")[0]])]
    return Material(examples_of(pages), paragraphs_of(own), paragraphs_of(comments_by("Others", texts["Others"])))


@pytest.fixture
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn fewer trees than the model has: how it is learnt is the same, and takes a tenth of the time."""
    monkeypatch.setattr("training.learn.FIRST_TREES", 30)
    monkeypatch.setattr("training.learn.SECOND_TREES", 12)


def comments_by(author: str, texts: list[str]) -> list[Comment]:
    return [Comment(f"{author}{number}", author, None, text, 1, "", "own") for number, text in enumerate(texts)]


@pytest.mark.usefixtures("few_trees")
def test_learning_twice_gives_the_same_model_and_the_model_divides_pages(material: Material) -> None:
    model = learn(material.examples, material.own, material.others)
    assert json.dumps(model) == json.dumps(learn(material.examples, material.own, material.others))
    page = material.examples[0].page
    (division,) = divide_pages([page], LanguageModel(json.loads(json.dumps(model))))
    assert division.boundaries[0].block == 0


@pytest.mark.usefixtures("few_trees")
def test_each_author_is_measured_with_a_model_that_has_not_seen_a_page_of_theirs(
    material: Material, monkeypatch
) -> None:
    learnt_from = []

    def spy(examples, own, others):
        learnt_from.append({example.author for example in examples})
        return learn(examples, own, others)

    monkeypatch.setattr("training.evaluate.learn", spy)
    told: list[str] = []
    tallies = cross_validate(material, told.append)
    authors = ["Mara Ellison from 0", "Mara Ellison from 2", "Teo Lindqvist from 0", "Teo Lindqvist from 2"]
    assert learnt_from == [set(authors) - {author} for author in authors]
    assert told == [f"{author}: divided 3 pages" for author in authors]
    measured = {(row["layout"], row["evidence"], row["measure"]): row["value"] for row in rows(tallies)}
    assert measured["profile", "every paragraph", "recall"] == 1.0
    assert 0.0 <= measured["list", "rules and words", "calibration error"] <= 1.0
    assert table(tallies).count("\n| profile |") == 6


def test_an_opening_is_weighed_only_where_several_paragraphs_have_it() -> None:
    thanks = [Paragraphs("Ada", ("Thanks, that helps.", f"However, number {n} does not.")) for n in range(6)]
    weights = learn_openings([*thanks, Paragraphs("Bo", ("Marmalade!",))])
    assert weights["1 thanks"] > 0 > weights["1 however"]
    assert not [name for name in weights if "marmalade" in name]


def test_a_rare_stem_is_left_out_and_a_post_is_no_comment() -> None:
    comments = [Paragraphs("Ada", ("A lighthouse.",)) for _ in range(6)] + [Paragraphs("Bo", ("Marmalade.",))] * 2
    posts = [Paragraphs("Ada", ("Quinces.",), is_post=True)] * 9
    assert learn_rarity([*comments, *posts]) == {"stems": {"a": 0.288, "lighthous": 0.288}, "rarest": 0.981}
