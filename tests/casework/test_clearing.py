# SPDX-License-Identifier: GPL-3.0-or-later
"""Exhibits of the practice complaint: each fault put into them is found, and goes away once mended."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import clearing, editing, evidence, passages, referral_facts
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.passages import PassageDraft
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import Evidence, EvidencePerson, EvidenceStatement
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from hro_desktop.records.volunteers import Volunteer

DAY = dt.date(2026, 10, 16)
ARM = "20261013_113805.jpg"


def review(desk: Desk) -> set[tuple[int, str, str]]:
    """Number of the exhibit, code and level of each finding."""
    with desk.read() as session:
        referral = session.scalars(select(Referral)).one()
        numbered = [(each.number, each.evidence) for each in referral_facts.numbered_exhibits(session, referral)]
        numbers = {str(item.id): number for number, item in numbered}
        parties = {party.case.person_id for party in referral.parties}
        found = clearing.review(session, numbered, parties, "procureur", DAY)
        return {(numbers[each.subject], each.code, each.level) for each in found}


def change(desk: Desk, action: Callable[[Session], object]) -> None:
    with desk.vault.work() as work:
        action(work.session)
        work.commit()


def item(session: Session, name: str = ARM) -> Evidence:
    return session.scalars(select(Evidence).where(Evidence.original_name == name)).one()


def number(desk: Desk, name: str = ARM) -> int:
    with desk.read() as session:
        referral = session.scalars(select(Referral)).one()
        wanted = item(session, name).id
        return next(
            each.number for each in referral_facts.numbered_exhibits(session, referral) if each.evidence.id == wanted
        )


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """The practice complaint with everybody cleared: the control of every test below."""

    def clear(session: Session) -> None:
        for piece in session.scalars(select(Evidence)):
            piece.nobody_appears = not piece.people
        for tie in session.scalars(select(EvidenceStatement)):
            statement = session.get_one(Statement, tie.statement_id)
            piece = session.get_one(Evidence, tie.evidence_id)
            for version in statement.versions:
                if version.interpreter_id:
                    piece.people.append(
                        EvidencePerson(person_id=version.interpreter_id, appears="named", clearance="cleared")
                    )
            if statement.taken_by_id:
                name = session.get_one(Volunteer, statement.taken_by_id).name
                piece.people.append(EvidencePerson(described=name, appears="named", clearance="cleared"))

    change(desk, clear)
    assert review(desk) == set()
    return desk


def test_the_practice_case_says_whom_nobody_asked(desk: Desk) -> None:
    codes = {code for _, code, _ in review(desk)}
    assert codes == {"undeclared_collector"}


def test_an_interpreter_is_cleared_by_agreement_too(ready: Desk) -> None:
    def forget(session: Session) -> None:
        idriss = session.scalars(select(Person).where(Person.given_names == "Idriss")).one()
        for appearance in session.scalars(select(EvidencePerson).where(EvidencePerson.person_id == idriss.id)):
            session.delete(appearance)

    change(ready, forget)
    (found,) = review(ready)
    assert found[1:] == ("undeclared_interpreter", "block")

    def agree(session: Session) -> None:
        idriss = session.scalars(select(Person).where(Person.given_names == "Idriss")).one()
        session.add(Consent(person_id=idriss.id, purpose="temoignage", body="procureur", state="donne", given_on=DAY))

    change(ready, agree)
    assert review(ready) == set()


def appear(desk: Desk, described: str, clearance: str) -> None:
    change(
        desk,
        lambda session: session.add(
            EvidencePerson(evidence_id=item(session).id, described=described, appears="shown", clearance=clearance)
        ),
    )


def add(desk: Desk, clearance: str) -> None:
    appear(desk, "un cousin", clearance)


def test_a_third_party_neither_cleared_nor_masked_blocks(ready: Desk) -> None:
    add(ready, "pending")
    assert review(ready) == {(number(ready), "third_party", "block")}


def test_an_agreement_taken_back_clears_nobody_any_more(ready: Desk) -> None:
    def refuse(session: Session) -> None:
        camille = session.scalars(select(Person).where(Person.birth_name == "Vasseur")).one()
        for appearance in session.scalars(select(EvidencePerson).where(EvidencePerson.person_id == camille.id)):
            appearance.clearance = "cleared"
        session.add(Consent(person_id=camille.id, purpose="temoignage", state="refuse", given_on=DAY))

    change(ready, refuse)
    assert {code for _, code, _ in review(ready)} == {"third_party_refused"}


def masked_version(session: Session, kind: str, of: uuid.UUID | None = None) -> Evidence:
    original = session.get_one(Evidence, of) if of else item(session)
    stored = StoredObject(name=uuid.uuid4().hex + "0" * 8, private_key=bytes(32), sha256=uuid.uuid4().hex * 2, size=1)
    session.add(stored)
    session.flush()
    made = Evidence(
        object_id=stored.id,
        kind=original.kind,
        title="Bras, visage masqué",
        deposited_at=original.deposited_at,
        derived_from_id=original.id,
        derivation_kind=kind,
    )
    session.add(made)
    session.flush()
    return made


def put(desk: Desk, kind: str) -> uuid.UUID:
    """Put something derived from the photo in its place in the list."""
    made: list[uuid.UUID] = []

    def swap(session: Session) -> None:
        made.append(masked_version(session, kind).id)
        referral = session.scalars(select(Referral)).one()
        for each in referral_facts.numbered_exhibits(session, referral):
            if each.evidence.original_name == ARM:
                each.exhibit.evidence_id = made[0]

    change(desk, swap)
    return made[0]


def test_masked_means_that_the_masked_version_is_in_the_list(ready: Desk) -> None:
    here = number(ready)
    add(ready, "masked")
    assert review(ready) == {(here, "masked_original", "block")}
    change(ready, lambda session: masked_version(session, "occultation"))
    assert review(ready) == {(here, "masked_original", "block")}  # it exists, and the original is still what is joined
    with ready.read() as session:
        assert len(clearing.masked_versions(session, item(session))) == 1
    put(ready, "occultation")
    assert review(ready) == set()


def unrecognisable(session: Session, name: str, appears: str) -> None:
    """Camille, who was not asked, is noted « non reconnaissable » in an item and is in no other."""
    camille = session.scalars(select(Person).where(Person.birth_name == "Vasseur")).one()
    for answer in session.scalars(select(Consent).where(Consent.person_id == camille.id)):
        session.delete(answer)
    for noted in session.scalars(select(EvidencePerson).where(EvidencePerson.person_id == camille.id)):
        noted.clearance = "cleared"
    piece = item(session, name)
    session.flush()
    for noted in [each for each in piece.people if each.person_id == camille.id]:
        piece.people.remove(noted)
    piece.people.append(EvidencePerson(person_id=camille.id, appears=appears, clearance="unrecognisable"))


@pytest.mark.parametrize(
    ("name", "appears"),
    [
        ("scan0012.jpg", "named"),
        ("scan0012.jpg", "shown"),  # whatever was ticked, it is her signed attestation
        ("identite-camille.jpg", "shown"),
        ("certificat.pdf", "named"),
    ],
)
def test_who_is_named_is_not_unrecognisable_before_the_words_are_masked(ready: Desk, name: str, appears: str) -> None:
    here = number(ready, name)
    change(ready, lambda session: unrecognisable(session, name, appears))
    assert review(ready) == {(here, "third_party", "block")}

    def swap(session: Session) -> None:
        made = masked_version(session, "occultation", item(session, name).id)
        referral = session.scalars(select(Referral)).one()
        for each in referral_facts.numbered_exhibits(session, referral):
            if each.evidence.original_name == name:
                each.exhibit.evidence_id = made.id

    change(ready, swap)
    assert review(ready) == set()


def test_a_face_nobody_can_recognise_needs_no_agreement(ready: Desk) -> None:
    change(ready, lambda session: unrecognisable(session, ARM, "shown"))
    assert review(ready) == set()


@pytest.mark.parametrize(("clearance", "held"), [("cleared", False), ("unrecognisable", True), ("pending", True)])
def test_words_are_withheld_from_a_body_that_need_not_know_their_author(
    ready: Desk, clearance: str, held: bool
) -> None:
    here = number(ready, "scan0012.jpg")

    def note(session: Session) -> None:
        unrecognisable(session, "scan0012.jpg", "named")
        item(session, "scan0012.jpg").people[-1].clearance = clearance

    change(ready, note)
    with ready.read() as session:
        referral = session.scalars(select(Referral)).one()
        numbered = [(each.number, each.evidence) for each in referral_facts.numbered_exhibits(session, referral)]
        parties = {party.case.person_id for party in referral.parties}
        assert (here in clearing.withheld(session, numbered, parties, "igpn", DAY)) is held


def test_an_extract_masks_nobody(ready: Desk) -> None:
    here = number(ready)
    add(ready, "masked")
    put(ready, "extrait")
    assert (here, "masked_original", "block") in review(ready)


def test_masking_one_face_does_not_remove_the_others(ready: Desk) -> None:
    here = number(ready)
    add(ready, "masked")
    put(ready, "occultation")
    assert review(ready) == set()
    appear(ready, "un passant", "pending")
    assert review(ready) == {(here, "third_party", "block")}


def test_an_extract_of_a_masked_version_is_masked(ready: Desk) -> None:
    def twice(session: Session) -> None:
        first = masked_version(session, "occultation")
        second = masked_version(session, "extrait", first.id)
        assert clearing.is_masked_version(session, second)
        assert not clearing.is_masked_version(session, item(session))

    change(ready, twice)


def test_a_change_cannot_make_an_item_from_itself(ready: Desk) -> None:
    with ready.read() as session:
        draft = editing.read(session, "evidence", item(session).id)
    draft.derived_from_id, draft.derivation_kind = draft.id, "occultation"
    with pytest.raises(Fault, match=r"evidence\.derived"):
        ready.run(evidence.revise, draft)


def annex(session: Session, kind: str) -> None:
    """What was shot on the spot becomes an annex of Camille's attestation, and nobody noted who appears in it."""
    statement = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one()
    piece = item(session, "IMG_20261012_091731.jpg")
    piece.kind, piece.nobody_appears = kind, False
    session.add(EvidenceStatement(evidence_id=piece.id, statement_id=statement.id, role="annex"))
    for answer in session.scalars(select(Consent).where(Consent.person_id == statement.author_id)):
        session.delete(answer)
    for seen in session.scalars(select(EvidencePerson).where(EvidencePerson.person_id == statement.author_id)):
        seen.clearance = "cleared"


