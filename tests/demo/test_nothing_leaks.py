# SPDX-License-Identifier: GPL-3.0-or-later
"""What leaves says nothing besides what it shows: two programs that are not ours look for it, file by file.

Every test has its control: the same programs do find it in the originals and in papers of other programs.
"""

import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import docx
import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from hro_desktop.casework import contents
from hro_desktop.demo import media, run
from hro_desktop.media.blanked import blanked
from hro_desktop.media.cleaned import clean
from hro_desktop.media.contents import has_cleaned_copy
from tests.vault.support import ROOT

EXIFTOOL_GROUPS = ("ExifTool", "System", "File", "ZIP", "JSON")
"""About the file on this disk, its dimensions, the directory of a .docx, the lines of our own manifest."""
EXIFTOOL_ALLOWED = frozenset(
    {
        "SourceFile",
        # of a PDF: how it is built, what the window of a reader shows, the language it is read aloud in
        # and that it can be read aloud
        "PDF:TaggedPDF",
        *("PDF:PDFVersion", "PDF:Linearized", "PDF:PageCount", "PDF:Title", "PDF:Language", "PDF:PageMode"),
        # of a .docx, when exiftool can look into it
        *("XMP-dc:Title", "XMP-dc:Language"),
        # of a JPEG: the units of an unknown density
        *("JFIF:JFIFVersion", "JFIF:ResolutionUnit", "JFIF:XResolution", "JFIF:YResolution"),
        # of a PNG: its pixels
        *("PNG:ImageWidth", "PNG:ImageHeight", "PNG:BitDepth", "PNG:ColorType"),
        *("PNG:Compression", "PNG:Filter", "PNG:Interlace"),
        # of the index on a stick: its heading, and that it fetches nothing
        *("HTML:Title", "HTTP-equiv:HTTPEquivContentSecurityPolicy"),
        *("Composite:ImageSize", "Composite:Megapixels"),
    }
)
MAT2_ALLOWED = re.compile(
    r"creation-date: -1|mod-date: -1|format: PDF-1\.\d|title: .*"  # no date, and the title of the window
    r"|create_system: Weird|dc:language: fr-FR|dc:title: .*"  # Weird: neither Windows nor Unix stands in the archive
    r"|No metadata found.*"
)
PATHS = re.compile(rb"[A-Za-z]:\\\\?(?:Users|home)|/(?:home|root|tmp|Users|var)/|file:/", re.IGNORECASE)
KNOWN = re.compile(
    rb"hro_desktop|cerfa_templates|template\.docx|form\.toml|python-docx|reportlab|pikepdf|Fairphone|SM-A546B"
)


def needs(*programs: str) -> None:
    """Elsewhere than in CI these may be absent."""
    if any(shutil.which(name) is None for name in programs) and os.environ.get("CI") != "true":
        pytest.skip("exiftool, mat2 or pdfimages is not installed")


def exiftool(paths: Iterable[Path]) -> dict[str, set[str]]:
    """By file, the tags exiftool finds that are not allowed."""
    ran = subprocess.run(
        ["exiftool", "-j", "-a", "-G1", "-u", *map(str, paths)], capture_output=True, text=True, check=True
    )
    found = {}
    for each in json.loads(ran.stdout):
        tags = {tag for tag in each if tag.split(":")[0] not in EXIFTOOL_GROUPS}
        found[each["SourceFile"]] = tags - EXIFTOOL_ALLOWED
    return found


def mat2(paths: Iterable[Path]) -> dict[str, set[str]]:
    """By file, the lines of `mat2 --show` that are not allowed."""
    found: dict[str, set[str]] = {}
    for path in paths:
        ran = subprocess.run(["mat2", "--show", str(path)], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout
        lines = (line.strip() for line in ran.stdout.splitlines())
        told = {line for line in lines if line and not line.startswith("[+")}
        found[path.name] = {line for line in told if not MAT2_ALLOWED.fullmatch(line)}
    return found


def silent(found: dict[str, set[str]]) -> bool:
    return all(not each for each in found.values())


def inflated(path: Path) -> Iterator[bytes]:
    """Every byte of a paper, out of its compression."""
    data = path.read_bytes()
    yield data
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            yield from (info.filename.encode() + b"\n" + archive.read(info) for info in archive.infolist())
    elif path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            for each in pdf.objects:
                if isinstance(each, pikepdf.Stream) and str(each.get("/Subtype", "")) != "/Image":
                    yield each.read_bytes()
                plain = each.stream_dict if isinstance(each, pikepdf.Stream) else each
                yield plain.unparse(resolved=True)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory, qapp: object) -> list[Path]:
    """Everything the practice case sends out."""
    assert qapp is not None
    out = tmp_path_factory.mktemp("canari-du-dossier") / "sortie"
    run.write(out)
    # originals of films and sounds leave as they are and are reported (test below)
    return sorted(path for path in out.rglob("*") if path.is_file() and path.suffix not in (".mp4", ".wav"))


@pytest.fixture
def foreign(tmp_path: Path) -> list[Path]:
    """A .docx and a PDF as other programs write them: the control."""
    letter = docx.Document()
    letter.core_properties.author = "A. Canari"
    letter.add_paragraph("/home/canari/plainte.docx")
    letter.save(str(tmp_path / "a.docx"))
    canvas = Canvas(str(tmp_path / "a.pdf"), pageCompression=0)
    canvas.setAuthor("A. Canari")
    canvas.drawString(100, 700, "/home/canari/plainte.docx")
    canvas.save()
    return [tmp_path / "a.docx", tmp_path / "a.pdf"]


