# SPDX-License-Identifier: GPL-3.0-or-later
"""Files deposited one by one: whatever befalls one of them, the others are in the vault and each is accounted for."""

import os
import shutil
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hro_desktop.casework import deposits, evidence
from hro_desktop.casework.deposits import Deposit, Links
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Incident
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.statements import Statement
from hro_desktop.vault import checks
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.casework.test_importing import state
from tests.media.made import picture
from tests.vault.support import fill, small_disk

MB = 1024 * 1024


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """What comes off the card of a camera."""
    folder = tmp_path / "carte"
    folder.mkdir()
    (folder / "IMG_1.jpg").write_bytes(picture())
    (folder / "note.txt").write_text("Vu de la route.")
    (folder / "zip.bin").write_bytes(b"\0\1\2" * 1000)
    return folder


def fates(told: tuple[Deposit, ...]) -> list[tuple[str, str]]:
    return [(each.name, each.fate) for each in told]


def whole(desk: Desk) -> bool:
    """Nothing half written: no file waits, each object has its row, every byte is the one deposited."""
    _, objects, staging = state(desk)
    return staging == [] and desk.vault.known_objects(objects) == objects and checks.verify(desk.vault).sound


def test_files_come_in_unchanged_each_with_its_line(empty: Desk, card: Path) -> None:
    seen: list[tuple[int, int]] = []
    result = deposits.deposit(empty, [card], progress=lambda done, total: seen.append((done, total)))
    assert fates(result.value) == [("IMG_1.jpg", "deposited"), ("note.txt", "deposited"), ("zip.bin", "deposited")]
    size = sum(path.stat().st_size for path in card.iterdir())
    assert seen[-1] == (size, size)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    with empty.read() as session:
        for each in result.value:
            item = session.get_one(Evidence, each.evidence_id)
            assert item.title == item.original_name == each.name
            assert item.received_on == empty.today()
            with evidence.open_original(empty.vault, item) as stream:
                assert stream.read() == (card / each.name).read_bytes()
            lines = session.scalars(select(JournalLine.action).where(JournalLine.object == str(item.id))).all()
            assert list(lines) == ["evidence.created", "evidence.deposited"]
            assert ("evidence", each.evidence_id) in result.changes
        kinds = session.scalars(select(Evidence.kind).order_by(Evidence.title)).all()
    assert list(kinds) == ["photo", "autre", "autre"]
    assert whole(empty)


def test_the_same_bytes_enter_once_whatever_their_name(empty: Desk, card: Path) -> None:
    shutil.copy(card / "IMG_1.jpg", card / "IMG_1 (copie).jpg")
    first = deposits.deposit(empty, [card]).value
    assert Counter(each.fate for each in first) == {"deposited": 3, "known": 1}
    assert len({each.evidence_id for each in first}) == 3
    before = state(empty)
    again = deposits.deposit(empty, [card])
    assert {each.fate for each in again.value} == {"known"}
    assert again.changes == frozenset()
    assert state(empty) == before


def test_a_file_that_is_there_already_gets_the_links_it_lacks(desk: Desk, card: Path) -> None:
    with desk.read() as session:
        case, incident, statement = (session.scalars(select(noun.id)).first() for noun in (Case, Incident, Statement))
    assert case
    assert incident
    assert statement
    (first,) = deposits.deposit(desk, [card / "IMG_1.jpg"], Links(cases=(case,))).value
    links = Links((incident,), (case,), ((statement, "annex"),))
    result = deposits.deposit(desk, [card / "IMG_1.jpg", card / "note.txt"], links)
    assert fates(result.value) == [("IMG_1.jpg", "known"), ("note.txt", "deposited")]
    with desk.read() as session:
        for each in result.value:
            item = session.get_one(Evidence, each.evidence_id)
            assert [tie.case_id for tie in item.cases] == [case]
            assert [tie.incident_id for tie in item.incidents] == [incident]
            assert [(tie.statement_id, tie.role) for tie in item.statements] == [(statement, "annex")]
    assert ("evidence", first.evidence_id) in result.changes
    assert deposits.deposit(desk, [card / "IMG_1.jpg"], links).changes == frozenset()


def test_what_is_no_plain_file_is_refused_with_why_and_the_rest_comes_in(
    empty: Desk, card: Path, tmp_path: Path
) -> None:
    (card / "vide.jpg").touch()
    (card / "dans").mkdir()
    (card / "dans" / "IMG_2.jpg").write_bytes(picture(size=(30, 20)))
    (card / ".DS_Store").write_bytes(b"service")
    outside = tmp_path / "ailleurs"
    outside.mkdir()
    (outside / "secret.txt").write_text("pas dans la carte")
    (card / "lien.txt").symlink_to(outside / "secret.txt")
    (card / "lien-dossier").symlink_to(outside)
    os.mkfifo(card / "tuyau")
    told = deposits.deposit(empty, [card, tmp_path / "absent.jpg"]).value
    refused = {each.name: each.why for each in told if each.fate == "refused"}
    assert set(refused) == {"vide.jpg", ".DS_Store", "lien.txt", "lien-dossier", "tuyau", "absent.jpg"}
    assert all(why.endswith(".") for why in refused.values())
    assert "vide" in refused["vide.jpg"]
    assert "raccourci" in refused["lien.txt"]
    assert {each.name for each in told if each.fate == "deposited"} == {
        "IMG_1.jpg", "IMG_2.jpg", "note.txt", "zip.bin"
    }  # fmt: skip
    assert whole(empty)


