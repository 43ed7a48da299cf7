# SPDX-License-Identifier: GPL-3.0-or-later
"""How each access likes a list: the views it named, its columns and their widths. Kept in the vault like all the rest.

What another version wrote and this one does not know is left aside: a list always opens.
"""

import contextlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework.case_filters import ME, SILENT, Filter
from hro_desktop.records.settings import Setting
from hro_desktop.vault.work import Work

__all__ = ["CASES", "LONGEST", "Kept", "View", "read", "save"]

LONGEST: Final = 40
"""Letters of the name of a view."""
_MOST: Final = 60
_WIDEST: Final = 2000


@attrs.frozen
class View:
    """A list as somebody wants it again.

    Args:
        name: as it is listed; two of one access have not the same.
        filters: what it is narrowed by.
        order: what it is sorted by, after a « - » when the other way round; empty for the usual order.
        columns: those that are shown; none means as many as there is room for.
    """

    name: str
    filters: tuple[Filter, ...] = ()
    order: str = ""
    columns: tuple[str, ...] = ()


@attrs.frozen
class Kept:
    """What one access keeps of one list.

    Args:
        views: those it named.
        widths: of columns somebody widened, in pixels at 100 %, by their names.
        beside: whether what is chosen is shown beside the list.
    """

    views: tuple[View, ...] = ()
    widths: Mapping[str, int] = attrs.field(factory=dict)
    beside: bool = False


_OPEN: Final = Filter("followed", "open")
CASES: Final = (
    View("Suivis", (_OPEN,), "due"),
    View("Mes dossiers", (_OPEN, Filter("charge", ME)), "due"),
    View("Ça presse", (_OPEN, Filter("due", "7")), "due"),
    View("Sans nouvelles", (_OPEN, Filter("silent", str(SILENT))), "contact"),
    View("Accord manquant", (_OPEN, Filter("agreement", "missing")), "due"),
    View("Mineur·es", (_OPEN, Filter("minor", "yes")), "due"),
    View("Tous", (), "-reference"),
)
"""The views of the list of cases everybody has."""


def read(session: Session, slot_id: str, of: str) -> Kept:
    """What an access keeps of a list, `cases` for one."""
    setting = session.get(Setting, _name(slot_id, of))
    found: Any = None
    if setting is not None:
        with contextlib.suppress(ValueError, RecursionError):
            found = json.loads(setting.value)
    if not isinstance(found, dict):
        return Kept()
    widths, views = found.get("widths"), found.get("views")
    return Kept(
        tuple(each for each in map(_view, views[:_MOST] if isinstance(views, list) else ()) if each is not None),
        {
            name: wide
            for name, wide in (widths.items() if isinstance(widths, dict) else ())
            if type(wide) is int and 0 < wide <= _WIDEST
        },
        found.get("beside") is True,
    )


def save(work: Work, of: str, kept: Kept) -> None:
    """Keep them for the access that opened the vault; a matter of taste, of which the journal says nothing."""
    written = json.dumps(attrs.asdict(kept), ensure_ascii=False)
    work.session.merge(Setting(name=_name(work.actor, of), value=written))


def _name(slot_id: str, of: str) -> str:
    return f"list.{of}.{slot_id}"


def _view(found: Any) -> View | None:  # noqa: ANN401 - whatever was written
    if not isinstance(found, dict) or not isinstance(found.get("name"), str) or not found["name"].strip():
        return None
    order = found.get("order")
    return View(
        found["name"].strip()[:LONGEST],
        tuple(
            Filter(each["name"], each["value"])
            for each in _list(found.get("filters"))
            if isinstance(each, dict) and isinstance(each.get("name"), str) and isinstance(each.get("value"), str)
        ),
        order if isinstance(order, str) else "",
        tuple(each for each in _list(found.get("columns")) if isinstance(each, str)),
    )


def _list(found: Any) -> Iterable[Any]:  # noqa: ANN401 - whatever was written
    return found if isinstance(found, list) else ()