@pytest.fixture
def originals(tmp_path: Path) -> dict[str, Path]:
    """The photographs, films and sounds of the practice case as they were received."""
    found = {}
    for number, (name, content) in enumerate(media.files().items()):
        if Path(name).suffix in (".jpg", ".png", ".mp4", ".wav"):
            found[name] = tmp_path / f"{number}{Path(name).suffix}"
            found[name].write_bytes(content)
    return found


def test_exiftool_finds_nothing(papers: list[Path], foreign: list[Path]) -> None:
    needs("exiftool")
    assert len(papers) > 20
    assert {path.suffix for path in papers} >= {".pdf", ".docx", ".txt", ".json"}
    assert {name: tags for name, tags in exiftool(papers).items() if tags} == {}
    seen = exiftool(foreign)
    assert {"PDF:Author", "PDF:Producer", "PDF:CreateDate"} <= seen[str(foreign[1])]


def test_mat2_finds_nothing(papers: list[Path], foreign: list[Path]) -> None:
    needs("mat2")
    known = [path for path in papers if path.suffix in (".pdf", ".docx")]
    assert {name: lines for name, lines in mat2(known).items() if lines} == {}
    seen = mat2(foreign)
    assert any("A. Canari" in line for line in seen["a.docx"])
    assert any("A. Canari" in line for line in seen["a.pdf"])


def test_pictures_inside_papers_say_nothing(papers: list[Path], tmp_path: Path, originals: dict[str, Path]) -> None:
    needs("exiftool", "pdfimages")
    drawn = tmp_path / "images"
    drawn.mkdir()
    for number, path in enumerate(path for path in papers if path.suffix == ".pdf"):
        subprocess.run(["pdfimages", "-all", path, drawn / f"p{number}"], check=True)
    for path in (path for path in papers if path.suffix == ".docx"):
        with zipfile.ZipFile(path) as archive:
            assert not [name for name in archive.namelist() if name.startswith("word/media/")]
    pictures = sorted(drawn.iterdir())
    assert len(pictures) > 10
    assert any(path.suffix == ".jpg" for path in pictures)
    assert silent(exiftool(pictures))
    assert not silent(exiftool(originals.values()))


def test_no_trace_of_a_path_nor_of_a_program(papers: list[Path], foreign: list[Path]) -> None:
    here = [str(papers[0].parent.parent.parent).encode(), str(ROOT).encode(), str(Path.home()).encode()]
    for path in papers:
        for piece in inflated(path):
            assert not PATHS.search(piece), path.name
            assert not any(place in piece for place in here), path.name
            if path.suffix != ".txt":
                assert not KNOWN.search(piece), path.name
    for path in foreign:
        assert any(PATHS.search(piece) for piece in inflated(path)), path.name


def test_our_own_report_agrees(papers: list[Path], foreign: list[Path]) -> None:
    for path in (path for path in papers if path.suffix != ".json"):
        with path.open("rb") as stream:
            assert contents.of_file(stream) == (), path.name
    for path in foreign:
        with path.open("rb") as stream:
            assert {"author", "date"} <= {code for code, _ in contents.of_file(stream)}


def test_a_cleaned_picture_says_nothing_and_its_original_does(originals: dict[str, Path], tmp_path: Path) -> None:
    needs("exiftool", "mat2")
    copies = []
    for path in originals.values():
        content = path.read_bytes()
        if has_cleaned_copy(io.BytesIO(content)):
            made = clean(io.BytesIO(content))
            copies.append(tmp_path / f"copie-{path.stem}{'.png' if made.media_type == 'image/png' else '.jpg'}")
            copies[-1].write_bytes(made.content)
    assert len(copies) == sum(path.suffix in (".jpg", ".png") for path in originals.values())
    assert silent(exiftool(copies))
    assert silent({name: {each for each in lines if not _is_of_pixels(each)} for name, lines in mat2(copies).items()})
    told = exiftool([originals["IMG_20261012_091512.jpg"]]).popitem()[1]
    assert any(tag.startswith("GPS:") for tag in told)
    assert any(tag.endswith(":Model") for tag in told)


def _is_of_pixels(line: str) -> bool:
    """mat2 lists the units of a JPEG and the header of a PNG as metadata."""
    return (
        re.match(r"(JFIFVersion|ResolutionUnit|[XY]Resolution|BitDepth|ColorType|Compression|Filter|Interlace)\b", line)
        is not None
    )


def test_a_copy_of_a_film_or_a_sound_says_nothing_and_its_original_does(
    originals: dict[str, Path], tmp_path: Path
) -> None:
    needs("exiftool", "mat2")
    copies = []
    for name in ("VID_20261012_084655.mp4", "Enregistrement 12 oct. à 08.48.wav"):
        with originals[name].open("rb") as stream:
            copy, _ = blanked(stream)
            copies.append(tmp_path / f"copie{originals[name].suffix}")
            copies[-1].write_bytes(copy.read())
            assert copies[-1].stat().st_size == originals[name].stat().st_size
        with copies[-1].open("rb") as stream:
            assert contents.of_file(stream) == ()
    says = re.compile("GPS|Make|Model|Author|Software|Vendor|HandlerDescription|Comment|Title")
    assert not [tag for tags in exiftool(copies).values() for tag in tags if says.search(tag)]
    ((_, before),) = exiftool([originals["VID_20261012_084655.mp4"]]).items()
    assert [tag for tag in before if says.search(tag)]  # the control
    with originals["VID_20261012_084655.mp4"].open("rb") as stream:
        assert contents.of_file(stream)[-1] == contents.CLEANABLE
    with originals["VID_20261012_084655.mp4"].open("rb") as stream:
        assert {"place", "device", "date"} <= {code for code, _ in contents.of_file(stream)}
