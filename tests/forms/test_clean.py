# SPDX-License-Identifier: GPL-3.0-or-later
"""What a document remembers and must not: persons, machines, history, pictures' data. And what must not come in."""

import io
import zipfile
from collections.abc import Callable, Mapping

import docx
import pikepdf
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

from forms.clean import clean_docx, clean_pdf, open_package, write_package
from forms.letter import text_of
from forms.problems import FormError

CANARY = "Ghost-Writer-4417"
W = nsdecls("w")


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def whole(package: bytes) -> bytes:
    """Everything a package holds, unpacked, names and dates included."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return b"\n".join(f"{i.filename} {i.date_time}".encode() + archive.read(i) for i in archive.infolist())


def changed(package: bytes, parts: Mapping[str, bytes]) -> bytes:
    return write_package({**open_package(package), **parts})


def picture() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = CANARY  # maker of the camera
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def dirty() -> bytes:
    """A document as it comes from an office: author, comments, tracked changes, identifiers, a photo."""
    document = docx.Document()
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.keywords = properties.title = CANARY
    paragraph = document.add_paragraph("Début ")
    inserted = f'<w:ins {W} w:author="{CANARY}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>gardé</w:t></w:r></w:ins>'
    deleted = f'<w:del {W} w:author="{CANARY}"><w:r><w:delText>effacé-{CANARY}</w:delText></w:r></w:del>'
    for mark in (inserted, deleted):
        paragraph._p.append(parse_xml(mark))
    run = paragraph.add_run(" fin")
    run._r.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}rsidR", "00AB12CD")
    paragraph._p.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}rsidP", "00AB12CD")
    document.add_comment(run, text=f"note de {CANARY}", author=CANARY, initials="G")
    document.add_picture(io.BytesIO(picture()))
    settings = document.settings.element
    settings.append(parse_xml(f'<w:rsids {W}><w:rsidRoot w:val="00AB12CD"/></w:rsids>'))
    settings.append(parse_xml(f'<w:docVars {W}><w:docVar w:name="a" w:val="{CANARY}"/></w:docVars>'))
    return saved(document)


def test_the_dirty_document_is_dirty() -> None:
    content = whole(dirty())
    assert content.count(CANARY.encode()) > 8
    assert b"00AB12CD" in content


def test_persons_machines_and_history_go() -> None:
    clean = clean_docx(dirty(), title="Plainte")
    content = whole(clean)
    assert CANARY.encode() not in content
    for trace in (b"00AB12CD", b"python-docx", b"comment", b"rsid", b"thumbnail", b"2026", b"docProps/app.xml"):
        assert trace not in content, trace


def test_words_stay_inserted_ones_too_and_deleted_ones_go() -> None:
    assert text_of(clean_docx(dirty())).splitlines()[0] == "Début gardé fin"


def test_a_cleaned_document_opens_and_bears_its_title_only() -> None:
    document = docx.Document(io.BytesIO(clean_docx(dirty(), title="Plainte & « suite »")))
    properties = document.core_properties
    assert properties.title == "Plainte & « suite »"
    assert (properties.author, properties.last_modified_by, properties.keywords) == ("", "", "")
    assert properties.created is None
    assert len(document.inline_shapes) == 1


def test_cleaning_is_repeatable() -> None:
    once = clean_docx(dirty(), title="T")
    assert clean_docx(dirty(), title="T") == once
    assert clean_docx(once, title="T") == once


def test_a_picture_keeps_its_pixels_and_nothing_else() -> None:
    parts = open_package(clean_docx(dirty()))
    (name,) = [name for name in parts if name.startswith("word/media/")]
    with Image.open(io.BytesIO(parts[name])) as made:
        assert made.size == (40, 30)
        assert not made.getexif()
        red, green, blue = made.convert("RGB").getpixel((20, 15))  # type: ignore[misc]
        assert abs(red - 200) < 6
        assert green < 40
        assert blue < 40


@pytest.mark.parametrize("mode", ["P", "L", "RGBA", "1"])
def test_pictures_of_all_modes_pass(mode: str) -> None:
    image = io.BytesIO()
    Image.new(mode, (8, 8)).save(image, "PNG")
    document = docx.Document()
    document.add_picture(io.BytesIO(image.getvalue()))
    parts = open_package(clean_docx(saved(document)))
    (name,) = [name for name in parts if name.startswith("word/media/")]
    with Image.open(io.BytesIO(parts[name])) as made:
        assert (made.mode, made.size) == (mode, (8, 8))


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b"a" * 40_000_000)
    return out.getvalue()


def with_entity() -> bytes:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa">]><w:document xmlns:w="w">&a;</w:document>'
    return changed(saved(docx.Document()), {"word/document.xml": evil})


def with_relation(kind: str, target: str) -> bytes:
    document = docx.Document()
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    document.part.relate_to(target, base + kind, is_external=True)
    return saved(document)


def renamed(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b"<a/>")
        archive.writestr(name, b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "docx.broken"),
        (lambda: b"%PDF-1.7 not a letter", "docx.broken"),
        (lambda: saved(docx.Document())[:-400], "docx.broken"),
        (lambda: changed(saved(docx.Document()), {"word/document.xml": b"<w:document"}), "docx.broken"),
        (bomb, "docx.bomb"),
        (with_entity, "docx.entities"),
        (lambda: with_relation("image", "https://spy.invalid/pixel.png"), "docx.external"),
        (lambda: with_relation("oleObject", "file:///etc/passwd"), "docx.external"),
        (lambda: renamed("../../evil.txt"), "docx.names"),
        (lambda: renamed("C:\\evil.txt"), "docx.names"),
        (lambda: renamed("WORD/document.xml"), "docx.names"),
        (lambda: write_package({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"}), "docx.not_a_letter"),
        (lambda: changed(saved(docx.Document()), {"word/media/image9.emf": b"EMF"}), "docx.picture"),
        (lambda: changed(saved(docx.Document()), {"word/media/image9.png": b"\x89PNG broken"}), "docx.picture"),
    ],
)
def test_hostile_or_broken_files_are_refused_in_french(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(FormError) as error:
        clean_docx(make())
    assert error.value.code == code
    assert error.value.sentence.startswith("Le fichier .docx ne peut pas être utilisé\u00a0:")


def test_a_flipped_byte_is_refused_or_without_effect() -> None:
    good = clean_docx(saved(docx.Document()))
    refused = 0
    for place in range(0, len(good), 41):
        bad = bytearray(good)
        bad[place] ^= 0x20
        try:
            made = clean_docx(bytes(bad))
        except FormError:
            refused += 1
        else:
            assert made == good, place
    assert refused > len(good) // 41 // 2


def test_a_link_to_click_stays_and_the_name_of_the_template_goes() -> None:
    clean = clean_docx(with_relation("hyperlink", "https://www.service-public.fr"))
    assert b"service-public" in whole(clean)
    clean = clean_docx(with_relation("attachedTemplate", f"file:///C:/Users/{CANARY}/Normal.dotm"))
    assert CANARY.encode() not in whole(clean)


def pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = [CANARY]
    document.docinfo["/Author"] = CANARY
    document.docinfo["/Producer"] = CANARY
    document.attachments["note.txt"] = CANARY.encode()
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=CANARY)
    document.pages[0].obj.PieceInfo = pikepdf.Dictionary(Word=pikepdf.Dictionary(Private=CANARY))
    out = io.BytesIO()
    document.save(out, compress_streams=False)
    return out.getvalue()


def test_a_pdf_leaves_with_its_title_only() -> None:
    clean = clean_pdf(pdf(), title="Plainte")
    with pikepdf.open(io.BytesIO(clean)) as made:
        assert dict(made.docinfo) == {"/Title": "Plainte"}
        assert "/Metadata" not in made.Root
        assert "/OpenAction" not in made.Root
        assert not list(made.attachments)
        assert str(made.Root.Lang) == "fr-FR"
        out = io.BytesIO()
        made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    for trace in (CANARY.encode(), CANARY.encode("utf-16-be"), b"pikepdf", b"CreationDate"):
        assert trace not in out.getvalue()


def test_equal_pdfs_stay_equal() -> None:
    source = pdf()
    assert clean_pdf(source, title="T") == clean_pdf(source, title="T")
    with pikepdf.open(io.BytesIO(clean_pdf(source))) as made:
        assert "/Info" not in made.trailer


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n1 0 obj\n<<"])
def test_a_broken_pdf_is_refused_in_french(data: bytes) -> None:
    with pytest.raises(FormError) as error:
        clean_pdf(data)
    assert error.value.code == "pdf.broken"
    assert "PDF" in error.value.sentence


def test_a_protected_pdf_is_refused() -> None:
    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(out, encryption=pikepdf.Encryption(user="u", owner="o"))
    with pytest.raises(FormError, match=r"pdf\.broken"):
        clean_pdf(out.getvalue())


TRACKED = {
    "row": (
        "<w:tbl><w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc><w:p><w:r><w:t>ôté</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:tr><w:tc><w:p><w:r><w:t>gardé</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        ["gardé"],
    ),
    "table": (
        "<w:tbl><w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc><w:p><w:r><w:t>ôté</w:t></w:r></w:p></w:tc></w:tr>"
        "</w:tbl><w:p><w:r><w:t>gardé</w:t></w:r></w:p>",
        ["gardé"],
    ),
    "cell": (
        "<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel w:id='1'/></w:tcPr><w:p><w:r><w:t>ôté</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>gardé</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        ["gardé"],
    ),
    "ends": (
        "<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr><w:r><w:t>un </w:t></w:r></w:p>"
        "<w:p><w:pPr><w:rPr><w:del w:id='2'/></w:rPr></w:pPr><w:del w:id='3'><w:r><w:delText>ôté</w:delText></w:r>"
        "</w:del></w:p><w:p><w:pPr/><w:r><w:t>deux</w:t></w:r></w:p>",
        ["un deux"],
    ),
    "move": (
        "<w:p><w:moveFrom w:id='1'><w:r><w:t>ôté</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:moveTo w:id='2'><w:r><w:t>gardé</w:t></w:r></w:moveTo></w:p>",
        ["", "gardé"],
    ),
}


@pytest.mark.parametrize("kind", TRACKED)
def test_a_tracked_deletion_takes_what_it_deletes(kind: str) -> None:
    xml, texts = TRACKED[kind]
    out = io.BytesIO()
    docx.Document().save(out)
    parts = open_package(out.getvalue())
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)
    made = docx.Document(io.BytesIO(clean_docx(write_package(parts))))
    assert [each.text for each in made.element.body.iter(qn("w:p"))] == texts
