# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may be asked: each force for itself, nothing unverified as certain, no inspection for a force nobody knows."""

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law import vocabulary
from hro_desktop.law.authorities import competent_procureur
from hro_desktop.law.tables import TO_CHECK
from hro_desktop.rules.competence import Proposal, Reported, Situation, proposals

DAY = dt.date(2026, 11, 24)
CALAIS, SYNTHE = competent_procureur("Calais", DAY), competent_procureur("Grande-Synthe", DAY)
INSPECTIONS = {"igpn", "iggn"}
ORDER = vocabulary.codes("competence_states")


def force(code: str) -> Reported:
    return Reported(code, vocabulary.label("forces", code))


UNKNOWN = force("inconnue")
SITUATIONS = st.builds(
    Situation,
    forces=st.lists(st.sampled_from(vocabulary.codes("forces")).map(force), max_size=4).map(tuple),
    facts=st.frozensets(st.sampled_from(vocabulary.codes("incident_kinds")), min_size=1, max_size=3),
    bases=st.frozensets(st.sampled_from(vocabulary.codes("legal_bases")), max_size=1),
    after=st.frozensets(st.sampled_from(["classee", "silence_3_mois", "deposee"]), max_size=1),
    minors=st.booleans(),
    place=st.sampled_from([None, CALAIS, SYNTHE]),
)


def found(situation: Situation) -> dict[str, Proposal]:
    return {each.body.code: each for each in proposals(situation, DAY)}


def by_force(*codes: str, facts: str = "violences", **more: object) -> dict[str, Proposal]:
    named = tuple(force(code) for code in codes)
    return found(Situation(forces=named, facts={facts}, place=CALAIS, **more))  # type: ignore[arg-type]


def states(each: dict[str, Proposal], *bodies: str) -> tuple[str, ...]:
    return tuple(each[body].state for body in bodies)


def offered(situation: Situation) -> set[str]:
    return {code for code, each in found(situation).items() if each.state in ("propose", "possible")}


@pytest.mark.parametrize(
    ("codes", "igpn", "iggn", "ddd"),
    [
        (("crs",), "propose", "exclu", "propose"),
        (("paf",), "propose", "exclu", "propose"),
        (("gendarmerie_mobile",), "exclu", "propose", "propose"),
        (("crs", "psig"), "propose", "propose", "propose"),
        (("police_municipale",), "exclu", "exclu", "propose"),
        (("nettoyage",), "exclu", "exclu", "exclu"),
        (("nettoyage", "crs"), "propose", "exclu", "propose"),
        (("securite_privee",), "exclu", "exclu", "possible"),
        (("prefecture",), "exclu", "exclu", "possible"),
        (("douane",), "exclu", "exclu", "attend"),
        (("inconnue",), "attend", "attend", "possible"),
        ((), "attend", "attend", "possible"),
        (("inconnue", "crs"), "propose", "attend", "propose"),
    ],
)
def test_bodies_of_ethics_by_force(codes: tuple[str, ...], igpn: str, iggn: str, ddd: str) -> None:
    assert states(by_force(*codes), "igpn", "iggn", "ddd") == (igpn, iggn, ddd)


def test_each_inspection_is_for_its_own_agents() -> None:
    igpn = by_force("crs", "gendarmerie_mobile")["igpn"]
    assert [(each.state, each.forces) for each in igpn.reasons] == [
        ("propose", ("CRS",)),
        ("exclu", ("gendarmerie mobile",)),
    ]
    assert igpn.verified
    assert igpn.headline == "À proposer\u00a0: IGPN"


def test_gendarmes_in_public_order_are_for_a_lawyer() -> None:
    each = by_force("gendarmerie_mobile")
    assert states(each, "procureur", "juridiction_specialisee") == ("propose", "possible")
    assert each["juridiction_specialisee"].authority == "procureur_lille"
    for body in ("procureur", "juridiction_specialisee"):
        assert not each[body].verified
        assert any("à vérifier avec un·e avocat·e" in reason.sentence for reason in each[body].reasons)
    assert "juridiction_specialisee" not in by_force("crs", "inconnue")
    assert by_force("crs")["procureur"].verified


def test_a_municipal_police_answers_to_its_mayor_not_to_an_inspection() -> None:
    each = by_force("police_municipale")
    assert states(each, "procureur", "maire", "prefet") == ("propose", "possible", "possible")
    assert [each[body].verified for body in ("ddd", "maire", "prefet")] == [False, False, True]


def test_a_cleaning_contractor_leaves_the_complaint() -> None:
    each = by_force("nettoyage", facts="biens")
    assert states(each, "procureur", "cada") == ("propose", "possible")
    assert offered(Situation(forces=(force("nettoyage"),), facts={"biens"})) == {"procureur", "cada"}
    assert each["ddd"].headline == "Hors compétence (à vérifier)\u00a0: Défenseur des droits"


def test_an_eviction_in_flagrance_is_not_for_the_administrative_court() -> None:
    each = by_force("crs", facts="expulsion", bases={"flagrance"})
    assert states(each, "tribunal_administratif", "tribunal_judiciaire") == ("exclu", "possible")
    assert "C4248" in each["tribunal_administratif"].reasons[0].source
    assert not each["procureur"].verified
    decree = by_force("crs", facts="expulsion", bases={"arrete_prefectoral"})
    assert states(decree, "tribunal_administratif", "prefet") == ("possible", "possible")


