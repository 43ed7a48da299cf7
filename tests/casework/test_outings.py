# SPDX-License-Identifier: GPL-3.0-or-later
"""Outings, what was counted and what stood in the way: on a real vault, from a draft and from a dossier."""

import datetime as dt
from pathlib import Path

import attrs
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hro_desktop.casework import dossier, editing, fields, hindrances, importing, incidents, outings, people, volunteers
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.hindrances import HindranceDraft
from hro_desktop.casework.incidents import IncidentDraft
from hro_desktop.casework.outings import OutingDraft, OutingMemberDraft
from hro_desktop.casework.people import PersonDraft
from hro_desktop.casework.tallies import BelongingDraft, TallyDraft
from hro_desktop.casework.volunteers import VolunteerDraft
from hro_desktop.faults import Fault
from hro_desktop.records.base import new_id
from hro_desktop.records.incidents import Incident
from hro_desktop.records.outings import Hindrance, Outing

DAY = dt.date(2026, 10, 15)
SEEN = {"value": 12, "bound": "au_moins", "source": "vu", "described": "l’équipe"}

DOSSIER = """
format = 1
key = "sortie"

[[people]]
key = "ines"
given_names = "Inès"
birth_name = "Carlier"

[[volunteers]]
key = "mahaut"
name = "Mahaut L."

[[outings]]
key = "sortie"
occurred_on = 2026-10-15
territory = "calaisis"
members = [{ person = "ines" }, { volunteer = "mahaut" }]
second_reader = "mahaut"

[[operations]]
key = "convoi"
occurred_on = 2026-10-15
outing = "sortie"

[[incidents]]
key = "plage"
kind = "violences"
outing = "sortie"
operation = "convoi"
place = "plage, accès 3"
place_kind = "plage"
tallies = [{ kind = "personnes_presentes", value = 20, bound = "au_moins", source = "vu", said_by = "ines" }]
belongings = [
  { kind = "embarcation", fate = "lacere", value = 1, bound = "exact", source = "dit", described = "deux personnes" },
]

[[hindrances]]
outing = "sortie"
incident = "plage"
kind = "perimetre"
time_from = "11:12"
duration_min = 20
persons = ["ines"]
account = "maintenus à 150 m"
said_by = "ines"
"""


def person(desk: Desk, given: str = "Inès", family: str = "Carlier") -> object:
    return desk.run(people.save, PersonDraft(given_names=given, birth_name=family)).value


def outing(desk: Desk, **more: object) -> object:
    known = {"occurred_on": DAY, "territory": "calaisis", **more}
    return desk.run(outings.save, OutingDraft(**known)).value  # type: ignore[arg-type]


def test_an_outing_is_kept_changed_and_found_by_its_reference(empty: Desk) -> None:
    ines, mahaut = person(empty), empty.run(volunteers.save, VolunteerDraft(name="Mahaut L.")).value
    team = (OutingMemberDraft(person_id=ines), OutingMemberDraft(volunteer_id=mahaut))  # type: ignore[arg-type]
    first = outing(empty, members=team)
    outing(empty)
    with empty.read() as session:
        found = outings.by_reference(session, " o-2026-0001 ")
        assert found.id == first
        assert [bool(each.person_id) for each in found.members] == [True, False]
        draft = editing.read(session, "outing", found.id)
        with pytest.raises(Fault, match=r"outing\.unknown"):
            outings.by_reference(session, "O-2026-0009")
    draft.members = tuple(reversed(draft.members))
    draft.read_again_on = DAY
    empty.run(outings.save, draft)
    with empty.read() as session:
        again = session.get_one(Outing, first)
        assert (again.reference, again.read_again_on) == ("O-2026-0001", DAY)
        assert [bool(each.person_id) for each in again.members] == [False, True]


def test_a_member_is_somebody(empty: Desk) -> None:
    with pytest.raises(Fault, match=r"draft\.invalid") as caught:
        outing(empty, members=(OutingMemberDraft(),))
    assert "members[1].person_id" in caught.value.sentence
    assert "il manque qui" in caught.value.sentence
    with empty.vault.work() as work, pytest.raises(IntegrityError):
        work.session.execute(
            text(
                "INSERT INTO outing_member (id, outing_id, position, version, created_at, updated_at) "
                "VALUES (:id, :id, 0, 1, '2026-10-15', '2026-10-15')"
            ),
            {"id": new_id().hex},
        )


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"value": None}, "value"),
        ({"value": -1}, "value"),
        ({"value": True}, "value"),
        ({"value": 10**6}, "value"),
        ({"bound": ""}, "bound"),
        ({"bound": "plutot"}, "bound"),
        ({"source": ""}, "source"),
        ({"described": " "}, "said_by_id"),
        ({"described": "", "source": "dit", "evidence_id": new_id()}, "said_by_id"),
    ],
)
def test_no_number_is_bare(change: dict[str, object], wrong: str) -> None:
    for draft in (TallyDraft(kind="tentes_prises", **SEEN), BelongingDraft(kind="tente", fate="pris", **SEEN)):  # type: ignore[arg-type]
        assert fields.validate(draft) == ()
        assert [each.field for each in fields.validate(attrs.evolve(draft, **change))] == [wrong]


