# SPDX-License-Identifier: GPL-3.0-or-later
"""An item read again, what was done with it, and what is made from it; its list and its page as plain values."""

import io
import uuid
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from hro_desktop.casework import clearing, contents, custody, deposits, derivations, evidence, evidence_facts
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.evidence_facts import Asked
from hro_desktop.faults import Fault
from hro_desktop.media import shown
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.journal import JournalLine
from hro_desktop.vault import checks, journal
from tests.media.made import box, exif, film, heic, picture, png_claiming


def path_of(desk: Desk, evidence_id: object) -> Path:
    with desk.read() as session:
        return desk.vault.objects.path(session.get_one(Evidence, evidence_id).stored.name)


def content(desk: Desk, evidence_id: object) -> bytes:
    with desk.read() as session, evidence.open_original(desk.vault, session.get_one(Evidence, evidence_id)) as stream:
        return stream.read()


@pytest.fixture
def photo(empty: Desk, tmp_path: Path) -> object:
    (tmp_path / "IMG_1.jpg").write_bytes(picture(size=(400, 300), exif=exif(orientation=6)))
    return deposits.deposit(empty, [tmp_path / "IMG_1.jpg"]).value[0].evidence_id


def test_an_unchanged_item_is_said_to_be(empty: Desk, photo: object) -> None:
    seen: list[tuple[int, int]] = []
    result = custody.verify(empty, photo, progress=lambda done, total: seen.append((done, total)))
    assert result.value
    assert result.changes == {("evidence", photo)}
    assert seen[-1][0] == seen[-1][1] == len(content(empty, photo))
    with empty.read() as session:
        line = session.scalars(select(JournalLine).order_by(JournalLine.n.desc()).limit(1)).one()
        assert (line.action, line.object) == ("evidence.verified", str(photo))
        assert line.commitment
        assert custody.last_checks(session, [photo])[photo][0]
        assert [each.what for each in custody.history(session, photo)] == [
            "Vérifiée\u00a0: empreinte conforme",
            "Versée dans le coffre",
        ]