def test_the_author_is_looked_for_in_what_is_annexed_to_their_words(ready: Desk) -> None:
    here = number(ready, "IMG_20261012_091731.jpg")
    change(ready, lambda session: annex(session, "autre"))
    assert review(ready) == {(here, "undeclared_author", "block")}
    change(ready, lambda session: setattr(item(session, "IMG_20261012_091731.jpg"), "nobody_appears", True))
    assert review(ready) == set()


def test_a_statement_filed_as_an_annex_is_read_as_one(ready: Desk) -> None:
    here = number(ready, "IMG_20261012_091731.jpg")
    change(ready, lambda session: annex(session, "attestation"))
    with ready.read() as session:
        statement = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one()
        version = statement.versions[-1]
    quoted = version.french_text[:20]
    ready.run(passages.mark, PassageDraft(statement_version_id=version.id, quoted=quoted, reason="autre"))
    assert {(here, "passage_in_exhibit", "block"), (here, "undeclared_author", "block")} <= review(ready)


@pytest.mark.parametrize("how", ["itself", "round", "same bytes"])
def test_what_is_masked_from_itself_is_not_masked(ready: Desk, how: str) -> None:
    here = number(ready)
    add(ready, "masked")

    def loop(session: Session) -> None:
        original = item(session)
        made = masked_version(session, "occultation")
        if how == "same bytes":
            made.object_id = original.object_id
        else:
            original.derived_from_id = original.id if how == "itself" else made.id
            original.derivation_kind = "occultation" if how == "itself" else "extrait"
        assert not clearing.is_masked_version(session, original)
        assert len(clearing.masked_versions(session, original)) == (how != "same bytes")

    change(ready, loop)
    assert review(ready) == {(here, "masked_original", "block")}


