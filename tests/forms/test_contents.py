# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a paper names each kind of thing put into it, and says nothing of a cleaned one."""

import io
import zipfile
from collections.abc import Callable

import docx
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas

from forms.clean import clean_docx, clean_pdf
from forms.contents import SENTENCES, of_docx, of_pdf
from tests.media import made

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def codes(found: tuple[tuple[str, str], ...]) -> set[str]:
    assert all(SENTENCES[code] == sentence for code, sentence in found)
    return {code for code, _ in found}


def letter(**parts: bytes | str) -> bytes:
    """A cleaned .docx, then with parts added or replaced; `__` stands for a slash, `_dot_` for a dot."""
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Bonjour.")
    document.save(out)
    clean = clean_docx(out.getvalue(), title="Lettre")
    return with_parts(clean, **parts)


def with_parts(package: bytes, **parts: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as before, zipfile.ZipFile(out, "w") as after:
        held = {info.filename: before.read(info) for info in before.infolist()}
        for name, content in parts.items():
            held[name.replace("__", "/").replace("_dot_", ".")] = (
                content.encode() if isinstance(content, str) else content
            )
        for name, data in held.items():
            after.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def body(xml: str) -> str:
    return f"<w:document {W}><w:body><w:p>{xml}</w:p></w:body></w:document>"


def core(xml: str) -> str:
    return (
        '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">{xml}</c:coreProperties>'
    )


def test_a_cleaned_letter_says_nothing() -> None:
    assert of_docx(letter()) == ()


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"docProps__core_dot_xml": core("<d:creator>A. Canari</d:creator>")}, "author"),
        ({"docProps__core_dot_xml": core("<c:lastModifiedBy>A. Canari</c:lastModifiedBy>")}, "author"),
        ({"docProps__core_dot_xml": core("<t:created>2026-10-12T08:00:00Z</t:created>")}, "date"),
        ({"docProps__core_dot_xml": core("<c:keywords>canari</c:keywords>")}, "property"),
        ({"docProps__app_dot_xml": "<Properties><Application>Writer</Application></Properties>"}, "software"),
        ({"docProps__app_dot_xml": "<Properties><Template>plainte.dotx</Template></Properties>"}, "template"),
        ({"docProps__app_dot_xml": "<Properties><Company>Canari</Company></Properties>"}, "author"),
        ({"docProps__custom_dot_xml": "<Properties/>"}, "property"),
        ({"word__comments_dot_xml": f"<w:comments {W}/>"}, "comment"),
        ({"word__people_dot_xml": f"<w:people {W}/>"}, "author"),
        ({"word__document_dot_xml": body('<w:ins w:author="A. Canari"><w:r/></w:ins>')}, "change"),
        ({"word__document_dot_xml": body('<w:ins w:author="A. Canari"><w:r/></w:ins>')}, "author"),
        ({"word__document_dot_xml": body("<w:del><w:r/></w:del>")}, "change"),
        ({"word__document_dot_xml": body("<w:r><w:rPr><w:vanish/></w:rPr></w:r>")}, "hidden"),
        ({"word__document_dot_xml": body('<w:r w:rsidR="00AB12CD"/>')}, "history"),
        ({"word__document_dot_xml": body("<w:r><w:t>C:\\Users\\canari\\plainte.docx</w:t></w:r>")}, "path"),
        ({"word__document_dot_xml": body("<w:r><w:t>/home/canari/plainte.docx</w:t></w:r>")}, "path"),
        ({"word__settings_dot_xml": f"<w:settings {W}><w:attachedTemplate/></w:settings>"}, "template"),
        ({"word__embeddings__a_dot_xlsx": b"x"}, "embedded"),
        ({"word__vbaProject_dot_bin": b"x"}, "program"),
        ({"word__media__a_dot_jpg": made.picture(exif=made.exif())}, "picture"),
        ({"word__media__a_dot_png": b"damaged"}, "picture"),
    ],
)
def test_each_thing_put_into_a_letter_is_told(parts: dict[str, bytes | str], code: str) -> None:
    assert code in codes(of_docx(letter(**parts)))


@pytest.mark.parametrize(
    "parts",
    [
        {
            "word__document_dot_xml": body(
                '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>et/ou 12/10 C : non</w:t></w:r>'
            )
        },
        {"word__media__a_dot_jpg": made.picture()},
        {"docProps__app_dot_xml": "<Properties><Application></Application><TotalTime>0</TotalTime></Properties>"},
    ],
)
def test_what_is_nothing_is_not_told(parts: dict[str, bytes | str]) -> None:
    assert of_docx(letter(**parts)) == ()


def test_dates_of_the_archive_are_dates() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(letter())) as before, zipfile.ZipFile(out, "w") as after:
        for info in before.infolist():
            after.writestr(info.filename, before.read(info))
    assert codes(of_docx(out.getvalue())) == {"date"}


