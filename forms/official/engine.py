# SPDX-License-Identifier: GPL-3.0-or-later
"""Official PDFs opened in a process apart: a file somebody downloaded may hang, crash or fill the memory of its reader.

The process is the warm child of `forms.worker`, with its limits: no file written, two gigabytes, a time for each file.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

from forms.official import fields as _fields
from forms.official import fill as _fill
from forms.official import readback as _readback
from forms.official import wire
from forms.official.answers import Value
from forms.official.fill import Made
from forms.official.outcome import Outcome
from forms.official.readback import Reading
from forms.official.shape import PdfForm
from forms.overlay import Placement
from forms.problems import FormError
from forms.worker import Worker, serve_child

__all__ = ["HERE", "Apart", "Engine", "main"]

_READ: Final = b"offr"
_FILL: Final = b"offf"
_PROVE: Final = b"offp"
_LARGEST: Final = 64 * 1024 * 1024


class Engine(Protocol):
    """Whoever opens official PDFs: this process, or one apart."""

    def read(self, pdf: bytes) -> PdfForm:
        """As `fields.read`."""

    def fill(
        self,
        pdf: bytes,
        values: Mapping[str, Value],
        *,
        keep_fields: bool = False,
        continued: Mapping[str, str] | None = None,
        boxes: Sequence[Placement] = (),
        mark: str = "",
    ) -> Made:
        """As `fill.fill`."""

    def readback(
        self,
        blank: bytes,
        finished: bytes,
        outcomes: Sequence[Outcome],
        texts: Mapping[str, str],
        boxes: Sequence[Placement] = (),
        *,
        marked: bool = False,
    ) -> Reading:
        """As `readback.readback`."""


class _Here:
    """This process: for files known to be good, and for tests."""

    read = staticmethod(_fields.read)
    fill = staticmethod(_fill.fill)
    readback = staticmethod(_readback.readback)


HERE: Final[Engine] = _Here()


class Apart:
    """A process apart that opens official PDFs. Close it, or use it as a context manager.

    Args:
        seconds: how long one file may take.
    """

    def __init__(self, *, seconds: float = 30.0) -> None:
        # The child runs the very code of its parent, wherever that was found.
        root = str(Path(__file__).resolve().parents[2])
        start = f"import sys; sys.path.insert(0, {root!r}); from forms.official.engine import main; main()"
        self._worker = Worker(seconds=seconds, command=(sys.executable, "-I", "-X", "faulthandler=0", "-c", start))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._worker.close()

    def read(self, pdf: bytes) -> PdfForm:
        """As `fields.read`.

        Raises:
            FormError: those of `fields.read`; `official.too_large`, `official.too_long`, `official.damaged`.
        """
        message, _ = self._ask(_READ, {}, pdf)
        return wire.form_from(message["form"])

    def fill(
        self,
        pdf: bytes,
        values: Mapping[str, Value],
        *,
        keep_fields: bool = False,
        continued: Mapping[str, str] | None = None,
        boxes: Sequence[Placement] = (),
        mark: str = "",
    ) -> Made:
        """As `fill.fill`.

        Raises:
            FormError: those of `fill.fill`; `official.too_large`, `official.too_long`, `official.damaged`.
        """
        asked = {
            "values": {name: wire.value_to(value) for name, value in values.items()},
            "keep_fields": keep_fields,
            "continued": dict(continued or {}),
            "boxes": list(boxes),
            "mark": mark,
        }
        message, files = self._ask(_FILL, asked, pdf)
        outcomes = tuple(wire.outcome_from(each) for each in message["outcomes"])
        return Made(files[0], outcomes, wire.form_from(message["form"]))

    def readback(
        self,
        blank: bytes,
        finished: bytes,
        outcomes: Sequence[Outcome],
        texts: Mapping[str, str],
        boxes: Sequence[Placement] = (),
        *,
        marked: bool = False,
    ) -> Reading:
        """As `readback.readback`.

        Raises:
            FormError: those of `readback.readback`; `official.too_large`, `official.too_long`, `official.damaged`.
        """
        asked = {"outcomes": list(outcomes), "texts": dict(texts), "boxes": list(boxes), "marked": marked}
        message, _ = self._ask(_PROVE, asked, blank, finished)
        return wire.reading_from(message["reading"])

    def _ask(self, task: bytes, asked: Mapping[str, Any], *files: bytes) -> tuple[dict[str, Any], list[bytes]]:
        if any(len(file) > _LARGEST for file in files):
            raise FormError(
                "official.too_large",
                f"Ce PDF dépasse {_LARGEST // 1024 // 1024}\u00a0Mo\u00a0: un formulaire en pèse quelques-uns. "
                "Vérifiez que c’est le bon fichier.",
            )
        try:
            message, answered = wire.unpacked(self._worker.call(task, wire.packed(asked, *files)))
        except FormError as error:
            raise _told(error) from None
        if "error" in message:
            raise FormError(str(message["error"]), str(message["sentence"]))
        return message, answered


def _told(error: FormError) -> FormError:
    if error.code == "worker.timeout":
        return FormError(
            "official.too_long",
            "La lecture de ce PDF a pris trop de temps et a été arrêtée\u00a0: il est abîmé ou fait pour bloquer. "
            "Téléchargez-le de nouveau depuis le site officiel.",
        )
    if error.code in {"worker.failed", "worker.died"}:
        return FormError(
            "official.damaged",
            "Ce PDF est abîmé d’une façon que le programme ne sait pas réparer\u00a0: téléchargez-le de nouveau depuis "
            "le site officiel.",
        )
    return error


# ---- from here on: what the child runs


def _answered(work: Any, payload: bytes) -> bytes:  # noqa: ANN401 - one of the three below
    asked, files = wire.unpacked(payload)
    try:
        message, made = work(asked, files)
    except FormError as error:
        return wire.packed({"error": error.code, "sentence": error.sentence})
    return wire.packed(message, *made)


def _child_read(_: dict[str, Any], files: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    return {"form": HERE.read(files[0])}, []


def _child_fill(asked: dict[str, Any], files: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    made = HERE.fill(
        files[0],
        {name: wire.value_from(value) for name, value in asked["values"].items()},
        keep_fields=asked["keep_fields"],
        continued=asked["continued"],
        boxes=[wire.placement_from(each) for each in asked["boxes"]],
        mark=asked["mark"],
    )
    return {"outcomes": made.outcomes, "form": made.form}, [made.pdf]


def _child_prove(asked: dict[str, Any], files: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    outcomes = [wire.outcome_from(each) for each in asked["outcomes"]]
    boxes = [wire.placement_from(each) for each in asked["boxes"]]
    blank, finished = files
    reading = HERE.readback(blank, finished, outcomes, asked["texts"], boxes, marked=asked["marked"])
    return {"reading": reading}, []


def _warm() -> object:
    from forms.text import Style, measure
    from forms.text.screenless import start

    application = start()
    measure("à", 100, Style())
    return application


def main() -> None:
    """Run as the child."""
    serve_child(
        {
            _READ: lambda payload: _answered(_child_read, payload),
            _FILL: lambda payload: _answered(_child_fill, payload),
            _PROVE: lambda payload: _answered(_child_prove, payload),
        },
        _warm,
    )