@pytest.mark.parametrize("how", ["one bit", "cut", "longer", "absent", "another object"])
def test_a_changed_item_is_noted_as_such(empty: Desk, photo: object, how: str, tmp_path: Path) -> None:
    path = path_of(empty, photo)
    if how == "absent":
        path.unlink()
    elif how == "another object":
        (tmp_path / "autre.txt").write_text("autre")
        other = deposits.deposit(empty, [tmp_path / "autre.txt"]).value[0].evidence_id
        path.write_bytes(path_of(empty, other).read_bytes())
    else:
        sealed = bytearray(path.read_bytes())
        sealed[len(sealed) // 2] ^= how == "one bit"
        path.write_bytes(sealed[:-5] if how == "cut" else sealed + b"more" * (how == "longer"))
    assert not custody.verify(empty, photo).value
    with empty.read() as session:
        assert evidence_facts.rows(session, [photo])[0].check is False
        assert journal.verify(session, empty.vault.vault_id)[1] == ()


def test_a_reading_that_is_stopped_notes_nothing(empty: Desk, photo: object) -> None:
    with empty.read() as session:
        before = session.scalars(select(JournalLine.n)).all()
    with pytest.raises(Fault, match="cancelled"):
        custody.verify(empty, photo, cancelled=lambda: True)
    with empty.read() as session:
        assert session.scalars(select(JournalLine.n)).all() == before


def test_a_copy_without_metadata_says_nothing_and_points_at_its_original(empty: Desk, photo: object) -> None:
    before = content(empty, photo)
    assert any(label == "Position" for label, _ in evidence_facts.said(empty, photo))
    made = derivations.clean_copy(empty, photo).value
    assert {label for label, _ in evidence_facts.said(empty, made)} == {"Type", "Dimensions"}
    assert content(empty, photo) == before
    with empty.read() as session:
        view = evidence_facts.item(session, made, empty.today())
        assert view is not None
        assert view.source is not None
        assert view.source.id == photo
        original = evidence_facts.item(session, photo, empty.today())
        assert original is not None
        assert [each.id for each in original.derived] == [made]
        assert original.history[0].what == "Copie sans métadonnées créée"
        assert not clearing.is_masked_version(session, session.get_one(Evidence, made))


def test_a_film_has_a_copy_without_metadata_too(empty: Desk, tmp_path: Path) -> None:
    (tmp_path / "VID_1.mp4").write_bytes(film())
    film_id = deposits.deposit(empty, [tmp_path / "VID_1.mp4"]).value[0].evidence_id
    before = content(empty, film_id)
    assert "place" in {code for code, _ in contents.of_file(io.BytesIO(before))}
    assert contents.of_file(io.BytesIO(before))[-1] == contents.CLEANABLE
    made = derivations.clean_copy(empty, film_id).value
    assert contents.of_file(io.BytesIO(content(empty, made))) == ()
    assert content(empty, film_id) == before
    assert len(content(empty, made)) == len(before)
    with empty.read() as session:
        item = session.get_one(Evidence, made)
        assert (item.derived_from_id, item.media_type) == (film_id, "video/mp4")
        assert item.original_name == "VID_1 (sans métadonnées).mp4"
    (tmp_path / "VID_2.mp4").write_bytes(film(extra=box(b"moof")) + box(b"mdat")[:6])
    broken = deposits.deposit(empty, [tmp_path / "VID_2.mp4"]).value[0].evidence_id
    assert contents.of_file(io.BytesIO(content(empty, broken)))[-1] == contents.AS_IT_IS
    with pytest.raises(Fault, match=r"media\.kept"):
        derivations.clean_copy(empty, broken)
    assert checks.verify(empty.vault).sound


def test_what_is_masked_is_in_no_byte_of_the_version(empty: Desk, photo: object) -> None:
    made = derivations.masked_copy(empty, photo, [(0.5, 0.6, 0.25, 0.2)]).value
    with Image.open(io.BytesIO(content(empty, made))) as masked:
        assert masked.size == (300, 400)
        inner = masked.crop((85, 90, 140, 230)).convert("L")
        assert all(abs(low - 96) < 8 for low in inner.getextrema())
        assert masked.crop((200, 300, 290, 390)).convert("L").getextrema() != inner.getextrema()
    with empty.read() as session:
        assert clearing.is_masked_version(session, session.get_one(Evidence, made))
    with pytest.raises(Fault, match="nothing_hidden"):
        derivations.masked_copy(empty, photo, [])
    assert checks.verify(empty.vault).sound


def test_no_copy_of_what_is_no_picture(empty: Desk, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mots")
    note = deposits.deposit(empty, [tmp_path / "note.txt"]).value[0].evidence_id
    with pytest.raises(Fault, match="not_a_picture"):
        derivations.clean_copy(empty, note)
    with empty.read() as session:
        assert len(session.scalars(select(Evidence)).all()) == 1


def test_the_list_finds_what_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "IMG_77.jpg").write_bytes(picture())
    fresh = deposits.deposit(desk, [tmp_path / "IMG_77.jpg"]).value[0].evidence_id
    with desk.read() as session:
        everything = evidence_facts.ids(session, Asked())
        assert everything[0] == fresh
        assert set(evidence_facts.ids(session, Asked(to_describe=True))) == {fresh}
        assert fresh in evidence_facts.ids(session, Asked(people=True))
        images = evidence_facts.rows(session, evidence_facts.ids(session, Asked(families=("image",))))
        assert {row.family for row in images} == {"image"}
        both = evidence_facts.ids(session, Asked(families=("image", "pdf")))
        assert len(images) < len(both) < len(everything)
        assert list(evidence_facts.ids(session, Asked(words="img_77"))) == [fresh]
        assert list(evidence_facts.ids(session, Asked(words="100%"))) == []
        by_author = evidence_facts.rows(session, evidence_facts.ids(session, Asked(words="ishag")))
        assert by_author
        assert {row.id for row in evidence_facts.rows(session, everything)} == set(everything)
        assert evidence_facts.total_size(session) > 1_000_000


def test_an_item_tells_where_it_is_cited_and_that_its_copies_left(desk: Desk) -> None:
    with desk.read() as session:
        views = [evidence_facts.item(session, each, desk.today()) for each in evidence_facts.ids(session, Asked())]
    cited = [view for view in views if view is not None and view.cited]
    assert cited
    assert cited[0].cited[0].startswith("Pièce n°\u00a0")
    assert all(view.sha256 and view.facts for view in views if view is not None)
    with desk.read() as session:
        assert evidence_facts.item(session, uuid.uuid4(), desk.today()) is None


@pytest.mark.parametrize(
    ("size", "text"),
    [(12, "12\u00a0octets"), (4_100, "4\u00a0ko"), (4_100_000, "4,1\u00a0Mo"), (2_140_000_000, "2,1\u00a0Go")],
)
def test_sizes_as_people_write_them(size: int, text: str) -> None:
    assert evidence_facts.size_text(size) == text


@pytest.mark.parametrize("content_", [picture(size=(640, 480)), heic(), picture("PNG", mode="RGBA")])
def test_a_picture_for_the_screen_is_bounded_and_upright(content_: bytes) -> None:
    whole = shown.show(io.BytesIO(content_))
    assert len(whole.data) == whole.width * whole.height * 3
    assert (whole.width, whole.height) == whole.full
    small = shown.show(io.BytesIO(content_), most_pixels=10_000)
    assert small.width * small.height <= 11_000
    assert small.full == whole.full


def test_a_turned_picture_keeps_its_sides() -> None:
    turned = shown.show(io.BytesIO(picture(size=(400, 300), exif=exif(orientation=6))), most_pixels=20_000)
    assert turned.full == (300, 400)
    assert turned.height > turned.width


@pytest.mark.parametrize("content_", [png_claiming(40_000, 40_000), picture()[:500], b"\xff\xd8\xff\xe0", bytes(99)])
def test_a_trap_is_one_sentence(content_: bytes) -> None:
    with pytest.raises(Fault) as caught:
        shown.show(io.BytesIO(content_))
    assert caught.value.sentence.endswith(".")
