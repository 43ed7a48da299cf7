# SPDX-License-Identifier: GPL-3.0-or-later
"""One warm child process for what may crash, hang, or needs an environment of its own.

The converter of letters is native code that reads documents and looks its fonts up through variables read once per
process; Qt would read the same variables. So it runs apart: the parent writes a request into a pipe, the child
answers into another. What is converted never touches the disk: the child may not write files at all, and the only
folder made holds fonts and the list of them.

    request   task (4 bytes) · seconds (8, double) · length (8) · that many bytes
    answer    state (1 byte) · length (8) · that many bytes (the result, or the code of the failure)
"""

import importlib
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self
from xml.sax.saxutils import escape

from forms.letter_fonts import prepared
from forms.problems import FormError

__all__ = ["DOCX_TO_PDF", "Worker", "fonts_conf", "kill_all", "serve_child"]

DOCX_TO_PDF: Final = b"pdf1"

_REQUEST: Final = struct.Struct(">4sdQ")
_ANSWER: Final = struct.Struct(">BQ")
_LARGEST: Final = 256 * 1024 * 1024
"""No letter comes near it; a length beyond means a broken stream."""

_COMMAND: Final = ("-I", "-X", "faulthandler=0", "-m", "forms.worker")
_FAMILIES: Final = ("Hro Sans", "Hro Sans Arabic", "Hro Sans Ethiopic", "Hro Signs")
_GRACE: Final = 5.0
"""Seconds after its limit at which an orphan stops itself, should its parent have died meanwhile."""
_MEMORY: Final = 2 * 1024**3


def fonts_conf(folder: Path, families: Sequence[str] = _FAMILIES) -> str:
    """The font configuration of the child: one folder, and our families as the answer to any other name.

    Without the `append_last` a document that names a font we lack would find « no fonts available ».
    """
    wanted = "".join(f"<string>{escape(name)}</string>" for name in families)
    # A letter names the public fonts ours are made from.
    known = {name.replace("Hro", "Noto", 1): name for name in families} | {"sans-serif": families[0]}
    aliases = "".join(
        f'<alias binding="same"><family>{escape(name)}</family>'
        f"<prefer><family>{escape(ours)}</family></prefer></alias>\n"
        for name, ours in known.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        "<fontconfig>\n"
        f"<dir>{escape(str(folder))}</dir>\n"
        f"<cachedir>{escape(str(folder / 'cache'))}</cachedir>\n"
        f"{aliases}"
        '<match target="pattern"><edit name="family" mode="append_last">'
        f"{wanted}</edit></match>\n"
        "</fontconfig>\n"
    )


_RUNNING: "weakref.WeakSet[Worker]" = weakref.WeakSet()
_GATE: Final = threading.Lock()


def kill_all() -> None:
    """End every child of this process, which hold letters: locking leaves none behind."""
    with _GATE:
        running = list(_RUNNING)
    for each in running:
        each.kill()


