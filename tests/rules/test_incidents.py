# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported facts: who, when, where, in the sentence; nothing without a source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law import vocabulary
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.incidents import Assertion, Told, is_rio, tell, tell_all, unit_count

PIECE = "[[piece:0192f000-0000-7000-8000-000000000001]]"
TOLD = ("recit", "attestation", "declaration", "observation")
OCT_14 = PartialDate.parse("2026-10-14")
OCT_13 = PartialDate.parse("2026-10-13")


def said(kind: str, source: str = "attestation", **more: object) -> Assertion:
    values: dict[str, object] = {"said_by": "Mme C. D.", "said_on": OCT_14, **more}
    return Assertion(kind=kind, source=source, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("assertion", "sentence"),
    [
        (
            said("rio", value="1284557", status="releve", citation=PIECE),
            f"Selon Mme C. D. (attestation du 14\u00a0octobre 2026, {PIECE}), un agent portait le RIO 1284557.",
        ),
        (
            said("rio", "recit", value="1284557", citation=PIECE),
            f"Mme C. D. dit avoir lu le RIO 1284557 (récit du 14\u00a0octobre 2026, {PIECE}).",
        ),
        (
            said("rio", "recit", status="masque"),
            "Selon Mme C. D. (récit du 14\u00a0octobre 2026), le RIO d’un agent était masqué.",
        ),
        (
            said("rio", status="refuse"),
            "Selon Mme C. D. (attestation du 14\u00a0octobre 2026), un agent a refusé de donner son RIO.",
        ),
        (
            said("unite", "observation", value="CRS 8", said_by="M. T. R."),
            "Selon M. T. R. (notes d’observation du 14\u00a0octobre 2026), unité présente\u00a0: CRS 8.",
        ),
        (
            said("force", value="gendarmerie mobile"),
            "Selon Mme C. D. (attestation du 14\u00a0octobre 2026), force présente\u00a0: gendarmerie mobile.",
        ),
        (
            said("coups", "recit", value="3", status="au_moins", about="M. A. B."),
            "Selon Mme C. D. (récit du 14\u00a0octobre 2026), au moins trois coups ont été portés à M. A. B.",
        ),
        (
            said("coups", "recit", value="1", detail="à la jambe"),
            "Selon Mme C. D. (récit du 14\u00a0octobre 2026), un coup a été porté (à la jambe).",
        ),
        (
            said("paroles", value="dégagez"),
            "Selon Mme C. D. (attestation du 14\u00a0octobre 2026), ces paroles ont été prononcées\u00a0: "
            "«\u00a0dégagez\u00a0».",
        ),
        (
            said("blessure", "recit", value="bras gonflé", about="Amina"),
            "Selon Mme C. D. (récit du 14\u00a0octobre 2026), "
            "la blessure d’Amina est décrite ainsi\u00a0: bras gonflé.",
        ),
        (
            said("itt", "certificat", value="6", status="provisoire", said_by="", said_on=OCT_13, citation=PIECE),
            f"Le certificat du 13\u00a0octobre 2026 ({PIECE}) évalue l’ITT à six jours (provisoire).",
        ),
        (
            said("itt", "certificat", value="1", status="definitive", said_by="", said_on=OCT_13, about="M. A. B."),
            "Le certificat du 13\u00a0octobre 2026 évalue l’ITT de M. A. B. à un jour.",
        ),
        (
            said("blessure", "certificat", value="ecchymose du bras gauche", said_by="", said_on=OCT_13),
            "Le certificat du 13\u00a0octobre 2026 décrit\u00a0: «\u00a0ecchymose du bras gauche\u00a0».",
        ),
        (
            said("coups", "certificat", value="2", said_by="", said_on=OCT_13),
            "Selon les dires que rapporte le certificat du 13\u00a0octobre 2026, deux coups ont été portés.",
        ),
        (
            said("blessure", "photo", value="au bras gauche", said_by="", said_on=OCT_13, citation=PIECE),
            f"La photo du 13\u00a0octobre 2026 ({PIECE}) montre une trace visible\u00a0: au bras gauche.",
        ),
        (
            said("rio", "photo", value="1284557", said_by="", said_on=OCT_13),
            "Sur la photo du 13\u00a0octobre 2026, on lit le RIO 1284557.",
        ),
        (
            said("rio", "video", status="absent", said_by="", said_on=OCT_13),
            "Sur la vidéo du 13\u00a0octobre 2026, on voit un agent sans RIO visible.",
        ),
        (
            said("coups", "video", value="4", status="environ", said_by="", said_on=OCT_13),
            "Sur la vidéo du 13\u00a0octobre 2026, on compte environ quatre coups.",
        ),
        (
            said("coups", "video", value="1", status="environ", said_by="", said_on=OCT_13),
            "Sur la vidéo du 13\u00a0octobre 2026, on compte un coup.",
        ),
        (
            said("coups", "video", value="1", status="au_moins", said_by="", said_on=OCT_13),
            "Sur la vidéo du 13\u00a0octobre 2026, on compte au moins un coup.",
        ),
        (
            said("paroles", "son", value="partez\u00a0!", said_by="", said_on=OCT_13),
            "Sur l’enregistrement sonore du 13\u00a0octobre 2026, on entend\u00a0: «\u00a0partez\u00a0!\u00a0».",
        ),
        (
            said("autre", value="les tentes ont été emportées."),
            "Selon Mme C. D. (attestation du 14\u00a0octobre 2026), les tentes ont été emportées.",
        ),
        (
            said("unite", value="CRS 8", said_on=PartialDate.parse("2026-10~")),
            "Selon Mme C. D. (attestation des environs d’octobre 2026), unité présente\u00a0: CRS 8.",
        ),
    ],
)
def test_sentences(assertion: Assertion, sentence: str) -> None:
    told = tell(assertion)
    assert told.sentence == sentence
    assert told.findings == ()