def test_a_letter_of_an_office_program_is_cleaned_of_all_it_says() -> None:
    out = io.BytesIO()
    document = docx.Document()
    document.core_properties.author = "A. Canari"
    document.add_paragraph("Bonjour.")
    document.save(out)
    assert {"author", "date"} <= codes(of_docx(out.getvalue()))
    assert of_docx(clean_docx(out.getvalue())) == ()


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", letter()[:-40]])
def test_a_letter_that_cannot_be_examined_is_never_said_clean(data: bytes) -> None:
    assert codes(of_docx(data)) == {"unread"}


def page(draw: Callable[[Canvas], object] | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1)
    canvas.drawString(100, 700, "Bonjour.")
    if draw:
        draw(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def changed(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """A cleaned page with one thing added."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(clean_pdf(page(), title="Lettre"))) as pdf:
        change(pdf)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def annotate(pdf: pikepdf.Pdf, **keys: object) -> None:
    mark = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 10, 10]), **keys)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(mark)])


def xmp(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as said:
        said["dc:creator"] = ["A. Canari"]
        said["xmp:CreatorTool"] = "Writer"


def unseen(canvas: Canvas) -> None:
    text = canvas.beginText(100, 600)
    text.setTextRenderMode(3)
    text.textOut("canari")
    canvas.drawText(text)


def photo(*, exif: bool) -> bytes:
    data = made.picture(**({"exif": made.exif()} if exif else {}))

    def put(pdf: pikepdf.Pdf) -> None:
        image = pikepdf.Stream(pdf, data)
        image.update(
            {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 640, "/Height": 480, "/BitsPerComponent": 8}
        )
        image.ColorSpace, image.Filter = Name.DeviceRGB, Name.DCTDecode
        pdf.pages[0].obj.Resources.XObject = Dictionary(Im0=image)

    return changed(put)


def test_a_cleaned_pdf_says_nothing() -> None:
    assert of_pdf(changed(lambda pdf: None)) == ()
    assert {"date", "software"} <= codes(of_pdf(page()))
    assert of_pdf(clean_pdf(page())) == ()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda pdf: pdf.trailer.Info.update({"/Author": String("A. Canari")}), {"author"}),
        (lambda pdf: pdf.trailer.Info.update({"/Keywords": String("canari")}), {"property"}),
        (lambda pdf: pdf.trailer.Info.update({"/Title": String("C:\\Users\\canari\\a.docx")}), {"path"}),
        (xmp, {"author", "software"}),
        (lambda pdf: annotate(pdf, Subtype=Name.Text, T=String("A. Canari")), {"comment", "author"}),
        (lambda pdf: annotate(pdf, Subtype=Name.Link), set()),
        (lambda pdf: annotate(pdf, Subtype=Name.FileAttachment), {"embedded"}),
        (
            lambda pdf: annotate(
                pdf, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("file:///home/canari/a"))
            ),
            {"program", "path"},
        ),
        (lambda pdf: pdf.attachments.__setitem__("a.txt", b"canari"), {"embedded"}),
        (lambda pdf: pdf.Root.update({"/OCProperties": Dictionary()}), {"hidden"}),
        (lambda pdf: pdf.Root.update({"/OpenAction": Dictionary(S=Name.JavaScript, JS=String("x"))}), {"program"}),
        (lambda pdf: pdf.pages[0].obj.update({"/PieceInfo": Dictionary()}), {"history"}),
    ],
)
def test_each_thing_put_into_a_pdf_is_told(change: Callable[[pikepdf.Pdf], object], found: set[str]) -> None:
    assert codes(of_pdf(changed(change))) >= found
    if not found:
        assert of_pdf(changed(change)) == ()


def test_text_nobody_sees_is_told() -> None:
    assert codes(of_pdf(clean_pdf(page(unseen)))) == {"hidden"}


def test_pictures_of_a_pdf_are_looked_into() -> None:
    assert codes(of_pdf(photo(exif=True))) == {"picture"}
    assert of_pdf(photo(exif=False)) == ()


def test_an_earlier_version_below_is_told() -> None:
    data = clean_pdf(page())
    first = data.rindex(b"startxref")
    again = data + b"\n" + data[first:]
    assert "history" in codes(of_pdf(again))
    assert of_pdf(data) == ()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", page()[:200]])
def test_a_pdf_that_cannot_be_examined_is_never_said_clean(data: bytes) -> None:
    assert codes(of_pdf(data)) == {"unread"}


def test_a_locked_pdf_is_not_said_clean() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert codes(of_pdf(out.getvalue())) == {"unread"}


def test_no_sentence_holds_what_the_file_says() -> None:
    for found in (
        of_pdf(changed(xmp)),
        of_docx(letter(docProps__core_dot_xml=core("<d:creator>A. Canari</d:creator>"))),
    ):
        assert found
        assert "Canari" not in str(found)
