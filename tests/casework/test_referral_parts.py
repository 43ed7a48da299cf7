# SPDX-License-Identifier: GPL-3.0-or-later
"""A referral changed part by part: people, facts, exhibits, each put back as it was; two who write at once."""

import datetime as dt
import uuid
from typing import Any

import attrs
import pytest
from sqlalchemy import select

from hro_desktop.casework import (
    builder,
    editing,
    exhibits,
    offers,
    overrides,
    readings,
    referral_parties,
)
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.cases import Case
from hro_desktop.records.referrals import Referral
from hro_desktop.rules.exhibits import citation

pytestmark = pytest.mark.usefixtures("qapp")


def refused(code: str) -> Any:
    return pytest.raises(Fault, match=f"^{code}$")


@pytest.fixture
def complaint(desk: Desk) -> uuid.UUID:
    with desk.read() as session:
        return session.scalars(select(Referral.id).where(Referral.reference == "S-2026-0001")).one()


def look(desk: Desk, referral: uuid.UUID) -> builder.Build:
    with desk.read() as session:
        return builder.view(session, desk, referral)


def test_somebody_taken_out_comes_back_as_they_were(desk: Desk, complaint: uuid.UUID) -> None:
    first, second = look(desk, complaint).parties
    draft = readings.ReadBackDraft(id=first.id, read_back_on=desk.today(), read_back_language="ar")
    desk.run(readings.note_read_back, draft, readings.said(desk, complaint), desk.today())
    before = look(desk, complaint).parties
    taken = desk.run(referral_parties.remove_party, complaint, first.id)
    assert ("referral", complaint) in taken.changes
    assert [each.id for each in look(desk, complaint).parties] == [second.id]
    with refused("referral.party_last"):
        desk.run(referral_parties.remove_party, complaint, second.id)
    desk.run(referral_parties.put_back, taken.value)
    assert look(desk, complaint).parties == before
    with desk.read() as session:
        assert session.get_one(Referral, complaint).parties[0].steps


def test_people_of_the_same_facts_are_offered_and_added_once(desk: Desk, complaint: uuid.UUID) -> None:
    first = look(desk, complaint).parties[0]
    desk.run(referral_parties.remove_party, complaint, first.id)
    with desk.read() as session:
        found = offers.people_for(session, complaint)
        assert [each.id for each in found] == [first.case_id]
        assert found[0].detail
        assert first.case_id in {
            each.id for each in offers.others_of(session, look(desk, complaint).parties[0].case_id)
        }
    desk.run(referral_parties.add_party, complaint, first.case_id)
    assert {each.case_id for each in look(desk, complaint).parties} >= {first.case_id}
    with refused("referral.party_twice"):
        desk.run(referral_parties.add_party, complaint, first.case_id)


def test_facts_go_and_come_back_at_their_place(desk: Desk, complaint: uuid.UUID) -> None:
    (told,) = look(desk, complaint).incidents
    at = desk.run(referral_parties.remove_incident, complaint, told.id).value
    bare = look(desk, complaint)
    assert bare.incidents == ()
    assert any(each.part == "facts" for each in bare.todos)
    with desk.read() as session:
        assert told.id in {each.id for each in offers.incidents_for(session, complaint)}
    desk.run(referral_parties.add_incident, complaint, told.id, at)
    desk.run(referral_parties.add_incident, complaint, told.id, at)
    assert [each.id for each in look(desk, complaint).incidents] == [told.id]


def test_exhibits_go_and_come_back_and_numbers_follow(desk: Desk, complaint: uuid.UUID) -> None:
    before = [each.id for each in look(desk, complaint).exhibits]
    taken = desk.run(exhibits.remove, complaint, before[2]).value
    after = look(desk, complaint)
    assert [each.id for each in after.exhibits] == [*before[:2], *before[3:]]
    assert [each.number for each in after.exhibits] == list(range(1, len(before)))
    with desk.read() as session:
        assert before[2] in {each.id for each in offers.exhibits_for(session, complaint)}
    desk.run(exhibits.put_back, taken)
    assert [each.id for each in look(desk, complaint).exhibits] == before
    with refused("exhibit.twice"):
        desk.run(exhibits.add, complaint, before[0])


def test_an_exhibit_that_is_cited_and_gone_is_said(desk: Desk, complaint: uuid.UUID) -> None:
    build = look(desk, complaint)
    cited = next(each for each in build.exhibits if citation(str(each.id)) in build.account)
    desk.run(exhibits.remove, complaint, cited.id)
    said = [each for each in look(desk, complaint).todos if each.subject == str(cited.id)]
    assert said
    assert said[0].level in ("block", "wait", "warn")


