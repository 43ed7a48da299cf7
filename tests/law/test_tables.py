# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of law: strict reading, and every code resolves."""

import datetime as dt
from pathlib import Path
from typing import Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.casework import documents
from hro_desktop.law import authorities, deadlines, offences, procedures, references, steps, vocabulary
from hro_desktop.law.tables import TO_CHECK, Row, TableError, build, build_all, fold, in_force

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 23)
TABLES: dict[str, tuple[Row, ...]] = {
    "vocabulary": tuple(vocabulary.lists().values()),
    "authorities": authorities.authorities(),
    "offences": offences.offences(),
    "procedures": procedures.procedures(),
    "deadlines": deadlines.deadlines(),
    "articles": references.articles(),
    "requests": references.requests(),
    "steps": steps.tracks(),
}
ROWS = [pytest.param(row, id=f"{name}.{row.code}") for name, rows in TABLES.items() for row in rows]


@attrs.frozen(kw_only=True)
class Sample(Row):
    """A row with one field of each kind."""

    words: tuple[str, ...]
    kind: Literal["a", "b"]
    count: int = 0


GOOD = {
    "code": "x",
    "source": "s",
    "confidence": "P",
    "valid_from": dt.date(2020, 1, 1),
    "valid_to": "",
    "checked_on": DAY,
    "words": ["a"],
    "kind": "a",
}


def test_a_good_row() -> None:
    row = build(Sample, GOOD, "t")
    assert (row.words, row.valid_to, row.valid_from) == (("a",), None, dt.date(2020, 1, 1))
    assert row.verified
    assert row.shown_note == ""
    assert not row.holds_on(dt.date(2019, 12, 31))
    assert row.holds_on(dt.date(2100, 1, 1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1}, "unknown key extra"),
        ({"words": "a"}, r"t\.words"),
        ({"words": [1]}, r"t\.words\[0\]"),
        ({"kind": "c"}, r"t\.kind"),
        ({"confidence": "?"}, r"t\.confidence"),
        ({"checked_on": "hier"}, r"t\.checked_on"),
        ({"count": True}, r"t\.count"),
        ({"code": 3}, r"t\.code"),
    ],
)
def test_a_wrong_row_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(TableError, match=message):
        build(Sample, GOOD | change, "t")


@pytest.mark.parametrize("key", ["source", "confidence", "valid_from", "valid_to", "checked_on", "words"])
def test_a_row_without_its_source_or_dates_is_refused(key: str) -> None:
    with pytest.raises(TableError, match=f"missing key {key}"):
        build(Sample, {name: value for name, value in GOOD.items() if name != key}, "t")


def test_one_code_may_change_over_time_but_not_overlap() -> None:
    old = GOOD | {"valid_to": dt.date(2028, 12, 31)}
    new = GOOD | {"valid_from": dt.date(2029, 1, 1), "words": ["b"]}
    rows = build_all(Sample, [old, new], "t")
    assert in_force(rows, "x", DAY).words == ("a",)
    assert in_force(rows, "x", dt.date(2029, 1, 1)).words == ("b",)
    with pytest.raises(KeyError):
        in_force(rows, "x", dt.date(2019, 1, 1))
    with pytest.raises(TableError, match="twice"):
        build_all(Sample, [old, GOOD], "t")


@pytest.mark.parametrize(
    ("confidence", "checked_on", "note"),
    [("P", DAY, ""), ("P", "", TO_CHECK), ("S", DAY, TO_CHECK), ("M", "", TO_CHECK)],
)
def test_what_is_not_verified_says_so(confidence: str, checked_on: object, note: str) -> None:
    assert build(Sample, GOOD | {"confidence": confidence, "checked_on": checked_on}, "t").shown_note == note


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_sourced_and_honest(row: Row) -> None:
    assert row.source.strip()
    assert row.code == row.code.strip().casefold()
    if row.confidence != "P":
        assert row.checked_on is None
    if "à relire" in row.source or "à vérifier" in row.source or "de mémoire" in row.source:
        assert not row.verified


