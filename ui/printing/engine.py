# SPDX-License-Identifier: GPL-3.0-or-later
"""The printer at work, in a thread beside the window: each page drawn by PDFium, at its exact place on the paper.

The pages are pictures of the very file that was sealed; nothing is laid out again. What is printed into a file stands
under another name until it is whole.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

import attrs
from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QTransform
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from forms import preview
from forms.imposed import Leaf
from forms.problems import FormError
from hro_desktop.faults import ExitCode, Fault
from ui.jobs import Report, Token

__all__ = ["FILE", "Failed", "Wish", "printers", "send"]

FILE: Final = ""
"""The name of the printer that is a file."""
_LEAST_DPI: Final = 300
_MOST_DPI: Final = 600
_MM: Final = 25.4
_SIZES: Final = {
    "A4": (QPageSize.PageSizeId.A4, QPageLayout.Orientation.Portrait, (210.0, 297.0)),
    "DL": (QPageSize.PageSizeId.EnvelopeDL, QPageLayout.Orientation.Landscape, (220.0, 110.0)),
    "C4": (QPageSize.PageSizeId.EnvelopeC4, QPageLayout.Orientation.Landscape, (324.0, 229.0)),
}
_REFUSED: Final = 0x0400
"""The least answer of IPP (RFC 8011, app. B) that is no success."""
_NEAR: Final = 1.0
"""Millimetres by which a page may differ from the paper and still be printed as it is."""
Make = Callable[[QPrinter.PrinterMode], QPrinter]


@attrs.frozen(kw_only=True)
class Wish:
    """What the printer is told.

    Args:
        printer: its name in the system, or `FILE`.
        file: where to, for a file; it must not be there.
        copies: how many times, one whole copy after the other.
        duplex: on both sides, turned over the long side.
        right: millimetres by which everything is moved to the right.
        down: and downwards.
        size: of the paper.
    """

    printer: str = FILE
    file: Path | None = None
    copies: int = 1
    duplex: bool = False
    right: float = 0.0
    down: float = 0.0
    size: Literal["A4", "DL", "C4"] = "A4"


class Failed(Fault):
    """The printing stopped; `out` is the number of pages that may have come out."""

    def __init__(self, code: str, sentence: str, out: int) -> None:
        super().__init__(code, sentence, ExitCode.DISK)
        self.out = out


def printers() -> tuple[str, ...]:
    """The printers of this computer, the usual one first. Asking takes its time."""
    names = list(QPrinterInfo.availablePrinterNames())
    usual = QPrinterInfo.defaultPrinterName()
    return tuple(sorted(names, key=lambda name: (name != usual, name.casefold())))


def send(
    papers: Sequence[bytes],
    leaves: Sequence[Leaf],
    wish: Wish,
    control: tuple[Token, Report],
    make: Make = QPrinter,
) -> int:
    """Print. Returns the number of pages, empty ones included.

    Raises:
        Failed: the printer or the disk failed; of a file nothing is left.
        Cancelled: somebody stopped it; of a file nothing is left.
    """
    order = _copied(leaves, wish)
    if wish.file is None:
        _Run(papers, order, wish, control, make).run(None)
        return len(order)
    beside = wish.file.with_name(f".{wish.file.name}.en-cours")
    try:
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _Run(papers, order, wish, control, make).run(beside)
        _finish(beside, wish.file, len(order))
    except OSError:
        raise _file_failed() from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return len(order)


def _copied(leaves: Sequence[Leaf], wish: Wish) -> list[Leaf]:
    """All copies; on both sides, each begins on a sheet of its own."""
    made: list[Leaf] = []
    for _ in range(wish.copies):
        if wish.duplex and len(made) % 2:
            made.append(None)
        made += leaves
    return made


def _finish(beside: Path, file: Path, pages: int) -> None:
    """Take the place of the file, once it is whole: a full disk does not tell Qt."""
    try:
        whole = preview.page_count(beside.read_bytes()) == pages
    except Exception:
        whole = False
    if not whole:
        raise _file_failed()
    with beside.open("rb") as stream:
        os.fsync(stream.fileno())
    beside.rename(file)


def _file_failed() -> Failed:
    return Failed(
        "printing.disk",
        "Le fichier PDF n’a pas pu être écrit\u00a0: le disque est plein ou l’écriture y est interdite. "
        "Rien n’est resté dehors, tout est gardé dans le coffre\u00a0: choisissez un autre dossier.",
        0,
    )


def _queue_refused() -> bool:
    """Whether CUPS refused what this thread sent it last: Qt never looks, and says that it is printed."""
    if sys.platform != "linux":
        return False
    try:
        status = int(ctypes.CDLL("libcups.so.2").cupsLastError())
    except (OSError, AttributeError):
        return False
    return status >= _REFUSED


class _Run:
    """One printing."""

    def __init__(
        self,
        papers: Sequence[bytes],
        order: Sequence[Leaf],
        wish: Wish,
        control: tuple[Token, Report],
        make: Make,
    ) -> None:
        self._papers, self._order, self._wish, self._make = papers, order, wish, make
        self._token, self._report = control
        self._out = 0

    def run(self, file: Path | None) -> None:
        """From the first page to the last."""
        printer = self._ready(file)
        painter = QPainter()
        if not painter.begin(printer):
            raise self._failed(file)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = False
        try:
            for at, leaf in enumerate(self._order):
                self._token.check()
                if at and not printer.newPage():
                    raise self._failed(file)
                if leaf is not None:
                    self._draw(painter, printer, leaf)
                if printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
                    raise self._failed(file)
                self._out = at + 1
                self._report(at + 1, len(self._order), "pages imprimées")
            whole = True
        finally:
            if not whole:
                printer.abort()
            ended = painter.end()
        if not ended or printer.printerState() is QPrinter.PrinterState.Error:
            raise self._failed(file)
        if printer.outputFormat() is QPrinter.OutputFormat.NativeFormat and _queue_refused():
            self._out = 0  # the queue gets all pages at once, or none
            raise self._failed(file)

    def _ready(self, file: Path | None) -> QPrinter:
        wish = self._wish
        if file is None and wish.printer not in QPrinterInfo.availablePrinterNames():
            raise Failed(
                "printing.no_printer",
                "Cette imprimante ne répond plus\u00a0: rien n’est imprimé. Allumez-la ou branchez-la, choisissez-en "
                "une autre, ou imprimez dans un fichier PDF.",
                0,
            )
        if file is None and QPrinterInfo.printerInfo(wish.printer).state() is QPrinter.PrinterState.Error:
            # The system would keep the pages, readable, until somebody starts it again.
            raise Failed(
                "printing.halted",
                "Cette imprimante est arrêtée\u00a0: rien n’est imprimé. Remettez-la en marche (papier, bourrage, file "
                "en pause), choisissez-en une autre, ou imprimez dans un fichier PDF.",
                0,
            )
        printer = self._make(QPrinter.PrinterMode.HighResolution)
        if file is not None:
            printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
            printer.setOutputFileName(str(file))
            printer.setResolution(_LEAST_DPI)
        else:
            printer.setPrinterName(wish.printer)
        printer.setDocName("Page")  # the queue of the system must not say what is printed
        printer.setCreator("")
        printer.setFullPage(True)
        size, orientation, _ = _SIZES[wish.size]
        printer.setPageLayout(QPageLayout(QPageSize(size), orientation, QMarginsF(0, 0, 0, 0)))
        printer.setFullPage(True)
        both = QPrinter.DuplexMode.DuplexLongSide if wish.duplex else QPrinter.DuplexMode.DuplexNone
        printer.setDuplex(both)
        return printer

    def _draw(self, painter: QPainter, printer: QPrinter, leaf: tuple[int, int]) -> None:
        """One page at its exact size; one that lies is turned, one larger than the paper is made smaller."""
        dpi = min(max(printer.resolution(), _LEAST_DPI), _MOST_DPI)
        try:
            pixels = preview.render(self._papers[leaf[0]], leaf[1], dpi)
        except FormError:  # too large at that resolution: a plan
            pixels = preview.render(self._papers[leaf[0]], leaf[1], _LEAST_DPI / 2)
            dpi = _LEAST_DPI // 2
        image = QImage(pixels.data, pixels.width, pixels.height, pixels.stride, QImage.Format.Format_RGB888)
        if image.isGrayscale():
            image = image.convertToFormat(QImage.Format.Format_Grayscale8)
        paper = _SIZES[self._wish.size][2]
        width, height = (side / dpi * _MM for side in (pixels.width, pixels.height))
        if (width > height) != (paper[0] > paper[1]) and abs(width - height) > _NEAR:
            image = image.transformed(QTransform().rotate(90))
            width, height = height, width
        scale = min(
            have / need if need > have + _NEAR else 1.0 for have, need in zip(paper, (width, height), strict=True)
        )
        width, height = width * scale, height * scale
        left, top = (
            (have - need) / 2 if abs(have - need) > _NEAR else 0.0
            for have, need in zip(paper, (width, height), strict=True)
        )
        dot = printer.resolution() / _MM
        place = QRectF((left + self._wish.right) * dot, (top + self._wish.down) * dot, width * dot, height * dot)
        # letters stay exact; a page with a photograph, kept exact, would take megabytes
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering, image.isGrayscale())
        painter.drawImage(place, image)

    def _failed(self, file: Path | None) -> Failed:
        if file is not None:
            return _file_failed()
        if not self._out:
            return Failed(
                "printing.refused",
                "L’imprimante n’a pas accepté l’impression\u00a0: aucune page n’est sortie. Vérifiez qu’elle est "
                "allumée et a du papier, puis recommencez.",
                0,
            )
        done = "1 page a" if self._out == 1 else f"{self._out} pages ont"
        return Failed(
            "printing.stopped",
            f"L’imprimante s’est arrêtée\u00a0: {done} pu sortir. Rien n’est perdu\u00a0: reprenez à la page "
            f"{self._out} quand elle répond.",
            self._out,
        )
