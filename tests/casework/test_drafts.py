# SPDX-License-Identifier: GPL-3.0-or-later
"""What is typed is never lost, leaves no line in the journal, and goes once it is saved."""

import datetime as dt
import json
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop import bootstrap
from hro_desktop.casework import drafts, fields, people
from hro_desktop.casework.consents import ConsentDraft
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.people import ContactDraft, NameDraft, PersonDraft
from hro_desktop.casework.statements import StatementDraft, VersionDraft
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.records.base import new_id
from hro_desktop.records.people import Person
from hro_desktop.vault import journal
from hro_desktop.vault.keys import KdfParams

TYPED = {"given_names": "Yonas", "contacts": [{"kind": "whatsapp", "value": "+44 7700 90"}]}

CHILD = """
import sys, uuid
from pathlib import Path
from hro_desktop import bootstrap
from hro_desktop.casework import drafts
folder, secret, record = sys.argv[1:]
with bootstrap.open_desk(Path(folder), secret) as desk:
    for number in range(1000):
        desk.run(drafts.put, "person", uuid.UUID(record), {"given_names": f"Yonas {number}"})
        print(number, flush=True)
"""


def test_it_is_kept_and_replaced_without_a_line_in_the_journal(empty: Desk) -> None:
    record = new_id()
    with empty.read() as session:
        before = journal.head(session, empty.vault.vault_id)
        assert drafts.get(session, "person", record) is None
    assert empty.run(drafts.put, "person", record, {"given_names": "Yo"}).changes == frozenset()
    empty.run(drafts.put, "person", record, TYPED)
    with empty.read() as session:
        assert journal.head(session, empty.vault.vault_id) == before
        kept = drafts.get(session, "person", record)
        assert kept is not None
        assert kept.content == TYPED
        assert kept.actor == empty.vault.slot_id
        assert kept.updated_at.tzinfo == dt.UTC
        assert drafts.get(session, "referral.account", record) is None
        assert [each.record_id for each in drafts.pending(session)] == [record]


def test_what_is_given_up_is_forgotten(empty: Desk) -> None:
    one, other = new_id(), new_id()
    for record in (one, other):
        empty.run(drafts.put, "person", record, TYPED)
    empty.run(drafts.drop, "person", one)
    with empty.read() as session:
        assert [each.record_id for each in drafts.pending(session)] == [other]


def test_the_last_typed_is_the_first_of_the_list_and_the_list_ends(empty: Desk) -> None:
    records = [new_id() for _ in range(5)]
    for record in records:
        empty.run(drafts.put, "incident" if record == records[2] else "person", record, {})
    with empty.read() as session:
        assert [each.record_id for each in drafts.pending(session, 3)] == records[:1:-1]
        assert [each.record_id for each in drafts.pending(session, kind="incident")] == [records[2]]


def test_saving_erases_what_was_kept_of_that_editor_alone(empty: Desk) -> None:
    draft = PersonDraft(given_names="Yonas", id=new_id())
    assert draft.id is not None
    for kind in ("person", "person.contacts"):
        empty.run(drafts.put, kind, draft.id, drafts.content_of(draft))
    empty.run(people.save, draft)
    with empty.read() as session:
        assert [each.kind for each in drafts.pending(session)] == ["person.contacts"]
        assert session.get(Person, draft.id) is not None


def test_what_cannot_be_saved_stays_kept(empty: Desk) -> None:
    draft = PersonDraft(birth="hier", id=new_id())
    assert draft.id is not None
    empty.run(drafts.put, "person", draft.id, drafts.content_of(draft))
    with pytest.raises(Fault):
        empty.run(people.save, draft)
    with empty.read() as session:
        kept = drafts.get(session, "person", draft.id)
    assert kept is not None
    assert drafts.restored(PersonDraft, kept.content).birth == "hier"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_it_outlives_a_killed_program(tmp_path: Path) -> None:
    folder, record = tmp_path / "coffre", new_id()
    bootstrap.create_vault(folder, run.PASSPHRASE, kdf=KdfParams.fast(), practice=True).vault.close()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, folder, run.PASSPHRASE, str(record)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    said = -1
    while said < 5:
        said = int(child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    child.wait()
    said = max(said, *(int(line) for line in child.stdout.read().split()), 0)
    child.stdout.close()
    with bootstrap.open_desk(folder, run.PASSPHRASE) as desk, desk.read() as session:
        kept = drafts.get(session, "person", record)
        assert kept is not None
        assert int(kept.content["given_names"].removeprefix("Yonas ")) >= said


TEXT = st.text(max_size=12)
PERSONS = st.builds(
    PersonDraft,
    id=st.none() | st.uuids(),
    given_names=TEXT,
    birth=TEXT,
    declared_minor=st.none() | st.booleans(),
    names=st.lists(st.builds(NameDraft, id=st.none() | st.uuids(), text=TEXT), max_size=2).map(tuple),
    contacts=st.lists(st.builds(ContactDraft, value=TEXT, after_departure=st.booleans()), max_size=2).map(tuple),
)
STATEMENTS = st.builds(
    StatementDraft,
    kind=TEXT,
    author_id=st.none() | st.uuids(),
    taken_on=st.none() | st.dates(),
    incident_ids=st.lists(st.uuids(), max_size=3).map(tuple),
    versions=st.lists(st.builds(VersionDraft, french_text=TEXT, read_back_on=st.none() | st.dates()), max_size=2).map(
        tuple
    ),
)
CONSENTS = st.builds(ConsentDraft, person_id=st.none() | st.uuids(), given_on=st.none() | st.dates(), note=TEXT)


@given(PERSONS | STATEMENTS | CONSENTS)
def test_a_draft_comes_back_as_it_was_typed(draft: fields.Draft) -> None:
    content = json.loads(json.dumps(drafts.content_of(draft)))
    assert drafts.restored(type(draft), content) == draft


def test_what_another_version_wrote_is_left_out() -> None:
    content = {"given_names": "Yonas", "shoe_size": 43, "contacts": "none", "declared_minor": True}
    assert drafts.restored(PersonDraft, content) == PersonDraft(given_names="Yonas", declared_minor=True)
    assert drafts.restored(ConsentDraft, {"person_id": "?", "given_on": 3}) == ConsentDraft()
    known = uuid.uuid4()
    assert drafts.restored(ConsentDraft, {"person_id": str(known)}).person_id == known