def test_a_scan_does_not_say_what_the_text_hides(ready: Desk) -> None:
    with ready.read() as session:
        statement = session.scalars(select(Statement).where(Statement.reference == "T-2026-0001")).one()
        draft = PassageDraft(
            statement_version_id=statement.versions[-1].id, quoted="Je dormais dans ma tente", reason="autre"
        )
        who = session.scalars(select(Volunteer.id)).one()
    marked = ready.run(passages.mark, draft).value
    assert {(code, level) for _, code, level in review(ready)} == {("passage_in_exhibit", "block")}
    ready.run(passages.decide, marked, "garder", decided_by_id=who, decided_on=DAY)
    assert review(ready) == set()


def test_a_version_masked_before_does_not_hide_a_passage_marked_since(ready: Desk) -> None:
    """A scan masked for one danger says the next one: it is decided, then somebody looks."""

    def mask(session: Session) -> None:
        tie = session.scalars(
            select(EvidenceStatement).join(Statement).where(Statement.reference == "T-2026-0001")
        ).first()
        assert tie is not None
        scan = session.get_one(Evidence, tie.evidence_id)
        stored = StoredObject(name="ab" * 20, private_key=b"k" * 32, sha256="cd" * 32, size=1)
        original = Evidence(kind=scan.kind, title="Original", stored=scan.stored, deposited_at=scan.deposited_at)
        session.add_all([stored, original])
        session.flush()
        scan.derived_from_id, scan.derivation_kind, scan.object_id = original.id, "occultation", stored.id

    change(ready, mask)
    assert review(ready) == set()
    with ready.read() as session:
        statement = session.scalars(select(Statement).where(Statement.reference == "T-2026-0001")).one()
        version, who = statement.versions[-1].id, session.scalars(select(Volunteer.id)).one()
    draft = PassageDraft(statement_version_id=version, quoted="Je dormais dans ma tente", reason="autre")
    marked = ready.run(passages.mark, draft).value
    assert {(code, level) for _, code, level in review(ready)} == {("passage_undecided", "block")}
    ready.run(passages.decide, marked, "masquer", decided_by_id=who, decided_on=dt.date(2026, 10, 15))
    assert review(ready) == set()
    ready.run(passages.decide, marked, "masquer", decided_by_id=who, decided_on=dt.date(2026, 12, 24))
    assert {(code, level) for _, code, level in review(ready)} == {("passage_masked_since", "warn")}
    ready.run(passages.decide, marked, "garder", decided_by_id=who, decided_on=DAY)
    assert review(ready) == set()