@pytest.mark.parametrize(
    ("assertion", "code"),
    [
        (said("unite", "", value="CRS 8"), "assertion_unsourced"),
        (said("unite", "rumeur", value="CRS 8"), "assertion_unsourced"),
        (said("unite", value="CRS 8", said_by=""), "assertion_unsourced"),
        (said("rio", value="128455", status="releve"), "assertion_rio_form"),
        (said("rio", value="12845578"), "assertion_rio_form"),
        (said("rio", value="128455٧"), "assertion_rio_form"),
        (said("coups", value="trois"), "assertion_count_form"),
        (said("coups", value=""), "assertion_count_form"),
        (said("coups", "recit", value="-2"), "assertion_count_form"),
        (said("coups", "recit", value="0", status="exact", about="Mme C. D."), "assertion_count_zero"),
        (said("coups", "video", value="00"), "assertion_count_zero"),
        (said("coups", "recit", value="4000"), "assertion_count_absurd"),
        (said("itt", "certificat", value="-1"), "assertion_count_form"),
        (said("itt", "certificat", value="2,5"), "assertion_count_form"),
        (said("itt", "certificat", value="2000"), "assertion_count_absurd"),
        (said("itt", "certificat", value="0" * 5000), "assertion_count_absurd"),
        (said("unite", value=" "), "assertion_empty"),
        (said("itt", "photo", value="3"), "assertion_not_shown"),
        (said("coups", "photo", value="3"), "assertion_not_shown"),
        (said("paroles", "photo", value="dégagez"), "assertion_not_shown"),
        (said("rio", "photo", status="refuse"), "assertion_not_shown"),
    ],
)
def test_no_sentence_without_a_source_or_in_a_wrong_form(assertion: Assertion, code: str) -> None:
    told = tell(assertion)
    assert told.sentence == ""
    assert [finding.code for finding in told.findings] == [code]


@pytest.mark.parametrize(
    ("assertion", "code"),
    [
        (said("unite", value="CRS 8", said_on=None), "assertion_undated"),
        (said("itt", "recit", value="3"), "assertion_itt_told"),
        (said("itt", "certificat", value="400"), "assertion_count_high"),
        (said("coups", "recit", value="101"), "assertion_count_high"),
        (said("blessure", "photo", value="hématome au bras"), "assertion_medical_word"),
    ],
)
def test_what_is_written_but_should_be_looked_at(assertion: Assertion, code: str) -> None:
    told = tell(assertion)
    assert told.sentence
    assert [finding.code for finding in told.findings] == [code]


ASSERTIONS = st.builds(
    Assertion,
    kind=st.sampled_from(vocabulary.codes("assertion_kinds")),
    source=st.sampled_from(["", *TOLD, "certificat", "photo", "video", "son"]),
    value=st.sampled_from(["", "3", "1284557", "CRS 8", "0"]),
    status=st.sampled_from(["", *(t.code for t in vocabulary.terms("assertion_statuses") if t.group == "rio")]),
    said_by=st.sampled_from(["", "Mme C. D."]),
    said_on=st.sampled_from([None, OCT_14, PartialDate.parse("?")]),
    about=st.sampled_from(["", "M. A. B."]),
    citation=st.sampled_from(["", PIECE]),
)  # fmt: skip


