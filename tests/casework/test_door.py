# SPDX-License-Identifier: GPL-3.0-or-later
"""What was made stays in when it would say something else now: a fact, an answer or a word that changed since."""

import datetime as dt
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    cases,
    documents,
    door,
    frozen,
    image_documents,
    papers,
    pouch,
    printing,
    referrals,
    sending,
)
from hro_desktop.casework.departures import File
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.image_documents import Chosen
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure
from hro_desktop.records.documents import Document
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from tests.casework.test_documents import CASE, PLAINTE
from tests.casework.test_honest_letters import person
from tests.casework.test_sending import LUWAM, desk, papers_in
from tests.support.agreements import reduce_identity

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("qapp")


def complaint_of(session: Session) -> Referral:
    found = session.scalars(select(Referral).where(Referral.procedure == PLAINTE).order_by(Referral.reference)).first()
    assert found is not None
    return found


def change(desk: Desk, how: Callable[[Session], None]) -> None:
    with desk.vault.work() as work:
        how(work.session)
        work.commit()


def other_account(session: Session) -> None:
    complaint_of(session).account += " Une phrase de plus."


def other_fact(session: Session) -> None:
    told = session.scalars(select(Assertion).where(Assertion.kind == "force").order_by(Assertion.id)).first()
    assert told is not None
    told.detail = "deux fourgons"
    told.value = "gendarmerie_mobile" if told.value != "gendarmerie_mobile" else "crs"


def other_name(session: Session) -> None:
    person(session, "Ishag").birth_name = "Isaac"


def other_title(session: Session) -> None:
    listed = documents.referral_facts.numbered_exhibits(session, complaint_of(session))
    listed[0].exhibit.title = "Photographie prise de loin"


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("how", [other_account, other_fact, other_name, other_title])
def test_a_pack_that_would_say_something_else_now_stays(
    desk: Desk, tmp_path: Path, how: Callable[[Session], None], *, draft: bool
) -> None:
    pack = documents.make_referral(desk, CASE, PLAINTE, draft=draft)
    door.check_again(desk, pack)  # the control
    change(desk, how)
    with pytest.raises(Fault, match=r"pack\.stale") as caught:
        sending.write_pack(desk, pack, tmp_path / "sortie")
    assert "refaites-les" in caught.value.sentence
    assert not (tmp_path / "sortie").exists()
    with desk.read() as session:
        assert session.scalars(select(Departure)).first() is None


def test_a_witness_who_is_only_named_and_refuses_is_in_no_pack_made_before(desk: Desk, tmp_path: Path) -> None:
    """Nobody quotes that witness and no exhibit is theirs: the words of the letter alone change."""

    def alone(session: Session) -> None:
        incident = complaint_of(session).incidents[0].incident_id
        lone = Person(pseudonym="P-98", given_names="Odile", birth_name="Pruvost", sex="f")
        session.add(lone)
        session.flush()
        happened = session.get_one(Incident, incident)
        kind = type(happened.involvements[0])
        happened.involvements.append(kind(person_id=lone.id, role="temoin"))
        session.add(
            Consent(
                person_id=lone.id, purpose="temoignage", body="procureur", state="donne", given_on=dt.date(2026, 10, 13)
            )
        )

    change(desk, alone)
    pack = documents.make_referral(desk, CASE, PLAINTE)
    assert any("Pruvost" in made.values for made in pack.files)
    door.check_again(desk, pack)  # the control

    def refuse(session: Session) -> None:
        for answer in session.scalars(select(Consent).where(Consent.person_id == person(session, "Pruvost").id)):
            answer.withdrawn_on = desk.today()

    change(desk, refuse)
    with pytest.raises(Fault, match=r"pack\.stale"):
        sending.write_pack(desk, pack, tmp_path / "sortie")
    again = documents.make_referral(desk, CASE, PLAINTE)
    assert not any("Pruvost" in made.values for made in again.files)
    sending.write_pack(desk, again, tmp_path / "sortie")


def test_what_no_paper_says_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    pack = documents.make_referral(desk, CASE, PLAINTE)

    def note(session: Session) -> None:
        complaint_of(session).parties[0].case.note = "Vu ce matin."

    change(desk, note)
    assert sending.write_pack(desk, pack, tmp_path / "sortie").files


@pytest.mark.parametrize("handwriting", [False, True])
def test_an_attestation_whose_author_changed_is_made_anew(desk: Desk, tmp_path: Path, *, handwriting: bool) -> None:
    pack = documents.make_attestation(desk, "T-2026-0003", handwriting=handwriting)
    door.check_again(desk, pack)  # the control

    def other_work(session: Session) -> None:
        told = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one()
        told.author.profession = "relieuse"

    change(desk, other_work)
    with pytest.raises(Fault, match=r"pack\.stale"):
        sending.write_pack(desk, pack, tmp_path / "sortie")


