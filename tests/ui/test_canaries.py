# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hundred words go through every journey of the program: none is readable anywhere but where its user put it.

Searched after each: the vault, the backup, what a salvage made, the home, the temporary folders, what the program
said, its core, and once it is locked the memory of the process. The controls: a file that is planted, a program that
writes what it reads, a process that is not locked.
"""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from hro_desktop.demo import media
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.support import canaries
from tests.ui.test_killed import PLACES, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.skipif(sys.platform != "linux", reason="/proc")]

START = """
import sys
from pathlib import Path
from hro_desktop import bootstrap
bootstrap.prepare_process()
secret, paper, card, vault, stick, out, *rest = sys.stdin.read().splitlines()
card, vault, stick, out = map(Path, (card, vault, stick, out))
"""

DESK = (
    START
    + """
import logging, os, sqlite3
logging.basicConfig(level=logging.DEBUG)
from hro_desktop.casework import backups, deposits, evidence, importing, search, sending
from hro_desktop.faults import Fault
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.people import Person
from hro_desktop.vault import backup, checks, salvage
from hro_desktop.vault.vault import Vault
from sqlalchemy import select, text
app = bootstrap.start_screenless_qt()
with bootstrap.open_desk(vault, secret) as desk:
    case = importing.import_folder(desk, card).value.cases[0]
    deposits.deposit(desk, [card])
    with desk.read() as session:
        people = [each.birth_name for each in session.scalars(select(Person))]
        items = list(session.scalars(select(Evidence.id)))
        for name in people:
            assert search.find(session, name)
            assert search.find(session, name[:7])
    for item in items:
        with evidence.open_item(desk, item) as stream:
            assert stream.read()
    try:
        sending.write_referral(desk, case, "plainte_procureur", out / "plainte", draft=True)
    except Fault as fault:
        print(fault, file=sys.stderr)
    backups.make(desk, stick)
    checks.verify(desk.vault)
    for statement, given in (("SELECT nothing FROM person WHERE birth_name = :n", {"n": people[0]}),
                             ("INSERT INTO person (birth_name) VALUES (:n)", {"n": people[1]})):
        try:
            with desk.vault.work() as work:
                work.session.execute(text(statement), given)
        except Exception:
            logging.exception("refused")
for wrong in (people[0], secret + "x", paper[:-1] + ("Y" if paper.endswith("Z") else "Z")):
    try:
        Vault.open(vault, wrong)
    except Fault:
        logging.exception("refused")
salvage.salvage(vault, stick / "sauve", secret)
vault_again = Vault.open(vault, secret)
with vault_again.work() as work:
    work.session.add(Person(pseudonym="X", birth_name=people[0]))
    work.session.flush()
    print("done", flush=True)
    os.abort()
"""
)

WINDOW = (
    START
    + """
import time
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from forms import preview
from hro_desktop.casework import documents
from tests.support.tour import stops
from ui.app import prepare
from ui.ask import WindowAsk
from ui.changes import ChangeHub
from ui.context import Context
from ui.jobs import JobRunner, Token
from ui.main_window import MainWindow
from ui.printing.engine import Wish, send
from ui.restart import restart_locked
from ui.tabs import Tabs
from ui.theme import Theme
from ui.workspace import Workspace

word = rest[0]
app = QApplication(sys.argv[:1])
prepare(app, Theme())
context = Context(jobs=JobRunner(), news=ChangeHub(app), ask=WindowAsk(), theme=Theme(), restart=restart_locked,
                  practice_folder=vault.with_name("exercice"))
window = MainWindow(context, vault, main=True)
window.resize(1366, 768)
window.show()
door = window.centralWidget()
door.field.setText(secret)
door.buttons[0].click()

def settle(times=3):
    for _ in range(times):
        for turn in range(400):
            app.processEvents()
            time.sleep(0.01)
            if turn > 2 and context.jobs.idle:
                break

while not isinstance(window.centralWidget(), Workspace):
    settle(1)
settle()
workspace = window.centralWidget()
for stop in stops(window.vault.desk):
    workspace.go_to(stop.place)
    settle(2)
    tabs = workspace.page.findChild(Tabs)
    for name in tabs.names if tabs else ():
        tabs.tab(name).click()
        settle(1)
    for each in workspace.page.findChildren(QPlainTextEdit)[:1]:
        if each.isEnabled() and not each.isReadOnly():
            each.insertPlainText(word)
    settle(1)
pack = documents.make_referral(window.vault.desk, "D-2026-0001", "plainte_procureur", draft=True)
paper_ = next(each.data for each in pack.files if each.name.endswith(".pdf"))
send([paper_], [(0, 0)], Wish(file=out / "imprime.pdf"), (Token(), lambda *_: None))
assert (out / "imprime.pdf").stat().st_size > 1000
print("open", flush=True)
while not (out / "verrouiller").exists():
    time.sleep(0.1)
