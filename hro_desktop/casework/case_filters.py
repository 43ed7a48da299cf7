# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of the list of cases as one names, offers and keeps them: a name and a value each, put together as a filter.

What is kept are codes and ids, never words: a filter still says the right thing when somebody is renamed.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hro_desktop.casework.cases import NONE, CaseFilter
from hro_desktop.law import procedures, vocabulary
from hro_desktop.law.tables import fold
from hro_desktop.records.cases import CaseGroup
from hro_desktop.records.people import PersonLanguage
from hro_desktop.records.sites import Site
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.typed import partial_of

__all__ = ["SILENT", "Filter", "Offer", "always", "me", "named", "offered", "put_together", "typed"]

SILENT: Final = 30
"""Days after which somebody nobody reached is « sans nouvelles »."""
ME: Final = "me"
_NB: Final = "\u00a0"
_NOBODY: Final = uuid.UUID(int=0)
_DUE: Final = ((0, "dépassée ou aujourd’hui"), (7, f"d’ici 7{_NB}jours"), (30, f"d’ici 30{_NB}jours"))
_SILENT: Final = (30, 60, 180)
_LAST: Final = (7, 30, 365)
_ABOUT_FACTS: Final = re.compile(r"^\s*faits\b\s*:?", re.IGNORECASE)


@attrs.frozen
class Filter:
    """One filter, such as `stage` with `plainte_procureur:deposee`."""

    name: str
    value: str = ""


@attrs.frozen
class Offer:
    """A filter one can choose: what it is about, how a list of filters calls it, how it is called alone.

    Args:
        filter: what it asks for.
        about: its group: « Plainte », « Échéance ».
        text: in its group: « déposée ».
        alone: « Plainte : déposée ».
    """

    filter: Filter
    about: str
    text: str
    alone: str

    @property
    def found_by(self) -> str:
        """What one may type to find it."""
        return fold(f"{self.about} {self.text} {self.alone}")


def put_together(filters: Sequence[Filter], today: dt.date, mine: uuid.UUID | None) -> CaseFilter:
    """What these filters ask for; one that says nothing here, of a later version maybe, asks for nothing.

    Args:
        filters: in any order; stages of one procedure widen, the last one of another name holds.
        today: what « les 30 derniers jours » are counted from.
        mine: the volunteer « moi » is; without one, « moi » follows no case.
    """
    made: dict[str, Any] = {"stages": ()}
    for each in filters:
        if each.name == "stage":
            code, _, state = each.value.partition(":")
            made["stages"] = (*made["stages"], (code, state))
        else:
            made.update(_asked(each, today, mine))
    return CaseFilter(**made)


def _asked(each: Filter, today: dt.date, mine: uuid.UUID | None) -> dict[str, Any]:
    """What one filter asks for."""
    value = each.value
    if each.name == "charge":
        if value == NONE:
            return {"unassigned": True}
        return {"in_charge_id": (mine or _NOBODY) if value == ME else _id(value)}
    if each.name == "facts":
        return _period(value, today)
    simple: dict[str, Any] = {
        "followed": ("followed", value != "closed"),
        "minor": ("minor", value != "no"),
        "agreement": ("agreement_missing", True),
        "language": ("language", value),
        "text": ("text", value),
        "due": ("due_within", _number(value)),
        "silent": ("silent", _number(value)),
        "site": ("site_id", _id(value)),
        "group": ("group_id", _id(value)),
    }
    return dict([simple[each.name]]) if each.name in simple else {}


def _period(value: str, today: dt.date) -> dict[str, Any]:
    """« last:30 », or a partial date."""
    if value.startswith("last:"):
        return {"facts_from": today - dt.timedelta(days=_number(value.removeprefix("last:")) or 0), "facts_to": today}
    try:
        known = PartialDate.parse(value)
    except ValueError:
        return {}
    return {"facts_from": known.earliest, "facts_to": known.latest}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return _NOBODY


def me(session: Session, slot_id: str) -> uuid.UUID | None:
    """The volunteer whose access opened the vault, when somebody said so."""
    return session.scalars(select(Volunteer.id).where(Volunteer.slot_id == slot_id, Volunteer.slot_id != "")).first()


def always() -> tuple[Offer, ...]:
    """The filters one can choose in any vault, group by group."""
    return (*_plain(), *_procedures())