def test_a_sheet_to_read_back_says_the_last_version(desk: Desk) -> None:
    with desk.read() as session:
        told = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one().id
    pack = pouch.read_back(desk, told)
    door.check_again(desk, pack)  # the control
    change(desk, lambda session: setattr(session.get_one(Statement, told), "taken_on", dt.date(2026, 10, 1)))
    with pytest.raises(Fault, match=r"pack\.stale"):
        door.check_again(desk, pack)


def test_letters_for_images_about_another_place_are_made_anew(desk: Desk, tmp_path: Path) -> None:
    desk = attrs.evolve(desk, clock=lambda: dt.datetime(2026, 10, 12, 16, 0, tzinfo=dt.UTC))
    pack = image_documents.make(desk, "F-2026-0001", (Chosen(camera="camera_fixe"),))
    door.check_again(desk, pack)  # the control

    def elsewhere(session: Session) -> None:
        session.scalars(select(Incident).where(Incident.reference == "F-2026-0001")).one().place = "quai de la Loire"

    change(desk, elsewhere)
    with pytest.raises(Fault, match=r"pack\.stale"):
        sending.write_pack(desk, pack, tmp_path / "sortie")


def test_a_frozen_version_that_says_something_else_stays(desk: Desk, tmp_path: Path) -> None:
    with desk.read() as session:
        complaint = complaint_of(session).id
    frozen.freeze(desk, complaint)
    sending.write_frozen(desk, complaint, tmp_path / "avant")  # the control
    change(desk, other_account)
    with pytest.raises(Fault, match=r"version\.stale"):
        sending.write_frozen(desk, complaint, tmp_path / "sortie")
    assert not (tmp_path / "sortie").exists()
    frozen.freeze(desk, complaint)
    sending.write_frozen(desk, complaint, tmp_path / "sortie")


def test_what_is_printed_is_looked_at_again_too(desk: Desk) -> None:
    with desk.read() as session:
        complaint = complaint_of(session).id
    printable = printing.of_referral(desk, complaint)
    assert printable.what is not None
    printed = printing.Printed(frozenset({printable.papers[0].sha256}), 1)
    change(desk, other_account)
    with pytest.raises(Fault, match=r"pack\.stale"):
        sending.note_printing(desk, printable.what, printed)


def test_looking_again_takes_no_time(desk: Desk) -> None:
    pack = documents.make_referral(desk, CASE, PLAINTE)
    started = time.process_time()
    door.check_again(desk, pack)
    assert time.process_time() - started < 1


def withdraw(session: Session) -> None:
    """The paper of the witness who is quoted in the complaint."""
    told = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one()
    told.withdrawn_on = dt.date(2026, 11, 1)


def refuse(session: Session) -> None:
    author = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one().author
    for answer in session.scalars(select(Consent).where(Consent.person_id == author.id)):
        answer.state = "refuse"


def unnamed_in_words(session: Session) -> None:
    """The account, which a person wrote, does not name that witness."""
    complaint_of(session).account = "Des fonctionnaires ont vidé le terrain et jeté les tentes."


def words_of(session: Session) -> tuple[str, ...]:
    """What is told by that witness alone: the values of the facts taken from them."""
    told = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one()
    found = session.scalars(
        select(Assertion).where((Assertion.statement_id == told.id) | (Assertion.said_by_id == told.author_id))
    )
    return tuple(str(each.id) for each in found)


@pytest.mark.parametrize("how", [withdraw, refuse])
def test_a_testimony_taken_back_is_in_no_draft(desk: Desk, tmp_path: Path, how: Callable[[Session], None]) -> None:
    change(desk, unnamed_in_words)
    with desk.read() as session:
        assertions = words_of(session)
        witness = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one().author.birth_name
    before = documents.make_referral(desk, CASE, PLAINTE, draft=True)
    assert assertions
    assert all(any(each in made.values for made in before.files) for each in assertions)  # the control
    sending.write_pack(desk, before, tmp_path / "avant")
    assert f"Attestation de Mme Camille {witness}" in papers_in(tmp_path / "avant")
    change(desk, how)
    codes = {each.code for state in documents.states(desk, CASE, PLAINTE) for each in state.reasons}
    assert codes & {"withdrawn", "witness_refused"}
    assert {state.state for state in documents.states(desk, CASE, PLAINTE)} == {"bloque"}
    pack = documents.make_referral(desk, CASE, PLAINTE, draft=True)
    assert not any(each in made.values for each in assertions for made in pack.files)
    sending.write_pack(desk, pack, tmp_path / "brouillon")
    said = papers_in(tmp_path / "brouillon")
    assert f"Attestation de Mme Camille {witness}" not in said
    if how is refuse:  # who took one paper back may still be known as a witness
        assert witness not in said
    assert "Document d’identité (témoignage retiré ou refusé)" in said
    assert "Attestation (témoignage retiré ou refusé)" in said
    assert "le témoignage a été retiré ou refusé par son auteur·ice" in said


