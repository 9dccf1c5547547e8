import pytest

from training.measures import Tally, calibration_bins, calibration_error


def test_the_first_boundary_of_a_page_is_no_merit() -> None:
    tally = Tally()
    tally.add([True, False, True, True], {0: 1.0, 2: 0.8, 1: 0.6})
    assert (tally.right, tally.wrong, tally.missed) == (1, 1, 1)
    assert (tally.whole, tally.comments) == (0, 3)
    assert tally.measures()["F1"] == pytest.approx(0.5)


def test_a_comment_is_right_where_both_of_its_ends_are() -> None:
    tally = Tally()
    tally.add([True, False, True, True], {0: 1.0, 2: 0.9})
    assert (tally.whole, tally.comments) == (1, 3)


def test_confidence_is_compared_with_the_share_that_is_right_in_ten_bins() -> None:
    given = [(0.95, True), (0.95, True), (0.85, True), (0.85, False), (1.0, True)]
    assert calibration_bins(given) == [(8, 0.85, 0.5, 2), (9, pytest.approx(2.9 / 3), 1.0, 3)]
    assert calibration_error(given) == pytest.approx((0.35 * 2 + (1 - 2.9 / 3) * 3) / 5)


def test_nothing_given_is_no_error() -> None:
    assert calibration_error([]) == 0.0
    assert Tally().measures()["precision"] == 1.0
