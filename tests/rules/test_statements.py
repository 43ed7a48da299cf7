# SPDX-License-Identifier: GPL-3.0-or-later
"""What weakens an attestation, and what is none."""

import datetime as dt

import attrs
import pytest

from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.statements import EVERY_BODY, AttestationFacts, check, proper_kind, refusal

ADULT = PartialDate.parse("1994-05-02")
SOUND = AttestationFacts(
    on=dt.date(2026, 10, 14),
    author_is_complainant=False,
    born=ADULT,
    identity={"nom de naissance": "Duval", "profession": "sans profession"},
    kinship=False,
    subordination=False,
    interests=True,
    interests_detail="bénévole de l’association",
    in_association=True,
    french_text="J’ai vu trois agents lacérer une tente.",
    handwritten=True,
    identity_document=True,
)


def codes(**changes: object) -> list[str]:
    return [finding.code for finding in check(attrs.evolve(SOUND, **changes))]


def test_a_sound_attestation_has_no_remark() -> None:
    assert check(SOUND) == ()
    assert proper_kind(SOUND) == "attestation"
    assert refusal(SOUND) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"identity": {"profession": " "}}, "identity_missing"),
        ({"kinship": None}, "kinship_unasked"),
        ({"subordination": None}, "subordination_unasked"),
        ({"interests": None, "subordination": True, "subordination_detail": "salariée"}, "interests_unasked"),
        ({"interests_detail": ""}, "interests_detail"),
        ({"interests": False}, "association_link"),
        ({"born": PartialDate.parse("2008~")}, "minor_possible"),
        ({"french_text": "", "handwritten": False}, "account_empty"),
        ({"french_text": "On m’a dit qu’ils avaient frappé."}, "hearsay"),
        ({"french_text": "J'ai entendu dire qu'il était blessé."}, "hearsay"),
        ({"french_text": "Je pense que c’était illégal."}, "opinion"),
        ({"handwritten": False}, "typed"),
        ({"identity_document": False}, "identity_document"),
        ({"interpreter": True}, "read_back_missing"),
        ({"language": "ar", "read_back": True}, "original_missing"),
        ({"language": "ar", "original_text": "رأيت", "french_text": "", "read_back": True}, "translation_missing"),
    ],
)
def test_each_defect_is_told_once(changes: dict[str, object], code: str) -> None:
    assert code in codes(**changes)
    assert code not in codes()


def test_defects_warn_and_never_block() -> None:
    poor = AttestationFacts(on=dt.date(2026, 10, 14), author_is_complainant=False, born=PartialDate.parse("?"))
    findings = check(poor)
    assert len(findings) > 5
    assert {finding.level for finding in findings} == {"warn", "wait"}
    assert all(finding.source for finding in findings)


def test_an_unknown_birth_is_not_a_suspected_minor() -> None:
    assert "minor_possible" not in codes(born=PartialDate.parse("?"))


def test_an_account_of_somebody_who_complains_of_nothing_is_no_attestation_and_not_called_a_complaint() -> None:
    (found,) = check(attrs.evolve(SOUND, kind="recit"))
    assert (found.code, found.level) == ("account_kind", "block")
    assert "plaignante" not in found.sentence
    assert "enregistrez une attestation à son nom" in found.sentence
    assert codes(kind="recit", author_is_complainant=True) == ["own_account"]
    assert codes(kind="recit", born=PartialDate.parse("2015")) == ["minor_author"]
    assert codes(kind="recit", withdrawn=True) == ["withdrawn"]
    assert codes(kind="declaration") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"refused": ("IGGN",)}, "M. Z. a refusé que son témoignage soit remis à cet organisme : IGGN."),
        ({"refused": ("IGPN", "IGGN")}, "M. Z. a refusé que son témoignage soit remis à ces organismes : IGPN, IGGN."),
        ({"refused": EVERY_BODY}, "M. Z. a refusé que son témoignage soit remis à quelque organisme que ce soit."),
        (
            {"taken_back": ("tribunal",)},
            "M. Z. a retiré son accord pour que son témoignage soit remis à cet organisme : tribunal.",
        ),
    ],
)
def test_who_refused_that_a_testimony_be_handed_over_is_said(changes: dict[str, object], said: str) -> None:
    (found,) = check(attrs.evolve(SOUND, author="M. Z.", **changes))
    assert (found.code, found.level) == ("testimony_refused", "warn")
    assert found.sentence.replace("\u00a0", " ") == said


def test_ruled_facts_may_be_empty() -> None:
    assert "account_empty" not in codes(french_text="", handwritten=True)


@pytest.mark.parametrize(
    ("changes", "kind", "code", "word"),
    [
        ({"author_is_complainant": True}, "recit", "own_account", "récit, pas une attestation"),
        ({"born": PartialDate.parse("2010")}, "declaration", "minor_author", "déclaration recueillie"),
        ({"born": PartialDate.parse("?"), "declared_minor": True}, "declaration", "minor_author", "adulte"),
        ({"withdrawn": True}, "attestation", "withdrawn", "retiré"),
    ],
)
def test_what_is_refused(changes: dict[str, object], kind: str, code: str, word: str) -> None:
    facts = attrs.evolve(SOUND, **changes)  # type: ignore[arg-type]
    (finding,) = check(facts)
    assert (finding.code, finding.level) == (code, "block")
    assert word in finding.sentence
    assert proper_kind(facts) == kind


def test_a_birth_date_decides_over_what_is_said() -> None:
    assert refusal(attrs.evolve(SOUND, declared_minor=True)) is None


def test_words_that_are_found_are_shown_and_ordinary_words_are_not_found() -> None:
    (finding,) = check(attrs.evolve(SOUND, french_text="Il paraît que, selon mes amis, il paraît que…"))
    assert finding.sentence.count("il paraît que") == 1
    assert "«\u00a0selon mes\u00a0»" in finding.sentence
    assert codes(french_text="Il a dit « partez ». Je l’ai entendu. Vers 8 h, j’étais à dix mètres.") == []