@given(ASSERTIONS)
def test_a_sentence_always_names_its_source(assertion: Assertion) -> None:
    told = tell(assertion)
    if not told.sentence:
        assert len(told.findings) == 1
        return
    assert told.sentence.endswith((".", "\u00a0»."))
    assert "  " not in told.sentence
    names = [assertion.said_by] if assertion.source in TOLD else []
    names += [assertion.citation] if assertion.citation else []
    for name in names:
        assert name
        assert name in told.sentence


def test_all_sentences_and_all_findings() -> None:
    sentences, findings = tell_all([said("unite", value="CRS 8"), said("unite", "", value="CRS 8")])
    assert len(sentences) == 1
    assert len(findings) == 1


@pytest.mark.parametrize(
    ("number", "words"), [(0, "zéro jour"), (1, "un jour"), (6, "six jours"), (16, "seize jours"), (23, "23 jours")]
)
def test_numbers_in_letters(number: int, words: str) -> None:
    assert unit_count(number, "jour") == words


def test_no_day_of_itt_is_what_a_doctor_may_find() -> None:
    told = tell(said("itt", "certificat", value="0"))
    assert "évalue l’ITT à zéro jour (provisoire)." in told.sentence
    assert told.findings == ()


def test_rio_form() -> None:
    assert is_rio("1284557")
    assert not is_rio("1284557 ")
    assert not is_rio("١٢٣٤٥٦٧")


@pytest.mark.parametrize(
    ("kind", "value", "clause"),
    [
        ("vehicule", "un break bleu foncé", "un break bleu foncé était présent."),
        ("vehicule", "une fourgonnette blanche", "une fourgonnette blanche était présente."),
        ("vehicule", "fourgon n° 4", "véhicule noté\u00a0: fourgon n° 4."),
        ("arme", "une matraque", "une matraque a été employée."),
        ("arme", "gaz lacrymogène", "moyen de force employé\u00a0: gaz lacrymogène."),
    ],
)
def test_a_thing_named_with_its_article_agrees(kind: str, value: str, clause: str) -> None:
    told = tell(said(kind, value=value))
    assert told.sentence.endswith(clause)


@pytest.mark.parametrize("value", ["inconnue", "Inconnu", "unité non identifiée", "?"])
def test_what_nobody_could_tell_is_not_reported(value: str) -> None:
    assert tell(said("unite", value=value)) == Told("", ())


def test_two_pairs_of_brackets_never_stand_side_by_side() -> None:
    told = tell(said("force", value="gendarmerie (unité non identifiée)", detail="selon l’uniforme"))
    assert "gendarmerie, unité non identifiée (selon l’uniforme)" in told.sentence


def test_a_remark_names_its_row() -> None:
    (found,) = tell(said("coups", value="quelques")).findings
    assert "nombre de coups" in found.sentence
    assert "«\u00a0quelques\u00a0»" in found.sentence


@pytest.mark.parametrize("source", ["recit", "attestation", "declaration"])
def test_what_an_author_heard_from_somebody_is_the_author_s_and_said_to_be_heard(source: str) -> None:
    told = tell(said("rio", source, value="1284557", heard_from="Amina"))
    assert told.sentence.startswith("Selon Mme C. D. (")
    assert told.sentence.endswith("), qui dit le tenir d’Amina, un agent portait le RIO 1284557.")
    assert [each.code for each in told.findings] == ["assertion_hearsay"]
    assert tell(said("rio", source, value="1284557")).findings == ()


@pytest.mark.parametrize(
    "typed", ["dégagez", "« dégagez »", "«\u00a0dégagez\u00a0»", "“dégagez”", '"dégagez"', "« dégagez »."]
)
def test_words_that_were_typed_in_quotation_marks_are_quoted_once(typed: str) -> None:
    assert tell(said("paroles", value=typed)).sentence.endswith("prononcées\u00a0: «\u00a0dégagez\u00a0».")
    heard = tell(said("paroles", "son", value=typed)).sentence
    assert heard.endswith("on entend\u00a0: «\u00a0dégagez\u00a0».")


def test_words_with_a_quotation_inside_stay_as_they_were_said() -> None:
    assert (
        "«\u00a0il a dit « non » et « pars »\u00a0»"
        in tell(said("paroles", value="il a dit « non » et « pars »")).sentence
    )
