# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bodies the records of a case lead to."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from hro_desktop.casework import competence, overview
from hro_desktop.casework.cases import by_reference
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.referrals import ReferralParty
from hro_desktop.rules.competence import Proposal

YOUNES, SELAM = "D-2026-0001", "D-2026-0002"


def of(desk: Desk, reference: str = YOUNES) -> dict[str, Proposal]:
    (only,) = competence.of_case(desk, reference)
    return {each.body.code: each for each in only.proposals}


def change(desk: Desk, action: Callable[[Incident], object]) -> None:
    with desk.vault.work() as work:
        action(work.session.scalars(select(Incident)).one())
        work.commit()


def force(incident: Incident) -> Assertion:
    return next(each for each in incident.assertions if each.kind == "force")


def test_the_practice_case(desk: Desk) -> None:
    found = of(desk)
    assert [code for code, each in found.items() if each.state == "propose"] == ["procureur", "igpn", "ddd"]
    assert found["procureur"].authority == "procureur_boulogne"
    assert found["iggn"].state == "exclu"
    assert found["cada"].state == "possible"
    assert found["igpn"].reasons[0].sentence.startswith("D’après la force rapportée, CRS\u00a0: ")


def test_only_a_minor_brings_child_protection_in(desk: Desk) -> None:
    assert "protection_enfance" not in of(desk, YOUNES)
    assert of(desk, SELAM)["protection_enfance"].state == "possible"


def test_the_harm_of_each_person_is_its_own(desk: Desk) -> None:
    """Blows one person reports are no violence against another."""
    said = {each: of(desk, each)["procureur"].reasons[0].sentence for each in (YOUNES, SELAM)}
    both = "Pour ces faits, violences et destruction, confiscation ou vol de biens\u00a0: "
    assert said[YOUNES].startswith(both)
    assert said[SELAM].startswith("Pour ces faits, destruction, confiscation ou vol de biens\u00a0: ")


@pytest.mark.parametrize(("value", "violent"), [("0", False), ("000", False), ("1", True)])
def test_no_blow_is_no_violence(desk: Desk, value: str, violent: bool) -> None:
    def counted(incident: Incident) -> None:
        for involvement in incident.involvements:
            involvement.harm = "biens_pris"
        for told in incident.assertions:
            if told.kind == "coups":
                told.value = value

    change(desk, counted)
    assert ("violences" in of(desk)["procureur"].reasons[0].sentence) is violent


def test_a_force_by_its_french_name_and_a_force_in_no_list(desk: Desk) -> None:
    change(desk, lambda incident: setattr(force(incident), "value", "Gendarmerie mobile"))
    assert (of(desk)["iggn"].state, of(desk)["igpn"].state) == ("propose", "exclu")
    change(desk, lambda incident: setattr(force(incident), "value", "des hommes en bleu"))
    assert of(desk)["igpn"].state == "attend"
    assert "«\u00a0des hommes en bleu\u00a0»" in of(desk)["igpn"].reasons[0].sentence


def test_no_force_at_all(desk: Desk) -> None:
    change(desk, lambda incident: incident.assertions.remove(force(incident)))
    assert of(desk)["igpn"].reasons[0].sentence.startswith("Aucune force n’étant rapportée\u00a0: ")
    assert of(desk)["ddd"].state == "possible"


def test_a_commune_nobody_noted(desk: Desk) -> None:
    def nowhere(incident: Incident) -> None:
        incident.site = None

    change(desk, nowhere)
    assert of(desk)["procureur"].authority == ""
    assert not of(desk)["procureur"].verified


def test_what_became_of_the_complaint(desk: Desk) -> None:
    assert "procureur_general" not in of(desk)
    with desk.vault.work() as work:
        case = by_reference(work.session, YOUNES)
        for party in work.session.scalars(select(ReferralParty).where(ReferralParty.case_id == case.id)):
            party.status = "classee"
        work.commit()
    assert of(desk)["procureur_general"].state == "possible"
    assert "procureur_general" not in of(desk, SELAM)


def test_incidents_are_not_mixed(desk: Desk) -> None:
    with desk.vault.work() as work:
        case = by_reference(work.session, YOUNES)
        other = Incident(reference="F-2026-0900", kind="biens", commune="59271", legal_basis="flagrance")
        other.involvements.append(Involvement(person_id=case.person_id, role="plaignant"))
        other.assertions.append(Assertion(kind="force", value="nettoyage"))
        work.session.add(other)
        work.commit()
    first, second = competence.of_case(desk, YOUNES)
    states = [{each.body.code: each.state for each in one.proposals} for one in (first, second)]
    assert (states[0]["igpn"], states[1]["igpn"]) == ("propose", "exclu")
    assert "tribunal_administratif" not in states[0]
    assert states[1]["tribunal_administratif"] == "exclu"
    with desk.read() as session:
        shown = overview.of_case(session, by_reference(session, YOUNES)).incidents
    assert shown == (first.incident, second.incident)


def test_lines_offer_a_procedure_only_where_a_body_is_offered(desk: Desk) -> None:
    said = list(competence.lines(competence.of_case(desk, YOUNES)))
    assert "  À proposer\u00a0: IGPN — saisine_igpn" in said
    assert "  Hors compétence\u00a0: IGGN" in said
    assert any(line.startswith("  Possible (à vérifier)\u00a0: CADA") for line in said)
    assert json.dumps([each.as_json() for each in competence.of_case(desk, YOUNES)])
    assert next(competence.lines(())).startswith("Aucun fait")


def test_an_unknown_case(desk: Desk) -> None:
    with pytest.raises(Fault, match=r"case\.unknown"):
        competence.of_case(desk, "D-1999-0001")