@pytest.mark.parametrize("path", sorted((ROOT / "hro_desktop" / "law").glob("*.toml")), ids=lambda path: path.name)
def test_french_typography(path: Path) -> None:
    text = "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    for wrong in (" :", " ;", " ?", " !", "« ", " »", "n° ", "\u202f", "'"):
        assert wrong not in text


@pytest.mark.parametrize("row", procedures.procedures(), ids=lambda row: row.code)
def test_every_code_of_a_procedure_resolves(row: procedures.Procedure) -> None:
    assert row.body in vocabulary.codes("bodies")
    assert row.authority_kind in vocabulary.codes("organisation_kinds")
    assert any(one.kind == row.authority_kind for one in authorities.authorities())
    assert vocabulary.term("consent_purposes", row.consent_purpose).group in ("", row.body)
    states = {term.code for term in vocabulary.terms("party_states") if term.group in ("", row.states)}
    assert row.first_state in states
    assert any(term.group == row.states for term in vocabulary.terms("party_states"))
    assert set(row.qualifications) <= set(vocabulary.codes("offence_classes"))
    assert row.follows in ("", *(other.code for other in procedures.procedures()))
    shipped = documents.catalogue()
    assert row.documents
    assert all(shipped.get(paper.form).definition.kind for paper in row.documents)
    assert set(row.channels) <= set(vocabulary.codes("channels"))
    assert set(row.proofs) <= set(vocabulary.codes("proofs"))
    assert row.requirements
    assert procedures.procedure(row.code, DAY) == row


def test_every_fact_and_every_article_of_a_request_resolves_now_and_after_2029() -> None:
    facts = set(vocabulary.codes("request_facts"))
    used: set[str] = set()
    for row in references.requests():
        assert row.body in vocabulary.codes("bodies")
        assert set(row.when + row.unless) <= facts
        assert not set(row.when) & set(row.unless)
        used.update(row.when)
        for code in references.cited_articles(row.sentence):
            for day in (dt.date(1990, 1, 1), DAY, dt.date(2028, 12, 31), dt.date(2029, 1, 1), dt.date(2050, 1, 1)):
                assert references.article(code, day).label
    assert used == facts


def test_the_code_of_criminal_procedure_changes_its_numbers_in_2029() -> None:
    assert references.article("cpp_85", DAY).label == "article 85 du code de procédure pénale"
    assert references.article("cpp_85", dt.date(2029, 1, 1)).label.startswith("article L. 3413-2")


def test_offences_have_a_class() -> None:
    classes = set(vocabulary.codes("offence_classes"))
    assert {row.offence_class for row in offences.offences()} == classes
    assert offences.offence("violences_8j", DAY).articles == "article 222-13 7° du code pénal"


def test_groups_of_words_are_known() -> None:
    bodies = set(vocabulary.codes("bodies"))
    assert all(term.group in bodies | {""} for term in vocabulary.terms("consent_purposes"))
    kinds = set(vocabulary.codes("assertion_kinds"))
    assert {term.group for term in vocabulary.terms("assertion_statuses")} < kinds
    assert all(term.group for term in vocabulary.terms("forces"))


def test_words_of_a_list() -> None:
    assert vocabulary.label("languages", "ps") == "pachto"
    assert vocabulary.term("languages", "ckb").rtl
    assert not vocabulary.term("languages", "ti").rtl
    assert vocabulary.codes("sexes") == ("m", "f", "x")
    assert "plainte_procureur" in vocabulary.codes("procedures")
    assert "procureur_boulogne" in vocabulary.codes("authorities")
    with pytest.raises(KeyError):
        vocabulary.label("languages", "xx")
    with pytest.raises(KeyError):
        vocabulary.codes("nothing")


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_state_of_a_procedure_has_its_place_on_the_road() -> None:
    ends = {"close", "abandon_victime", "victime_injoignable"}
    for row in procedures.procedures():
        road = steps.track(row.states, DAY)
        for term in vocabulary.terms("party_states"):
            if term.group in ("", row.states):
                assert (road.place(term.code) is None) == (term.code in ends), term.code
        assert road.place(row.first_state) == 0
