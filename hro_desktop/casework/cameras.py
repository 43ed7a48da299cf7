# SPDX-License-Identifier: GPL-3.0-or-later
"""Which images may still exist of an incident: of the cameras somebody noted, else of those there usually are."""

import datetime as dt
import uuid
from collections.abc import Iterable

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import departures, facts
from hro_desktop.law import cameras, vocabulary
from hro_desktop.records.departures import Departure
from hro_desktop.records.incidents import Incident
from hro_desktop.records.journal import JournalLine
from hro_desktop.rules import images
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.images import Kept, Noted

__all__ = ["Sources", "asked", "of_incident"]

STREET, VEHICLE = "camera_fixe", "camera_vehicule"
WORN = {"police": "camera_individuelle", "gendarmerie": "camera_individuelle", "municipale": "camera_municipale"}
"""The worn camera of a group of forces."""


@attrs.frozen
class Sources:
    """Images of one incident that may exist.

    Args:
        kept: those that may still exist that day, in doubt or not, the most urgent first.
        noted: whether somebody noted the cameras; otherwise they are those there usually are.
    """

    kept: tuple[Kept, ...]
    noted: bool


def of_incident(incident: Incident, on: dt.date) -> Sources:
    """What may still exist of an incident on a day."""
    known = vocabulary.codes("cameras")
    told = [each.value for each in incident.assertions if each.kind == "camera"]
    codes = list(dict.fromkeys(value for value in told if value in known))
    if not codes:
        codes = list(dict.fromkeys(_usual(incident)))
    happened = PartialDate.parse(incident.occurred or "?")
    in_force = [code for code in codes if any(row.code == code and row.holds_on(on) for row in cameras.cameras())]
    found = images.by_urgency([Noted(camera=code, happened=happened) for code in in_force], on)
    return Sources(tuple(each for each in found if each.state != "expired"), bool(told))


def _usual(incident: Incident) -> Iterable[str]:
    """Streets and ports are filmed; forces wear cameras and come in vehicles that have some."""
    groups = [facts.force_group(each.value) for each in incident.assertions if each.kind == "force"]
    if any(group in ("police", "gendarmerie", "inconnue", "") for group in groups) or any(
        each.kind == "vehicule" for each in incident.assertions
    ):
        yield VEHICLE
    yield STREET
    yield from (WORN[group] for group in groups if group in WORN)


def asked(session: Session, incident_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the incidents whose images were asked for: a letter left, and the disk took it."""
    rows = session.execute(
        select(Departure.incident_id, Departure.id).where(
            Departure.incident_id.in_(list(incident_ids)), Departure.draft.is_(False)
        )
    ).all()
    lost = set(
        session.scalars(
            select(JournalLine.object).where(
                JournalLine.object.in_([str(row.id) for row in rows]), JournalLine.action == departures.FAILED
            )
        )
    )
    return {row.incident_id for row in rows if str(row.id) not in lost and row.incident_id is not None}
