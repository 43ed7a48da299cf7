# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of a PDF as pixels, for the screen. Whatever shows them need not know how they are packed."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

import attrs
import pypdfium2
from pypdfium2 import raw

from forms.problems import FormError

__all__ = ["PDFIUM", "Found", "Pixels", "find", "page_count", "render", "text_of"]

PDFIUM: Final = threading.Lock()
"""PDFium must never run in two threads at once: whoever calls it holds this lock."""

# Ten times an A4 page at 300 points to the inch. A damaged page may claim kilometres.
_MOST_PIXELS: Final = 90_000_000
_LONGEST_SOUGHT: Final = 60
"""Characters looked for: a longer text breaks over lines, and its beginning says where it is."""


@attrs.frozen
class Pixels:
    """An opaque picture: `stride` bytes to the row from the top, three bytes to the pixel, red, green, blue."""

    width: int
    height: int
    stride: int
    data: bytes = attrs.field(repr=False)


@attrs.frozen
class Found:
    """Where words stand on a page counted from 0: left, top, right, bottom in points from its upper left corner."""

    page: int
    box: tuple[float, float, float, float]


class _Steady(io.RawIOBase):
    """A stream whose failures read as its end: PDFium calls it from C, where no exception can pass."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - a buffer
        try:
            data = self._stream.read(len(buffer))
        except Exception:  # whatever the stream is, and whatever it raises
            return 0
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def _opened(pdf: bytes | BinaryIO) -> Iterator[Any]:
    """The document, with PDFium to itself until it is closed again."""
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf if isinstance(pdf, bytes) else _Steady(pdf))
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
                raise FormError(
                    "preview.password",
                    "Ce PDF est protégé par un mot de passe\u00a0: il ne peut pas être affiché. "
                    "Enregistrez-le sans mot de passe, puis recommencez.",
                ) from None
            raise _unreadable() from None
        try:
            yield document
        finally:
            document.close()


def _unreadable() -> FormError:
    return FormError(
        "preview.unreadable",
        "Ce PDF est illisible\u00a0: il ne peut pas être affiché. Vérifiez qu’il s’ouvre dans un autre lecteur.",
    )


def page_count(pdf: bytes | BinaryIO) -> int:
    """The number of pages; of a stream, only the parts that tell it are read.

    Raises:
        FormError: `preview.unreadable`, `preview.password`.
    """
    with _opened(pdf) as document:
        return len(document)


def render(pdf: bytes, page: int, dpi: float) -> Pixels:
    """Draw one page on white, with what its form fields show.

    Args:
        pdf: the whole file.
        page: counted from 0.
        dpi: pixels to the inch.

    Raises:
        FormError: `preview.unreadable`, `preview.password`, `preview.too_large`.
        IndexError: there is no such page.
    """
    with _opened(pdf) as document:
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()
        if not 0 <= page < len(document):
            raise IndexError(page)
        scale = dpi / 72
        try:
            width, height = document.get_page_size(page)
            _check_size(width * scale, height * scale)
            sheet = document[page]
        except pypdfium2.PdfiumError:
            raise _unreadable() from None
        bitmap = sheet.render(scale=scale, rev_byteorder=True)
        try:
            return Pixels(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
        finally:
            bitmap.close()
            sheet.close()


def text_of(pdf: bytes) -> str:
    """All the text a document shows, page after page.

    Raises:
        FormError: `preview.unreadable`, `preview.password`.
    """
    said = []
    with _opened(pdf) as document:
        for at in range(len(document)):
            sheet = document[at]
            text = sheet.get_textpage()
            said.append(text.get_text_bounded())
            text.close()
            sheet.close()
    return "\n".join(said)


def find(pdf: bytes, words: str, near: int = 0) -> Found | None:
    """The first place where words stand in a document, looking from one page on; what a paper prints of a value.

    Raises:
        FormError: `preview.unreadable`, `preview.password`.
    """
    wanted = " ".join(words.split())[:_LONGEST_SOUGHT]
    if not wanted:
        return None
    with _opened(pdf) as document:
        count = len(document)
        for page in (*range(near, count), *range(min(near, count))):
            sheet = document[page]
            text = sheet.get_textpage()
            try:
                search = text.search(wanted)
                match = search.get_next()
                search.close()
                if match is None:
                    continue
                left, bottom, right, top = _around(text, *match)
                height = sheet.get_height()
                return Found(page, (left, height - top, right, height - bottom))
            finally:
                text.close()
                sheet.close()
    return None


def _around(text: Any, first: int, count: int) -> tuple[float, float, float, float]:  # noqa: ANN401 - of pypdfium2
    """The box around a run of characters."""
    boxes = [text.get_charbox(at) for at in range(first, first + count)]
    solid = [box for box in boxes if box[2] > box[0] and box[3] > box[1]] or boxes
    return (
        min(box[0] for box in solid),
        min(box[1] for box in solid),
        max(box[2] for box in solid),
        max(box[3] for box in solid),
    )


def _check_size(width: float, height: float) -> None:
    if width * height > _MOST_PIXELS:
        raise FormError(
            "preview.too_large",
            "Cette page est trop grande pour être affichée à cette échelle\u00a0: réduisez le zoom.",
        )
