# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages one exhibit takes in a bundle.

A PDF gives its pages, a picture one page (or one for each of its sheets when it is a scan of several). What cannot
be printed (a film, a sound, another kind of file) and what cannot be read gives a sheet that describes it.
The original is only read.
"""

import contextlib
import io
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Final, Literal, TypeAlias

import attrs
import pikepdf

from forms.binding.assembly import Assembly
from forms.binding.images import IMAGE_ERRORS, TooLargeError, image_pages
from forms.binding.paper import Sheet, Sheets
from forms.binding.source import Layers, Leaf, copy_pages
from forms.problems import Problem, Severity
from forms.text import A4, Box, Style

__all__ = ["BundleItem", "Pages", "exhibit_name", "read"]

_MOST_PAGES: Final = 5000  # of one exhibit
_AT_ONCE: Final = 1 << 25  # bytes
_PDF_ERRORS: Final = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError)

_Reason: TypeAlias = Literal["video", "sound", "file", "password", "damaged", "empty", "too_large", "too_many"]
_WHY: Final[dict[_Reason, str]] = {
    "video": "Enregistrement vidéo. Cette pièce ne s’imprime pas\u00a0: la présente fiche en tient lieu.",
    "sound": "Enregistrement sonore. Cette pièce ne s’imprime pas\u00a0: la présente fiche en tient lieu.",
    "file": "Fichier informatique. Cette pièce ne s’imprime pas ici\u00a0: la présente fiche en tient lieu.",
    "password": "Ce fichier PDF est protégé par un mot de passe\u00a0: ses pages n’ont pas pu être reproduites ici.",
    "damaged": "Ce fichier est endommagé ou illisible\u00a0: son contenu n’a pas pu être reproduit ici.",
    "empty": "Ce fichier PDF ne contient aucune page.",
    "too_large": "Cette image est trop grande pour être reproduite ici.",
    "too_many": "Ce fichier compte trop de pages pour être reproduit ici.",
}
_KEPT: Final = "Original conservé, inchangé."
_HASH: Final = (
    "L’empreinte SHA-256 permet de vérifier qu’une copie du fichier est identique, octet par octet, à l’original."
)
_SEVERITY: Final[dict[str, Severity]] = {"signed": "info", "animation": "info"}

_LEFT: Final = 56.0
_RIGHT: Final = A4[0] - 56.0
_TOP: Final = A4[1] - 72.0
_BOTTOM: Final = 64.0
_LABEL_WIDTH: Final = 120.0


@attrs.frozen
class BundleItem:
    """One exhibit of a bundle.

    Args:
        number: the one it has in the exhibit list.
        title: what the list calls it, in any script.
        date: of the exhibit, as it is to be printed; may be empty.
        nature: kind of exhibit in words (« Photographie »…); may be empty.
        media_type: of the original, as its content says (`image/jpeg`, `application/pdf`…).
        open: opens the original for reading, seekable; closed here.
        facts: label and value of each line of a sheet that stands for the exhibit.
        confidential: said on its divider, its stamps and in the contents.
        absent: the exhibit is not joined and a sheet stands in its place, which is no page of it.
    """

    number: int
    title: str
    date: str
    nature: str
    media_type: str
    open: Callable[[], BinaryIO] = attrs.field(eq=False)
    facts: tuple[tuple[str, str], ...] = ()
    confidential: bool = False
    absent: bool = False


@attrs.frozen
class Pages:
    """The pages of an exhibit: those of the original, or sheets in its place."""

    leaves: tuple[Leaf | Sheet, ...]
    problems: tuple[Problem, ...]


def exhibit_name(item: BundleItem) -> str:
    """« Pièce n° 3 », with a space that never breaks."""
    return f"Pièce n°\u00a0{item.number}"


class _Watched(io.RawIOBase):
    """A stream that remembers its own failure: a disk or a vault that fails is no damaged exhibit."""

    def __init__(self, inner: BinaryIO) -> None:
        super().__init__()
        self._inner = inner
        self.failure: BaseException | None = None

    @contextlib.contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.failure = error
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        with self._noting():
            return self._inner.read(size)

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        # Readers of pictures probe with impossible offsets; that is no failure of the stream.
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell()


def read(item: BundleItem, target: Assembly, layers: Layers, sheets: Sheets) -> Pages:
    """Take an exhibit over into a bundle.

    Args:
        item: the exhibit.
        target: receives what its pages draw with.
        layers: receives the states of the layers of a PDF.
        sheets: makes the sheet that stands for what cannot be printed.

    Raises:
        OSError: or whatever else the stream of the original raises when it cannot be read.
    """
    kind, _, _ = item.media_type.partition("/")
    if item.media_type == "application/pdf":
        return _opened(item, sheets, lambda stream: _pdf(stream, target, layers))
    if kind == "image":
        return _opened(item, sheets, lambda stream: _image(stream, target))
    reasons: dict[str, _Reason] = {"video": "video", "audio": "sound"}
    return Pages(_described(item, reasons.get(kind, "file"), sheets), ())


_Read: TypeAlias = "tuple[Sequence[Leaf], frozenset[str]] | _Reason"


def _opened(item: BundleItem, sheets: Sheets, reader: Callable[[BinaryIO], _Read]) -> Pages:
    """Read an original, and put a sheet in its place when that cannot be done."""
    with contextlib.closing(item.open()) as inner:
        # One exhibit of ordinary size is read at a stretch: readers of PDF and pictures jump about, which is slow in a
        # stream that decrypts.
        start = inner.read(_AT_ONCE)
        if len(start) < _AT_ONCE:
            result = reader(io.BytesIO(start))
        else:
            inner.seek(0)
            stream = _Watched(inner)
            result = reader(stream)  # type: ignore[arg-type]
            if stream.failure is not None:
                raise stream.failure
    if isinstance(result, str):
        return Pages(_described(item, result, sheets), (_problem(item, result),))
    leaves, kinds = result
    return Pages(tuple(leaves), tuple(_problem(item, kind) for kind in sorted(kinds)))


def _problem(item: BundleItem, kind: str) -> Problem:
    return Problem("", f"exhibit.{kind}", _SEVERITY.get(kind, "warn"), {"number": item.number})


def _pdf(stream: BinaryIO, target: Assembly, layers: Layers) -> _Read:
    try:
        with pikepdf.open(stream) as source:
            count = len(source.pages)
            if not count:
                return "empty"
            return copy_pages(source, target, layers) if count <= _MOST_PAGES else "too_many"
    except pikepdf.PasswordError:
        return "password"
    except _PDF_ERRORS:
        return "damaged"


def _image(stream: BinaryIO, target: Assembly) -> _Read:
    try:
        return image_pages(stream, target)
    except TooLargeError:
        return "too_large"
    except IMAGE_ERRORS:
        return "damaged"


def _described(item: BundleItem, reason: _Reason, sheets: Sheets) -> tuple[Sheet, ...]:
    """The sheet that stands for an exhibit, or several when there is much to say."""
    made = [sheets.add()]
    width = _RIGHT - _LEFT
    y = _TOP
    head = Style(size=22, bold=True, leading=1.25)
    y -= made[-1].text(Box(_LEFT, y - 30, _RIGHT, y), exhibit_name(item), head) + 8
    for text, style in (
        (item.title, Style(size=14, min_size=14, bold=True)),
        (" – ".join(part for part in (item.nature, item.date) if part), Style(size=10.5, min_size=10.5, grey=0.25)),
    ):
        if text:
            height = made[-1].height(text, width, style)
            y -= made[-1].text(Box(_LEFT, max(_BOTTOM, y - height), _RIGHT, y), text, style) + 4
    y -= 8
    made[-1].rule(_LEFT, _RIGHT, y, 0.8)
    y -= 14
    plain = Style(size=10.5, min_size=10.5, leading=1.35)
    y -= made[-1].text(Box(_LEFT, y - 60, _RIGHT, y), _WHY[reason], plain) + 14
    y = _facts(item.facts, made, sheets, y)
    closing = [_KEPT] + [_HASH] * any("SHA-256" in label for label, _ in item.facts)
    y -= 10
    for text in closing:
        made[-1].text(Box(_LEFT, y - 40, _RIGHT, y), text, plain)
        y -= made[-1].height(text, width, plain) + 4
    return tuple(made)


def _facts(facts: Sequence[tuple[str, str]], made: list[Sheet], sheets: Sheets, y: float) -> float:
    """Write labels and values line by line, on new sheets when the page is full; returns where the last ended."""
    start = _LEFT + _LABEL_WIDTH
    label_style = Style(size=9.5, min_size=9.5, grey=0.3)
    value_style = Style(size=9.5, min_size=9.5)
    for label, value in facts:
        sheet = made[-1]
        height = max(
            sheet.height(label, _LABEL_WIDTH - 10, label_style), sheet.height(value, _RIGHT - start, value_style)
        )
        height = min(height, _TOP - _BOTTOM - 100)
        if y - height - 100 < _BOTTOM:
            made.append(sheets.add())
            sheet, y = made[-1], _TOP
        sheet.text(Box(_LEFT, y - height, start - 10, y), label, label_style)
        sheet.text(Box(start, y - height, _RIGHT, y), value, value_style)
        y -= height + 5
        sheet.rule(_LEFT, _RIGHT, y, 0.3, 0.75)
        y -= 6
    return y
