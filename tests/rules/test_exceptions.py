# SPDX-License-Identifier: GPL-3.0-or-later
"""An exception opens one gate only, with its reason, and for a reduced identity."""

import datetime as dt

import attrs
import pytest

from hro_desktop.law import procedures, vocabulary
from hro_desktop.rules import consents
from hro_desktop.rules.exceptions import ConsentException, gate, reduced_identity

DAY = dt.date(2026, 11, 24)
GOOD = ConsentException(
    body="ddd",
    code="accord_impossible",
    reason="Elle a quitté le camp et son numéro ne répond plus.",
    identity_reduced=True,
    decided_on=dt.date(2026, 11, 20),
)


def asked(*answers: consents.Consent, body: str = "ddd") -> consents.Gate:
    purpose = {"ddd": "saisine_ddd", "procureur": "plainte", "igpn": "saisine_igpn"}[body]
    rule = "non_opposition" if body == "ddd" else "agreement"
    return consents.gate(answers, purpose, body, DAY, rule=rule)  # type: ignore[arg-type]


REFUSED = consents.Consent("saisine_ddd", "refuse", "ddd", dt.date(2026, 11, 1))
WITHDRAWN = consents.Consent("saisine_ddd", "donne", "ddd", dt.date(2026, 11, 1), dt.date(2026, 11, 10))


@pytest.mark.parametrize("code", ["enfant", "non_identifie", "accord_impossible"])
def test_the_three_cases_of_the_law_open_the_gate_of_the_defenseur_des_droits(code: str) -> None:
    assert not asked().open
    found = gate(asked(), [attrs.evolve(GOOD, code=code)], "ddd", DAY)
    assert found.open
    assert "20\u00a0novembre 2026" in found.reason
    assert "art. 8" in found.reason


def test_another_reason_never_opens_anything() -> None:
    for body in vocabulary.codes("bodies"):
        shut = consents.Gate("missing", "Aucun accord.")
        assert not gate(shut, [attrs.evolve(GOOD, code="autre", body=body)], body, DAY).open


@pytest.mark.parametrize(
    "procedure", [row for row in procedures.procedures() if row.body != "ddd"], ids=lambda r: r.code
)
@pytest.mark.parametrize("code", vocabulary.codes("consent_exceptions"))
def test_no_exception_opens_a_complaint_or_a_report(procedure: procedures.Procedure, code: str) -> None:
    shut = consents.gate([], procedure.consent_purpose, procedure.body, DAY)
    found = gate(shut, [attrs.evolve(GOOD, code=code, body=procedure.body)], procedure.body, DAY)
    assert not found.open
    assert found.state == "missing"
    assert "seulement devant le Défenseur des droits" in found.reason


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"reason": "  bof  "}, "la raison"),
        ({"identity_reduced": False}, "réduite"),
        ({"decided_on": None}, "décidée"),
        ({"code": "enfant", "adult": True}, "majeure"),
        ({"code": "non_identifie", "identified": True}, "nom est connu"),
        ({"decided_on": DAY + dt.timedelta(days=1)}, "décidée"),
    ],
)
def test_each_thing_missing_keeps_it_shut_and_is_said(change: dict[str, object], why: str) -> None:
    found = gate(asked(), [attrs.evolve(GOOD, **change)], "ddd", DAY)
    assert not found.open
    assert why in found.reason
    assert asked().reason in found.reason
    assert gate(asked(), [GOOD], "ddd", DAY).open  # the control


@pytest.mark.parametrize("answer", [REFUSED, WITHDRAWN])
def test_somebody_who_was_asked_and_objected_is_not_impossible_to_ask(answer: consents.Consent) -> None:
    found = gate(asked(answer), [GOOD], "ddd", DAY)
    assert not found.open
    assert "s’est opposée" in found.reason
    assert gate(asked(answer), [attrs.evolve(GOOD, code="enfant")], "ddd", DAY).open


def test_one_for_another_body_is_not_looked_at() -> None:
    assert gate(asked(), [attrs.evolve(GOOD, body="igpn")], "ddd", DAY) == asked()
    assert gate(asked(), [attrs.evolve(GOOD, body="igpn"), GOOD], "ddd", DAY).open


def test_an_agreement_is_said_before_an_exception() -> None:
    agreed = asked(consents.Consent("saisine_ddd", "non_oppose", "ddd", dt.date(2026, 11, 1)))
    assert gate(agreed, [GOOD], "ddd", DAY) is agreed


@pytest.mark.parametrize(
    ("given", "family", "minor", "line"),
    [
        ("Selam", "Habte", True, "S. X, mineur·e"),
        ("élodie", "", False, "É. X, majeur·e"),
        ("", "Ishag", None, "I. X, âge inconnu"),
        ("", "", None, "X, âge inconnu"),
        (" - ", "", True, "X, mineur·e"),
    ],
)
def test_a_reduced_identity_is_a_letter_and_an_age(given: str, family: str, minor: bool | None, line: str) -> None:
    found = reduced_identity(given, family, minor=minor)
    assert found.line == line
    assert {field.name for field in attrs.fields(type(found))} == {"name", "age"}