@pytest.mark.parametrize("how", ["vanishes", "becomes a link", "becomes a pipe"])
def test_a_file_that_is_another_when_its_turn_comes(empty: Desk, card: Path, how: str) -> None:
    def meddle(done: int, _total: int) -> None:
        if done and (card / "note.txt").is_file() and not (card / "note.txt").is_symlink():
            (card / "note.txt").unlink()
            if how == "becomes a link":
                (card / "note.txt").symlink_to("/etc/hostname")
            elif how == "becomes a pipe":
                os.mkfifo(card / "note.txt")

    told = deposits.deposit(empty, [card], progress=meddle).value
    assert fates(told) == [("IMG_1.jpg", "deposited"), ("note.txt", "refused"), ("zip.bin", "deposited")]
    assert whole(empty)


@pytest.mark.parametrize("how", ["grows", "shrinks", "is written over", "is left alone"])
def test_a_file_that_changes_while_it_is_read(empty: Desk, card: Path, how: str) -> None:
    film = card / "VID_1.mp4"
    film.write_bytes(os.urandom(5 * MB))
    times = film.stat()

    def meddle(done: int, _total: int) -> None:
        if MB < done < 4 * MB and film.stat().st_mtime_ns == times.st_mtime_ns:
            if how == "grows":
                with film.open("ab") as more:
                    more.write(b"more")
            elif how == "shrinks":
                os.truncate(film, 2 * MB)
            elif how == "is written over":
                with film.open("r+b") as other:
                    other.write(b"other")

    told = deposits.deposit(empty, [film, card / "note.txt"], progress=meddle).value
    wanted = "deposited" if how == "is left alone" else "refused"
    assert fates(told) == [("VID_1.mp4", wanted), ("note.txt", "deposited")]
    assert wanted == "deposited" or "changeait" in told[0].why
    assert whole(empty)


@pytest.mark.parametrize("after", range(12))
def test_a_cancel_anywhere_keeps_what_was_done(empty: Desk, card: Path, after: int) -> None:
    (card / "VID_1.mp4").write_bytes(os.urandom(3 * MB))
    asked = iter(range(1000))
    told = deposits.deposit(empty, [card], cancelled=lambda: next(asked) >= after).value
    done = [each for each in told if each.fate == "deposited"]
    left = [each for each in told if each.fate == "left"]
    assert len(done) + len(left) == len(told)
    assert told == (*done, *left)
    assert all("arrêté" in each.why for each in left)
    with empty.read() as session:
        assert len(session.scalars(select(Evidence)).all()) == len(done)
    assert whole(empty)
    assert {each.fate for each in deposits.deposit(empty, [card]).value} <= {"known", "deposited"}


def test_a_full_disk_ends_it_and_nothing_is_half_there(tmp_path: Path) -> None:
    with small_disk(24 * 1024) as disk:
        created = Vault.create(disk / "coffre", run.PASSPHRASE, kdf=KdfParams.fast(), practice=True, reserve_size=MB)
        folder = tmp_path / "carte"
        folder.mkdir()
        for number in range(8):
            (folder / f"{number}.bin").write_bytes(os.urandom(MB))
        with created.vault as vault:
            desk = Desk(vault)
            filler = fill(disk, leave=3 * MB + 400_000)
            told = deposits.deposit(desk, [folder]).value
            counted = Counter(each.fate for each in told)
            assert set(counted) == {"deposited", "left"}
            assert 0 < counted["deposited"] < 8
            assert all("plein" in each.why for each in told if each.fate == "left")
            filler.unlink()
            assert whole(desk)
            again = deposits.deposit(desk, [folder]).value
            assert Counter(each.fate for each in again) == {
                "known": counted["deposited"],
                "deposited": counted["left"],
            }


def test_names_that_lie_are_spelled_out(empty: Desk, tmp_path: Path) -> None:
    bad = Path(os.fsdecode(os.fsencode(tmp_path) + b"/photo\xff\xfe.jpg"))
    bad.write_bytes(picture())
    turned = tmp_path / "photo\u202egpj.exe"
    turned.write_bytes(b"MZ" + bytes(100))
    told = deposits.deposit(empty, [bad, turned]).value
    assert fates(told) == [("photo⟦FF⟧⟦FE⟧.jpg", "deposited"), ("photo⟦U+202E⟧gpj.exe", "deposited")]


@pytest.fixture
def fast() -> Iterator[Path]:
    """A disk in memory where there is one: thousands of syncs measure the disk of the machine, not the program."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        yield Path(name)


@pytest.fixture
def many(fast: Path) -> Path:
    folder = fast / "beaucoup"
    folder.mkdir()
    for number in range(5000):
        (folder / f"{number:04}.txt").write_text(f"fichier {number}" if number % 50 else "")
    (folder / "0100.txt").unlink()
    (folder / "0100.txt").symlink_to(folder / "0101.txt")
    (folder / "0201.txt").write_bytes(b"%PDF-1.7 coupe")
    (folder / "0202.txt").write_bytes(b"\xff\xd8\xff\xe0" + bytes(30))
    return folder


@pytest.mark.slow
def test_five_thousand_files_with_broken_ones_among_them(fast: Path, many: Path) -> None:
    created = Vault.create(fast / "coffre", run.PASSPHRASE, kdf=KdfParams.fast(), practice=True)
    with created.vault as vault:
        told = deposits.deposit(Desk(vault), [many]).value
        assert len(told) == 5000
        assert Counter(each.fate for each in told) == {"deposited": 4900, "refused": 100}
        assert whole(Desk(vault))


def test_a_large_file_is_never_held_whole(empty: Desk, tmp_path: Path) -> None:
    film = tmp_path / "VID.mp4"
    with film.open("wb") as sparse:
        sparse.write(b"\0\0\0\x18ftypmp42")
        sparse.truncate(200 * MB)
    tracemalloc.start()
    (told,) = deposits.deposit(empty, [film]).value
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told.fate == "deposited"
    assert peak < 20 * MB
