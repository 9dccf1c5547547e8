"""What a build puts aside comes back as it was, and a disk that does not take it is an error that names the folder."""

from __future__ import annotations

import resource
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum_comments.errors import OutputError
from forum_comments.temporary import Aside


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.binary(max_size=9), max_size=9), asked=st.lists(st.integers(0, 8)))
def test_every_piece_comes_back_in_any_order(tmp_path: Path, pieces: list[bytes], asked: list[int]) -> None:
    with closing(Aside(tmp_path)) as aside:
        assert [aside.append(piece) for piece in pieces] == list(range(len(pieces)))
        numbers = [number for number in asked if number < len(pieces)]
        assert [aside[number] for number in numbers] == [pieces[number] for number in numbers]
        assert len(aside) == len(pieces)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    aside = Aside(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OutputError) as raised:
            aside.append(b"x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    what = "what is put aside there for the build cannot be kept: File too large"
    assert str(raised.value) == f"{tmp_path}: {what}"
    aside.append(b"")
    aside.close()
