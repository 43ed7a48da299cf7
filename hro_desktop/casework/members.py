# SPDX-License-Identifier: GPL-3.0-or-later
"""How people are called in what is told of an outing: observers by initials, others by pseudonym."""

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Set

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.records.incidents import Incident
from hro_desktop.records.outings import Outing
from hro_desktop.records.people import Person
from hro_desktop.records.volunteers import Volunteer

__all__ = ["OBSERVER", "Called", "Member", "called", "initials", "team"]

OBSERVER = "observateur"


@attrs.frozen
class Member:
    """One of the team, by initials."""

    who: str
    person_id: uuid.UUID | None
    volunteer_id: uuid.UUID | None


@attrs.frozen
class Called:
    """What everybody around an outing is called, without a name."""

    people: Mapping[uuid.UUID, str]

    def of(self, person_id: uuid.UUID | None) -> str:
        """« C. V. », « P-2026-0012 », or nothing."""
        return self.people.get(person_id, "") if person_id is not None else ""


def initials(given: str, family: str) -> str:
    """« C. V. », « J.-P. D. »; nothing unless both names begin with a Latin letter."""
    first = "-".join(f"{part[0]}." for part in re.split(r"[- ]", given.split(" ", maxsplit=1)[0]) if part)
    last = f"{family[0]}." if family else ""
    letters = f"{first} {last}".upper()
    return letters if re.fullmatch(r"(?:[A-ZÀ-ÖØ-ÞŒ]\.-?)+ [A-ZÀ-ÖØ-ÞŒ]\.", letters) else ""


def of_volunteer(volunteer: Volunteer) -> str:
    """As the volunteer wrote them, else the first letters of the shown name."""
    words = re.sub(r"\([^)]*\)", "", volunteer.name).split()
    return volunteer.initials.strip() or " ".join(f"{word[0].upper()}." for word in words)


def called(session: Session, outing: Outing, happened: Iterable[Incident], hindered: Set[uuid.UUID]) -> Called:
    """What to call the team, those who observed or were hindered, and everybody else the records point at."""
    about = list(happened)
    watching = {each.person_id for each in outing.members if each.person_id is not None}
    watching |= {each.person_id for one in about for each in one.involvements if each.role == OBSERVER}
    watching |= hindered
    known = {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(watching | _others(about))))}
    short = {
        each: initials(known[each].given_names, known[each].birth_name or known[each].usual_name) for each in known
    }
    taken = Counter(short[each] for each in watching)
    taken.update(of_volunteer(each.volunteer) for each in outing.members if each.volunteer and not each.person_id)
    return Called(
        {
            each: short[each] if each in watching and short[each] and taken[short[each]] == 1 else person.pseudonym
            for each, person in known.items()
        }
    )


def _others(about: Iterable[Incident]) -> set[uuid.UUID]:
    """Whoever counted, says or owns something, without being of the team."""
    found = {each.said_by_id for one in about for each in (*one.tallies, *one.belongings)}
    found |= {who for one in about for each in one.assertions for who in (each.said_by_id, each.about_id)}
    found |= {each.owner_id for one in about for each in one.belongings}
    return {each for each in found if each is not None}


def team(outing: Outing, names: Called) -> tuple[Member, ...]:
    """The team, in the order it was noted."""
    return tuple(
        Member(
            names.of(each.person_id) if each.person_id or each.volunteer is None else of_volunteer(each.volunteer),
            each.person_id,
            each.volunteer_id,
        )
        for each in outing.members
    )
