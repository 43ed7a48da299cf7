# SPDX-License-Identifier: GPL-3.0-or-later
"""A referral from its beginning to its sending: begun from what is known, prepared, read, frozen, sent."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import select

from forms.definition import resolve
from forms.values import leaf
from forms.worker import Worker
from hro_desktop.casework import (
    beginning,
    builder,
    departures,
    dispatches,
    documents,
    door,
    exhibits,
    frozen,
    live_papers,
    overrides,
    readings,
    referral_parties,
    volunteers,
)
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.dispatches import DispatchDraft
from hro_desktop.casework.readings import ReadBackDraft, SignatureDraft
from hro_desktop.casework.volunteers import VolunteerDraft
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault.work import Work

pytestmark = pytest.mark.usefixtures("qapp")


def by_reference(desk: Desk, reference: str) -> uuid.UUID:
    with desk.read() as session:
        return session.scalars(select(Referral.id).where(Referral.reference == reference)).one()


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


def refused(code: str) -> Any:
    return pytest.raises(Fault, match=f"^{code}$")


@pytest.fixture
def complaint(desk: Desk) -> uuid.UUID:
    return by_reference(desk, "S-2026-0001")


def look(desk: Desk, referral: uuid.UUID) -> builder.Build:
    with desk.read() as session:
        return builder.view(session, desk, referral)


def sign_all(desk: Desk, referral: uuid.UUID) -> None:
    for party in look(desk, referral).parties:
        scan = look(desk, referral).exhibits[0].id
        draft = SignatureDraft(id=party.id, signed_on=desk.today(), signed_evidence_id=scan)
        desk.run(readings.note_signature, draft, desk.today())


def rubric(build: builder.Build, field: str, at: int = 0) -> builder.rubrics.Rubric:
    found = [each for part in build.sections for each in part.rubrics if each.field == field]
    return found[at]


def test_the_builder_shows_five_parts_and_where_each_value_comes_from(desk: Desk, complaint: uuid.UUID) -> None:
    build = look(desk, complaint)
    assert [part.code for part in build.parts] == list(builder.PARTS)
    assert len(build.parties) == 2
    assert [each.number for each in build.exhibits] == list(range(1, len(build.exhibits) + 1))
    born = rubric(build, "birth")
    assert (born.origin.words, born.origin.noun, born.origin.attribute) == ("depuis Identité", "person", "birth")
    assert born.whose
    assert born.origin.called
    assert rubric(build, "association_name").origin.words == "depuis Annuaire"


def test_a_value_typed_for_this_document_only_leaves_the_record_alone(desk: Desk, complaint: uuid.UUID) -> None:
    before = rubric(look(desk, complaint), "nationality")
    with desk.read() as session:
        found = documents.situation(session, desk, session.get_one(Referral, complaint))
        field = found.forms[0].definition.field("nationality")
        assert field is not None
        place = next(overrides.leaves(field, found.said.values))
    desk.run(overrides.put, complaint, place, overrides.meant(field, "  apatride ", desk.today()))
    changed = rubric(look(desk, complaint), "nationality")
    assert changed.mine
    assert changed.text == "apatride"
    assert "pour ce document seulement" in changed.origin.words
    assert "apatride" in documents.make(desk, complaint, draft=True).files[0].values
    desk.run(overrides.drop, complaint, place.path)
    assert rubric(look(desk, complaint), "nationality") == before


def test_what_was_typed_about_somebody_taken_out_goes_to_nobody_else(desk: Desk, complaint: uuid.UUID) -> None:
    with desk.read() as session:
        found = documents.situation(session, desk, session.get_one(Referral, complaint))
        field = found.forms[0].definition.field("profession")
        assert field is not None
        place = next(overrides.leaves(field, found.said.values))
    desk.run(overrides.put, complaint, place, "couturière de fiction")
    with desk.read() as session:
        referral = session.get_one(Referral, complaint)
        referral.parties.pop(0)
        for position, party in enumerate(referral.parties):
            party.position = position
        values = documents.situation(session, desk, referral).said.values
        first = leaf({"one": values["complainants"][0]}, "one.profession")
    assert first is not None
    assert first.value != "couturière de fiction"


@pytest.mark.parametrize("text", ["x" * 5000, "un\u202enom", "un\x07nom"])
def test_an_override_refuses_what_cannot_be_printed(desk: Desk, complaint: uuid.UUID, text: str) -> None:
    with desk.read() as session:
        form = documents.situation(session, desk, session.get_one(Referral, complaint)).forms[0]
    field = form.definition.field("nationality")
    assert field is not None
    with pytest.raises(Fault):
        overrides.meant(field, text, desk.today())


def test_the_preview_is_the_document(desk: Desk, complaint: uuid.UUID, worker: Worker) -> None:
    """Not one like it: what is typed shows, and with the account of the vault it is what would be made."""
    known = live_papers.live(desk, ("referral", complaint))
    with desk.read() as session:
        account = session.get_one(Referral, complaint).account
    same = live_papers.with_account(known, account)
    assert [each["text"].value for each in same.values["facts"]["paragraphs"]] == [
        each["text"].value for each in known.values["facts"]["paragraphs"]
    ]
    form = known.forms[0].definition.id
    plain = live_papers.paper(same, form, worker)
    more = live_papers.paper(live_papers.with_account(known, account + "\n\nUn mot de plus."), form, worker)
    assert plain[:5] == more[:5] == b"%PDF-"
    assert plain != more


def test_a_referral_begins_with_what_the_vault_knows(desk: Desk, complaint: uuid.UUID) -> None:
    with desk.read() as session:
        known = session.get_one(Referral, complaint)
        cases = [party.case_id for party in known.parties]
        happened = [link.incident_id for link in known.incidents]
    fresh = desk.run(beginning.begin, "plainte_procureur", cases[:1], desk.today(), incident_ids=happened).value
    build = look(desk, fresh)
    assert build.authority == "procureur_boulogne"
    assert len(build.parties) == 1
    assert len(build.incidents) == 1
    assert len(build.exhibits) >= 5
    assert build.account  # the account of one person alone begins as it was told
    with desk.read() as session:
        made = session.get_one(Referral, fresh)
        assert made.requests
        assert made.dated_on == desk.today()
        assert made.place


def test_readings_are_of_what_the_papers_said(desk: Desk, complaint: uuid.UUID) -> None:
    sha256 = readings.said(desk, complaint)
    party = look(desk, complaint).parties[0]
    read = ReadBackDraft(id=party.id, read_back_on=desk.today(), read_back_language="ar")
    desk.run(readings.note_read_back, read, sha256, desk.today())
    with desk.read() as session:
        writer = session.scalars(select(Volunteer.id)).one()
    other = desk.run(volunteers.save, VolunteerDraft(name="Relecture Essai")).value
    desk.run(readings.note_reread, complaint, other, desk.today(), sha256)
    build = look(desk, complaint)
    assert build.parties[0].read_back is not None
    assert not build.parties[0].read_back.stale
    assert build.reread is not None
    assert not build.reread.stale
    desk.run(_write_account, complaint, "Un autre exposé.")
    build = look(desk, complaint)
    assert build.parties[0].read_back is not None
    assert build.parties[0].read_back.stale
    assert build.reread is not None
    assert build.reread.stale
    with refused("reading.future"):
        late = attrs.evolve(read, read_back_on=desk.today() + dt.timedelta(days=1))
        desk.run(readings.note_read_back, late, sha256, desk.today())
    desk.run(_written_by, complaint, writer)
    with refused("reading.author"):
        desk.run(readings.note_reread, complaint, writer, desk.today(), sha256)


def test_the_letter_says_it_was_read_back_only_while_it_is_true(desk: Desk, complaint: uuid.UUID) -> None:
    sha256 = readings.said(desk, complaint)
    for party in look(desk, complaint).parties:
        assert "relue" not in words_of(desk, complaint)
        read = ReadBackDraft(id=party.id, read_back_on=desk.today(), read_back_language="ar")
        desk.run(readings.note_read_back, read, sha256, desk.today())
    assert "Cette lettre a été relue en arabe aux personnes qui la signent, le 16\u00a0octobre 2026." in words_of(
        desk, complaint
    )
    assert readings.said(desk, complaint) == sha256  # saying so is not a change of the text
    desk.run(_write_account, complaint, "Un autre exposé.")
    assert "relue" not in words_of(desk, complaint)


def words_of(desk: Desk, referral: uuid.UUID) -> str:
    with desk.read() as session:
        found = documents.situation(session, desk, session.get_one(Referral, referral))
        return resolve(found.forms[0].definition, found.said.values)[0]["read_back"]


def _write_account(work: Work, referral: uuid.UUID, text: str) -> None:
    work.session.get_one(Referral, referral).account = text


def _written_by(work: Work, referral: uuid.UUID, volunteer: uuid.UUID) -> None:
    work.session.get_one(Referral, referral).account_by_id = volunteer


def test_frozen_then_sent(desk: Desk, complaint: uuid.UUID) -> None:
    version = frozen.freeze(desk, complaint).value
    papers = {each.id: frozen.opened(desk, each.id) for each in version.papers}
    assert all(data for data in papers.values())
    assert {each.role for each in version.papers} >= {"letter", "bundle"}
    with refused("dispatch.unsigned"):
        dispatches.note(desk, sending(desk, complaint))
    sign_all(desk, complaint)
    sent = dispatches.note(desk, sending(desk, complaint)).value
    with desk.read() as session:
        (found,) = dispatches.of_referral(session, complaint)
        assert found.id == sent
        assert found.tracking_number == "1A 000 000 0000 0"
        assert "preuve" in found.sentence
        assert {party.status for party in session.get_one(Referral, complaint).parties} == {"deposee"}
        assert exhibits.lists(session, complaint)[-1].frozen_at is not None
        (gone,) = departures.of_referral(session, complaint)
        assert gone
    assert {each.id: frozen.opened(desk, each.id) for each in version.papers} == papers
    desk.run(_write_account, complaint, "Ce qui fut envoyé ne change pas.")
    assert {each.id: frozen.opened(desk, each.id) for each in version.papers} == papers
    desk.run(dispatches.note_receipt, sent, desk.today(), None, desk.today())
    with desk.read() as session:
        assert "reçu le" in dispatches.of_referral(session, complaint)[0].sentence


def sending(desk: Desk, referral: uuid.UUID) -> DispatchDraft:
    return DispatchDraft(
        referral_id=referral, channel="lrar", sent_on=desk.today(), tracking_number="1A 000 000 0000 0"
    )


def test_nothing_is_sent_that_was_not_frozen_or_changed_since(desk: Desk, complaint: uuid.UUID) -> None:
    sign_all(desk, complaint)
    with refused("version.none"):
        dispatches.note(desk, sending(desk, complaint))
    frozen.freeze(desk, complaint)
    with desk.read() as session:
        moved = exhibits.lists(session, complaint)[-1].exhibits[0].evidence_id
    desk.run(exhibits.move, complaint, moved, 3)
    with refused("version.stale"):
        dispatches.note(desk, sending(desk, complaint))


def test_an_agreement_withdrawn_after_freezing_stops_the_sending(desk: Desk, complaint: uuid.UUID) -> None:
    sign_all(desk, complaint)
    frozen.freeze(desk, complaint)
    desk.run(_withdraw, complaint)
    with refused("referral.blocked"):
        dispatches.note(desk, sending(desk, complaint))
    with pytest.raises(Fault):
        frozen.freeze(desk, complaint)


@pytest.mark.parametrize("gone", ["a person", "an exhibit"])
def test_a_frozen_version_with_somebody_or_something_of_before_leaves_no_more(
    desk: Desk, complaint: uuid.UUID, gone: str
) -> None:
    with desk.read() as session:
        leaving = session.get_one(Referral, complaint).parties[1].id
        items = [each.evidence_id for each in exhibits.lists(session, complaint)[-1].exhibits]
    if gone == "a person":  # of whom nothing else tells than her name at the head
        desk.run(_write_account, complaint, "Un récit qui ne nomme personne.")
        for item in items:
            desk.run(exhibits.remove, complaint, item)
    version = frozen.freeze(desk, complaint).value
    kept = {each.id for each in version.papers}
    door.check_kept(desk, ("referral", complaint), kept)
    if gone == "a person":
        desk.run(referral_parties.remove_party, complaint, leaving)
    else:
        desk.run(exhibits.remove, complaint, items[-1])
    with refused("version.left"):
        door.check_kept(desk, ("referral", complaint), kept)
    assert all(frozen.opened(desk, each) for each in kept)  # one may still look at it


def _withdraw(work: Work, referral: uuid.UUID) -> None:
    session = work.session
    party = session.scalars(select(ReferralParty).where(ReferralParty.referral_id == referral)).first()
    for each in session.scalars(select(Consent).where(Consent.person_id == party.case.person_id)):
        each.withdrawn_on = dt.date(2026, 10, 16)
        each.state = "retire"


def test_a_draft_is_never_frozen(desk: Desk, complaint: uuid.UUID, tmp_path: Path) -> None:
    desk.run(_write_account, complaint, "")
    with refused("referral.blocked"):
        frozen.freeze(desk, complaint)
