"""Reads YAML that people write by hand, strictly: what would be lost without a word is refused."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import yaml

from forum_comments.errors import unreadable

MOST_KEYS = 10_000  # of a mapping


class UnreadableError(Exception):
    """A file that cannot be read as YAML. The message says why, without naming the file."""


class _Loader(yaml.SafeLoader):
    """Reads YAML as `yaml.safe_load` does, but refuses a key that stands twice: the first would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        """Make a mapping of a node."""
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                continue  # which is refused below: it is no name
            if key_node.value in seen:
                place = f"line {key_node.start_mark.line + 1}"
                raise yaml.constructor.ConstructorError(
                    None, None, f"“{key_node.value}” stands twice, again on {place}"
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Put what `<<` names into a mapping: lines that each repeat the one before ten times would fill the memory."""
        super().flatten_mapping(node)
        if len(node.value) > MOST_KEYS:
            raise yaml.constructor.ConstructorError(None, None, f"a mapping with more than {MOST_KEYS} keys")


def read_yaml(path: Path) -> tuple[bytes, object]:
    """Give a file's bytes and what they say. Raises UnreadableError."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # to open a pipe would wait for ever
            raise UnreadableError("is no regular file")
        content = path.read_bytes()
        return content, yaml.load(content.decode("utf-8-sig"), _Loader)
    except OSError as error:
        raise UnreadableError(unreadable(error)) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise UnreadableError(f"is not YAML: {' '.join(str(error).split())}") from error
    except (AttributeError, LookupError, TypeError) as error:  # of the library, such as for “!!bool perhaps”
        raise UnreadableError("is not YAML: a value is not what its tag (“!!…”) says") from error


def kind_of(value: object) -> str:
    """Say in words what a value of a YAML file is, for an error message."""
    if isinstance(value, str):
        return "text" if value.strip() else "empty text"
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), "nothing" if value is None else "a date")