def offered(session: Session) -> tuple[Offer, ...]:
    """Every filter one can choose, group by group: those that name records of this vault last."""
    return (*always(), *_recorded(session))


def _offer(name: str, value: str, about: str, text: str, alone: str = "") -> Offer:
    return Offer(Filter(name, value), about, text, alone or f"{about}{_NB}: {text}")


def _plain() -> Iterator[Offer]:
    yield _offer("followed", "open", "Suivi", "suivis", "Suivis")
    yield _offer("followed", "closed", "Suivi", "clos", "Clos")
    yield _offer("charge", ME, "Suivi", "par moi", "Suivis par moi")
    yield _offer("charge", NONE, "Suivi", "par personne", "Suivis par personne")
    for days, text in _DUE:
        yield _offer("due", str(days), "Échéance", text)
    for days in _SILENT:
        yield _offer("silent", str(days), "Contact", f"sans nouvelles depuis {days}{_NB}jours", _silent(days))
    yield _offer("minor", "yes", "Personne", "mineure, ou peut-être", "Mineur·es")
    yield _offer("minor", "no", "Personne", "majeure", "Majeur·es")
    yield _offer("agreement", "missing", "Accord", "manquant pour une saisine en préparation", "Accord manquant")
    for days in _LAST:
        yield _offer("facts", f"last:{days}", "Faits", f"des {days}{_NB}derniers jours")


def _silent(days: int) -> str:
    return "Sans nouvelles" if days == SILENT else f"Sans nouvelles depuis {days}{_NB}jours"


def _procedures() -> Iterator[Offer]:
    yield _offer("stage", ":en_redaction", "Toute procédure", "en rédaction", "En rédaction")
    yield _offer("stage", ":prete", "Toute procédure", "prête", "Prête à partir")
    shared = [each for each in vocabulary.terms("party_states") if not each.group]
    for row in procedures.procedures():
        own = [each for each in vocabulary.terms("party_states") if each.group == row.states]
        yield _offer("stage", f"{row.code}:", row.short, "commencée")
        yield _offer("stage", f"{row.code}:{NONE}", row.short, "aucune")
        for each in [*shared[:4], *own, *shared[4:]]:
            yield _offer("stage", f"{row.code}:{each.code}", row.short, each.label)


def _recorded(session: Session) -> Iterator[Offer]:
    """Those that name records: volunteers, places, groups, the languages people speak."""
    people = session.execute(
        select(Volunteer.id, Volunteer.name).order_by(Volunteer.active.desc(), func.lower(Volunteer.name))
    )
    for record_id, name in people:
        yield _offer("charge", str(record_id), "Suivi", f"par {name}", f"Suivis par {name}")
    for record_id, name in session.execute(select(Site.id, Site.name).order_by(func.lower(Site.name))):
        yield _offer("site", str(record_id), "Lieu", name)
    for record_id, name in session.execute(select(CaseGroup.id, CaseGroup.name).order_by(func.lower(CaseGroup.name))):
        yield _offer("group", str(record_id), "Groupe", name)
    spoken = set(session.scalars(select(PersonLanguage.language).distinct()))
    for each in vocabulary.terms("languages"):
        if each.code in spoken:
            yield _offer("language", each.code, "Langue", each.label)


def typed(words: str, today: dt.date) -> tuple[Offer, ...]:
    """Filters that no list holds: facts of a year, a month or a day that somebody types."""
    text = _ABOUT_FACTS.sub("", words).strip()
    written = partial_of(text, today) if any(each.isdigit() for each in text) else ""
    if not written:
        return ()
    known = PartialDate.parse(written)
    return (_offer("facts", written, "Faits", known.french_bare()),) if known.known else ()


def named(filters: Sequence[Filter], offers: Sequence[Offer], today: dt.date) -> tuple[Offer, ...]:
    """How each filter is called; one whose record is gone says so."""
    known = {each.filter: each for each in offers}
    return tuple(known.get(each) or _named(each, today) for each in filters)


def _named(each: Filter, today: dt.date) -> Offer:
    if each.name == "text":
        return Offer(each, "Texte", each.value, f"«{_NB}{each.value}{_NB}»")
    found = typed(each.value, today) if each.name == "facts" else ()
    return found[0] if found else Offer(each, "", "n’existe plus", "Filtre qui n’existe plus")
