# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are no letter, or not whole, or open elsewhere: told, and nothing taken."""

import random
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from hro_desktop.casework import (
    clear_copies,
    comparison,
    departures,
    frozen,
    outside,
)
from hro_desktop.casework.clear_copies import Lent
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.departures import Departure
from hro_desktop.records.referrals import Referral
from tests.casework.outside.support import (
    WORDS,
    W,
    add,
    in_body,
    looked_at,
    parts_of,
    refused,
    state,
    write,
)

pytestmark = pytest.mark.usefixtures("qapp")


LOCKS = {
    ".~lock.{}#": (
        ",Camille,portable,26.11.2026 15:23,file:///profil;",
        "par Camille sur portable le 26.11.2026 15:23",
    ),
    "~${}": ("\x07Camille" + "\0" * 40, "par Camille le "),
    "short": ("", " le "),
}


def marked(lent: Lent, lock: str) -> Path:
    name = f"~${lent.path.name[2:]}" if lock == "short" else lock.format(lent.path.name)
    mark = lent.path.with_name(name)
    mark.write_text(LOCKS[lock][0], "utf-8")
    return mark


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.skipif(sys.platform == "darwin", reason="nothing tells there who holds a file")
def test_a_file_still_open_is_told(desk: Desk, complaint: uuid.UUID, lent: Lent, lock: str) -> None:
    marked(lent, lock)
    held = "import sys; file = open(sys.argv[1], 'r+b'); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", held, str(lent.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        for closed in (False, True):  # whatever somebody says
            with refused("outside.open"):
                comparison.compare(desk, lent.document_id, lent.path, closed=closed, pause=lambda _seconds: None)
        with refused("outside.open"):
            clear_copies.remove(desk, complaint, lent.path, closed=True)
        other.communicate(b"")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_mark_left_by_a_killed_word_processor_blocks_only_until_somebody_says_so(
    desk: Desk, complaint: uuid.UUID, lent: Lent, lock: str
) -> None:
    add(lent.path)
    mark = marked(lent, lock)
    with pytest.raises(Fault, match=r"^outside\.locked$") as told:
        looked_at(desk, lent)
    assert LOCKS[lock][1] in told.value.sentence
    found = comparison.compare(desk, lent.document_id, lent.path, closed=True, pause=lambda _seconds: None)
    assert found.changes
    with refused("outside.locked"):
        clear_copies.remove(desk, complaint, lent.path, unread=True)
    clear_copies.remove(desk, complaint, lent.path, unread=True, closed=True)
    assert not lent.path.exists()
    assert not mark.exists()


@pytest.mark.parametrize("said", [b"", b"\xff" * 9000, ",\u202e\n,,\x1b[2J".encode(), b"a" * 5000])
def test_a_hostile_mark_is_shortened(desk: Desk, lent: Lent, said: bytes) -> None:
    lent.path.with_name(f".~lock.{lent.path.name}#").write_bytes(said)
    with pytest.raises(Fault) as told:
        looked_at(desk, lent)
    assert len(told.value.sentence) < 600
    assert told.value.sentence.replace("\u00a0", " ").isprintable()


def test_a_file_being_written_is_told(desk: Desk, lent: Lent) -> None:
    def grow(_seconds: float) -> None:
        with lent.path.open("ab") as out:
            out.write(b"encore")

    with refused("outside.open"):
        comparison.compare(desk, lent.document_id, lent.path, pause=grow)


def test_a_file_nobody_may_read_is_told(desk: Desk, lent: Lent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "open", sharing_violation)
    with refused("outside.open"):
        looked_at(desk, lent)


def sharing_violation(*_given: object, **_named: object) -> None:
    raise PermissionError(13, "in use")


def test_what_is_no_letter_is_refused(desk: Desk, lent: Lent, folder: Path) -> None:
    with refused("outside.unreadable"):
        looked_at(desk, lent, folder / "absent.docx")
    (folder / "lettre.odt").write_bytes(lent.path.read_bytes())
    with refused("outside.kind"):
        looked_at(desk, lent, folder / "lettre.odt")
    (folder / "chiffre.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))
    with refused("docx.protected"):
        looked_at(desk, lent, folder / "chiffre.docx")
    (folder / "dossier.docx").mkdir()
    with refused("outside.kind"):
        looked_at(desk, lent, folder / "dossier.docx")
    (folder / "vide.docx").write_bytes(b"")
    with refused("docx.broken"):
        looked_at(desk, lent, folder / "vide.docx")
    (folder / "coupe.docx").write_bytes(lent.path.read_bytes()[:5000])
    with refused("docx.broken"):
        looked_at(desk, lent, folder / "coupe.docx")


def _macros(parts: dict[str, bytes]) -> None:
    parts["word/vbaProject.bin"] = b"x"


def _macro_type(parts: dict[str, bytes]) -> None:
    name = "[Content_Types].xml"
    parts[name] = parts[name].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )


def _external(parts: dict[str, bytes]) -> None:
    name = "word/_rels/document.xml.rels"
    link = b'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
    parts[name] = parts[name].replace(
        b"</Relationships>", link + b' Target="http://exemple.invalid/x.png" TargetMode="External"/></Relationships>'
    )


def _bomb(parts: dict[str, bytes]) -> None:
    parts["word/media/zeros.bin"] = bytes(70 * 1024 * 1024)


def _entities(parts: dict[str, bytes]) -> None:
    parts["word/document.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts["word/document.xml"].partition(b"?>")[2]


def _object(parts: dict[str, bytes]) -> None:
    parts["word/embeddings/oleObject1.bin"] = b"x"


def _chart(parts: dict[str, bytes]) -> None:
    parts["word/charts/chart1.xml"] = b"<c/>"


def _command(parts: dict[str, bytes]) -> None:
    code = f'<w:p xmlns:w="{W}"><w:r><w:fldChar w:fldCharType="begin"/><w:instrText> DDE</w:instrText></w:r>'
    code += "<w:r><w:instrText>AUTO c cmd</w:instrText></w:r></w:p>"
    body = parts["word/document.xml"]
    parts["word/document.xml"] = body.replace(b"<w:sectPr", code.encode() + b"<w:sectPr", 1)


def _strict(parts: dict[str, bytes]) -> None:
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    parts["word/document.xml"] = parts["word/document.xml"].replace(W.encode(), strict)


def _odt(parts: dict[str, bytes]) -> None:
    parts.clear()
    parts |= {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}


def _endless(parts: dict[str, bytes]) -> None:
    noise = random.Random(1).randbytes(1024 * 1024)  # so that it is no bomb by its ratio
    parts["word/media/bruit.png"] = noise
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"<w:sectPr", b"<w:p/>" * 3_000_000 + b"<w:sectPr", 1
    )


def _odd_name(parts: dict[str, bytes]) -> None:
    parts["../../dehors.xml"] = b"<x/>"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_macros, "docx.macros"),
        (_macro_type, "docx.macros"),
        (_external, "docx.external"),
        (_bomb, "docx.bomb"),
        (_entities, "docx.entities"),
        (_object, "docx.objects"),
        (_chart, "docx.objects"),
        (_command, "docx.fetches"),
        (_odd_name, "docx.names"),
        (_strict, "docx.strict"),
        (_odt, "docx.odt"),
        (_endless, "docx.long"),
    ],
)
def test_a_hostile_file_is_refused(
    desk: Desk, complaint: uuid.UUID, lent: Lent, spoil: Callable[[dict[str, bytes]], None], code: str
) -> None:
    parts = parts_of(lent.path)
    spoil(parts)
    write(lent.path, parts)
    with refused(code):
        looked_at(desk, lent)
    assert state(desk, complaint).versions == ()


