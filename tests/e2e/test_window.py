# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole road as somebody walks it: real keys, a real mouse, the real program in a process of its own."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.records.incidents import Incident
from hro_desktop.records.statements import StatementVersion
from tests.e2e.desktop import Desktop, desktop

PHRASE = "sable verre tambour lune corde orage plume"
WORDS = "They came at half past eight and took my tent."
MORE = " I saw it from the road."

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(sys.platform != "linux", reason="X and AT-SPI are of Linux"),
    pytest.mark.skipif(
        any(shutil.which(each) is None for each in ("Xvfb", "xdotool", "dbus-daemon")),
        reason="needs xvfb, xdotool and dbus-daemon: make system-test",
    ),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    home = tmp_path / "home"
    home.mkdir()
    with desktop(home) as made:
        yield made


def unlock(screen: Desktop) -> None:
    screen.wait("Déverrouiller", "push button")
    screen.type(PHRASE, "Phrase de passe")
    screen.key("Return")
    screen.wait("Fiche éclair", "push button")


def create(screen: Desktop) -> Path:
    """A vault from nothing, at the usual place; its paper code is copied from the screen."""
    screen.click("Créer un coffre…", "push button")
    folder = Path(screen.text(screen.wait("Dossier du coffre", "text")))
    assert folder.is_relative_to(screen.home)
    screen.type(PHRASE, "Phrase de passe")
    screen.key("Return")
    screen.type(PHRASE, "La même, une seconde fois")
    screen.key("Return")
    code = screen.wait("Code papier : …", "label").name.partition(" : ")[2].split(", ")
    assert len(code) == 9
    screen.type(code[-1].lower(), "Dernier groupe du code, lu sur votre papier")
    screen.key("Return")
    screen.wait("Fiche éclair", "push button")
    assert (folder / "verrou").exists()
    return folder


def tell(screen: Desktop) -> None:
    """The quick sheet, by mouse and by keyboard; then the case it made."""
    screen.click("Fiche éclair", "push button")
    screen.type("Dawit", "Prénom ou surnom")
    screen.key("Tab")
    screen.type("+33 6 39 98 00 00", "Téléphone, messagerie")
    screen.fill("Quand", "hier vers 8h30")
    screen.key("Tab")
    screen.type("Calais", "Où")
    screen.key("Tab")
    screen.type("CRS", "Qui")
    screen.click("Ce qui s’est passé : Affaires prises ou détruites", "check box")
    screen.tab_to("En ses mots, court")  # below the edge of the window: the page follows
    screen.type(WORDS, "En ses mots, court")
    screen.click("Terminer", "push button")
    screen.click("Ouvrir le dossier", "push button")


def complete(screen: Desktop) -> None:
    """Her name on the page of the case, and more words on that of her account, left unsaved."""
    screen.click("Identité et accords", "check box")
    screen.fill("Prénoms", "Dawit")
    screen.key("Tab")
    screen.type("Tesfaye", "Nom de naissance")
    screen.click("Récits, 1", "check box")
    screen.click("récit de la personne concernée…")
    screen.click("En français", "text")
    screen.key("ctrl+End")
    screen.type(MORE, "En français")


def test_a_case_told_from_nothing_is_found_again(screen: Desktop) -> None:
    screen.start()
    folder = create(screen)
    tell(screen)
    complete(screen)
    assert screen.program is not None
    before = screen.program.pid

    screen.key("ctrl+l")
    screen.wait("Déverrouiller", "push button")
    assert not (folder / "verrou").exists()
    assert screen.program.pid == before
    assert not [each for each in screen.nodes() if "Dawit" in each.name]

    screen.take_focus()
    screen.type("une phrase qui ne convient pas", "Phrase de passe")
    screen.key("Return")
    screen.wait("Cette phrase de passe n’ouvre pas le coffre…", "label")
    screen.key("ctrl+a")
    screen.key("BackSpace")
    unlock(screen)
    screen.key("ctrl+k")
    screen.type("tesfaye", "Rechercher partout")
    screen.wait("Personne…", "list item")
    screen.key("Return")
    screen.wait("Synthèse", "check box")

    screen.click("Récits, 1", "check box")
    screen.click("récit de la personne concernée…")
    assert screen.text(screen.wait("En français", "text")).strip() == WORDS + MORE
    screen.key("Tab")
    screen.key("ctrl+l")
    screen.wait("Déverrouiller", "push button")

    secret = screen.home / "phrase"
    secret.write_text(PHRASE + "\n")
    known = ("--vault", str(folder), "--passphrase-file", str(secret), "--json")
    (case,) = json.loads(screen.command("cases", *known))["cases"]
    shown = screen.command("show", case["reference"], *known)
    assert "Dawit Tesfaye" in shown
    assert screen.command("verify", *known[:-1])
    with bootstrap.open_desk(folder, PHRASE) as desk, desk.read() as session:
        (version,) = session.scalars(select(StatementVersion))
        (incident,) = session.scalars(select(Incident))
        assert version.french_text == WORDS + MORE
        assert incident.time_from == "08:30"
