# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd PDF files and pictures, made on the spot."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

A4 = (595.276, 841.89)


def written(size: tuple[float, float] = A4, pages: int = 1, word: str = "contenu") -> bytes:
    """A PDF with a line of text and a black square in the middle of each page."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=size, invariant=1)
    for number in range(pages):
        canvas.setFont("Helvetica", 12)
        canvas.drawString(size[0] * 0.1, size[1] * 0.7, f"{word} {number + 1}")
        canvas.rect(size[0] * 0.4, size[1] * 0.4, 40, 40, fill=1)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def changed(data: bytes, change: Callable[[Pdf], Any], **save: Any) -> bytes:
    """The PDF after a change to its objects."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        made = io.BytesIO()
        pdf.save(made, **save)
    return made.getvalue()


def on_first_page(data: bytes, **entries: Any) -> bytes:
    """The PDF with other entries on its first page."""

    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.pages[0].obj["/" + key] = value

    return changed(data, change)


def annotated(annotation: dict[str, Any], form: dict[str, Any] | None = None) -> bytes:
    """An A4 page with one annotation; a stream in it is given as bytes under `look`."""

    def change(pdf: Pdf) -> None:
        entries = dict(annotation)
        look = entries.pop("look", None)
        mark = pdf.make_indirect(Dictionary(Type=Name.Annot, **entries))
        if look is not None:
            box = Array([0, 0, 100, 20])
            mark.AP = Dictionary(N=pikepdf.Stream(pdf, look, Dictionary(Subtype=Name.Form, BBox=box)))
        pdf.pages[0].obj.Annots = Array([mark])
        if form is not None:
            pdf.Root.AcroForm = Dictionary(Fields=Array([mark]), **form)

    return changed(written(), change)


def hostile() -> bytes:
    """A PDF with all a bundle must leave behind; each piece carries the word CANARI."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0].obj
        script = Dictionary(S=Name.JavaScript, JS=String("CANARI_SCRIPT"))
        launch = Dictionary(S=Name.Launch, F=String("CANARI_LAUNCH"))
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 99, 99]),
            A=Dictionary(S=Name.URI, URI=String("https://CANARI.example")),
        )  # fmt: skip
        page.AA = Dictionary(O=script)
        page.Annots = Array([pdf.make_indirect(link)])
        page.Metadata = pikepdf.Stream(pdf, b"CANARI_PAGE_XMP")
        page.PieceInfo = Dictionary(X=String("CANARI_PIECE"))
        pdf.Root.OpenAction = launch
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("CANARI_NAME"), script])))
        pdf.Root.Metadata = pikepdf.Stream(pdf, b"CANARI_XMP")
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pikepdf.Stream(pdf, b"CANARI_XFA"))
        pdf.attachments["CANARI.txt"] = b"CANARI_FILE"
        pdf.docinfo["/Author"] = "CANARI_AUTHOR"
        picture = pikepdf.Stream(pdf, camera_jpeg(note=b"CANARI_EXIF"))
        for key, value in {
            "/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 60, "/Height": 40, "/BitsPerComponent": 8,
            "/ColorSpace": Name.DeviceRGB, "/Filter": Name.DCTDecode,
            "/Metadata": pikepdf.Stream(pdf, b"CANARI_IMAGE_XMP"), "/PieceInfo": Dictionary(X=String("CANARI_I")),
        }.items():  # fmt: skip
            picture.stream_dict[key] = value
        page.Resources["/XObject"] = Dictionary(Im=picture)
        pdf.pages[0].contents_add(b"q 200 0 0 200 50 50 cm /Im Do Q")

    return changed(written(), change)


def photo(size: tuple[int, int] = (300, 200), corner: str = "blue") -> Image.Image:
    """A grey picture whose upper left quarter is of another colour."""
    image = Image.new("RGB", size, "#999999")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=corner)
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **save: Any) -> bytes:
    """The picture as a file."""
    made = io.BytesIO()
    image.save(made, kind, **save)
    return made.getvalue()


def camera_jpeg(orientation: int = 1, note: bytes = b"CANARI") -> bytes:
    """A JPEG as a telephone writes it: owner, place and time in EXIF, a comment, a film behind the picture."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = note.decode("ascii")
    exif[0x013B] = note.decode("ascii")
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 57.0, 12.0), 3: "E", 4: (1.0, 51.0, 30.0)})
    turned = {
        1: photo((60, 40)),
        3: photo((60, 40)).transpose(Image.Transpose.ROTATE_180),
        6: photo((60, 40)).transpose(Image.Transpose.ROTATE_90),
        8: photo((60, 40)).transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    return encoded(turned, exif=exif, comment=note, quality=95) + b"\0\0\0\x18ftypmp42" + note


def rendered(data: bytes, page: int, scale: float = 1.0) -> Image.Image:
    """A page as pixels."""
    with pdfium.PdfDocument(io.BytesIO(data)) as document:
        return document[page].render(scale=scale).to_pil().convert("RGB")


def page_text(data: bytes, page: int) -> str:
    """The text of a page as pdfium extracts it."""
    with pdfium.PdfDocument(io.BytesIO(data)) as document:
        return document[page].get_textpage().get_text_range()


def all_bytes(data: bytes) -> bytes:
    """Everything a PDF holds, with its streams decoded where that is possible."""
    parts = [data]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for held in pdf.objects:
            if isinstance(held, pikepdf.Stream):
                parts.append(held.read_raw_bytes())
                try:
                    parts.append(held.read_bytes())
                except pikepdf.PdfError:
                    continue
    return b"\n".join(parts)