def test_words_the_page_does_not_show_are_told(desk: Desk, lent: Lent) -> None:
    in_body(
        lent.path,
        f'<w:p xmlns:w="{W}"><w:r><w:rPr><w:vanish/></w:rPr><w:t>invisiblement</w:t></w:r></w:p>',
    )
    found = looked_at(desk, lent)
    assert any("texte masqué" in each for each in found.notes)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_file_saved_by_libreoffice(desk: Desk, complaint: uuid.UUID, lent: Lent, tmp_path: Path) -> None:
    add(lent.path)
    saved = tmp_path / "enregistre"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profil",
            "--headless",
            "--convert-to",
            "docx",
            "--outdir",
            str(saved),
            str(lent.path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    found = looked_at(desk, lent, saved / lent.path.name)
    assert [(each.before, each.after) for each in found.changes] == [("", WORDS)]
    assert not any("page imprimée" in each for each in found.notes)
    outside.take_back(desk, found)
    assert frozen.freeze(desk, complaint)


def test_departures_of_the_lent_letter_are_of_the_people(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    with desk.read() as session:
        person = session.get_one(Referral, complaint).parties[0].case.person_id
        (gone,) = departures.of_person(session, person)
        assert session.get_one(Departure, gone.departure_id).note == str(lent.path)
    assert "prêtés pour être modifiés" in gone.sentence
