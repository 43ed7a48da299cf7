# SPDX-License-Identifier: GPL-3.0-or-later
"""From the practice vault to what was sent, with real keys and a real mouse: few gestures, nothing told twice."""

import datetime as dt
import unicodedata
from pathlib import Path

from sqlalchemy import select

from forms import preview
from hro_desktop import bootstrap
from hro_desktop.casework import follow_overview
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.records.base import Record
from hro_desktop.records.dispatches import Dispatch
from hro_desktop.records.referrals import Referral
from tests.e2e.desktop import Desktop
from tests.e2e.test_window import pytestmark as needs
from tests.e2e.test_window import screen as _screen
from tests.support.practice import practice_vault

MOST = 120
"""Gestures one may need for a complaint, two referrals and two attestations, from the door to « sent »."""
COMPLAINT, IGPN, DDD = "plainte_procureur", "saisine_igpn", "saisine_ddd"
SENT = {COMPLAINT: "deposee", IGPN: "envoyee", DDD: "saisine_envoyee"}
"""The state of each once it was sent."""
ONLY = "Formulaire en ligne"
"""The one way an inspection is written to."""
TODAY = run.NOW.date()

pytestmark = needs
screen = _screen


def begin(screen: Desktop, case: str, held: int, procedure: str, *others: str) -> None:
    """From the list of cases to the page on which a referral is prepared; `held`: how many the case has already."""
    screen.click("Dossiers, …", "check box")
    screen.click(case, "cell")
    screen.key("Return")
    screen.click(f"Saisines, {held}", "check box")
    screen.click("Préparer une saisine", "push button")
    for each in others:
        screen.click(each, "check box")
    screen.click(procedure, "push button")
    screen.wait("4, Texte, …", "check box")


def write(screen: Desktop, *accounts: str) -> None:
    """The statement of facts out of accounts that are told already."""
    screen.key("alt+4")
    for each in accounts:
        before = screen.text(screen.wait("Exposé des faits", "text"))
        screen.reach(f"Insérer le récit {each}…", "push button")
        screen.until(lambda before=before: len(_account(screen)) > len(before) + 20, "an account")  # type: ignore[misc]
    screen.wait("4, Texte, prêt…", "check box")


def _account(screen: Desktop) -> str:
    found = screen.find("Exposé des faits", "text")
    return screen.text(found) if found is not None else ""


def to_file(screen: Desktop) -> None:
    """From the page that shows papers: print them into a file, and come back."""
    screen.click("Imprimer…", "push button")
    screen.click("Enregistrer le PDF…", "push button")
    screen.answer("Enregistrer ici")
    screen.until(lambda: any("pages dans «" in each.name for each in screen.nodes()), "the pages in a file")
    screen.click("Fermer", "push button")


def sign(screen: Desktop, who: str, scan: str) -> None:
    """What a volunteer does with a signed paper: its scan enters the vault."""
    screen.reach(f"Noter la signature : {who}", "push button")
    screen.click(f"Déposer le scan signé : {who}", "push button")
    screen.answer(file=scan)
    screen.wait_focus("Noter la signature", "push button")
    screen.key("space")
    screen.wait(f"Effacer la signature : {who}", "push button")


def send(screen: Desktop, tracking: str, channel: str = "") -> None:
    """Freeze it, then note that it was sent."""
    screen.click("Aperçu", "check box")
    screen.click("Figer cette version…", "push button")
    screen.wait("01-…", "label")  # what leaves is read, then listed above the button
    screen.reach("Figer cette version", "push button")
    screen.wait_focus("Noter l’envoi", "push button")
    screen.key("space")
    if channel:
        screen.wait_focus("Choisir…", "combo box")
        screen.key("Down")
    screen.wait_focus(channel or ONLY, "combo box")
    screen.key("Tab")
    screen.type("auj", "Envoyé le")
    screen.key("Tab")
    screen.type(tracking, "Numéro de suivi ou de recommandé")
    screen.reach("Noter l’envoi", "push button")
    screen.wait("Noter un événement", "push button")


