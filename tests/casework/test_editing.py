# SPDX-License-Identifier: GPL-3.0-or-later
"""Any record is read as its draft, kept while typed, written back, and undone."""

import datetime as dt

import attrs
import pytest
from sqlalchemy import select

from hro_desktop.casework import drafts, editing
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.incidents import InvolvementDraft
from hro_desktop.casework.people import ContactDraft
from hro_desktop.casework.statements import VersionDraft
from hro_desktop.faults import Fault
from hro_desktop.records.base import new_id
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement
from tests.casework.test_sending import desk

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("noun", sorted(editing.KINDS))
def test_every_record_of_the_practice_vault_survives_being_read_and_written(desk: Desk, noun: str) -> None:
    with desk.read() as session:
        ids = [each.id for each in session.scalars(select(editing.KINDS[noun].record))]
    for record_id in ids:
        with desk.read() as session:
            draft = editing.read(session, noun, record_id)
        assert drafts.restored(type(draft), drafts.content_of(draft)) == draft
        written = desk.run(editing.write, noun, draft).value
        assert (written.id, written.before) == (record_id, draft)
        with desk.read() as session:
            assert editing.read(session, noun, record_id) == draft


@pytest.mark.parametrize("noun", sorted(editing.KINDS))
def test_an_empty_draft_can_be_kept(noun: str) -> None:
    draft = editing.blank(noun)
    assert draft.id is not None
    assert drafts.restored(type(draft), drafts.content_of(draft)) == draft


def test_undoing_writes_back_what_it_was(desk: Desk) -> None:
    with desk.read() as session:
        person = session.scalars(select(Person).where(Person.birth_name == "Tesfay")).one()
        draft = editing.read(session, "person", person.id)
    changed = attrs.evolve(
        draft,
        profession="menuisière",
        contacts=(*draft.contacts, ContactDraft(id=new_id(), kind="telephone", value="07 00 00 00 00")),
    )
    written = desk.run(editing.write, "person", changed).value
    with desk.read() as session:
        assert editing.read(session, "person", written.id) == changed
    desk.run(editing.write, "person", written.before)
    with desk.read() as session:
        assert editing.read(session, "person", written.id) == draft


def test_a_nested_row_keeps_its_id_and_can_leave(desk: Desk) -> None:
    with desk.read() as session:
        incident = session.scalars(select(Incident)).first()
        assert incident is not None
        draft = editing.read(session, "incident", incident.id)
        who = session.scalars(select(Person)).first()
        assert who is not None
        who_id = who.id
    fresh = InvolvementDraft(id=new_id(), person_id=who_id, role="present")
    desk.run(editing.write, "incident", attrs.evolve(draft, involvements=(*draft.involvements, fresh)))
    with desk.read() as session:
        assert fresh.id in {each.id for each in editing.read(session, "incident", draft.id).involvements}
    desk.run(editing.write, "incident", draft)
    with desk.read() as session:
        assert editing.read(session, "incident", draft.id) == draft


def test_a_sealed_version_does_not_change_but_what_is_known_around_it_does(desk: Desk) -> None:
    with desk.read() as session:
        sealed = next(
            each for each in session.scalars(select(Statement)) if each.versions and each.versions[-1].sealed_at
        )
        draft = editing.read(session, "statement", sealed.id)
    desk.run(editing.write, "statement", attrs.evolve(draft, withdrawn_on=dt.date(2026, 10, 20)))
    other = attrs.evolve(draft.versions[-1], french_text="Autre chose.")
    for wrong in (
        attrs.evolve(draft, versions=(*draft.versions[:-1], other)),
        attrs.evolve(draft, versions=()),
    ):
        with pytest.raises(Fault, match=r"statement\.sealed"):
            desk.run(editing.write, "statement", wrong)
    new = VersionDraft(id=new_id(), french_text="Une précision.", language="fr")
    desk.run(editing.write, "statement", attrs.evolve(draft, versions=(*draft.versions, new)))
    changed = attrs.evolve(new, french_text="Une autre précision.", sealed=True)
    desk.run(editing.write, "statement", attrs.evolve(draft, versions=(*draft.versions, changed)))
    with desk.read() as session:
        found = session.get_one(Statement, draft.id).versions
        assert [each.french_text for each in found][-1] == "Une autre précision."
        assert found[-1].sealed_at is not None


def test_an_item_is_changed_and_never_made_without_its_file(desk: Desk) -> None:
    with desk.read() as session:
        item = session.scalars(select(Evidence)).first()
        assert item is not None
        draft = editing.read(session, "evidence", item.id)
    desk.run(editing.write, "evidence", attrs.evolve(draft, title="Autre intitulé", case_ids=()))
    with desk.read() as session:
        found = editing.read(session, "evidence", draft.id)
        assert (found.title, found.case_ids, found.incident_ids) == ("Autre intitulé", (), draft.incident_ids)
    with pytest.raises(Fault, match=r"evidence\.no_file"):
        desk.run(editing.write, "evidence", attrs.evolve(draft, id=new_id()))


def test_a_record_that_is_gone_is_said(desk: Desk) -> None:
    with desk.read() as session, pytest.raises(Fault, match=r"record\.gone"):
        editing.read(session, "person", new_id())
