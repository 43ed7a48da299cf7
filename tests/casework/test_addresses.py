# SPDX-License-Identifier: GPL-3.0-or-later
"""An address is written only as far as whose it is agreed; otherwise nothing stands there."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import documents, party_facts, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.records.consents import Consent
from hro_desktop.records.people import Address, Person
from hro_desktop.records.statements import Statement
from tests.casework.test_documents import flat, letter, text_of
from tests.casework.test_honest_letters import person, reasons
from tests.casework.test_sending import CASE, PLAINTE, desk, papers_in

__all__ = ["desk"]

DAY = dt.date(2026, 10, 14)
STREET = "2 rue de l’Exemple"
OURS = "9 chemin de la Vigie-Blanche"

pytestmark = pytest.mark.usefixtures("qapp")


def lent(session: Session, *, agreed: dt.date | None = None, answer: str = "", holder: bool = True) -> Address:
    """The last address of a complainant is another person's, or their own, with an answer of whose it is."""
    younes = person(session, "Ishag")
    host = Person(pseudonym="P-99", given_names="Saïda", birth_name="Ouédraogo", sex="f")
    session.add(host)
    session.flush()
    whose = host if holder else younes
    address = Address(
        kind="tiers" if holder else "personnelle",
        lines=STREET,
        town="Calais",
        holder_person_id=host.id if holder else None,
        consent_on=agreed,
        declared_on=dt.date(2026, 10, 15),
    )
    for each in younes.addresses:
        each.ended_on = DAY
    younes.addresses.append(address)
    if answer:
        session.add(Consent(person_id=whose.id, purpose="adresse", state=answer, given_on=DAY))
    session.flush()
    return address


@pytest.mark.parametrize(
    ("agreed", "answer", "holder", "written"),
    [
        (DAY, "", True, True),
        (None, "donne", True, True),
        (None, "", True, False),
        (DAY, "refuse", True, False),
        (DAY, "retire", True, False),
        (None, "", False, True),
        (None, "refuse", False, False),
    ],
)
def test_an_address_is_written_only_by_agreement(
    desk: Desk, tmp_path: Path, agreed: dt.date | None, answer: str, *, holder: bool, written: bool
) -> None:
    before = letter(desk).count(OURS)
    with desk.vault.work() as work:
        lent(work.session, agreed=agreed, answer=answer, holder=holder)
        work.commit()
    said = letter(desk)
    assert (STREET in said) is written
    # gone from this one's identity; at the head the other keeps hers beside his, or nobody's stands there
    assert said.count(OURS) == (before - 1 if written else before - 2)
    states = documents.states(desk, CASE, PLAINTE)
    found = [each for state in states for each in state.reasons if each.code == "address_unagreed"]
    assert bool(found) is not written
    if not written:
        assert {each.label for each in found} == {"Attend"}
        assert all("notez une autre adresse déclarée" in each.sentence for each in found)
        assert all(("Mme Saïda Ouédraogo" in each.sentence) is holder for each in found)
        return
    sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie")
    assert STREET in papers_in(tmp_path / "sortie")


def test_an_earlier_address_that_may_be_written_is_and_the_last_is_said(desk: Desk) -> None:
    with desk.vault.work() as work:
        address = lent(work.session)
        younes = person(work.session, "Ishag")
        younes.addresses[0].ended_on = None
        work.commit()
        assert address is not younes.addresses[0]
    assert STREET not in letter(desk)
    assert reasons(desk)["address_unagreed"] == "À voir"


def test_the_address_of_somebody_whose_name_is_not_noted_needs_their_agreement(desk: Desk) -> None:
    with desk.vault.work() as work:
        lent(work.session).holder_person_id = None
        work.commit()
    assert STREET not in letter(desk)
    assert reasons(desk)["address_unagreed"] == "Attend"


@pytest.mark.parametrize(("answer", "written"), [("donne", True), ("retire", False)])
def test_an_attestation_writes_a_lent_address_only_by_agreement(desk: Desk, answer: str, *, written: bool) -> None:
    with desk.vault.work() as work:
        told = work.session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one()
        told.address_id = lent(work.session, answer=answer).id
        work.commit()
    pack = documents.make_attestation(desk, "T-2026-0003")
    said = flat(text_of(pack.files[0].data))
    assert (STREET in said) is written
    assert OURS not in said  # another's is never put in the place of the one that was chosen


def test_an_account_nobody_agreed_to_keep_is_said(desk: Desk) -> None:
    assert "collection_unagreed" not in reasons(desk)  # the control
    with desk.vault.work() as work:
        for answer in work.session.scalars(select(Consent).where(Consent.purpose == "collecte")):
            answer.state = "refuse"
        work.commit()
    assert reasons(desk)["collection_unagreed"] == "À voir"


def heads(session: Session, *people: Person) -> tuple[str, list[str]]:
    found = party_facts.sender(session, people, dt.date(2026, 10, 16))
    return found["name"].value, [line["text"].value for line in found["address_lines"]]


def test_each_stands_over_their_own_address(desk: Desk) -> None:
    with desk.vault.work() as work:
        younes, selam = person(work.session, "Ishag"), person(work.session, "Habte")
        together = heads(work.session, younes, selam)
        assert together[0] == "M. Younès Ishag et Mme Selam Habte"
        assert together[1] == ["chez Veille des Dunes", OURS, "62100 Calais"]
        moved = Address(kind="personnelle", lines=STREET, town="Calais", declared_on=dt.date(2026, 10, 15))
        younes.addresses.append(moved)
        work.session.flush()
        assert heads(work.session, younes, selam) == (
            "M. Younès Ishag",
            [STREET, "Calais", "Mme Selam Habte", "chez Veille des Dunes", OURS, "62100 Calais"],
        )
        work.session.add(Consent(person_id=younes.id, purpose="adresse", state="refuse", given_on=DAY))
        work.session.flush()
        for each in younes.addresses:
            each.ended_on = DAY if each is not moved else None
        assert heads(work.session, selam, younes) == ("Mme Selam Habte et M. Younès Ishag", [])


def test_many_addresses_stand_with_each_identity_only(desk: Desk) -> None:
    with desk.vault.work() as work:
        people = [
            Person(
                pseudonym=f"P-{number}",
                given_names="Abel",
                birth_name=f"Exemple{number}",
                sex="m",
                addresses=[Address(kind="personnelle", lines=f"{number} rue de l’Exemple", town="Calais")],
            )
            for number in range(900, 906)
        ]
        work.session.add_all(people)
        work.session.flush()
        assert len(heads(work.session, *people[:4])[1]) == 11
        name, lines = heads(work.session, *people[:5])
        assert name.count("Abel") == 5
        assert lines == []