@pytest.mark.parametrize("how", [withdraw, refuse])
def test_an_account_that_repeats_a_testimony_taken_back_is_in_no_draft(
    desk: Desk, tmp_path: Path, how: Callable[[Session], None]
) -> None:
    def repeat(session: Session) -> None:
        told = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one()
        words = told.versions[-1].french_text or told.versions[-1].original_text
        sentence = next(each for each in words.split(". ") if len(each.split()) > 6)
        complaint_of(session).account += f"\n\nOn y lit\u00a0: {sentence.upper()}."

    change(desk, repeat)
    documents.make_referral(desk, CASE, PLAINTE, draft=True)
    sending.write_referral(desk, CASE, PLAINTE, tmp_path / "avant", draft=True)  # the control
    change(desk, how)
    with pytest.raises(Fault, match=r"referral\.opposed") as caught:
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "brouillon", draft=True)
    assert "reprend une phrase de T-2026-0003" in caught.value.sentence


def kept_letters(desk: Desk) -> list[uuid.UUID]:
    with desk.read() as session:
        found = select(Document.id).where(Document.role == "letter", Document.media_type == papers.PDF)
        return list(session.scalars(found.order_by(Document.made_at)))


@pytest.mark.parametrize("draft", [False, True])
def test_of_a_referral_only_what_was_frozen_is_printed_again(desk: Desk, tmp_path: Path, *, draft: bool) -> None:
    """Whoever was noted on a photograph since, or is said by initials only since, stands there as they did."""
    sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie", draft=draft)
    (kept,) = kept_letters(desk)
    with desk.read() as session:
        complaint = complaint_of(session).id
    with pytest.raises(Fault, match=r"document\.not_frozen") as caught:
        printing.of_document(desk, kept)
    assert "n’est pas figé" in caught.value.sentence
    file = File(name="Lettre", sha256="0" * 64, size=1, media_type=papers.PDF, document_id=kept)
    again = printing.Reprint(subject=("referral", complaint), files=(file,), authority="procureur_boulogne")
    with pytest.raises(Fault, match=r"document\.not_frozen"):  # the door does not trust who asks
        sending.note_printing(desk, again, printing.Printed(frozenset({"0" * 64}), 1))
    frozen.freeze(desk, complaint)
    (sealed,) = set(kept_letters(desk)) - {kept}
    printable = printing.of_document(desk, sealed)  # the control
    assert printable.what is not None
    printed = printing.Printed(frozenset({printable.papers[0].sha256}), 1)
    assert sending.note_printing(desk, printable.what, printed)
    change(desk, withdraw)
    with pytest.raises(Fault, match=r"referral\.blocked"):
        sending.note_printing(desk, printable.what, printed)


def printed_again(desk: Desk, document: uuid.UUID) -> None:
    printable = printing.of_document(desk, document)
    assert printable.what is not None
    sending.note_printing(desk, printable.what, printing.Printed(frozenset({printable.papers[0].sha256}), 1))


def test_what_was_frozen_before_an_identity_was_reduced_is_not_printed_again(desk: Desk) -> None:
    with desk.read() as session:
        wanted = referrals.for_case(session, cases.by_reference(session, LUWAM), "saisine_ddd").id
    version = frozen.freeze(desk, wanted).value
    papers_of_it = [each.id for each in version.papers if each.media_type == papers.PDF]
    door.check_kept(desk, ("referral", wanted), papers_of_it)  # the control
    change(desk, lambda session: reduce_identity(session, session.get_one(Referral, wanted)))
    for each in papers_of_it:
        with pytest.raises(Fault, match=r"document\.identity"):
            printed_again(desk, each)


def test_a_kept_letter_for_images_that_names_somebody_noted_since_is_not_printed_again(
    desk: Desk, tmp_path: Path
) -> None:
    desk = attrs.evolve(desk, clock=lambda: dt.datetime(2026, 10, 12, 16, 0, tzinfo=dt.UTC))
    change(desk, lambda session: setattr(incident_one(session), "place", "devant la tente d’Odile Quillaume"))
    sending.write_image_letters(desk, "F-2026-0001", (Chosen(camera="camera_fixe"),), tmp_path / "lettres")
    kept = kept_letters(desk)[0]
    printed_again(desk, kept)  # the control
    change(desk, lambda session: session.add(Person(pseudonym="P-97", given_names="Odile", birth_name="Quillaume")))
    with pytest.raises(Fault, match=r"images\.name"):
        printed_again(desk, kept)


def incident_one(session: Session) -> Incident:
    return session.scalars(select(Incident).where(Incident.reference == "F-2026-0001")).one()
