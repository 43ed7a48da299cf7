# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs in the shape their recipient wants, from a real vault to real files."""

import csv
import hashlib
import io
import re
import shutil
import subprocess
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import pikepdf
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from hro_desktop.casework import cases, documents, profiles, referral_facts, referrals
from hro_desktop.casework.clearing import WITHHELD
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.handed import names_someone
from hro_desktop.casework.packages import Package
from hro_desktop.casework.papers import Made
from hro_desktop.casework.profiles import Wish
from hro_desktop.casework.referral_facts import Numbered
from hro_desktop.faults import Fault
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.objects import StoredObject
from tests.support import bags
from tests.support.forms import page_texts

CASE, PLAINTE = "D-2026-0001", "plainte_procureur"
NAMES = ("Younès Ishag", "Selam Habte", "Camille Vasseur", "Tobias Lindgren", "Alix Morvan")
ACCEPTED = re.compile(r"^PJ(\d{1,3})_[A-Za-z0-9 _-]{1,72}\.(pdf|docx?|odt|rtf)$")
NAMED = [1, 2, 4, 5, 6, 7, 8, 9, 10]

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def made(desk: Desk) -> tuple[Made, ...]:
    return documents.make_referral(desk, CASE, PLAINTE).files


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder of its own, beside the vault."""
    return tmp_path / "sortie"


@contextmanager
def exhibits(desk: Desk) -> Iterator[tuple[Numbered, ...]]:
    with desk.read() as session:
        referral = referrals.for_case(session, cases.by_reference(session, CASE), PLAINTE)
        yield referral_facts.numbered_exhibits(session, referral)


def packed(desk: Desk, profile: str, made: tuple[Made, ...] = (), **wish: object) -> Package:
    withheld = wish.pop("withheld", ())
    with exhibits(desk) as numbered:
        given = [attrs.evolve(each, withheld=WITHHELD if each.number in withheld else "") for each in numbered]
        return profiles.prepare(desk, given, lambda *_: made, Wish(profile=profile, names=NAMES, **wish))  # type: ignore[arg-type]


def saved(package: Package, out: Path) -> list[str]:
    """The files as they are on the disk, after each was compared with what was announced."""
    package.save(out)
    for file in package.files:
        data = (out / file.name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size, file.sha256)
        if file.media_type == "application/pdf" and file.pages:
            with pikepdf.open(io.BytesIO(data)) as pdf:
                assert len(pdf.pages) == file.pages
    there = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert there == sorted(file.name for file in package.files)
    return [file.name for file in package.files]


def replace_original(desk: Desk, kind: str, content: bytes, media_type: str) -> None:
    """Give the first item of a kind another original, as if it had been deposited so."""
    staged = desk.vault.objects.stage(io.BytesIO(content))
    desk.vault.objects.publish(staged)
    with desk.vault.work() as work:
        stored = StoredObject(name=staged.name, private_key=staged.private_key, sha256=staged.sha256, size=staged.size)
        work.session.add(stored)
        work.session.flush()
        item = work.session.scalars(select(Evidence).where(Evidence.kind == kind)).first()
        assert item
        item.object_id, item.media_type = stored.id, media_type
        work.commit()


def heavy_pdf(size: int) -> bytes:
    """A page with a grey picture of so many bytes that nothing packs."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    data = hashlib.shake_256(b"x").digest(size)
    image = pikepdf.Stream(pdf, data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
    image.Width, image.Height = 1000, size // 1000
    image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
    pdf.pages[0].Contents = pikepdf.Stream(pdf, b"500 0 0 700 40 40 cm /I Do")
    out = io.BytesIO()
    pdf.save(out, compress_streams=False)
    return out.getvalue()


def test_paper_is_one_stamped_file_with_its_schedule(desk: Desk, made: tuple[Made, ...], out: Path) -> None:
    names = saved(packed(desk, "papier", made), out)
    assert names == ["01-plainte.docx", "01-plainte.pdf", "02-bordereau.docx", "02-bordereau.pdf", "03-pieces.pdf"]
    text = "\n".join(page_texts((out / "03-pieces.pdf").read_bytes()))
    assert "Pièce n°\u00a015 – p.\u00a03/3" in text


def test_the_lawyer_gets_each_exhibit_the_whole_and_three_schedules(
    desk: Desk, made: tuple[Made, ...], out: Path
) -> None:
    package = packed(desk, "avocat", made, lot_mo=1)
    names = saved(package, out)
    assert {"02-bordereau.docx", "02-bordereau.pdf", "02-bordereau.csv", "03-pieces.pdf", "04-medias.pdf"} <= set(names)
    exhibits_made = [name for name in names if name.startswith("lot-")]
    assert [int(name.partition("/")[2][:3]) for name in exhibits_made] == list(range(1, 16))
    assert "lot-1/003 - Certificat médical initial, Permanence de soins des Oyats.pdf" in names
    assert any(name.endswith("/013 - Vidéo du camion-benne entre les tentes.mp4") for name in names)
    for lot in {name.partition("/")[0] for name in exhibits_made}:
        files = list((out / lot).iterdir())
        assert sum(path.stat().st_size for path in files) <= 1_000_000
    outline = PdfReader(out / "03-pieces.pdf").outline
    assert len([mark for mark in outline if not isinstance(mark, list)]) == 16
    for number, text in ((3, "p.\u00a01/1"), (15, "p.\u00a03/3")):
        name = next(name for name in exhibits_made if f"/{number:03}" in name)
        assert f"Pièce n°\u00a0{number} – {text}" in page_texts((out / name).read_bytes())[-1]
    assert any("taille choisie" in remark for remark in package.remarks)


def test_lots_follow_the_table_when_nobody_chose(desk: Desk) -> None:
    package = packed(desk, "avocat")
    assert {file.name.partition("/")[0] for file in package.files if "/" in file.name} == {"lot-1"}
    assert any("8\u00a0Mo" in remark and "à vérifier" in remark for remark in package.remarks)


def test_a_file_heavier_than_a_lot_is_alone_and_said(desk: Desk) -> None:
    replace_original(desk, "video", b"\0" * 2_500_000, "video/mp4")
    package = packed(desk, "avocat", lot_mo=2)
    video = next(file for file in package.files if 13 in file.numbers and file.name.startswith("lot-"))
    lot = video.name.partition("/")[0]
    assert [file.name for file in package.files if file.name.startswith(f"{lot}/")] == [video.name]
    assert any("n°\u00a013 pèse 2,5\u00a0Mo" in remark for remark in package.remarks)


def test_the_table_holds_true_titles_and_file_names_hold_nobody(desk: Desk, out: Path) -> None:
    package = packed(desk, "avocat")
    names = saved(package, out)
    joined = " ".join(names).casefold()
    assert not any(word in joined for name in NAMES for word in name.casefold().split())
    data = (out / "bordereau.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [int(row["N°"]) for row in rows] == list(range(1, 16))
    assert rows[4]["Intitulé"] == "Attestation de Mme Camille Vasseur"
    assert rows[4]["Fichier"] == "lot-1/005 - attestation 14 octobre 2026.pdf"
    assert [int(row["N°"]) for row in rows if "ne reprend pas l’intitulé" in row["Remarque"]] == NAMED
    assert (rows[14]["Pages"], rows[12]["Pages"]) == ("3", "1")
    for row in rows:
        assert hashlib.sha256((out / row["Fichier"]).read_bytes()).hexdigest() == row["SHA-256"]
    assert any(f"n°\u00a0{', '.join(map(str, NAMED))}\u00a0: le nom du fichier" in each for each in package.remarks)


def test_the_media_list_proves_each_copy(desk: Desk, out: Path) -> None:
    package = packed(desk, "avocat")
    package.save(out)
    said = "".join(page_texts((out / "02-medias.pdf").read_bytes())).replace("\r\n", "").replace(" ", "")
    media = [file for file in package.files if file.media_type.startswith(("video/", "audio/"))]
    assert len(media) == 2
    for file in media:
        assert file.sha256 in said
        assert file.name.replace(" ", "") in said
    assert "3s" in said


def test_the_court_gets_one_file_per_exhibit_and_no_inventory(desk: Desk, made: tuple[Made, ...], out: Path) -> None:
    package = packed(desk, "telerecours_citoyens", made)
    names = saved(package, out)
    assert names[0] == "00_requete.pdf"
    found = [ACCEPTED.match(name) for name in names[1:]]
    assert all(found)
    assert [int(match[1]) for match in found if match] == list(range(1, 16))
    assert all(len(name) <= 80 and name.isascii() for name in names)
    assert "PJ03_Certificat-medical-initial-Permanence-de-soins-des-Oyats-20261013.pdf" in names
    assert "PJ05_attestation-20261014.pdf" in names
    for name in names[1:]:
        data = (out / name).read_bytes()
        assert PdfReader(io.BytesIO(data)).outline == []
        if not name.startswith(("PJ13", "PJ14")):
            assert "Pièce n°" not in "".join(page_texts(data))
    sheet = "".join(page_texts((out / names[13]).read_bytes()))
    assert "Pièce n°\u00a013" in sheet
    assert any("13, 14" in each and "deux" in each and "R.414-5" in each for each in package.remarks)
    assert not any("serait refusé" in each for each in package.remarks)


def test_a_series_is_one_file_with_its_inventory(desk: Desk, made: tuple[Made, ...], out: Path) -> None:
    with exhibits(desk) as numbered, desk.read() as session:
        assert profiles.proposed_series(session, numbered) == ((11, 12),)
    package = packed(desk, "telerecours_citoyens", made, series=((11, 12),))
    names = saved(package, out)
    assert names[:2] == ["00_requete.pdf", "00_inventaire.pdf"]
    assert "PJ11_pieces-11-a-12-photo.pdf" in names
    assert not any(name.startswith("PJ12") for name in names)
    pages = page_texts((out / "PJ11_pieces-11-a-12-photo.pdf").read_bytes())
    assert ["Pièce n°\u00a011 – p.\u00a01/1" in pages[0], "Pièce n°\u00a012 – p.\u00a01/1" in pages[1]] == [True, True]
    listed = "".join(page_texts((out / "00_inventaire.pdf").read_bytes()))
    order = [listed.index(title) for title in ("Photographie du terrain", "tente fendue", "Vidéo du camion")]
    assert order == sorted(order)
    assert listed.replace("\r\n", "").count("PJ11_pieces-11-a-12-photo.pdf") == 2
    assert any("inventaire" in each and "R.414-5 al. 5" in each for each in package.remarks)


@pytest.mark.parametrize(
    ("profile", "series"),
    [
        ("telerecours_citoyens", ((11,),)),
        ("telerecours_citoyens", ((12, 13),)),
        ("telerecours_citoyens", ((10, 11),)),
        ("telerecours_citoyens", ((11, 12), (11, 12))),
        ("avocat", ((11, 12),)),
    ],
)
def test_what_is_no_series_is_refused(desk: Desk, profile: str, series: object) -> None:
    with pytest.raises(Fault, match=r"profile\.series"):
        packed(desk, profile, series=series)


@pytest.mark.parametrize("size", [0, -3])
def test_a_lot_that_holds_nothing_is_refused(desk: Desk, size: int) -> None:
    with pytest.raises(Fault, match=r"profile\.lot") as caught:
        packed(desk, "avocat", lot_mo=size)
    assert caught.value.sentence.startswith(f"Un lot de {size}\u00a0Mo")


@pytest.mark.parametrize(
    ("profile", "wish", "said"),
    [
        ("papier", {"lot_mo": 2}, "taille de lot demandée n’a pas servi"),
        ("telerecours_citoyens", {"lot_mo": 2}, "taille de lot demandée n’a pas servi"),
        ("papier", {"series": ((11, 12),)}, "regroupement en série demandé n’a pas servi"),
        ("annexe_video", {"series": ((11, 12),)}, "regroupement en série demandé n’a pas servi"),
        ("avocat", {"lot_mo": 2}, ""),
        ("telerecours_citoyens", {"series": ((11, 12),)}, ""),
    ],
)
def test_a_wish_a_profile_has_no_use_for_is_said(desk: Desk, profile: str, wish: dict[str, object], said: str) -> None:
    told = [each for each in packed(desk, profile, **wish).remarks if "n’a pas servi" in each]
    assert [said in each for each in told] == ([True] if said else [])


def test_an_exhibit_near_the_limit_of_the_court_is_said(desk: Desk) -> None:
    replace_original(desk, "acte", heavy_pdf(31_000_000), "application/pdf")
    package = packed(desk, "telerecours_citoyens")
    (said,) = [each for each in package.remarks if "PJ15" in each]
    assert "à vérifier" in said
    assert any(file.numbers == (15,) for file in package.files)


def test_an_exhibit_over_the_limit_of_the_court_stops_everything_but_a_draft(desk: Desk) -> None:
    """The letter announces it: nothing leaves without it, and a draft holds it and says it."""
    replace_original(desk, "acte", heavy_pdf(32_100_000), "application/pdf")
    with pytest.raises(Fault, match=r"profile\.too_large") as caught:
        packed(desk, "telerecours_citoyens")
    assert caught.value.sentence.startswith("La pièce n°\u00a015 pèse 32,")
    for words in ("plusieurs pièces", "réduisez-la", "retirez-la du bordereau", "à vérifier"):
        assert words in caught.value.sentence
    package = packed(desk, "telerecours_citoyens", draft=True)
    assert any("La pièce n°\u00a015 pèse 32," in each for each in package.remarks)
    assert any(file.numbers == (15,) for file in package.files)
    assert packed(desk, "papier").files  # the control


def test_an_inspection_never_learns_who_a_masked_witness_is(desk: Desk, made: tuple[Made, ...], out: Path) -> None:
    package = packed(desk, "inspections", made, withheld=(5, 6, 13))
    names = saved(package, out)
    assert names == ["01-plainte.docx", "01-plainte.pdf", "02-bordereau.pdf", "03-pieces.pdf", "04-medias.pdf"]
    pieces = (out / "03-pieces.pdf").read_bytes()
    pages = page_texts(pieces)
    said = "\n".join([*pages, *(page_texts((out / "04-medias.pdf").read_bytes()))])
    assert "Lindgren" in said  # the control: nobody withheld this one
    stamped = next(page for page in pages if "Pièce n°\u00a05 – p.\u00a01/1" in page)
    assert WITHHELD[1:] in stamped.replace("\r\n", " ")
    with exhibits(desk) as numbered:
        video = next(each.evidence.stored.sha256 for each in numbered if each.number == 13)
    assert video not in said.replace("\r\n", "")
    assert any("5, 6, 13" in each for each in package.remarks)


def test_a_masked_exhibit_is_in_no_file_of_a_lawyer_either(desk: Desk, out: Path) -> None:
    package = packed(desk, "avocat", withheld=(14,))
    names = saved(package, out)
    assert [name for name in names if "/014" in name] == [
        "lot-1/014 - Enregistrement sonore fait pendant l’opération.pdf"
    ]
    row = (out / "bordereau.csv").read_text("utf-8-sig").splitlines()[14]
    assert WITHHELD in row


def test_the_stick_is_a_bag_anybody_can_check(desk: Desk, out: Path) -> None:
    package = packed(desk, "annexe_video", subtitle=("Réf. <essai> & co",))
    names = saved(package, out)
    assert bags.faults(out) == []
    assert [name for name in names if name.startswith("data/")] == [
        "data/013-Video-du-camion-benne-entre-les-tentes.mp4",
        "data/014-Enregistrement-sonore-fait-pendant-l-operation.wav",
    ]
    with exhibits(desk) as numbered:
        kept = {each.evidence.stored.sha256 for each in numbered if each.number in (13, 14)}
    assert {file.sha256 for file in package.files if file.numbers} == kept
    index = (out / "index.html").read_text("utf-8")
    assert all(digest in index for digest in kept)
    assert "Vidéo du camion-benne" in index
    assert "3 s" in index
    assert "Réf. &lt;essai&gt; &amp; co" in index
    assert "EXERCICE" in index
    assert not re.search(r"<script|https?://|<img|<link|<iframe|\son\w+=", index)
    tags = b"".join((out / name).read_bytes() for name in names if not name.startswith("data/"))
    assert not re.search(rb"hro|python|Software|" + re.escape(str(desk.vault.folder).encode()), tags, re.IGNORECASE)
    labels = [line.partition(":")[0] for line in (out / "bag-info.txt").read_text().splitlines()]
    assert labels == ["Bagging-Date", "Payload-Oxum", "External-Description"]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_the_bag_is_checked_by_a_tool_that_knows_nothing_of_us(desk: Desk, out: Path) -> None:
    packed(desk, "annexe_video").save(out)
    check = ["sha256sum", "--strict", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt"]
    assert subprocess.run(check, cwd=out, check=False, capture_output=True).returncode == 0
    with next((out / "data").iterdir()).open("ab") as film:
        film.write(b"x")
    assert subprocess.run(check, cwd=out, check=False, capture_output=True).returncode != 0
    assert bags.faults(out) != []


def test_a_film_never_is_whole_in_memory(desk: Desk, out: Path) -> None:
    replace_original(desk, "video", b"\x5a" * 48_000_000, "video/mp4")
    package = packed(desk, "annexe_video")
    tracemalloc.start()
    try:
        package.save(out)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000
    assert bags.faults(out) == []


def test_nothing_large_waits_in_memory_and_it_is_made_again_alike(desk: Desk, out: Path) -> None:
    replace_original(desk, "acte", heavy_pdf(20_000_000), "application/pdf")
    package = packed(desk, "telerecours_citoyens")
    heavy = next(file for file in package.files if file.numbers == (15,))
    assert heavy.size > 20_000_000
    held = [cell.cell_contents for cell in heavy.write.__closure__ or ()]  # type: ignore[attr-defined]
    assert not any(isinstance(each, bytes) and len(each) > 1_000_000 for each in held)
    saved(package, out)


def test_a_damaged_original_is_said_while_it_is_written(desk: Desk, out: Path) -> None:
    package = packed(desk, "annexe_video")
    with exhibits(desk) as numbered:
        path = desk.vault.objects.path(numbered[12].evidence.stored.name)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Fault, match=r"object\.damaged"):
        package.save(out)


def test_a_stick_with_nothing_on_it_is_refused(desk: Desk) -> None:
    with pytest.raises(Fault, match=r"profile\.no_media"):
        packed(desk, "annexe_video", withheld=(13, 14))


def test_unknown_profiles_and_empty_lists_are_refused(desk: Desk) -> None:
    with pytest.raises(Fault, match=r"profile\.unknown") as caught:
        packed(desk, "fax")
    assert "telerecours_citoyens" in caught.value.sentence
    with pytest.raises(Fault, match=r"profile\.empty"):
        profiles.prepare(desk, (), lambda *_: (), Wish(profile="papier"))


def test_each_step_is_told(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    with exhibits(desk) as numbered:
        profiles.prepare(desk, numbered, lambda *_: (), Wish(profile="avocat"), progress=lambda *at: told.append(at))
    assert told == [(n, 16) for n in range(1, 17)]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Attestation de Mme VASSEUR", True),
        ("AttestationVasseur", True),
        ("Récit de Selam", True),
        ("Photo de M. Ishag", True),
        ("شهادة يونس إسحاق", True),
        ("Certificat médical du 12 octobre", False),
        ("Photo de la tente", False),
        ("Avis du tribunal", False),
        ("Récit de Li", True),
        ("recit_li", True),
        ("RécitLi2", True),
        ("Récit lisible", False),
        ("Récit de Vas\u200bseur", True),
        ("王小明的证词", True),
        ("证词 小明", True),
        ("证词", False),
        ("진술서 김", True),
        ("", False),
    ],
)
def test_a_name_is_found_in_a_title(title: str, found: bool) -> None:
    names = ("Camille Vasseur", "Selam Habte", "Younès Ishag", "يونس إسحاق", "De La Tour", "Wei Li", "王小明", "김", "")
    assert names_someone(title, names) is found
