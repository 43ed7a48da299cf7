# SPDX-License-Identifier: GPL-3.0-or-later
"""Attestations of people who are no witnesses, who refused, or who will write the facts by hand."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from hro_desktop.casework import documents, sending, statements
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement
from tests.casework.test_documents import flat, text_of

DAY = dt.date(2026, 10, 14)

pytestmark = pytest.mark.usefixtures("qapp")


def told(desk: Desk, kind: str = "attestation", role: str = "temoin") -> str:
    """A statement in Arabic, read back, by somebody with that part in the facts; its reference."""
    with desk.vault.work() as work:
        incident = work.session.scalars(select(Incident)).one()
        person = Person(
            pseudonym="P-2026-0900", given_names="Zagros", birth_name="Barzinji", sex="m", birth="1995-02-03"
        )
        interpreter = work.session.scalars(select(Person).where(Person.birth_name == "Vasseur")).one()
        work.session.add(person)
        work.session.flush()
        incident.involvements.append(Involvement(person_id=person.id, role=role))
        draft = statements.StatementDraft(
            kind=kind,
            author_id=person.id,
            taken_on=DAY,
            kinship=False,
            subordination=False,
            interests=False,
            incident_ids=(incident.id,),
            versions=(
                statements.VersionDraft(
                    language="ar",
                    original_text="رأيت الشرطة.",
                    french_text="J’ai vu la police.",
                    interpreter_id=interpreter.id,
                    read_back_on=DAY,
                    read_back_language="ar",
                    sealed=True,
                ),
            ),
        )
        reference = work.session.get_one(Statement, statements.save(work, draft)).reference
        work.commit()
    return reference


def answer(desk: Desk, state: str, *bodies: str) -> None:
    with desk.vault.work() as work:
        person = work.session.scalars(select(Person).where(Person.birth_name == "Barzinji")).one()
        for body in bodies:
            given = Consent(person_id=person.id, purpose="temoignage", body=body, state=state, given_on=DAY)
            work.session.add(given)
        work.commit()


def label(desk: Desk, reference: str) -> str:
    with desk.read() as session:
        return next(row.label for row in statements.rows(session) if row.reference == reference)


def test_the_account_of_a_witness_is_neither_an_attestation_nor_a_complaint(desk: Desk, tmp_path: Path) -> None:
    reference = told(desk, "recit")
    with pytest.raises(Fault, match=r"attestation\.refused") as caught:
        sending.write_attestation(desk, reference, tmp_path / "sortie")
    assert "plaignante" not in caught.value.sentence
    assert "enregistrez une attestation" in caught.value.sentence
    assert label(desk, reference) == "récit d’une autre personne"


@pytest.mark.parametrize("role", ["victime", "plaignant"])
def test_the_account_of_somebody_concerned_is_called_so(desk: Desk, role: str) -> None:
    assert label(desk, told(desk, "recit", role)) == "récit de la personne concernée"
    assert label(desk, "T-2026-0001") == "récit de la personne concernée"
    assert label(desk, "T-2026-0003") == "attestation de témoin"


def test_an_account_that_tells_nothing_yet_is_that_of_a_case(desk: Desk) -> None:
    reference = told(desk, "recit")
    with desk.vault.work() as work:
        statement = work.session.scalars(select(Statement).where(Statement.reference == reference)).one()
        statement.incidents = []
        work.commit()
    assert label(desk, reference) == "récit d’une autre personne"
    with desk.vault.work() as work:
        work.session.add(Case(reference="D-2026-0900", person_id=statement.author_id))
        work.commit()
    assert label(desk, reference) == "récit de la personne concernée"


def test_a_refusal_to_hand_a_testimony_over_is_said_with_the_paper(desk: Desk) -> None:
    reference = told(desk)
    assert "témoignage soit remis" not in " ".join(documents.make_attestation(desk, reference).remarks)
    answer(desk, "donne", "procureur")
    answer(desk, "refuse", "igpn", "iggn")
    said = " ".join(documents.make_attestation(desk, reference).remarks).replace("\u00a0", " ")
    assert "M. Zagros Barzinji a refusé que son témoignage soit remis à ces organismes : IGPN, IGGN." in said
    answer(desk, "retire", "")
    said = " ".join(documents.make_attestation(desk, reference).remarks)
    assert "M. Zagros Barzinji a retiré son accord pour que son témoignage soit remis à quelque organisme" in said


@pytest.mark.parametrize("handwriting", [False, True])
def test_facts_still_to_be_written_by_hand_were_not_read_back(desk: Desk, handwriting: bool) -> None:
    pack = documents.make_attestation(desk, told(desk), handwriting=handwriting)
    said = flat(" ".join(text_of(each.data) for each in pack.files if each.role == "attestation"))
    for words in ("Récit fait en arabe", "Vasseur", "Relu en arabe le 14 octobre 2026"):
        assert (words in said) is not handwriting, words
