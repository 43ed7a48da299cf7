# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras that may have filmed the facts: how long their images may be kept, under which text, and who holds them."""

import datetime as dt
import functools
from typing import Literal

import attrs

from hro_desktop.law import references
from hro_desktop.law.references import PLACEHOLDER, Article
from hro_desktop.law.tables import Row, TableError, build_all, in_force, read

__all__ = [
    "Camera",
    "Holder",
    "Starts",
    "articles",
    "camera",
    "cameras",
    "cited",
    "holder",
    "holders",
    "metadata_article",
    "rule",
]

Starts = Literal["recording", "deployment_end", "custody_end"]


@attrs.frozen(kw_only=True)
class Holder(Row):
    """A kind of operator: who keeps images and may be written to.

    Args:
        label: how a list names it.
        addressee: first line of a letter's address.
        salutation: how a letter begins.
        authority: code of its row among the authorities, empty when it differs from place to place.
        forces: groups of forces (list `forces`) whose cameras it holds.
        office: where it is of the commune of the facts, how it is called; `{commune}` is « de Calais ».
    """

    label: str
    addressee: str
    salutation: str
    authority: str
    forces: tuple[str, ...]
    office: str = ""


@attrs.frozen(kw_only=True)
class Camera(Row):
    """One source of images.

    Args:
        label: how a letter names it.
        starts: what the time is counted from: the recording, the end of the deployment, the end of the custody.
        rule: the text in a few words; `{code}` is an article.
        extended_by: what makes the images be kept longer.
        holders: kinds of operators that may hold them, the likeliest first.
        metadata: what is recorded beside the images and is worth asking for.
        metadata_article: the article that lists it, empty when none was read.
        keeps_hours: longest time they are kept, in hours, 0 when it is not counted so.
        keeps_days: the same in days.
        keeps_months: the same in months.
        shorter: whether a decision may have set a shorter time.
        asks_hours: hours within which somebody may ask for a longer time, 0 when nobody may.
        asked_days: days they are kept when that was asked, counted from the day after.
    """

    label: str
    starts: Starts
    rule: str
    extended_by: str
    holders: tuple[str, ...]
    metadata: tuple[str, ...]
    metadata_article: str
    keeps_hours: int = 0
    keeps_days: int = 0
    keeps_months: int = 0
    shorter: bool = False
    asks_hours: int = 0
    asked_days: int = 0


@functools.cache
def _tables() -> tuple[tuple[Holder, ...], tuple[Camera, ...], tuple[Article, ...]]:
    data = dict(read("cameras.toml"))
    held = build_all(Holder, data.pop("holder"), "cameras.holder")
    rows = build_all(Camera, data.pop("camera"), "cameras.camera")
    own = build_all(Article, data.pop("article", []), "cameras.article")
    if data:
        raise TableError("cameras: unknown section")
    return held, rows, own


def cameras() -> tuple[Camera, ...]:
    """Every source of images, in the order they are offered."""
    return _tables()[1]


def camera(code: str, on: dt.date) -> Camera:
    """One source as the text is that day.

    Raises:
        KeyError: no such source on that day.
    """
    return in_force(cameras(), code, on)


def holders() -> tuple[Holder, ...]:
    """Every kind of operator."""
    return _tables()[0]


def holder(code: str, on: dt.date) -> Holder:
    """One kind of operator.

    Raises:
        KeyError: no such kind on that day.
    """
    return in_force(holders(), code, on)


def articles() -> tuple[Article, ...]:
    """The articles that only this table cites."""
    return _tables()[2]


def cited(row: Camera, on: dt.date) -> tuple[Article, ...]:
    """The articles of a source's rule, under the numbering of that day."""
    return tuple(_article(code, on) for code in PLACEHOLDER.findall(row.rule))


def rule(row: Camera, on: dt.date) -> str:
    """The rule of a source with its articles, under the numbering of that day."""
    return PLACEHOLDER.sub(lambda found: _article(found[1], on).label, row.rule)


def metadata_article(row: Camera, on: dt.date) -> Article | None:
    """The article that lists what is recorded beside the images, if one was read."""
    return _article(row.metadata_article, on) if row.metadata_article else None


def _article(code: str, on: dt.date) -> Article:
    return in_force((*articles(), *references.articles()), code, on)
