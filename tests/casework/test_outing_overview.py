# SPDX-License-Identifier: GPL-3.0-or-later
"""What an outing shows: places, figures and what is left to do, with nobody's name; on a real vault."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hro_desktop import bootstrap
from hro_desktop.casework import editing, figures, incidents, members, outing_overview, outings, people, statements
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.incidents import IncidentDraft, InvolvementDraft
from hro_desktop.casework.observation import OperationDraft
from hro_desktop.casework.observation import save as save_operation
from hro_desktop.casework.outing_overview import OutingOverview
from hro_desktop.casework.outings import OutingDraft, OutingMemberDraft
from hro_desktop.casework.people import PersonDraft
from hro_desktop.casework.statements import StatementDraft
from hro_desktop.casework.tallies import BelongingDraft, TallyDraft
from hro_desktop.demo import run
from hro_desktop.records.evidence import Evidence, EvidenceStatement
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement
from hro_desktop.rules.tallies import BOUNDS, Count, Total, agreed
from tests.support.practice import practice_vault

DAY = dt.date(2026, 10, 15)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Desk]:
    vault = practice_vault(tmp_path, outing=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


def shown(desk: Desk, reference: str = "O-2026-0001") -> OutingOverview:
    with desk.read() as session:
        return outing_overview.overview(session, outings.by_reference(session, reference))


def flat(text: str) -> str:
    return text.replace("\u00a0", " ")


def new_person(desk: Desk, given: str, family: str) -> uuid.UUID:
    return desk.run(people.save, PersonDraft(given_names=given, birth_name=family)).value


def new_outing(desk: Desk, *who: uuid.UUID, **more: object) -> uuid.UUID:
    team = tuple(OutingMemberDraft(person_id=each) for each in who)
    known = {"occurred_on": DAY, "territory": "calaisis", "members": team, **more}
    return desk.run(outings.save, OutingDraft(**known)).value  # type: ignore[arg-type]


def new_incident(desk: Desk, **more: object) -> uuid.UUID:
    return desk.run(incidents.save, IncidentDraft(**{"kind": "expulsion", **more})).value  # type: ignore[arg-type]


def seen(kind: str, value: int, bound: str = "au_moins", source: str = "vu") -> TallyDraft:
    return TallyDraft(kind=kind, value=value, bound=bound, source=source, described="l’équipe")


def month(desk: Desk, day: dt.date = DAY, territory: str = "calaisis") -> dict[str, str]:
    with desk.read() as session:
        found = figures.of_month(session, territory, day)
        return {each.label: flat(each.said) for each in found.figures} | {"": str(found.unplaced)}


def test_the_practice_outing_is_told_place_by_place(practice: Desk) -> None:
    found = shown(practice)
    assert flat(f"{found.title} | {found.day} | {found.hours}") == (
        "Sortie du 15 octobre 2026 | jeudi 15 octobre 2026 | entre 7 h 50 et 12 h 20"
    )
    assert [each.place for each in found.places] == ["Red Gate", "Vieux Silo", "Les Peupliers", "plage, accès 3"]
    assert [flat(each.shown("tentes_prises")) for each in found.places] == ["≥ 12", "≥ 7", "0", "—"]
    assert [flat(each.shown("personnes_presentes")) for each in found.places] == ["≥ 60", "≥ 35", "~ 15", "≥ 20"]
    assert [each.basis for each in found.places] == [
        "flagrance (code pénal, art. 322-4-1), dit par un agent",
        "non dit",
        "non dit",
        "",
    ]
    first = found.places[0]
    assert (first.observers, first.unwritten) == (("I. C.", "M. T."), ("M. T.",))
    assert [(each.said, each.source) for each in first.forces] == [("CRS", "selon I. C., attestation de témoin")]
    assert flat(first.tallies[-1].line) == "interpellations : environ 5, dit par des habitants"
    assert flat(found.places[3].belongings[0].line) == ("embarcation (lacéré) : 1, dit par deux personnes présentes")


def test_what_stood_in_the_way_and_what_is_left_to_do(practice: Desk) -> None:
    found = shown(practice)
    assert [(each.kind, flat(each.line), each.source) for each in found.hindrances] == [
        (
            "perimetre",
            "8 h 12 — I. C. et M. T. : équipe maintenue à environ 150 m, vue bouchée par les fourgons",
            "selon I. C., photo",
        ),
        ("controle_identite", "9 h 45 — L. B. et M. T., 20 minutes : motif non donné", "selon L. B."),
    ]
    assert [(flat(each.title), each.label) for each in found.before_parting] == [
        ("Cartes et téléphones versés", "fait"),
        ("Attestation d’I. C.", "à signer"),
        ("Attestation de M. T.", "à écrire"),
        ("Attestation de L. B.", "sans objet"),
        ("Relecture des chiffres", "à faire"),
    ]
    assert found.to_do == 3
    with practice.read() as session:
        (row,) = outings.rows(session, [uuid.uuid4(), *outings.ids(session)])
    assert (row.reference, row.team, row.places, row.hindrances, row.to_do) == (
        "O-2026-0001", "I. C., M. T., L. B.", 4, 2, 3,
    )  # fmt: skip


def test_the_month_is_a_minimum_of_what_was_seen(practice: Desk) -> None:
    found = {each.label: flat(each.said) for each in shown(practice).month.figures}
    assert found == {
        "Expulsions": "au moins 4, sur 4 lieux",
        "Tentes et bâches prises ou détruites": "au moins 22",
        "Couvertures et sacs de couchage pris ou détruits": "non relevé",
        "Personnes déplacées": "au moins 35, et environ 15",
        "Personnes montées dans un bus": "non relevé",
        "Interpellations": "au moins 2",
        "Entraves aux observateurs": "au moins 2",
    }


def test_nobody_is_named(practice: Desk) -> None:
    told = repr(attrs.asdict(shown(practice)))
    with practice.read() as session:
        for person in session.query(Person):
            for name in (person.given_names, person.birth_name):
                assert not name or name not in told, name


@pytest.mark.parametrize(
    ("given", "family", "short"),
    [
        ("Inès", "Carlier", "I. C."),
        ("Élie Marc", "Œuvrard", "É. Œ."),
        ("Jean-Paul", "de Brie", "J.-P. D."),
        ("Inès", "", ""),
        ("", "Carlier", ""),
        ("يونس", "إسحاق", ""),
        ("Inès", "6", ""),
    ],
)
def test_initials(given: str, family: str, short: str) -> None:
    assert members.initials(given, family) == short


@given(st.text(max_size=12), st.text(max_size=12))
def test_initials_never_hold_a_name(given: str, family: str) -> None:
    short = members.initials(given, family)
    assert short == "" or all(len(part) == 2 and part[1] == "." for part in short.replace("-", " ").split())


def test_two_who_have_the_same_initials_go_by_pseudonym(empty: Desk) -> None:
    team = [
        new_person(empty, "Inès", "Carlier"),
        new_person(empty, "Iris", "Caron"),
        new_person(empty, "Lou", "Besnard"),
    ]
    new_outing(empty, *team)
    assert [each.who for each in shown(empty).team] == ["P-2026-0001", "P-2026-0002", "L. B."]


def test_an_attestation_is_written_then_signed_and_one_that_is_withdrawn_is_none(empty: Desk) -> None:
    ines = new_person(empty, "Inès", "Carlier")
    mine = new_outing(empty, ines)
    saw = (InvolvementDraft(person_id=ines, role="observateur"),)
    places = [new_incident(empty, outing_id=mine, place=each, involvements=saw) for each in ("Pré", "Pont")]

    def state() -> tuple[str, str]:
        found = shown(empty).before_parting[1]
        return found.state, found.detail

    assert state() == ("a_ecrire", "a vu\u00a0: Pré\u00a0; Pont")
    draft = StatementDraft(kind="attestation", author_id=ines, incident_ids=(places[0],))
    told = empty.run(statements.save, draft).value
    assert state() == ("a_ecrire", "a vu\u00a0: Pont")
    assert [each.unwritten for each in shown(empty).places] == [(), ("I. C.",)]
    with empty.read() as session:
        draft = editing.read(session, "statement", told)
    draft.incident_ids = tuple(places)
    empty.run(statements.save, draft)
    assert state()[0] == "a_signer"
    assert shown(empty).before_parting[1].statement_id == told
    with empty.vault.work() as work:
        work.session.get_one(Statement, told).withdrawn_on = DAY
        work.commit()
    assert state()[0] == "a_ecrire"


def test_a_signed_scan_settles_it(practice: Desk) -> None:
    with practice.vault.work() as work:
        statement = work.session.query(Statement).filter_by(reference=_attestation(practice)).one()
        scan = work.session.query(Evidence).filter_by(kind="photo").first()
        work.session.add(EvidenceStatement(evidence_id=scan.id, statement_id=statement.id, role="signed"))
        work.commit()
    assert shown(practice).before_parting[1].state == "fait"


def _attestation(desk: Desk) -> str:
    detail = shown(desk).before_parting[1].detail
    return detail.split(",")[0]


def test_places_come_in_the_order_of_a_night_and_from_the_operations_too(empty: Desk) -> None:
    mine = new_outing(empty, time_from="21:00")
    other = new_outing(empty)
    convoy = empty.run(save_operation, OperationDraft(occurred_on=DAY, outing_id=mine)).value  # type: ignore[arg-type]
    for time, more in (
        ("00:20", {"outing_id": mine}),
        ("", {"outing_id": mine}),
        ("23:40", {"operation_id": convoy}),
        ("22:00", {"operation_id": convoy, "outing_id": other}),
    ):
        new_incident(empty, time_from=time, place=time or "sans heure", **more)
    assert [each.place for each in shown(empty).places] == ["23:40", "00:20", "sans heure"]
    assert [each.place for each in shown(empty, "O-2026-0002").places] == ["22:00"]


def test_only_what_is_surely_of_the_month_and_the_territory_counts(empty: Desk) -> None:
    mine = new_outing(empty)
    taken = (seen("tentes_prises", 5),)
    for occurred in ("2026-10-31", "2026-10", "", "2026-10-30/2026-10-31"):
        new_incident(empty, outing_id=mine, occurred=occurred, tallies=taken)
    for occurred in ("2026-09-30/2026-10-01", "2026-10-31~", "2026-10~", "2026", "2026-11-01"):
        new_incident(empty, outing_id=mine, occurred=occurred, tallies=taken)
    new_incident(empty, outing_id=mine, kind="violences", tallies=taken)
    new_incident(empty, occurred="2026-10-15", tallies=taken)
    found = month(empty)
    assert found["Expulsions"] == "au moins 4"
    assert found["Tentes et bâches prises ou détruites"] == "au moins 20"
    assert found[""] == "1"
    assert month(empty, territory="dunkerquois")["Expulsions"] == "non relevé"


def test_what_was_only_said_is_in_no_figure_and_things_stand_in_where_nobody_counted(empty: Desk) -> None:
    mine = new_outing(empty)
    tent = BelongingDraft(kind="tente", fate="jete", value=2, bound="exact", source="vu", described="l’équipe")
    new_incident(empty, outing_id=mine, tallies=(seen("tentes_prises", 40, source="dit"),))
    new_incident(
        empty, outing_id=mine, belongings=(tent, attrs.evolve(tent, value=1), attrs.evolve(tent, fate="rendu"))
    )
    new_incident(empty, outing_id=mine, belongings=(tent,), tallies=(seen("tentes_prises", 6, "exact"),))
    assert month(empty)["Tentes et bâches prises ou détruites"] == "au moins 9"
    assert [flat(each.shown("tentes_prises")) for each in shown(empty).places] == ["≥ 40 (dit)", "3", "6"]


COUNTS = st.lists(st.tuples(st.integers(0, 500), st.sampled_from(BOUNDS)), min_size=1, max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(COUNTS, min_size=1, max_size=3))
def test_the_figure_of_a_month_is_the_sum_of_its_places(empty: Desk, places: list[list[tuple[int, str]]]) -> None:
    """Whatever was counted, the figure is what the rules make of it, and never an exact number."""
    with empty.read() as session:
        day = DAY + dt.timedelta(days=31 * len(outings.ids(session)))  # each example in a month of its own
    mine = new_outing(empty, occurred_on=day)
    for place in places:
        new_incident(empty, outing_id=mine, tallies=tuple(seen("bus", value, bound) for value, bound in place))
    with empty.read() as session:
        found = {each.label: each.total for each in figures.of_month(session, "calaisis", day).figures}
    counts = [agreed(Count(value, bound) for value, bound in place) for place in places]  # type: ignore[arg-type]
    sure = [each.value for each in counts if each and each.bound != "environ"]
    about = [each.value for each in counts if each and each.bound == "environ"]
    assert found["Personnes montées dans un bus"] == Total(
        Count(sum(sure), "au_moins") if sure else None, sum(about) if about else None
    )
