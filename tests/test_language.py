from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import page_of, prose

from forum_comments.features import KINDS
from forum_comments.language import PageLanguage, default_model
from forum_comments.models import Block
from forum_comments.trees import Trees
from forum_comments.words import opening_features, opening_group, read_words, stem

TREES = {
    "features": ["length", "place"],
    "start": 0.5,
    "trees": [[[0, 3.0, 1, 2], [-1.0], [1, 0.5, 3, 4], [2.0], [4.0]], [[0.25]]],
}


def words_of(text: str):
    return read_words(Block("paragraph", 0, len(text), text))


def test_a_tree_goes_left_up_to_its_threshold_and_the_leaves_are_added() -> None:
    features = {"length": np.array([3.0, 3.1, 9.0]), "place": np.array([0.0, 0.5, 0.6]), "unused": np.zeros(3)}
    assert Trees(TREES).log_odds(features).tolist() == [-0.25, 2.75, 4.75]


def test_trees_of_a_page_without_blocks_say_nothing() -> None:
    assert Trees(TREES).log_odds({"length": np.zeros(0), "place": np.zeros(0)}).tolist() == []


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Thanks, that helps.", "thanks"),
        ("I don’t think so.", "dissent"),
        ("That said, I like it.", "contrast"),
        ("Marmalade is good.", "none"),
        ("", "none"),
    ],
)
def test_an_opening_belongs_to_the_group_of_its_longest_phrase(text: str, group: str) -> None:
    assert opening_group(words_of(text).words) == group


def test_what_a_paragraph_opens_with_is_named() -> None:
    assert list(opening_features(words_of("Yes, you do."))) == [
        "1 yes", "2 yes you", "3 yes you do", "in yes", "in you", "in do", "near yes", "near you", "near do",
        "group assent", "first 4", "clause , yes", "clause , 0", "words 0", "last 0",
    ]  # fmt: skip


def test_endings_come_off_where_four_letters_stay() -> None:
    assert [stem(word) for word in ("measurements", "measuring", "measured", "rings", "was", "dies")] == [
        "measure", "measur", "measur", "ring", "was", "dies",
    ]  # fmt: skip


def test_persons_questions_and_references_are_counted() -> None:
    words = words_of("This is what you said? I think that I do.")
    assert (words.second_person, words.first_person, words.references) == (1, 2, 2)
    assert words.first_sentence == "This is what you said? "


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_page_gets_a_finite_number_for_each_block(paragraphs: list[str]) -> None:
    page = page_of("\n".join(paragraphs))
    language = PageLanguage(page, default_model())
    first = language.first_look()
    assert len(first) == len(page.blocks)
    assert np.isfinite(first).all()
    profile = PageLanguage(replace(page, layout="profile"), default_model())
    second = profile.second_look(first, [0.5] * len(page.blocks))
    assert len(second) == len(page.blocks)
    assert np.isfinite(second).all()


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["an end.", "Is it?", "So!", "(an aside.)", "a word)", "and…", "no stop", "a comma,", "a list:"], "last"),
        (["1 thing", "*Note", "(aside", "“Quoted”", "A capital", "a word"], "first"),
    ],
)
def test_ends_and_beginnings_are_classes_in_an_order_that_one_question_divides(texts: list[str], name: str) -> None:
    assert [getattr(words_of(text), name) for text in texts] == list(range(len(texts)))


def test_thanks_after_another_subject_opens_a_comment_sooner_than_a_list_item() -> None:
    page = page_of(f"{prose(200)}\nThanks for asking! I never thought of that.\n- an item\n- another item\n")
    _, thanks, item, last = PageLanguage(page, default_model()).first_look()
    assert thanks > item
    assert max(item, last) < 0


def test_the_model_knows_every_feature_by_the_name_that_it_is_measured_under() -> None:
    model = default_model()
    language = PageLanguage(page_of("One.\nTwo.\n"), model)
    measured = set(language.second_features([0.0, 0.0], [1.0, 0.5]))
    assert set(model.first) == {"replies page", "list", "profile"}
    assert set(model.second) == {"replies page", "profile"}
    for looks in (model.first, model.second):
        assert all(set(trees.features) <= measured for trees in looks.values())
    assert len(KINDS) == 8
