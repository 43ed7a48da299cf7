# SPDX-License-Identifier: GPL-3.0-or-later
"""Words are masked where everybody sees it, kept, or hold everything back; never cut without a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law import vocabulary
from hro_desktop.rules.passages import MASK, Mark, apply, carried_over, repeated, retold, stands

TEXT = "Mon cousin Idriss dort chez Mme Roux. Nous sommes venus par Vintimille. Il a crié."


def mark(quoted: str, decision: str = "masquer", reason: str = "nomme_tiers", start: int | None = None) -> Mark:
    return Mark(
        id=quoted, start=TEXT.index(quoted) if start is None else start, quoted=quoted, reason=reason, decision=decision
    )


def test_masking_shows_that_something_is_missing() -> None:
    found = apply(TEXT, [mark("chez Mme Roux", reason="hebergeur"), mark("cousin Idriss")], "T-1")
    assert found.text == f"Mon {MASK} dort {MASK}. Nous sommes venus par Vintimille. Il a crié."
    assert (found.masked, found.findings) == (2, ())
    assert MASK == "[passage masqué à la demande de la personne]"


def test_keeping_changes_nothing() -> None:
    assert apply(TEXT, [mark("par Vintimille", "garder")], "T-1").text == TEXT
    assert apply(TEXT, [], "T-1").text == TEXT


@pytest.mark.parametrize("reason", vocabulary.codes("passage_reasons"))
def test_a_passage_that_waits_holds_everything_back_and_is_never_quoted(reason: str) -> None:
    found = apply(TEXT, [mark("cousin Idriss"), mark("par Vintimille", "en_attente", reason)], "T-2026-0005")
    assert found.text is None
    (finding,) = found.findings
    assert (finding.code, finding.level) == ("passage_pending", "block")
    assert "T-2026-0005" in finding.sentence
    assert reason == "autre" or vocabulary.label("passage_reasons", reason) in finding.sentence
    assert "Vintimille" not in finding.sentence
    assert apply(TEXT, [mark("cousin Idriss")], "T-2026-0005").text is not None  # the control


@pytest.mark.parametrize("start", [0, 3, TEXT.index("Vintimille") + 1, 10_000, -1])
@pytest.mark.parametrize("decision", ["garder", "masquer"])
def test_a_mark_that_no_longer_stands_is_said_and_not_moved(start: int, decision: str) -> None:
    found = apply(TEXT, [mark("Vintimille", decision, "itineraire", start)], "T-1")
    assert found.text is None
    assert [(each.code, each.level) for each in found.findings] == [("passage_moved", "block")]


def test_masking_protects_where_passages_overlap() -> None:
    inner = mark("Idriss", "garder")
    assert apply(TEXT, [mark("cousin Idriss dort"), inner], "T-1").text == TEXT.replace("cousin Idriss dort", MASK)
    both = [mark("cousin Idriss"), mark("Idriss dort")]
    found = apply(TEXT, both, "T-1")
    assert found.text == TEXT.replace("cousin Idriss dort", MASK)
    assert found.masked == 1


@given(st.text(min_size=1, max_size=60), st.data())
def test_what_is_not_masked_stays_to_the_letter(text: str, data: st.DataObject) -> None:
    spans = data.draw(
        st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 8), st.sampled_from(["garder", "masquer"])))
    )
    marks = [
        Mark(id=str(n), start=at, quoted=text[at : at + size], reason="autre", decision=what)
        for n, (at, size, what) in enumerate(spans)
    ]
    assert all(stands(text, each) for each in marks)
    found = apply(text, marks, "T-1")
    hidden = {place for each in marks if each.decision == "masquer" for place in range(each.start, each.end)}
    left = "".join(letter for place, letter in enumerate(text) if place not in hidden)
    assert found.text is not None
    if MASK not in text:
        assert found.text.replace(MASK, "") == left
        assert found.text.count(MASK) == found.masked


def test_another_text_may_not_repeat_what_is_masked() -> None:
    hidden = [mark("par Vintimille", reason="itineraire"), mark("cousin Idriss", "en_attente")]
    account = "Ils sont venus  PAR\nVintimille, avec son cousin."
    (finding,) = repeated(account, hidden, "L’exposé", "T-1")
    assert (finding.code, finding.level, finding.subject) == ("passage_repeated", "block", "par Vintimille")
    assert "Vintimille" not in finding.sentence
    assert repeated(account, [mark("par Vintimille", "garder")], "L’exposé", "T-1") == ()


def test_a_new_version_forgets_no_danger() -> None:
    older = [mark("cousin Idriss")]
    again = "Idriss est parti. Mon cousin Idriss dort ici."
    (finding,) = carried_over(again, [], older, "T-1")
    assert (finding.code, finding.level) == ("passage_unmarked", "block")
    own = [mark("cousin Idriss", start=again.index("cousin"))]
    assert carried_over(again, own, older, "T-1") == ()
    assert carried_over("Il est parti.", [], older, "T-1") == ()
    assert carried_over(again, [], [mark("cousin Idriss", "garder")], "T-1") == ()
    twice = f"{again} Mon cousin Idriss rit."
    assert len(carried_over(twice, own, older, "T-1")) == 1


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_signs_nobody_sees_hide_no_passage(sign: str) -> None:
    marked = [mark("cousin Idriss"), mark("chez Mme Roux")]
    hidden = f"Mon cou{sign}sin Id{sign}riss dort chez\u00a0Mme\u202fRo{sign}ux."
    assert [each.subject for each in repeated(hidden, marked, "L’exposé", "T-1")] == ["cousin Idriss", "chez Mme Roux"]
    assert [each.subject for each in carried_over(hidden, [], marked, "T-1")] == ["cousin Idriss", "chez Mme Roux"]
    own = [
        Mark(id="a", start=4, quoted=hidden[4 : hidden.index(" dort")], reason="nomme_tiers", decision="masquer"),
        Mark(id="b", start=hidden.index("chez"), quoted=hidden[hidden.index("chez") : -1], reason="nomme_tiers"),
    ]
    assert carried_over(hidden, own, marked, "T-1") == ()
    inside = [Mark(id=sign, start=0, quoted=f"cousin{sign} Idriss", reason="nomme_tiers", decision="masquer")]
    assert repeated("Mon cousin Idriss dort ici.", inside, "L’exposé", "T-1")
    assert repeated("Mon cousin dort ici.", inside, "L’exposé", "T-1") == ()  # the control
    assert carried_over(f"Mon cou{sign}sin est là.", [], marked, "T-1") == ()


def test_a_sentence_of_a_testimony_taken_back_is_found_whatever_its_signs() -> None:
    words = "Il a crié.\nUn homme en bleu a jeté nos tentes dans la benne. Puis rien."
    (finding,) = retold(
        "On dit qu’UN HOMME EN BLEU a je\u00adté nos tentes dans la benne, hier.", words, "L’exposé", "T-1"
    )
    assert (finding.code, finding.level, finding.subject) == ("testimony_repeated", "block", "T-1")
    assert retold("Il a crié. Puis rien. Un homme en bleu a jeté nos tentes.", words, "L’exposé", "T-1") == ()
