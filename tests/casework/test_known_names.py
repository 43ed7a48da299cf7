# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of the vault in memory: the same answer as reading them all anew, whatever changed in between."""

import uuid

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hro_desktop.casework import known_names
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.known_names import KnownNames
from hro_desktop.records.people import Person, PersonName
from hro_desktop.vault.work import Work

WORDS = ["Sélam", "Habte", "Omar", "al-Sayed", "Nour", "سعيدة", "李", "Ба", "D’Arc", "van der Berg"]
NAME = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
CHANGE = st.tuples(st.sampled_from(["add", "rename", "alias", "swap", "erase"]), st.integers(0, 9), NAME, NAME)


def _change(work: Work, kind: str, at: int, one: str, two: str) -> None:
    people = list(work.session.scalars(select(Person).order_by(Person.id)))
    if kind == "add" or not people:
        work.session.add(Person(pseudonym=uuid.uuid4().hex, given_names=one, birth_name=two))
        return
    person = people[at % len(people)]
    if kind == "rename":
        person.given_names, person.usual_name = one, two
    elif kind == "alias":
        person.names.append(PersonName(text=one, kind="alias"))
    elif kind == "swap" and person.names:  # another row in the place of one: same count, same versions
        person.names[0] = PersonName(text=two, kind="alias")
    elif kind == "erase":
        work.session.delete(person)


def _answers(known: KnownNames) -> tuple[dict[str, set[uuid.UUID]], set[uuid.UUID], set[uuid.UUID]]:
    words = [part.casefold() for word in WORDS for part in word.replace("-", " ").replace("’", " ").split()]
    folded = [*words, "selam", "سعيده", *(one + two for one in ("selam", "omar", "nour") for two in ("habte", "omar"))]
    letters = [(one, two) for one in "shonab" for two in "shonab"]
    return dict(known.bearing(folded)), known.wholly(folded), known.initialled(letters)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGE, min_size=1, max_size=5))
def test_what_is_kept_answers_like_what_is_read_anew(empty: Desk, changes: list[tuple[str, int, str, str]]) -> None:
    for change in changes:
        empty.run(_change, *change)
        with empty.read() as session:
            kept, anew = known_names.of_vault(session), KnownNames()
            anew.bring_up(session)
            assert _answers(kept) == _answers(anew)


def test_a_new_name_is_known_at_once(empty: Desk) -> None:
    with empty.read() as session:
        assert known_names.of_vault(session).wholly(["selamhabte"]) == set()
    empty.run(_change, "add", 0, "Sélam", "Habte")
    with empty.read() as session:
        assert len(known_names.of_vault(session).wholly(["selamhabte"])) == 1
        assert known_names.of_vault(session) is known_names.of_vault(session)
