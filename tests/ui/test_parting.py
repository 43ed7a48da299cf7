# SPDX-License-Identifier: GPL-3.0-or-later
"""Around the places of an outing: hindrances, what is settled before parting, the debriefing, the ways to it."""

import io
from pathlib import Path

from docx import Document
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop.casework import outings
from hro_desktop.records.outings import Hindrance
from tests.ui.test_outings import Opened, named, opened, practice_outing, read, words
from tests.ui.test_window import LONG
from ui.pages.evidence import EvidencePage
from ui.pages.home import HomePage
from ui.pages.outing import OutingPage
from ui.pages.pack import PackPage
from ui.pages.page import Place
from ui.pages.statement import StatementPage

__all__ = ["opened"]

RETURN = Qt.Key.Key_Return


def test_a_hindrance_is_noted_and_changed(qtbot: QtBot, opened: Opened) -> None:
    page = practice_outing(qtbot, opened[2])
    named(qtbot, page.hindrances, "Noter une entrave").click()
    editor = page.hindrances.panel.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    qtbot.keyClicks(editor.form.field("time_from").input, "10h")
    named(qtbot, page.hindrances, "Terminé").click()
    assert page.hindrances.panel.editor is editor, "what it is must be said"
    qtbot.keyClicks(editor.form.field("kind").input, "Fouille")
    assert editor.form.field("kind").input.value() == "fouille"
    editor.form.field("kind").input.edited.emit()
    named(qtbot, page.hindrances, "Terminé").click()
    qtbot.waitUntil(lambda: len(page.hindrances.lines.buttons) == 3, timeout=LONG)
    page.hindrances.lines.buttons[2].click()
    again = page.hindrances.panel.editor
    assert again is not None
    qtbot.waitUntil(lambda: again.form.field("kind").input.value() == "fouille", timeout=LONG)
    with page.desk.read() as session:
        assert len(session.scalars(select(Hindrance)).all()) == 3


def test_before_parting_each_thing_has_its_state_and_its_way(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    page = practice_outing(qtbot, workspace)
    assert page.told is not None
    record = page.told.outing_id
    for said in ("Cartes et téléphones versés", "à signer", "à écrire", "sans objet", "Deuxième lecture\u00a0: ML"):
        assert said in words(page.parting)
    page.parting.on_figures_clicked()
    editor = page.parting.panel.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    qtbot.keyClicks(editor.form.field("read_again_on").input, "hier")
    named(qtbot, page.parting, "Terminé").click()
    qtbot.waitUntil(lambda: read(page, record, "outing").read_again_on is not None, timeout=LONG)
    qtbot.waitUntil(lambda: page.told is not None and page.told.to_do == 2, timeout=LONG)
    named(qtbot, page.parting, "Écrire l’attestation\u00a0: Attestation de M. T.").click()
    written = workspace.page
    assert isinstance(written, StatementPage)
    qtbot.waitUntil(written.about.form.isEnabled, timeout=LONG)
    assert written.about.form.field("kind").input.value() == "attestation"
    assert len(written.about.form.field("incident_ids").input.value()) == 1
    assert written.about.form.field("author_id").input.value() is not None


def test_cards_are_emptied_in_one_press(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    home = workspace.page
    assert home is not None
    with home.desk.read() as session:
        (record,) = outings.ids(session)
    home.desk.run(outings.save_part, outings.PartingDraft(id=record))
    page = practice_outing(qtbot, workspace)
    named(qtbot, page.parting, "C’est versé").click()
    qtbot.waitUntil(lambda: read(page, record, "outing").emptied_on is not None, timeout=LONG)
    assert read(page, record, "outing").emptied_time
    page.desk.run(outings.save_part, outings.PartingDraft(id=record))
    page.start()
    named(qtbot, page.parting, "Verser les fichiers").click()
    assert isinstance(workspace.page, EvidencePage)


def test_the_debriefing_is_looked_at_written_and_read_back(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    stage, window, workspace = opened
    (tmp_path / "ailleurs").mkdir()
    page = practice_outing(qtbot, workspace)
    text = page.debrief.form.field("debrief").input
    text.insertPlainText("Trois phrases de plus, tapées à l’instant. ")
    named(qtbot, window, "Débrief (.docx)").click()
    qtbot.waitUntil(lambda: isinstance(workspace.page, PackPage), timeout=LONG)
    pack = workspace.page
    assert isinstance(pack, PackPage)
    assert ("Brouillon", "warn") in pack.marks
    for _ in range(2):
        with qtbot.waitSignal(pack.saved, timeout=LONG):
            pack.save_action.click()
        stage.ask._answers.append(tmp_path / "ailleurs")
    assert sorted(each.name for each in (tmp_path / "ailleurs").iterdir()) == ["O-2026-0001", "O-2026-0001-2"]
    (written,) = (tmp_path / "ailleurs" / "O-2026-0001").glob("*.docx")
    told = Document(io.BytesIO(written.read_bytes()))
    said = "\n".join(
        [each.text for each in told.paragraphs]
        + [each.text for table in told.tables for row in table.rows for each in row.cells]
    )
    assert "tapées à l’instant" in said
    assert "Red Gate" in said
    for name in ("Carlier", "Toussaint", "Besnard"):
        assert name not in said
    workspace.back()
    assert isinstance(workspace.page, OutingPage)


def test_a_name_in_the_debriefing_stops_it_and_says_where(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    page = practice_outing(qtbot, workspace)
    page.debrief.form.field("debrief").input.setPlainText("Inès Carlier a tout vu.")
    make = named(qtbot, window, "Débrief (.docx)")
    make.click()
    qtbot.waitUntil(lambda: "Écrivez ses initiales" in page.problem, timeout=LONG)
    assert workspace.page is page
    assert make.isEnabled()


def test_home_and_palette_lead_to_outings(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    workspace.go_to(Place("home"))
    home = workspace.page
    assert isinstance(home, HomePage)
    home.desk.run(outings.save_day, outings.OutingDayDraft(occurred_on=home.desk.today(), territory="dunkerquois"))
    home.start()
    qtbot.waitUntil(
        lambda: any("Sortie Dunkerquois" in each.line.title for each in home.day.lines.buttons), timeout=LONG
    )
    next(each for each in home.day.lines.buttons if "Sortie" in each.line.title).click()
    page = workspace.page
    assert isinstance(page, OutingPage)
    qtbot.waitUntil(lambda: page.told is not None and page.told.territory == "Dunkerquois", timeout=LONG)
    workspace.go_to(Place("home"))
    next(each for each in home.buttons if each.text() == "Nouvelle sortie").click()
    fresh = workspace.page
    assert isinstance(fresh, OutingPage)
    assert fresh is not page
    palette = workspace.palette_
    for typed, title in (("o-2026-0001", "sortie du 15\u00a0octobre 2026"), ("nouvelle", "Nouvelle sortie")):
        workspace.on_search_wanted()
        palette.line.setText(typed)
        qtbot.waitUntil(lambda title=title: title in " ".join(each.title for each in palette.entries[:1]), timeout=LONG)
        qtbot.keyClick(palette.line, RETURN)
        assert isinstance(workspace.page, OutingPage)
