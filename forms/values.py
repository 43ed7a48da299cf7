# SPDX-License-Identifier: GPL-3.0-or-later
"""What fills a form: a tree of values, each of which knows where it comes from.

Nothing in the tree is callable: a template can read it and do nothing else with it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs

__all__ = ["Filled", "Hand", "Leaf", "Node", "Scalar", "Source", "Values", "leaf", "plain"]

Scalar: TypeAlias = str | bool | int | dt.date


@attrs.frozen
class Source:
    """A record of the vault: `kind` (table), `id`, and the attribute `path` that was read."""

    kind: str
    id: str
    path: str


@attrs.frozen
class Hand:
    """Typed by a person, for this document only."""

    typed_by: str
    at: dt.datetime


@attrs.frozen
class Filled:
    """One value and its source. `None` means: asked for, and not known."""

    value: Scalar | None
    source: Source | Hand


Leaf: TypeAlias = Filled
Node: TypeAlias = "Filled | Values | Sequence[Values]"
Values: TypeAlias = Mapping[str, "Filled | Values | Sequence[Values]"]


def leaf(values: Values, path: str) -> Filled | None:
    """Read one leaf by its dotted path (`witness.birth_name`); `None` when the branch does not exist.

    Raises:
        TypeError: the path stops at a branch or at a list instead of a leaf.
    """
    node: Node = values
    for step in path.split("."):
        if not isinstance(node, Mapping):
            raise TypeError(path)
        if step not in node:
            return None
        node = node[step]
    if not isinstance(node, Filled):
        raise TypeError(path)
    return node


def plain(values: Values) -> dict[str, object]:
    """The same tree without the sources, for a template: dicts, lists, scalars and `None`."""

    def bare(node: Node) -> object:
        if isinstance(node, Filled):
            return node.value
        if isinstance(node, Mapping):
            return plain(node)
        return [plain(item) for item in node]

    return {name: bare(node) for name, node in values.items()}
