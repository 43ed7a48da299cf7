# SPDX-License-Identifier: GPL-3.0-or-later
"""Everybody in an exhibit is cleared or masked; each fault has the same exhibit without it."""

import attrs
import pytest

from hro_desktop.rules.clearing import Appearance, Item, review

SOMEBODY = Appearance(id="p", label="Mme D.")
PHOTO = Item(id="e", number=3, kind="photo", people=(attrs.evolve(SOMEBODY, clearance="cleared"),))


def found(item: Item) -> list[tuple[str, str]]:
    return [(each.code, each.level) for each in review([item])]


def of(**change: object) -> Item:
    """The photo with somebody changed."""
    return attrs.evolve(PHOTO, people=(attrs.evolve(SOMEBODY, **change),))


def test_the_control_has_nothing_to_say() -> None:
    assert found(PHOTO) == []


def test_somebody_neither_cleared_nor_masked_blocks() -> None:
    assert found(of()) == [("third_party", "block")]
    assert found(of(agreement="open")) == []
    (finding,) = review([of()])
    assert finding.sentence.startswith("Pièce n°\u00a03\u00a0: Mme D.")
    assert finding.subject == "e"


@pytest.mark.parametrize("clearance", ["cleared", "pending"])
def test_who_took_the_agreement_back_is_no_longer_cleared(clearance: str) -> None:
    assert found(of(clearance=clearance, agreement="refused")) == [("third_party_refused", "block")]


def test_nobody_asks_who_cannot_be_recognised_nor_an_agent_at_work() -> None:
    assert found(of(clearance="unrecognisable", agreement="refused")) == []
    assert found(of(clearance="agent", agreement="closed")) == []


def test_calling_somebody_an_agent_overrides_no_refusal() -> None:
    assert found(of(clearance="agent", agreement="refused")) == [("third_party_refused", "block")]
    assert found(of(clearance="agent", agreement="refused", named=True)) == [("third_party_refused", "block")]
    assert found(of(clearance="agent", named=True)) == []  # the control


def test_who_is_named_in_words_is_unrecognisable_only_once_these_are_masked() -> None:
    named = of(clearance="unrecognisable", named=True)
    assert found(named) == [("third_party", "block")]
    assert "version masquée" in review([named])[0].sentence
    assert found(attrs.evolve(named, masked_version=True)) == []
    assert found(of(clearance="unrecognisable", named=True, agreement="open")) == []
    assert found(of(clearance="unrecognisable", named=True, agreement="refused")) == [("third_party_refused", "block")]
    assert found(of(clearance="agent", named=True)) == []  # who acts in public is named by his acts


def test_a_masked_person_needs_the_masked_version_in_the_list() -> None:
    original = of(clearance="masked")
    assert found(original) == [("masked_original", "block")]
    assert found(attrs.evolve(original, masked_version=True)) == []
    assert "déposez dans le coffre" in review([original])[0].sentence
    assert "est dans le coffre" in review([attrs.evolve(original, masked_at_hand=True)])[0].sentence


@pytest.mark.parametrize("kind", ["photo", "video", "son"])
def test_a_kind_that_shows_people_is_to_be_looked_at_when_nobody_said_who(kind: str) -> None:
    bare = Item(id="e", number=1, kind=kind)
    assert found(bare) == [("nobody_said", "warn")]
    assert "à regarder" in review([bare])[0].sentence
    assert found(attrs.evolve(bare, nobody_appears=True)) == []
    author = attrs.evolve(SOMEBODY, part="author", agreement="open")
    assert found(attrs.evolve(bare, people=(author,))) == [("nobody_said", "warn")]


@pytest.mark.parametrize("kind", ["acte", "courrier", "certificat", "mandat", "carte", "autre"])
def test_a_paper_waits_until_somebody_said_whom_it_names(kind: str) -> None:
    bare = Item(id="e", number=1, kind=kind)
    assert found(bare) == [("nobody_named", "wait")]
    assert "personne n’a dit qui cette pièce nomme ou montre" in review([bare])[0].sentence
    assert found(attrs.evolve(bare, nobody_appears=True)) == []
    assert found(attrs.evolve(bare, people=(attrs.evolve(SOMEBODY, agreement="open"),))) == []


@pytest.mark.parametrize(("part", "level"), [("author", "block"), ("interpreter", "block"), ("collector", "warn")])
def test_those_a_statement_implies_are_asked_too(part: str, level: str) -> None:
    scan = attrs.evolve(of(part=part), kind="attestation")
    assert found(scan) == [(f"undeclared_{part}", level)]
    assert found(attrs.evolve(of(part=part, agreement="open"), kind="attestation")) == []


def test_an_exhibit_that_reproduces_a_masked_passage_is_masked_too() -> None:
    scan = attrs.evolve(PHOTO, kind="attestation", marked_statements=("T-2026-0005",))
    assert found(scan) == [("passage_in_exhibit", "block")]
    assert found(attrs.evolve(scan, masked_version=True)) == []


def test_a_masked_version_hides_only_what_somebody_decided_to_hide() -> None:
    masked = attrs.evolve(PHOTO, kind="attestation", masked_version=True, marked_statements=("T-2026-0005",))
    assert found(masked) == []
    assert found(attrs.evolve(masked, undecided_statements=("T-2026-0005",))) == [("passage_undecided", "block")]
    assert found(attrs.evolve(masked, masked_since=("T-2026-0005",))) == [("passage_masked_since", "warn")]
