# SPDX-License-Identifier: GPL-3.0-or-later
"""The program as a whole: its words, its surprises, its restart."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hro_desktop.faults import Fault
from tests.ui.conftest import Stage
from ui import restart
from ui.app import Surprises
from ui.fonts import load_fonts
from ui.messages import UNEXPECTED, sentence_of
from ui.words import count, short_day

MakeStage = Callable[..., Stage]
SECRET = "Nom Secret"


def test_type_is_brought_along_with_the_letters_of_all_our_scripts(qapp: QApplication) -> None:
    assert load_fonts() == ["Hro Inter", "Hro Sans", "Hro Sans Arabic", "Hro Sans Ethiopic"]


def test_qt_speaks_french(make_stage: MakeStage) -> None:
    make_stage()
    assert QLocale().language() is QLocale.Language.French
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Annuler"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Fault("x.y", "Une phrase claire."), "Une phrase claire."),
        (ValueError(SECRET), UNEXPECTED),
        (KeyError(SECRET), UNEXPECTED),
    ],
)
def test_an_error_is_one_sentence_without_its_text(error: Exception, sentence: str) -> None:
    assert sentence_of(error) == sentence


def test_surprise_is_said_and_its_text_kept_to_itself(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = make_stage()
    window = stage.window(qtbot, tmp_path)
    surprises = Surprises(stage.ask)
    surprises.on_exception(ValueError, ValueError(SECRET), None)
    assert stage.ask.said == [UNEXPECTED]
    said = capsys.readouterr()
    assert SECRET not in said.err + said.out
    assert "Traceback" not in said.err
    assert "ValueError" in said.err
    assert window.isVisible()


def test_surprise_of_a_thread_is_said_on_the_ui_thread(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = make_stage()
    window = stage.window(qtbot, tmp_path)
    surprises = Surprises(stage.ask)
    monkeypatch.setattr(threading, "excepthook", surprises.on_thread_exception)

    def fail() -> None:
        raise ValueError(SECRET)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: stage.ask.said == [UNEXPECTED])
    assert window.isVisible()


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2026-10-12", "12\u00a0oct.\u00a02026"),
        ("2026-03-01", "1er\u00a0mars\u00a02026"),
        ("2001~", "2001~"),
        ("", ""),
    ],
)
def test_days_read_short(day: str, shown: str) -> None:
    assert short_day(day) == shown


def test_numbers_agree_with_their_word() -> None:
    assert count(0, "dossier", "dossiers") == "0\u00a0dossier"
    assert count(1, "dossier", "dossiers") == "1\u00a0dossier"
    assert count(1906, "pièce", "pièces") == "1\u00a0906\u00a0pièces"


def test_help_is_printed_without_a_window() -> None:
    # In a process of its own: the program closes this one to debuggers and changes its umask.
    done = subprocess.run([sys.executable, "-m", "ui", "--help"], capture_output=True, text=True, check=True)
    assert "dossier du coffre" in done.stdout


def test_restart_carries_the_folder_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = restart.command(tmp_path)
    assert words[0] == sys.executable
    assert words[-3:] == ["-m", "ui", str(tmp_path)]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert restart.command(tmp_path) == [sys.executable, str(tmp_path)]


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_locking_replaces_the_process_by_the_program_at_its_door(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ui.restart import restart_locked; restart_locked(Path(sys.argv[1]))"
    )
    folder = tmp_path / "coffre"
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    )
    try:
        running = Path(f"/proc/{child.pid}/cmdline")
        end = time.monotonic() + 30
        while b"\0ui\0" not in running.read_bytes():
            assert child.poll() is None
            assert time.monotonic() < end
            time.sleep(0.02)
        assert running.read_bytes().split(b"\0")[-4:] == [b"-m", b"ui", str(folder).encode(), b""]
        time.sleep(1.5)  # it stays: the window waits for its passphrase
        assert child.poll() is None
    finally:
        child.terminate()
        child.wait(10)


def test_the_window_starts_without_what_only_documents_need(tmp_path: Path) -> None:
    """Heavy libraries are loaded when the first document is made, not at the door."""
    for module, absent in (
        ("ui.app", ("alembic", "docxtpl", "reportlab", "dxpdf", "docx")),
        ("ui.main_window", ("sqlalchemy", "pikepdf", "PIL")),
    ):
        code = f"import sys, {module}; print([name for name in {absent} if name in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]", module
