# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of a place and of a month: working figures, always a minimum, of what was seen or filmed."""

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import cast

import attrs
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from hro_desktop.law import vocabulary
from hro_desktop.records.incidents import Incident
from hro_desktop.records.observation import Operation
from hro_desktop.records.outings import Hindrance, Outing
from hro_desktop.records.tallies import Belonging, Tally
from hro_desktop.rules import tallies
from hro_desktop.rules.dates import MONTHS, PartialDate
from hro_desktop.rules.tallies import Bound, Count, Total

__all__ = ["Figure", "MonthFigures", "count_of", "counted", "of_month"]

EVICTION = "expulsion"
SEEN = ("vu", "filme")
LOST = "perdu"
FIGURES = (
    ("Tentes et bâches prises ou détruites", ("tentes_prises", "baches_prises")),
    ("Couvertures et sacs de couchage pris ou détruits", ("couvertures_prises",)),
    ("Personnes déplacées", ("personnes_deplacees",)),
    ("Personnes montées dans un bus", ("bus",)),
    ("Interpellations", ("interpellations",)),
)
"""What is added up over the evictions of a month, and from which tallies."""


@attrs.frozen
class Figure:
    """One figure of a month: « Expulsions », « au moins 58, sur 16 lieux »."""

    label: str
    total: Total
    said: str


@attrs.frozen
class MonthFigures:
    """The working figures of one territory and month.

    Args:
        territory: code; `label` in words.
        month: its first day; `month_label` « octobre 2026 ».
        figures: evictions first, then what was counted during them, then hindrances.
        unplaced: evictions of the month that no outing nor operation gives a territory: they are in no figure.
        unread: outings of the month whose figures nobody read again.
    """

    territory: str
    label: str
    month: dt.date
    month_label: str
    figures: tuple[Figure, ...]
    unplaced: int
    unread: int


def counted(incident: Incident, kind: str, sources: Sequence[str] = SEEN) -> Total:
    """How many of one thing at one incident, by those sources only.

    Several tallies of it are counts of the same things; lines of belongings are different things, and stand in only
    where nobody made a tally.
    """
    made = [count_of(each) for each in incident.tallies if each.kind == kind and each.source in sources]
    if made:
        return tallies.of(tallies.agreed(made))
    return tallies.total(count_of(each) for each in incident.belongings if each.source in sources and _is(each, kind))


def of_month(session: Session, territory: str, month: dt.date) -> MonthFigures:
    """The working figures of a territory in the month of a day.

    An incident counts only when its day is surely in the month, and its outing or operation says the territory.
    """
    first = month.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    evictions = _evictions(session, first, last)
    here = [incident for incident, where in evictions if where == territory]
    in_month = (Outing.territory == territory, Outing.occurred_on.between(first, last))
    hindered = session.scalar(select(func.count(Hindrance.id)).join(Outing).where(*in_month)) or 0
    unread = session.scalar(select(func.count(Outing.id)).where(*in_month, Outing.read_again_on.is_(None))) or 0
    return MonthFigures(
        territory=territory,
        label=vocabulary.label("territories", territory),
        month=first,
        month_label=f"{MONTHS[first.month - 1]} {first.year}",
        figures=(
            _evicted(here),
            *(_figure(label, [counted(each, kind) for each in here for kind in kinds]) for label, kinds in FIGURES),
            _figure("Entraves aux observateurs", [Total(Count(hindered, "exact"))] if hindered else []),
        ),
        unplaced=sum(1 for _, where in evictions if not where),
        unread=unread,
    )


def _evictions(session: Session, first: dt.date, last: dt.date) -> list[tuple[Incident, str]]:
    """Those that surely happened between two days of one month, each with its territory, as far as it is known."""
    own, by_operation = aliased(Outing), aliased(Outing)
    rows = session.execute(
        select(
            Incident,
            func.coalesce(own.territory, by_operation.territory, Operation.territory, ""),
            func.coalesce(own.occurred_on, by_operation.occurred_on, Operation.occurred_on),
        )
        .outerjoin(Operation, Incident.operation_id == Operation.id)
        .outerjoin(own, Incident.outing_id == own.id)
        .outerjoin(by_operation, Operation.outing_id == by_operation.id)
        .where(
            Incident.kind == EVICTION,
            or_(Incident.occurred.startswith(f"{first:%Y-%m}"), Incident.occurred == ""),
        )
        .options(selectinload(Incident.tallies), selectinload(Incident.belongings))
        .order_by(Incident.id)
    )
    return [(each, where) for each, where, on in rows if _within(each.occurred, on, first, last)]


def _within(occurred: str, on: dt.date | None, first: dt.date, last: dt.date) -> bool:
    when = PartialDate.parse(occurred) if occurred else PartialDate.on(on) if on else PartialDate.parse("?")
    earliest, latest = when.earliest, when.latest
    return earliest is not None and latest is not None and first <= earliest and latest <= last


def _evicted(here: Sequence[Incident]) -> Figure:
    """« au moins 58, sur 16 lieux »: a place nobody named is not counted among them."""
    label = "Expulsions"
    if not here:
        return Figure(label, Total(), tallies.NOT_COUNTED)
    found = Total(Count(len(here), "au_moins"))
    places = {str(each.site_id or each.place.strip().casefold()) for each in here if each.site_id or each.place.strip()}
    on = f", sur {len(places)}\u00a0{'lieux' if len(places) > 1 else 'lieu'}" if places else ""
    return Figure(label, found, f"{found.said}{on}")


def _figure(label: str, parts: Sequence[Total]) -> Figure:
    found = tallies.at_least(sum(parts, Total()))
    return Figure(label, found, found.said)


def _is(belonging: Belonging, kind: str) -> bool:
    """Whether a line of belongings is about what that tally counts."""
    return (
        vocabulary.term("belonging_kinds", belonging.kind).group == kind
        and vocabulary.term("belonging_fates", belonging.fate).group == LOST
    )


def count_of(row: Tally | Belonging) -> Count:
    """The number of a line with what it is worth."""
    return Count(row.value, cast("Bound", row.bound))
