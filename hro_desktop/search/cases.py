# SPDX-License-Identifier: GPL-3.0-or-later
"""One line per case of what lists sort and filter by: 100,000 cannot be asked for their last facts one by one."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import CompoundSelect, Row, func, select, union
from sqlalchemy.orm import Session

from hro_desktop.records.agenda import ContactNote
from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.people import Person, PersonLanguage
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty
from hro_desktop.rules.dates import PartialDate

__all__ = ["COMPLAINS", "lines"]

COMPLAINS: Final = ("plaignant", "victime")
"""The parts in an incident that make it the business of somebody's case."""
_OF_AGE: Final = 18
_UNTOLD: Final = dt.date.max.isoformat()


def lines(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """The line of each of these cases, by its id."""
    found = session.execute(
        select(
            Case.id, Case.reference, Case.closed_on, Case.in_charge_id, Case.person_id,
            Person.pseudonym, Person.birth, Person.declared_minor,
        )
        .join(Person, Case.person_id == Person.id)
        .where(Case.id.in_(ids))
    ).all()  # fmt: skip
    facts = _last_facts(session, ids)
    states = _states(session, ids)
    people = [each.person_id for each in found]
    spoken, reached = _languages(session, people), _reached(session, people)
    return {
        each.id: {
            "case_id": each.id,
            "reference": each.reference,
            "pseudonym": each.pseudonym,
            "closed": each.closed_on is not None,
            "incident_id": facts[each.id].id if each.id in facts else None,
            "facts_on": facts[each.id].occurred if each.id in facts else "",
            "contacted_on": reached.get(each.person_id, ""),
            "minor_until": minor_until(each.birth, each.declared_minor),
            "language": spoken.get(each.person_id, ""),
            "in_charge_id": each.in_charge_id,
            "states": states.get(each.id, ""),
        }
        for each in found
    }


def minor_until(birth: str, declared: bool | None) -> str:
    """The day from which the person is not taken for a minor any more; empty when they are of age or nobody asked.

    Whoever may be a minor is one until that is excluded, unless they say they are not.
    """
    born = PartialDate.parse(birth or "?")
    day = born.earliest if declared is False else born.latest
    if day is not None:
        return _same_day(day, day.year + _OF_AGE).isoformat()
    if birth:
        return "" if declared is False else _UNTOLD
    return _UNTOLD if declared else ""


def _same_day(day: dt.date, year: int) -> dt.date:
    try:
        return day.replace(year=year)
    except ValueError:  # the 29th of February
        return dt.date(year, 3, 1)


def _last_facts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Row[Any]]:
    """The latest incident each complainant suffered, or that a referral of the case is about."""
    last: dict[uuid.UUID, Row[Any]] = {}
    for each in session.execute(_facts(ids)):
        if each.case_id not in last or _later(each, last[each.case_id]):
            last[each.case_id] = each
    return last


def _facts(ids: Sequence[uuid.UUID]) -> CompoundSelect[Any]:
    shown = Case.id.label("case_id"), Incident.id, Incident.occurred
    return union(
        select(*shown)
        .join(Involvement, Involvement.person_id == Case.person_id)
        .join(Incident, Incident.id == Involvement.incident_id)
        .where(Case.id.in_(ids), Involvement.role.in_(COMPLAINS)),
        select(*shown)
        .join(ReferralParty, ReferralParty.case_id == Case.id)
        .join(ReferralIncident, ReferralIncident.referral_id == ReferralParty.referral_id)
        .join(Incident, Incident.id == ReferralIncident.incident_id)
        .where(Case.id.in_(ids)),
    )


def _later(one: Row[Any], other: Row[Any]) -> bool:
    return (one.occurred, str(one.id)) > (other.occurred, str(other.id))


def _states(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Where each procedure stands for a case: by its latest referral."""
    latest: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    for case, procedure, status in session.execute(
        select(ReferralParty.case_id, Referral.procedure, ReferralParty.status)
        .join(Referral, Referral.id == ReferralParty.referral_id)
        .where(ReferralParty.case_id.in_(ids))
        .order_by(Referral.reference)
    ):
        latest[case][procedure] = status
    return {
        case: "".join(f" {code}:{status}" for code, status in sorted(each.items())) + " "
        for case, each in latest.items()
    }


def _languages(session: Session, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The language each person prefers, or the first one noted."""
    spoken: dict[uuid.UUID, str] = {}
    for person, language in session.execute(
        select(PersonLanguage.person_id, PersonLanguage.language)
        .where(PersonLanguage.person_id.in_(people))
        .order_by(PersonLanguage.preferred.desc(), PersonLanguage.id)
    ):
        spoken.setdefault(person, language)
    return spoken


def _reached(session: Session, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The day each person was last reached; a try in vain is none."""
    found = session.execute(
        select(ContactNote.person_id, func.max(ContactNote.contacted_on))
        .where(ContactNote.person_id.in_(people), ContactNote.reached)
        .group_by(ContactNote.person_id)
    )
    return {person: day.isoformat() for person, day in found}