class Worker:
    """The child process as its parent sees it: started at the first call, restarted after a death.

    Calls come one at a time, from any thread. Close it, or use it as a context manager.

    Args:
        seconds: how long one request may take, start of the child not counted.
        command: what starts the child, for a program that is not run by a Python interpreter of its own.
    """

    def __init__(self, *, seconds: float = 20.0, command: Sequence[str] | None = None) -> None:
        self._seconds = seconds
        self._command = tuple(command) if command else (sys.executable, *_COMMAND)
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._lock = threading.Lock()
        self._closed = False
        with _GATE:
            _RUNNING.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process number of the child, or `None` when none runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start the child ahead of the first request, so that the person waiting does not pay for it."""
        with self._lock:
            self._running()

    def call(self, task: bytes, payload: bytes) -> bytes:
        """Have one task done.

        Raises:
            FormError: `worker.failed` (the child refused the payload), `worker.died` (it crashed), `worker.timeout`,
                `worker.closed`. The next call starts a new child.
        """
        with self._lock:
            process = self._running()
            late = threading.Event()

            def stop() -> None:
                late.set()
                process.kill()

            timer = threading.Timer(self._seconds, stop)
            timer.daemon = True
            timer.start()
            try:
                state, answer = self._exchange(process, task, payload)
            except (OSError, EOFError) as error:
                self._stop_child()
                raise _too_late() if late.is_set() else _died() from error
            finally:
                timer.cancel()
        if state:
            raise FormError(
                "worker.failed",
                "La mise en page du document a échoué\u00a0: le fichier est abîmé, ou contient ce que le programme "
                "ne sait pas mettre en page. Vérifiez le modèle de la lettre.",
            )
        return answer

    def close(self) -> None:
        """Stop the child and remove its folder; calls after this are refused."""
        with self._lock:
            self._closed = True
            self._stop_child()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def kill(self) -> None:
        """End the child in the middle of whatever it does; the call under way fails, others are refused.

        For a program that is about to end: `close` would wait for the call.
        """
        self._closed = True
        process, folder = self._process, self._folder
        if process is not None:
            process.kill()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _exchange(self, process: subprocess.Popen[bytes], task: bytes, payload: bytes) -> tuple[int, bytes]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(_REQUEST.pack(task, self._seconds + _GRACE, len(payload)))
        process.stdin.write(payload)
        process.stdin.flush()
        state, length = _ANSWER.unpack(_exactly(process.stdout, _ANSWER.size))
        return state, _exactly(process.stdout, length)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise FormError("worker.closed", "Le programme se ferme\u00a0: le document n’a pas été fait.")
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop_child()
        folder = self._fonts()
        # An environment of its own: no proxy, no preload, no locale of the session; Windows cannot start
        # a process without its system folder.
        environment = {
            "FONTCONFIG_FILE": str(folder / "fonts.conf"),
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            **{name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ},
        }
        self._process = subprocess.Popen(  # noqa: S603 - the interpreter and arguments of this module
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # what native code prints may quote the document
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
            close_fds=True,
        )
        return self._process

    def _fonts(self) -> Path:
        """The folder of fonts, made once, for our user alone (mode 0700).

        The fonts are copied: the lookup writes a mark into each folder it reads, and the installed folder may be
        read-only or inside an archive.
        """
        if self._folder is not None and (self._folder / "fonts.conf").exists():
            return self._folder
        folder = Path(tempfile.mkdtemp(prefix="fonts-"))
        self._folder = folder
        # A program that ends without closing leaves no folder behind.
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        fonts = resources.files("forms").joinpath("fonts")
        latin = fonts.joinpath("HroSans-Regular.ttf").read_bytes()
        for font in fonts.iterdir():
            if font.name.endswith(".ttf"):
                (folder / font.name).write_bytes(prepared(font.read_bytes(), latin))
        (folder / "fonts.conf").write_text(fonts_conf(folder), encoding="utf-8")
        return folder

    def _stop_child(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        try:
            process.wait(0.5)  # a child at rest leaves when its input ends
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _too_late() -> FormError:
    return FormError(
        "worker.timeout",
        "La mise en page du document a pris trop de temps et a été arrêtée. Vérifiez le modèle de la lettre.",
    )


def _died() -> FormError:
    return FormError(
        "worker.died",
        "La mise en page du document s’est arrêtée brutalement. Réessayez\u00a0; si cela recommence, vérifiez le "
        "modèle de la lettre.",
    )


def _exactly(stream: IO[bytes], length: int) -> bytes:
    """Read that many bytes.

    Raises:
        EOFError: the stream ended before, or announces an absurd length.
    """
    if length > _LARGEST:
        raise EOFError
    parts = []
    while length:
        part = stream.read(length)
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


# ---- from here on: what the child runs


def _docx_to_pdf(payload: bytes) -> bytes:
    import dxpdf

    converted: bytes = dxpdf.convert(payload)
    return converted


_TASKS: Final[Mapping[bytes, Callable[[bytes], bytes]]] = {DOCX_TO_PDF: _docx_to_pdf}


def _restrict() -> None:
    """No core dump (it would hold the letter), no file written, a bound on memory. Nothing of this on Windows."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        with suppress(ValueError, OSError):  # macOS knows the name only
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def serve(source: IO[bytes], sink: IO[bytes], tasks: Mapping[bytes, Callable[[bytes], bytes]]) -> None:
    """Answer requests until the source ends.

    A task that raises is answered with state 1 and its error's class name: never its text, which may quote the
    document.
    """
    import faulthandler

    while True:
        try:
            task, seconds, length = _REQUEST.unpack(_exactly(source, _REQUEST.size))
            payload = _exactly(source, length)
        except EOFError:
            return
        with Path(os.devnull).open("wb") as nowhere:
            # Ends the process even when native code hangs and the parent is gone.
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            try:
                state, answer = 0, tasks[task](payload)
            except BaseException as error:  # a panic of native code is no Exception
                state, answer = 1, type(error).__name__.encode("ascii", "replace")
            finally:
                faulthandler.cancel_dump_traceback_later()
        sink.write(_ANSWER.pack(state, len(answer)) + answer)
        sink.flush()


def serve_child(tasks: Mapping[bytes, Callable[[bytes], bytes]], warm: Callable[[], object]) -> None:
    """Run as the child: take the standard streams for the exchange, and give native code empty ones.

    Args:
        tasks: what it can be asked for.
        warm: loads what they need, before the first request and before the limits stand; what it gives is kept.
    """
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    kept = warm()
    _restrict()
    serve(source, sink, tasks)
    del kept


def main() -> None:
    """Run as the child that converts letters."""
    serve_child(_TASKS, lambda: importlib.import_module("dxpdf"))


if __name__ == "__main__":
    main()
