# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input in every kind of field: nothing typed is lost, what is wrong is said in one sentence."""

import datetime as dt
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hro_desktop import bootstrap
from hro_desktop.casework import drafts, editing
from hro_desktop.casework.evidence import EvidenceDraft
from hro_desktop.demo import run
from hro_desktop.rules import typed
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage
from ui.editor import inputs
from ui.editor.form import DraftForm
from ui.editor.inputs import ChoiceInput, LineInput, LongInput, NotUnderstood
from ui.editor.pasted import LONGEST, on_one_line
from ui.editor.refs import RefInput, RefsInput
from ui.theme import Scheme, Theme

MakeStage = Callable[..., Stage]
TODAY = dt.date(2026, 11, 26)
WORD = "« L’expulsion »\u00a0: 8\u00a0h\u00a030 – “sans\u00a0préavis”\u2028• tente\r\n• sac\x0b\tduvet\u00ad\ufeff"
BAD_DATES = (
    "31/02/2026", "29/02/2027", "99/99/9999", "0/0/0", "2026-13-45", "12/10/" + "2" * 50, "9" * 5000, "🏕", "\x00",
    "\u202e12/10/2026", "le jour où", "½", "-", "Expulsion",
)  # fmt: skip
MAKERS: dict[str, Callable[[], LineInput]] = {
    "day": lambda: inputs.day_input(TODAY),
    "partial": lambda: inputs.partial_input(TODAY),
    "time": inputs.time_input,
    "number": inputs.number_input,
    "count": inputs.count_input,
}


