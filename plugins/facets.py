"""The facets of an immutable database are counted once, not with every page."""

from collections.abc import Generator
from typing import Any

from datasette import hookimpl

from forum_comments.serving.facets import counted_once


@hookimpl(hookwrapper=True)
def register_facet_classes() -> Generator[None, Any, None]:
    """Let all kinds of facets count once."""
    outcome = yield
    outcome.force_result([[counted_once(facet) for facet in facets] for facets in outcome.get_result()])
