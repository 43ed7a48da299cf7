# SPDX-License-Identifier: GPL-3.0-or-later
"""What a complaint asks for: only what the facts support, only what may still exist."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law import vocabulary
from hro_desktop.law.references import requests
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.requests import expires_on, proposed

DAY = PartialDate.parse("2026-10-12")
SOON = dt.date(2026, 10, 14)


def codes(facts: set[str], happened: PartialDate = DAY, on: dt.date = SOON) -> list[str]:
    return [asked.code for asked in proposed(facts, [happened], on, ["arabe"])]


def test_without_any_fact() -> None:
    assert codes(set()) == ["enquete", "audition", "recepisse", "suites"]


@pytest.mark.parametrize(
    ("fact", "code", "last"),
    [
        ("camera_fixe", "images_rue", dt.date(2026, 11, 12)),
        ("camera_individuelle", "images_agents", dt.date(2026, 11, 12)),
        ("camera_vehicule", "images_vehicules", dt.date(2026, 10, 19)),
        ("drone", "images_drones", dt.date(2026, 10, 19)),
    ],
)
def test_images_are_asked_for_while_they_may_exist(fact: str, code: str, last: dt.date) -> None:
    assert code in codes({fact}, on=last)
    assert code not in codes({fact}, on=last + dt.timedelta(days=1))
    request = next(row for row in requests() if row.code == code)
    assert expires_on(request, DAY) == last
    assert expires_on(request, PartialDate.parse("2026-10-12/2026-10-13")) == last
    assert code in codes({fact}, happened=PartialDate.parse("?"), on=dt.date(2030, 1, 1))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"police"}, "inspection_police"),
        ({"gendarmerie"}, "inspection_gendarmerie"),
        ({"police", "gendarmerie"}, "inspection_deux"),
        ({"force_inconnue"}, "inspection_inconnue"),
        ({"force_inconnue", "police"}, "inspection_police"),
    ],
)
def test_one_inspection_is_asked_for(facts: set[str], code: str) -> None:
    assert [found for found in codes(facts) if found.startswith("inspection")] == [code]


def test_the_interpreter_and_the_article_of_the_day() -> None:
    (now,) = [one for one in proposed({"interprete"}, [DAY], SOON, ["arabe", "dari"]) if "interprete" in one.code]
    assert "(arabe et dari), comme le prévoit l’article 10-2 du code" in now.sentence
    assert now.source.endswith("(à vérifier)")
    (later,) = [
        one for one in proposed({"interprete"}, [DAY], dt.date(2029, 1, 2), ["arabe"]) if "interprete" in one.code
    ]
    assert "article L. 1421-3" in later.sentence
    (unsaid,) = [one for one in proposed({"interprete"}, [DAY], SOON) if "interprete" in one.code]
    assert "interprète, comme" in unsaid.sentence


FACTS = st.sets(st.sampled_from(vocabulary.codes("request_facts")))


def test_each_body_is_asked_what_it_can_do() -> None:
    facts = {"interprete", "agents_non_identifies"}
    asked = proposed(facts, [DAY], SOON, ["arabe"], body="ddd")
    assert {request.body for request in requests()} == {"procureur", "ddd"}
    assert [one.code for one in asked] == [
        row.code for row in requests() if row.body == "ddd" and row.code != "ddd_audition"
    ]
    assert not {one.code for one in asked} & {one.code for one in proposed(facts, [DAY], SOON, ["arabe"])}
    assert {one.code for one in asked if one.verified} == {"ddd_accord"}
    (agreement,) = [one for one in asked if one.code == "ddd_accord"]
    assert "article 23 de la loi organique n°\u00a02011-333" in agreement.sentence
    assert proposed(facts, [DAY], SOON, body="igpn") == ()


@given(FACTS, st.dates(dt.date(2026, 1, 1), dt.date(2035, 12, 31)), st.sampled_from(["procureur", "ddd"]))
def test_every_sentence_is_whole(facts: set[str], on: dt.date, body: str) -> None:
    for asked in proposed(facts, [DAY], on, body=body):
        assert "{" not in asked.sentence
        assert "()" not in asked.sentence
        assert "  " not in asked.sentence
        assert not asked.sentence.endswith((".", ";"))
        assert asked.source


def test_images_are_asked_for_the_facts_they_may_still_exist_of() -> None:
    """Old facts beside new ones do not cost the images of the new ones, nor ask for what is erased."""
    old, unknown = PartialDate.parse("2026-06-03"), PartialDate.parse("?")

    def street(*happened: PartialDate) -> list[str]:
        asked = proposed({"camera_fixe"}, happened, SOON)
        return [one.sentence for one in asked if one.code == "images_rue"]

    (whole,) = street(DAY)
    assert street(old) == []
    assert street(old, DAY) == [f"{whole}, pour les faits survenus le 12\u00a0octobre 2026"]
    assert street(old, DAY, DAY) == street(old, DAY)
    assert street(DAY, DAY) == street() == street(old, unknown) == [whole]