def test_the_procureur_of_the_commune() -> None:
    known = by_force("crs")["procureur"]
    assert known.label == "Parquet du tribunal judiciaire de Boulogne-sur-Mer"
    assert (known.authority, known.verified) == ("procureur_boulogne", True)
    unsure = found(Situation(forces=(force("crs"),), facts={"violences"}, place=SYNTHE))["procureur"]
    assert (unsure.authority, unsure.verified) == ("procureur_dunkerque", False)
    nowhere = found(Situation(forces=(force("crs"),), facts={"violences"}))["procureur"]
    assert (nowhere.authority, nowhere.verified) == ("", False)
    assert any("choisissez le procureur" in reason.sentence for reason in nowhere.reasons)


def test_facts_that_name_no_offence_leave_the_complaint_possible() -> None:
    assert by_force("crs", facts="controle")["procureur"].state == "possible"
    both = found(Situation(facts={"controle", "violences"}, place=CALAIS))["procureur"]
    assert [each.state for each in both.reasons].count("possible") == 0
    observed = by_force("crs", facts="entrave_observation")["ddd"]
    assert any("comme témoin" in reason.sentence for reason in observed.reasons)
    refused = by_force("crs", facts="refus_plainte")
    assert any("catégories" in reason.sentence for reason in refused["igpn"].reasons)


def test_a_complaint_that_was_closed_may_go_on() -> None:
    closed = by_force("crs", after={"classee"})
    assert states(closed, "procureur_general", "juge_instruction") == ("possible", "possible")
    assert "sans délai légal" in closed["procureur_general"].reasons[0].sentence
    silent = by_force("crs", after={"silence_3_mois"})
    assert "procureur_general" not in silent
    assert silent["juge_instruction"].state == "possible"
    assert "juge_instruction" not in by_force("crs", after={"deposee"})


def test_words_that_are_in_no_list_stay_said() -> None:
    strange = Situation(forces=(Reported("inconnue", "«\u00a0des hommes en bleu\u00a0»"),), facts={"violences"})
    igpn = found(strange)["igpn"]
    assert igpn.state == "attend"
    assert igpn.reasons[0].sentence.startswith("D’après la force rapportée, «\u00a0des hommes en bleu\u00a0»\u00a0: ")


def test_an_unknown_code_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        proposals(Situation(forces=(Reported("armee", "armée"),)), DAY)


@given(SITUATIONS)
def test_nothing_unverified_is_shown_as_certain(situation: Situation) -> None:
    for each in proposals(situation, DAY):
        counted = [reason for reason in each.reasons if reason.state in (each.state, "remarque")]
        assert any(reason.state == each.state for reason in counted)
        assert (TO_CHECK in each.headline) == any(not reason.verified for reason in counted)
        for reason in each.reasons:
            assert (TO_CHECK in reason.source) != reason.verified
        assert each.body.verified or TO_CHECK in each.body.shown_source


@given(SITUATIONS)
def test_a_body_that_is_not_competent_is_never_offered(situation: Situation) -> None:
    """Mixed forces bring exactly what each brings alone: nobody is offered for agents that are not its own."""
    alone = [offered(attrs.evolve(situation, forces=(each,))) for each in situation.forces or (UNKNOWN,)]
    assert offered(situation) == set().union(*alone)
    for each in proposals(situation, DAY):
        assert (each.state in ("propose", "possible")) == any(
            reason.state in ("propose", "possible") for reason in each.reasons
        )
        if each.state not in ("propose", "possible"):
            assert all(reason.state != "remarque" for reason in each.reasons)


@given(SITUATIONS)
def test_an_unknown_force_never_adds_an_inspection(situation: Situation) -> None:
    more = attrs.evolve(situation, forces=(*situation.forces, UNKNOWN))
    assert offered(more) & INSPECTIONS == offered(situation) & INSPECTIONS


@given(SITUATIONS.filter(lambda each: each.forces), st.sampled_from(vocabulary.codes("forces")))
def test_another_force_takes_nothing_away(situation: Situation, code: str) -> None:
    after = found(attrs.evolve(situation, forces=(*situation.forces, force(code))))
    for body, each in found(situation).items():
        assert ORDER.index(after[body].state) <= ORDER.index(each.state)


@given(SITUATIONS)
def test_the_order_of_reports_does_not_count(situation: Situation) -> None:
    back = attrs.evolve(situation, forces=(*reversed(situation.forces), *situation.forces))
    assert {body: each.state for body, each in found(back).items()} == {
        body: each.state for body, each in found(situation).items()
    }


@given(SITUATIONS)
def test_a_minor_adds_bodies_and_withdraws_none(situation: Situation) -> None:
    adult = offered(attrs.evolve(situation, minors=False))
    assert offered(attrs.evolve(situation, minors=True)) == adult | {"protection_enfance"}


@given(SITUATIONS, st.dates(dt.date(2026, 1, 1), dt.date(2050, 12, 31)))
def test_every_sentence_is_whole_and_says_that_the_force_was_reported(situation: Situation, on: dt.date) -> None:
    every = proposals(situation, on)
    assert len({each.body.code for each in every}) == len(every)
    ranks = [ORDER.index(each.state) for each in every]
    assert ranks == sorted(ranks)
    for reason in (reason for each in every for reason in each.reasons):
        assert reason.sentence.endswith(".")
        assert reason.sentence[0].isupper()
        assert not [wrong for wrong in ("{", "  ", "()") if wrong in reason.sentence]
        if reason.forces:
            assert reason.sentence.startswith(("D’après la force rapportée, ", "D’après les forces rapportées, "))