def attest(screen: Desktop, reference: str) -> None:
    """Print an attestation to be signed."""
    screen.click("Récits, …", "check box")
    screen.click(reference, "cell")
    screen.key("Return")
    screen.reach("Imprimer l’attestation dactylographiée", "push button")
    to_file(screen)


def test_a_complaint_two_referrals_and_two_attestations_are_sent(screen: Desktop, tmp_path: Path) -> None:
    known = _told(tmp_path)
    for name in ("younes-signee.txt", "selam-signee.txt", "luwam-signee.txt"):
        (screen.home / name).write_text(f"Lettre signée fictive, scannée: {name}", encoding="utf-8")
    screen.start()
    screen.click("Explorer avec un exemple", "push button")
    screen.wait("Fiche éclair", "push button")

    begin(screen, "D-2026-0001", 1, "Commencer une autre : Plainte…", "Mme Selam Habte…")
    write(screen, "T-2026-0001", "T-2026-0002")
    screen.click("Aperçu", "check box")
    to_file(screen)
    screen.key("alt+5")
    sign(screen, "M. Younès Ishag", "younes-signee.txt")
    sign(screen, "Mme Selam Habte", "selam-signee.txt")
    send(screen, "1A 234 567 8901 2", "Lettre recommandée…")

    begin(screen, "D-2026-0004", 2, "Commencer une autre : Signalement à l’IGPN")
    screen.click("Aperçu", "check box")
    to_file(screen)
    send(screen, "IGPN-EX-77")

    begin(screen, "D-2026-0004", 3, "Commencer une autre : Saisine du Défenseur des droits")
    screen.click("Aperçu", "check box")
    to_file(screen)
    screen.key("alt+5")
    sign(screen, "Mme Luwam Tesfay", "luwam-signee.txt")
    send(screen, "DDD-EX-12", "Formulaire en ligne")

    attest(screen, "T-2026-0003")
    attest(screen, "T-2026-0004")

    again = [each for each in screen.typed if _folded(each) in known]
    print(f"\n{len(screen.gestures)} gestes, {len(again)} fait(s) retapé(s)")  # noqa: T201 - the measure
    assert again == []
    assert len(screen.gestures) <= MOST, "\n".join(screen.gestures)
    screen.stop()
    _look(screen)


def _look(screen: Desktop) -> None:
    """What the vault says once the window is gone, and what was printed."""
    (folder,) = screen.home.rglob("coffre-exercice")
    with bootstrap.open_desk(folder, run.PASSPHRASE, clock=lambda: run.NOW) as desk:
        assert _sent(desk, COMPLAINT) == ("lrar", TODAY, "1A 234 567 8901 2", 1)
        assert _sent(desk, IGPN) == ("en_ligne", TODAY, "IGPN-EX-77", 1)
        assert _sent(desk, DDD) == ("en_ligne", TODAY, "DDD-EX-12", 1)
    printed = {each.name: preview.page_count(each.read_bytes()) for each in screen.home.glob("*.pdf")}
    made = ("S-2026-0008", "S-2026-0009", "S-2026-0010", "T-2026-0003", "T-2026-0004")
    assert sorted(printed) == [f"{each}-impression.pdf" for each in made]
    assert min(printed.values()) >= 1


def _sent(desk: Desk, procedure: str) -> tuple[str, dt.date, str, int]:
    """How, when and under which number the newest referral left, and how many versions of it are frozen."""
    with desk.read() as session:
        asked = select(Referral).where(Referral.procedure == procedure)
        newest = session.scalars(asked.order_by(Referral.reference.desc())).first()
        assert newest is not None
        found = follow_overview.view(session, desk, newest.id)
        assert found.sent
        assert {each.status for each in newest.parties} == {SENT[procedure]}
        (one,) = session.scalars(select(Dispatch).where(Dispatch.referral_id == newest.id))
        return one.channel, one.sent_on, one.tracking_number, len(found.versions)


def _told(folder: Path) -> str:
    """Every word the practice vault holds before anything is typed."""
    vault = practice_vault(folder, follow_up=True, outing=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE) as desk, desk.read() as session:
        tables = Record.metadata.sorted_tables
        values = [value for each in tables for line in session.execute(select(each)) for value in line]
    assert "Tesfay" in values
    return "\n".join(_folded(str(each)) for each in values)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