def paste(qtbot: QtBot, into: Any, text: str, html: str = "") -> None:
    data = QMimeData()
    if text:
        data.setText(text)
    if html:
        data.setHtml(html)
    QApplication.clipboard().setMimeData(data)
    qtbot.keyClick(into, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def refusal(made: Any) -> str:
    """Why it is no value of its kind."""
    try:
        return f"Ce n’est pas refusé\u00a0: {made.value()!r}"
    except NotUnderstood as error:
        return str(error)


def shown(qtbot: QtBot, made: Any) -> Any:
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    return made


@pytest.fixture
def line(qtbot: QtBot) -> LineInput:
    made: LineInput = shown(qtbot, LineInput())
    return made


@pytest.fixture
def long(qtbot: QtBot) -> LongInput:
    made: LongInput = shown(qtbot, LongInput(Theme(Scheme.LIGHT)))
    made.resize(400, 100)
    return made


def test_what_a_word_processor_gives_keeps_its_words_and_lines(qtbot: QtBot, line: LineInput, long: LongInput) -> None:
    paste(qtbot, line, WORD, "<b>autre chose</b>")
    assert line.value() == "« L’expulsion »\u00a0: 8\u00a0h\u00a030 – “sans\u00a0préavis” • tente • sac duvet"
    paste(qtbot, long, WORD, "<b>autre chose</b>")
    assert long.value() == "« L’expulsion »\u00a0: 8\u00a0h\u00a030 – “sans\u00a0préavis”\n• tente\n• sac\n\tduvet"


def test_rich_text_alone_gives_its_words(qtbot: QtBot, line: LineInput, long: LongInput) -> None:
    for each in (line, long):
        paste(qtbot, each, "", "<p><b>Deux</b> fourgons</p><script>x</script>")
        assert each.value() == "Deux fourgons"


def test_pasting_says_that_something_was_edited_and_is_undone_by_the_keys(qtbot: QtBot, line: LineInput) -> None:
    line.setText("Avant ")
    line.setCursorPosition(6)
    with qtbot.waitSignal(line.edited):
        paste(qtbot, line, "un\ndeux")
    assert line.text() == "Avant un deux"
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "Avant "
    QApplication.clipboard().setText("un\ndeux")
    line.paste()  # by the menu of the mouse
    assert line.text() == "Avant un deux"


@pytest.mark.parametrize("text", ["a" * (LONGEST + 1), "mot " * LONGEST, "a" * 20_000], ids=["word", "words", "base64"])
def test_what_is_too_long_is_refused_whole_at_once(qtbot: QtBot, line: LineInput, long: LongInput, text: str) -> None:
    for each in (line, long):
        said: list[str] = []
        each.refused.connect(said.append)
        each.set_value("déjà là")
        start = time.perf_counter()
        paste(qtbot, each, text)
        assert time.perf_counter() - start < 2
        assert each.value() == "déjà là"
        assert [sentence.partition("\u00a0:")[0] for sentence in said] == ["Ce texte est trop long pour ce champ"]


def test_a_long_account_is_taken_in(qtbot: QtBot, long: LongInput) -> None:
    account = "Ils sont arrivés à huit heures. " * 5000
    paste(qtbot, long, account)
    assert long.value() == account.strip()


@pytest.mark.parametrize("text", ["🏕️👨‍👩‍👧", "محمد يونس", "ሰላም", "e\u0301", "\u200fمن\u200f", "a\u200cb"])
def test_every_script_and_picture_is_kept(qtbot: QtBot, line: LineInput, long: LongInput, text: str) -> None:
    for each in (line, long):
        paste(qtbot, each, text)
        assert each.value() == text


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_no_such_value_is_kept_as_it_was_typed(qtbot: QtBot, kind: str) -> None:
    for text in BAD_DATES:
        made = shown(qtbot, MAKERS[kind]())
        paste(qtbot, made, text)
        typed_ = made.raw()
        assert typed_ == on_one_line(text)
        assert refusal(made).startswith("Ce n’est pas")
        again = shown(qtbot, MAKERS[kind]())
        again.set_raw(typed_)
        assert again.raw() == typed_


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_no_text_surprises_those_who_read_dates_and_hours(text: str) -> None:
    for read in (lambda: typed.day_of(text, TODAY), lambda: typed.partial_of(text, TODAY), lambda: typed.time_of(text)):
        read()


def test_a_code_that_left_its_list_is_kept(qtbot: QtBot) -> None:
    one = shown(qtbot, ChoiceInput([("a", "A")]))
    one.set_value("parti")
    assert one.value() == "parti"
    several = shown(qtbot, inputs.ChoicesInput("languages"))
    several.set_value(("fr", "parti"))
    assert "parti" in several.value()


HIDDEN = ["Camp\u202ednas", "Camp\x07", "\u2067Camp\u2069", "Camp\x9f"]


@pytest.mark.parametrize("text", HIDDEN, ids=[f"U+{ord(max(each)):04X}" for each in HIDDEN])
def test_characters_nobody_sees_are_said_and_not_saved(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, text: str
) -> None:
    stage = make_stage(inline=True)
    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE) as desk:
        form = shown(qtbot, DraftForm(stage.context, desk, editing.KINDS["site"].draft))
        field = form.field("name")
        field.input.setFocus()
        paste(qtbot, field.input, text)
        assert field.input.raw() == text
        assert form.check() == "name"
        assert field.problem.startswith("Le texte contient un caractère invisible (U+")
        kept = json.loads(json.dumps(form.state()))
        form.set_draft(editing.blank("site"))
        form.set_state(kept)
        assert field.input.raw() == text
        field.input.set_value("Camp")
        assert not form.check()


def test_letters_that_chose_nothing_are_kept_and_said(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    stage = make_stage(inline=True)
    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE) as desk:
        form = shown(qtbot, DraftForm(stage.context, desk, EvidenceDraft))
        for name in ("author_id", "case_ids"):
            made = form.field(name).input
            assert isinstance(made, RefInput | RefsInput)
            made.line.setFocus()
            paste(qtbot, made.line, "Une\nvoisine")
            assert made.line.text() == "Une voisine"
            with pytest.raises(NotUnderstood, match="Choisissez"):
                made.value()
        state = json.loads(json.dumps(form.state()))
        form.set_draft(EvidenceDraft())
        assert form.field("case_ids").input.value() == ()
        form.set_state(state)
        assert form.field("author_id").input.line.text() == "Une voisine"
        assert form.field("case_ids").input.line.text() == "Une voisine"
        assert form.check()
        assert drafts.restored(EvidenceDraft, state["draft"]).case_ids == ()