def test_what_was_filmed_may_be_counted_again_without_anybody() -> None:
    filmed = TallyDraft(kind="tentes_prises", value=0, bound="exact", source="filme", evidence_id=new_id())
    assert fields.validate(filmed) == ()


@pytest.mark.parametrize("wrong", ["value = -1", "described = ''", "bound = ''", "source = ''"])
@pytest.mark.parametrize("table", ["tally", "belonging"])
def test_the_base_itself_refuses_a_bare_number(empty: Desk, table: str, wrong: str) -> None:
    counted = {
        "tallies": (TallyDraft(kind="tentes_prises", **SEEN),),  # type: ignore[arg-type]
        "belongings": (BelongingDraft(kind="tente", fate="pris", **SEEN),),  # type: ignore[arg-type]
    }
    empty.run(incidents.save, IncidentDraft(kind="expulsion", **counted))  # type: ignore[arg-type]
    with empty.vault.work() as work, pytest.raises(IntegrityError):
        work.session.execute(text(f"UPDATE {table} SET {wrong}"))


def test_counts_of_an_incident_are_edited_in_place(empty: Desk) -> None:
    tally = TallyDraft(kind="tentes_prises", **SEEN)  # type: ignore[arg-type]
    saved = empty.run(incidents.save, IncidentDraft(kind="expulsion", tallies=(tally,))).value
    for value in (13, 14):
        with empty.read() as session:
            draft = editing.read(session, "incident", saved)
        draft.tallies[0].value = value
        draft.tallies += (attrs.evolve(tally, kind="personnes_presentes", value=0, bound="exact"),)
        empty.run(incidents.save, draft)
    with empty.read() as session:
        kept = session.get_one(Incident, saved).tallies
        assert [(each.kind, each.value, each.bound) for each in kept] == [
            ("tentes_prises", 14, "au_moins"),
            ("personnes_presentes", 0, "exact"),
            ("personnes_presentes", 0, "exact"),
        ]


def test_a_hindrance_keeps_whom_it_hindered(empty: Desk) -> None:
    ines, mael = person(empty), person(empty, "Maël", "Toussaint")
    draft = HindranceDraft(outing_id=outing(empty), kind="controle_identite", person_ids=(ines, mael, ines))  # type: ignore[arg-type]
    saved = empty.run(hindrances.save, draft).value
    with empty.read() as session:
        draft = editing.read(session, "hindrance", saved)
        assert set(draft.person_ids) == {ines, mael}
    draft.person_ids = (mael,)  # type: ignore[assignment]
    empty.run(hindrances.save, draft)
    with empty.read() as session:
        assert [each.person_id for each in session.get_one(Hindrance, saved).persons] == [mael]


def test_a_dossier_brings_an_outing_in(empty: Desk, tmp_path: Path) -> None:
    (tmp_path / "dossier.toml").write_text(DOSSIER, encoding="utf-8")
    importing.import_folder(empty, tmp_path)
    with empty.read() as session:
        found = session.scalars(select(Outing)).one()
        incident = session.scalars(select(Incident)).one()
        hindrance = session.scalars(select(Hindrance)).one()
        assert incident.outing_id == hindrance.outing_id == found.id
        assert (incident.place_kind, incident.tallies[0].value, incident.belongings[0].fate) == ("plage", 20, "lacere")
        assert (hindrance.duration_min, len(hindrance.persons)) == (20, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 20", "value = 20.5", "il faut ici un nombre entier"),
        ("value = 20", "value = 'vingt'", "il faut ici un nombre entier"),
        ("value = 20, ", "", "il manque la clé «\u00a0value\u00a0»"),
        ("value = 20", "value = -1", "n’a pas la forme attendue"),
        ('bound = "au_moins", ', "", "il manque la clé «\u00a0bound\u00a0»"),
        (', described = "deux personnes"', "", "incidents[1].belongings[1].said_by_id"),
        ('territory = "calaisis"', "", "il manque la clé «\u00a0territory\u00a0»"),
        ('outing = "sortie"\nincident', "incident", "il manque la clé «\u00a0outing\u00a0»"),
    ],
)
def test_a_dossier_with_a_bare_number_is_refused_with_its_place(old: str, new: str, said: str) -> None:
    changed = DOSSIER.replace(old, new)
    assert changed != DOSSIER
    with pytest.raises(Fault, match=r"dossier\.invalid") as caught:
        dossier.read(changed.encode())
    assert said in caught.value.sentence
