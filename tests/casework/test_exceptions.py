# SPDX-License-Identifier: GPL-3.0-or-later
"""An exception is saved with its reason, journalled, and read back as the rule wants it."""

import datetime as dt

import pytest
from sqlalchemy import select

from hro_desktop.casework import exceptions, party_facts
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.exceptions import ConsentExceptionDraft
from hro_desktop.faults import Fault
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules import consents
from hro_desktop.rules import exceptions as rules
from hro_desktop.vault import journal

DAY = dt.date(2026, 10, 16)


@pytest.fixture
def draft(desk: Desk) -> ConsentExceptionDraft:
    """About Rahwa, whom nobody can reach any more."""
    with desk.read() as session:
        return ConsentExceptionDraft(
            person_id=session.scalars(select(Person.id).where(Person.given_names == "Rahwa")).one(),
            body="ddd",
            referral_id=session.scalars(select(Referral.id)).one(),
            code="accord_impossible",
            reason="Partie au Royaume-Uni, son numéro ne répond plus.",
            decided_by_id=session.scalars(select(Volunteer.id)).one(),
            decided_on=DAY,
        )


def test_it_is_journalled_and_opens_the_gate(desk: Desk, draft: ConsentExceptionDraft) -> None:
    done = desk.run(exceptions.save, draft).value
    with desk.read() as session:
        (line,) = [each for each in journal.extract(session) if each["action"] == "consent_exception.created"]
        assert line["object"] == str(done)
        person = session.get_one(Person, draft.person_id)
        assert draft.referral_id is not None
        noted = exceptions.as_rules(session, draft.referral_id, person, DAY)
        shut = consents.gate(party_facts.consents_of(session, person), "saisine_ddd", "ddd", DAY, rule="non_opposition")
        assert not shut.open
        assert rules.gate(shut, noted, "ddd", DAY).open
        assert exceptions.of_referral(session, draft.referral_id)[0].id == done
        assert exceptions.as_rules(session, done, person, DAY) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("reason", "", "draft.invalid"),
        ("reason", "   ", "exception.no_reason"),
        ("code", "parce_que", "draft.invalid"),
        ("body", "", "draft.invalid"),
        ("person_id", None, "exception.nobody"),
        ("decided_by_id", None, "exception.who"),
    ],
)
def test_what_is_incomplete_is_refused(
    desk: Desk, draft: ConsentExceptionDraft, name: str, value: object, code: str
) -> None:
    setattr(draft, name, value)
    with pytest.raises(Fault) as caught:
        desk.run(exceptions.save, draft)
    assert caught.value.code == code
    with desk.read() as session:
        assert session.scalars(select(ConsentException)).all() == []


def test_somebody_nobody_can_name_is_described(desk: Desk, draft: ConsentExceptionDraft) -> None:
    draft.person_id, draft.described, draft.code = None, "un enfant en gilet bleu", "enfant"
    done = desk.run(exceptions.save, draft).value
    draft.id, draft.reason = done, "Filmé de dos, personne ne le connaît."
    assert desk.run(exceptions.save, draft).value == done
    with desk.read() as session:
        assert session.scalars(select(ConsentException)).one().version == 2


def test_a_reduced_identity_says_a_letter_and_an_age(desk: Desk) -> None:
    with desk.read() as session:
        said = {
            each.given_names: exceptions.reduced_identity(each, DAY).line for each in session.scalars(select(Person))
        }
    assert said["Selam"] == "S. X, mineur·e"
    assert said["Younès"] == "Y. X, majeur·e"
    assert said["Rahwa"] == "R. X, âge inconnu"
    assert not any(word in line for line in said.values() for word in ("Soudan", "Habte", "Ishag", "Érythrée"))
