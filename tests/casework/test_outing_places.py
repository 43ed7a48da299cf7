# SPDX-License-Identifier: GPL-3.0-or-later
"""The places of an outing as lines one types: what a line changes, what it leaves, what undoing gives back."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import attrs
import pytest

from hro_desktop import bootstrap
from hro_desktop.casework import drafts, editing, incidents, observation, outing_places, outings, people, sites
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.incidents import AssertionDraft, IncidentDraft
from hro_desktop.casework.observation import OperationDraft
from hro_desktop.casework.outing_places import PlaceDraft
from hro_desktop.casework.outings import OutingDraft, OutingMemberDraft
from hro_desktop.casework.people import PersonDraft
from hro_desktop.casework.sites import SiteDraft, SiteNameDraft
from hro_desktop.casework.tallies import BelongingDraft, TallyDraft
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.records.outings import Outing
from tests.support.practice import practice_vault

DAY = dt.date(2026, 10, 15)


def team(desk: Desk, *given: str) -> list[uuid.UUID]:
    return [desk.run(people.save, PersonDraft(given_names=each, birth_name="Test")).value for each in given]


def outing(desk: Desk, members: list[uuid.UUID]) -> uuid.UUID:
    draft = OutingDraft(
        occurred_on=DAY,
        territory="calaisis",
        members=tuple(OutingMemberDraft(person_id=each) for each in members),
    )
    return desk.run(outings.save, draft).value


def line(desk: Desk, record: uuid.UUID) -> PlaceDraft:
    with desk.read() as session:
        found = editing.read(session, "incident.place", record)
        assert isinstance(found, PlaceDraft)
        return found


def whole(desk: Desk, record: uuid.UUID) -> IncidentDraft:
    with desk.read() as session:
        found = editing.read(session, "incident", record)
        assert isinstance(found, IncidentDraft)
        return found


def write(desk: Desk, draft: PlaceDraft, **more: Any) -> Any:
    return desk.run(editing.write, "incident.place", attrs.evolve(draft, **more)).value


def test_a_name_alone_makes_a_line_of_a_living_place(empty: Desk) -> None:
    ines, mael = team(empty, "Inès", "Maël")
    day = outing(empty, [ines, mael])
    site = empty.run(sites.save, SiteDraft(name="Red Gate", names=(SiteNameDraft(text="la Porte rouge"),))).value
    convoy = empty.run(observation.save, OperationDraft(occurred_on=DAY, outing_id=day)).value
    first = empty.run(outing_places.add, day, "  LA PORTE ROUGE ").value
    made = whole(empty, first)
    assert (made.site_id, made.place, made.kind, made.occurred) == (site, "", "expulsion", "2026-10-15")
    assert (made.outing_id, made.operation_id) == (day, convoy)
    assert line(empty, first).place == "Red Gate"
    assert line(empty, first).observer_ids == (ines, mael), "whole team on the first line"
    write(empty, line(empty, first), observer_ids=(mael,))
    second = empty.run(outing_places.add, day, "Plage, accès 3").value
    beach = whole(empty, second)
    assert (beach.site_id, beach.place, beach.place_kind, beach.kind) == (None, "Plage, accès 3", "plage", "autre")
    assert line(empty, second).observer_ids == (mael,), "as on the line before"


@pytest.mark.parametrize(
    ("typed", "kinds", "shown"),
    [
        ("crs 61, paf", [("force", "crs"), ("unite", "CRS 61"), ("force", "paf")], "CRS 61, police aux frontières"),
        ("Gendarmerie mobile ; PM", [("force", "gendarmerie_mobile"), ("force", "police_municipale")], ""),
        ("CRS, CRS 61", [("force", "crs"), ("unite", "CRS 61")], "CRS 61"),
        ("fourgons blancs", [("unite", "Fourgons blancs")], "Fourgons blancs"),
        (" , ,", [], ""),
        ("crs", [("force", "crs")], "CRS"),
    ],
)
def test_forces_are_typed_in_a_hurry(empty: Desk, typed: str, kinds: list[tuple[str, str]], shown: str) -> None:
    (ines,) = team(empty, "Inès")
    record = empty.run(outing_places.add, outing(empty, [ines]), "Hôpital").value
    write(empty, line(empty, record), forces=typed)
    made = whole(empty, record).assertions
    assert [(each.kind, each.value) for each in made] == kinds
    assert {each.said_by_id for each in made} <= {ines}
    again = line(empty, record)
    assert shown in ("", again.forces)
    write(empty, again, forces=again.forces, remarks="x")
    assert [(each.kind, each.value) for each in whole(empty, record).assertions] == kinds, "reading back is the same"


def test_numbers_say_what_they_are_worth_and_whose_they_are(empty: Desk) -> None:
    (ines,) = team(empty, "Inès")
    record = empty.run(outing_places.add, outing(empty, [ines]), "Hôpital").value
    write(empty, line(empty, record), tents="12", present="~ 60", moved="= 35", arrests="0")
    found = {each.kind: each for each in whole(empty, record).tallies}
    assert (found["tentes_prises"].value, found["tentes_prises"].bound) == (12, "au_moins")
    assert found["personnes_presentes"].bound == "environ"
    assert found["personnes_deplacees"].bound == "exact"
    assert (found["interpellations"].value, found["interpellations"].bound) == (0, "exact")
    assert {each.said_by_id for each in found.values()} == {ines}
    shown = line(empty, record)
    assert (shown.tents, shown.present, shown.moved, shown.arrests) == ("≥\u00a012", "~\u00a060", "=\u00a035", "0")
    with pytest.raises(Fault, match=r"draft\.invalid"):
        write(empty, shown, tents="beaucoup")
    write(empty, shown, tents="")
    assert "tentes_prises" not in {each.kind for each in whole(empty, record).tallies}


def test_without_an_observer_a_number_is_the_teams_and_a_force_waits_for_its_source(empty: Desk) -> None:
    record = empty.run(outing_places.add, outing(empty, []), "Hôpital").value
    write(empty, line(empty, record), tents="3", forces="CRS")
    made = whole(empty, record)
    assert (made.tallies[0].said_by_id, made.tallies[0].described) == (None, "l’équipe")
    assert made.assertions[0].said_by_id is None
    assert (line(empty, record).tents, line(empty, record).forces) == ("≥\u00a03", "CRS")


def test_what_others_said_stays_and_undoing_gives_back_the_very_rows(empty: Desk) -> None:
    ines, resident = team(empty, "Inès", "Yonas")
    day = outing(empty, [ines])
    record = empty.run(outing_places.add, day, "Hôpital").value
    seen = {"source": "vu", "said_by_id": ines, "bound": "exact"}
    full = attrs.evolve(
        whole(empty, record),
        tallies=(
            TallyDraft(kind="tentes_prises", value=12, note="comptées deux fois", **seen),  # type: ignore[arg-type]
            TallyDraft(kind="tentes_prises", value=40, bound="environ", source="dit", described="un habitant"),
        ),
        assertions=(
            AssertionDraft(kind="force", value="crs", said_by_id=ines, detail="casques bleus"),
            AssertionDraft(kind="force", value="paf", said_by_id=resident),
        ),
        belongings=(BelongingDraft(kind="velo", fate="pris", value=1, **seen),),  # type: ignore[arg-type]
    )
    empty.run(incidents.save, full)
    before = whole(empty, record)
    shown = line(empty, record)
    assert (shown.tents, shown.forces) == ("=\u00a012", "CRS")
    written = write(empty, shown, tents="", forces="", belongings=(), observer_ids=(), place="Vieux Silo")
    after = whole(empty, record)
    assert [each.source for each in after.tallies] == ["dit"]
    assert [each.value for each in after.assertions] == ["paf"]
    assert (after.belongings, after.involvements, after.place) == ((), (), "Vieux Silo")
    empty.run(editing.write, "incident.place", written.before)
    again = whole(empty, record)
    assert again.place == "Hôpital"
    assert {(each.value, each.note) for each in again.tallies} == {(each.value, each.note) for each in before.tallies}
    assert {(each.value, each.detail) for each in again.assertions} == {("crs", "casques bleus"), ("paf", "")}
    assert again.belongings == before.belongings
    assert [each.person_id for each in again.involvements] == [ines]


def test_what_is_typed_of_the_incident_elsewhere_stays_kept(empty: Desk) -> None:
    record = empty.run(outing_places.add, outing(empty, []), "Hôpital").value
    empty.run(drafts.put, "incident", record, {"draft": {}, "raw": {"occurred": "le trente-deux"}})
    write(empty, line(empty, record), time_from="08:10")
    with empty.read() as session:
        kept = drafts.get(session, "incident", record)
        assert kept is not None
        assert kept.content["raw"] == {"occurred": "le trente-deux"}


def test_a_place_is_taken_out_of_the_outing_and_put_back(empty: Desk) -> None:
    day = outing(empty, [])
    empty.run(observation.save, OperationDraft(occurred_on=DAY, outing_id=day))
    record = empty.run(outing_places.add, day, "Hôpital").value
    out = empty.run(outing_places.take_out, record).value
    assert out.reference == "F-2026-0001"
    with empty.read() as session:
        assert outing_places.lines(session, session.get_one(Outing, day)) == ()
    assert whole(empty, record).place == "Hôpital", "its facts stay"
    empty.run(outing_places.put_back, out)
    with empty.read() as session:
        assert [each.place for each in outing_places.lines(session, session.get_one(Outing, day))] == ["Hôpital"]


def test_a_day_that_is_corrected_is_corrected_for_its_places(empty: Desk) -> None:
    day = outing(empty, [])
    first, other = (empty.run(outing_places.add, day, name).value for name in ("Hôpital", "Silo"))
    empty.run(incidents.save, attrs.evolve(whole(empty, other), occurred="2026-10-14/2026-10-15"))
    with empty.read() as session:
        draft = editing.read(session, "outing.day", day)
    written = empty.run(editing.write, "outing.day", attrs.evolve(draft, occurred_on=dt.date(2026, 10, 14))).value
    assert whole(empty, first).occurred == "2026-10-14"
    assert whole(empty, other).occurred == "2026-10-14/2026-10-15", "what is uncertain stays as it was told"
    empty.run(editing.write, "outing.day", written.before)
    assert whole(empty, first).occurred == "2026-10-15"


def test_parts_of_an_outing_are_written_apart(empty: Desk) -> None:
    day = outing(empty, [])
    empty.run(editing.write, "outing.debrief", outings.DebriefDraft(id=day, debrief="Calme."))
    empty.run(editing.write, "outing.parting", outings.PartingDraft(id=day, emptied_on=DAY))
    with empty.read() as session:
        draft = editing.read(session, "outing.day", day)
        empty.run(editing.write, "outing.day", attrs.evolve(draft, time_from="07:50"))
    with empty.read() as session:
        found = session.get_one(Outing, day)
        assert (found.debrief, found.emptied_on, found.time_from) == ("Calme.", DAY, "07:50")
    with pytest.raises(Fault, match=r"record\.gone"):
        empty.run(editing.write, "outing.debrief", outings.DebriefDraft(id=uuid.uuid4(), debrief="x"))
    with pytest.raises(Fault, match=r"record\.gone"):
        empty.run(outing_places.add, uuid.uuid4(), "Hôpital")


def test_the_practice_outing_reads_as_lines_and_writing_them_back_changes_nothing(tmp_path: Path) -> None:
    vault = practice_vault(tmp_path, follow_up=True, outing=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as desk:
        with desk.read() as session:
            found = outing_places.lines(session, outings.by_reference(session, "O-2026-0001"))
        assert [each.place for each in found] == ["Red Gate", "Vieux Silo", "Les Peupliers", "plage, accès 3"]
        assert [each.tents for each in found] == ["≥\u00a012", "≥\u00a07", "0", ""]
        before = [whole(desk, each.id) for each in found if each.id]
        for each in found:
            desk.run(editing.write, "incident.place", each)
        assert [whole(desk, each.id) for each in found if each.id] == before


def test_outings_are_found_by_day_place_and_reference(tmp_path: Path) -> None:
    vault = practice_vault(tmp_path, follow_up=True, outing=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE) as desk, desk.read() as session:
        for words in ("", "15 octobre 2026", "silo", "o-2026-0001", "calais", "embarcation"):
            assert len(outings.ids(session, words)) == 1, words
        assert not outings.ids(session, "16 octobre")
        assert not outings.ids(session, "octobre", territories=("dunkerquois",))