def test_another_item_takes_the_place_and_the_citations(desk: Desk, complaint: uuid.UUID) -> None:
    build = look(desk, complaint)
    cited = next(each for each in build.exhibits if citation(str(each.id)) in build.account)
    other = build.exhibits[-1]
    desk.run(exhibits.remove, complaint, other.id)
    desk.run(exhibits.replace, complaint, cited.id, other.id)
    after = look(desk, complaint)
    assert after.exhibits[cited.number - 1].id == other.id
    assert citation(str(cited.id)) not in after.account
    assert citation(str(other.id)) in after.account


def test_a_communicated_exhibit_stays(desk: Desk, complaint: uuid.UUID) -> None:
    place = look(desk, complaint).exhibits[0]
    desk.run(exhibits.freeze, complaint, desk.today())
    with refused("exhibit.frozen"):
        desk.run(exhibits.remove, complaint, place.id)
    with refused("exhibit.frozen"):
        desk.run(exhibits.save_place, exhibits.PlaceDraft(id=place.place_id, title="Autre"))


def test_two_who_write_keep_what_the_other_wrote(desk: Desk, complaint: uuid.UUID) -> None:
    with desk.read() as session:
        base = editing.read(session, "referral_text", complaint)
    desk.run(editing.write, "referral_text", attrs.evolve(base, place="Dunkerque"), base)
    written = desk.run(editing.write, "referral_text", attrs.evolve(base, account="Un exposé."), base).value
    assert written.merged
    assert (written.after.place, written.after.account) == ("Dunkerque", "Un exposé.")
    mine = attrs.evolve(base, place="Lille")
    with refused("record.changed"):
        desk.run(editing.write, "referral_text", mine, base)
    with desk.read() as session:
        now = editing.read(session, "referral_text", complaint)
    assert now.place == "Dunkerque"
    told = desk.run(editing.write, "referral_text", mine, editing.preferred(mine, base, now)).value
    assert (told.after.place, told.after.account) == ("Lille", "Un exposé.")


def test_the_authority_and_the_accused_are_checked_apart_too(desk: Desk, complaint: uuid.UUID) -> None:
    with desk.read() as session:
        draft = editing.read(session, "referral_against", complaint)
    with refused("referral.authority"):
        desk.run(editing.write, "referral_against", attrs.evolve(draft, authority="ddd"))
    own = look(desk, complaint).parties[0].person_id
    accused = editing.KINDS["referral_against"].draft().accused
    assert accused == ()
    from hro_desktop.casework.referrals import AccusedDraft

    with refused("referral.own_accused"):
        desk.run(editing.write, "referral_against", attrs.evolve(draft, accused=(AccusedDraft(person_id=own),)))


def test_a_rubric_is_written_for_this_document_only(desk: Desk, complaint: uuid.UUID) -> None:
    found = next(each for part in look(desk, complaint).sections for each in part.rubrics if each.field == "profession")
    builder.only_here(desk, complaint, found.form, found.field, found.path, "couturier de fiction")
    after = next(each for part in look(desk, complaint).sections for each in part.rubrics if each.path == found.path)
    assert (after.text, after.mine) == ("couturier de fiction", True)
    desk.run(overrides.drop, complaint, found.path)
    with refused("rubric.gone"):
        builder.only_here(desk, complaint, found.form, found.field, "complainants.9.profession", "x")


def test_what_was_noted_of_a_reading_can_be_taken_back(desk: Desk, complaint: uuid.UUID) -> None:
    party = look(desk, complaint).parties[0]
    with desk.read() as session:
        likely = readings.read_back_draft(session, party.id, desk.today())
    assert (likely.read_back_on, likely.read_back_language) == (desk.today(), "ar")
    desk.run(readings.note_read_back, likely, readings.said(desk, complaint), desk.today())
    desk.run(
        readings.note_signature, readings.SignatureDraft(id=party.id, signed_on=dt.date(2026, 10, 15)), desk.today()
    )
    with desk.read() as session:
        assert readings.signature_draft(session, party.id, desk.today()).signed_on == dt.date(2026, 10, 15)
    desk.run(readings.forget_read_back, party.id)
    desk.run(readings.forget_signature, party.id)
    assert look(desk, complaint).parties[0].read_back is None
    assert not look(desk, complaint).parties[0].signed


def test_a_case_offers_the_procedures_of_the_day(desk: Desk, complaint: uuid.UUID) -> None:
    case = look(desk, complaint).parties[0].case_id
    with desk.read() as session:
        found = {each.procedure: each for each in offers.to_begin(session, case, desk.today())}
        assert session.get_one(Case, case).reference == "D-2026-0001"
    assert found["plainte_procureur"].known == complaint
    assert found["complement_plainte"].follows[0].id == complaint
    assert found["saisine_igpn"].known is None
    assert all(each.detail for each in found.values())