window.lock()
"""
)

CARELESS = """
import sys, tempfile
from pathlib import Path
secret, _, card, *_ = sys.stdin.read().splitlines()
Path(tempfile.mkdtemp(), "apercu.pdf").write_bytes(next(Path(card).glob("*.pdf")).read_bytes())
print("done", secret, file=sys.stderr)
"""


@attrs.frozen
class Room:
    """A home of its own, a vault, and what opens it."""

    folder: Path
    env: dict[str, str]
    paper: str
    secrets: tuple[bytes, ...]
    count: int

    def searched(self) -> list[Path]:
        """All folders but the user's own: what was taken in, and what was let out."""
        return [path for path in self.folder.iterdir() if path.is_dir() and path.name not in ("carte", "sortie")]

    def start(self, program: str, *more: str) -> subprocess.Popen[bytes]:
        """A program of ours; what it must know comes through its input, and stands in no list of processes."""
        with (self.folder / "dit" / "stderr.txt").open("ab") as said:
            running = subprocess.Popen(
                [sys.executable, "-c", program],
                cwd=self.folder / "ici",
                env=self.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )
        assert running.stdin is not None
        places = [str(self.folder / name) for name in ("carte", "coffre", "cle", "sortie")]
        running.stdin.write("\n".join([canaries.PASSPHRASE, self.paper, *places, *more]).encode())
        running.stdin.close()
        return running

    def left(self) -> list[str]:
        """Files in the home and the temporary folders, which could hold anything compressed or drawn; no fonts."""
        found = [path for name in (*PLACES.values(), "ici") for path in (self.folder / name).rglob("*")]
        return [str(path) for path in found if path.is_file() and not path.parent.name.startswith("fonts-")]

    def said(self) -> str:
        return (self.folder / "dit" / "stderr.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    folder = tmp_path_factory.mktemp("piece")
    for name in (*PLACES.values(), "ici", "dit", "cle", "sortie"):
        (folder / name).mkdir(mode=0o700)
    made = media.files()
    samples = {".jpg": made["scan0012.jpg"], ".pdf": made["certificat.pdf"], ".txt": b"Une note."}
    words = canaries.folder_of(folder / "carte", samples)
    created = Vault.create(folder / "coffre", canaries.PASSPHRASE, kdf=KdfParams.fast(), reserve_size=1 << 20)
    with created.vault as vault:
        key, vmk = vault.keys.base(), bytes(vault.keys.vmk)
    code = created.paper_code.replace("-", "")
    secrets = (key.encode(), bytes.fromhex(key), vmk, vmk.hex().encode(), created.paper_code.encode(), code.encode())
    env = {name: str(folder / place) for name, place in PLACES.items()}
    env = {**os.environ, **env, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    return Room(folder, env, created.paper_code, secrets, len(words.given))


def test_there_are_enough_of_them_and_the_search_finds_what_is_planted(room: Room) -> None:
    assert room.count >= 199  # and the one that is typed
    assert canaries.in_files(room.searched(), room.secrets) == {}
    assert len(canaries.in_files([room.folder / "carte"])) >= 13
    for number, content in enumerate((b"x" + room.secrets[1], "QZKXWabc".encode("utf-16-le"), b"YSBxemt4d2Fi")):
        planted = room.folder / "etat" / f"oubli{number}"
        planted.write_bytes(content)
        assert list(canaries.in_files(room.searched(), room.secrets)) == [str(planted)]
        planted.unlink()


def test_control_a_program_that_is_careless_is_found_out(room: Room) -> None:
    with room.start(CARELESS) as program:
        program.wait()
    hits = [Path(each) for each in canaries.in_files(room.searched(), room.secrets)]
    assert sorted(each.name for each in hits) == ["apercu.pdf", "stderr.txt"]
    for each in hits:
        each.unlink()


@pytest.fixture(scope="module")
def worked(room: Room) -> Room:
    """Import, deposit, search, reading, documents, backup, salvage, errors, then a crash."""
    with room.start(DESK) as program:
        said = program.stdout.read() if program.stdout else b""
        program.wait()
    assert (said, program.returncode) == (b"done\n", -signal.SIGABRT), room.said()[-2000:]
    return room


def test_nothing_is_left_by_the_work_and_by_a_crash(worked: Room) -> None:
    assert "refused" in worked.said()
    assert canaries.in_files(worked.searched(), worked.secrets) == {}
    assert list((worked.folder / "ici").iterdir()) == []  # no core
    assert (worked.folder / "cle" / "sauve" / "base" / "hro.db").exists()
    assert any((worked.folder / "cle" / "sauvegarde-coffre").rglob("*.age"))
    assert worked.left() == []
    (letter,) = (worked.folder / "sortie" / "plainte").glob("01-*.docx")
    with zipfile.ZipFile(letter) as archive:  # the control: the user's own papers do name people
        assert canaries.MARK.encode() in archive.read("word/document.xml").lower()


def locked(process: int) -> bool:
    return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[-3:-2] == [b"ui"]


def readable(process: int) -> None:
    try:
        with Path(f"/proc/{process}/mem").open("rb"):
            pass
    except PermissionError:
        pytest.skip("nobody but root reads the memory of a hardened process, which is right")


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_locking_leaves_nothing_in_memory_nor_on_the_disk(worked: Room) -> None:
    """The real window shows every page and prints; the control is its memory before it is locked."""
    with worked.start(WINDOW, f"{canaries.MARK.capitalize()}tapee") as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == b"open\n", worked.said()[-2000:]
            readable(program.pid)
            assert sum(canaries.in_memory(program.pid, worked.secrets).values()) > 20
            assert canaries.in_files(worked.searched(), worked.secrets) == {}
            assert worked.left() == []
            (worked.folder / "sortie" / "verrouiller").touch()
            until(lambda: locked(program.pid))
            time.sleep(2)  # its door stands
            assert canaries.in_memory(program.pid, worked.secrets) == {}
        finally:
            program.kill()
    assert canaries.in_files(worked.searched(), worked.secrets) == {}
    assert worked.left() == []
