# SPDX-License-Identifier: GPL-3.0-or-later
"""Slow work beside the window: four lanes of threads, one relay, handlers that die with their page.

A worker is a plain function `(token, report) -> value` over plain values. It never touches a widget, nor holds one: the
last reference to a widget must not be dropped in a pool thread. Whatever it gives back, or raises, comes to the UI
thread through the one queued signal of the runner; the handlers wait there in a dictionary, and go when the page that
asked is destroyed.
"""

import enum
import functools
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any, Final, Protocol

import attrs
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.widgets import show_together

__all__ = ["Cancelled", "InlineJobs", "Job", "JobRunner", "Lane", "Report", "Token", "Work"]

_INTERVAL: Final = 0.1
"""Seconds between two reports of progress: more often than ten times a second nobody reads."""
_PATIENCE: Final = 5.0
"""Seconds that the end of the program waits for the jobs under way."""


class Lane(enum.Enum):
    """Which threads a job waits for."""

    WRITE = 1
    READ = 2
    DOCUMENT = 3
    LONG = 4
    """A whole vault or a whole backup: minutes, during which no page may wait for a thread."""


_THREADS: Final = {Lane.WRITE: 1, Lane.READ: 2, Lane.DOCUMENT: 1, Lane.LONG: 1}


class Report(Protocol):
    """How a worker says how far it is."""

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Report progress; a total of 0 is not known; `what` is French and names nobody."""


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked
    """The job was asked to stop and did."""


class Token:
    """How a worker learns that nobody wants its answer any more."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether the job was asked to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the worker to stop at its next check."""
        self._stop.set()

    def check(self) -> None:
        """Stop here if asked to.

        Raises:
            Cancelled: caught by the runner.
        """
        if self._stop.is_set():
            raise Cancelled


Work = Callable[[Token, Report], Any]
Handler = Callable[[Any], None]


@attrs.define(eq=False)
class Job:
    """One piece of work, as the window sees it. A job without a title is not shown in the status line."""

    number: int
    title: str
    token: Token = attrs.field(factory=Token)
    done: int = 0
    total: int = 0
    what: str = ""

    def cancel(self) -> None:
        """Ask it to stop; its `cancelled` handler is called when it has."""
        self.token.cancel()


@attrs.frozen(eq=False)
class _Wanted:
    """Who is told what became of a job. The handlers are held weakly where they are methods."""

    job: Job
    owner: int
    page: Callable[[], QObject | None]
    handlers: dict[str, Callable[[], Handler | None]]


def _held(handler: Handler) -> Callable[[], Handler | None]:
    """A method without its page: a job must not keep a closed page alive. Plain functions are kept."""
    if isinstance(handler, MethodType):
        return weakref.WeakMethod(handler)
    return lambda: handler


def _refuse_widgets(work: Work) -> None:
    """A worker that carries a Qt object would let it die in a pool thread."""
    parts: list[object] = [work]
    while parts:
        part = parts.pop()
        if isinstance(part, QObject):
            raise TypeError(f"a worker must not hold a {type(part).__name__}")
        if isinstance(part, functools.partial):
            parts += [part.func, *part.args, *part.keywords.values()]
        elif isinstance(part, FunctionType):
            parts += [cell.cell_contents for cell in part.__closure__ or ()]
        elif isinstance(part, MethodType | BuiltinMethodType):
            parts.append(part.__self__)


class JobRunner(QObject):
    """Starts jobs and tells their pages. Lives on the UI thread; only `_relay` is emitted from the others."""

    _relay = Signal(int, str, object)
    shown = Signal(object)
    """The jobs with a title that are under way, oldest first: a tuple of `Job`."""
    moved = Signal(object)
    """A job with a title is further: a `Job`."""
    unexpected = Signal(object)
    """An exception that no page asked to be told of."""

    def __init__(self) -> None:
        # A child of the application: were Python to own it, a pool thread that outlives its last reference in the
        # window would destroy it, in the wrong thread.
        super().__init__(QCoreApplication.instance())
        self._wanted: dict[int, _Wanted] = {}
        self._owners: dict[int, set[int]] = {}
        self._futures: dict[int, Future[None]] = {}
        self._last = 0
        self._closed = False
        self._pools = {
            lane: ThreadPoolExecutor(count, thread_name_prefix=f"hro-{lane.name.lower()}")
            for lane, count in _THREADS.items()
        }
        self._relay.connect(self._on_relay, Qt.ConnectionType.QueuedConnection)
        self._told: deque[tuple[int, str, object]] = deque()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._on_turn)

    def start(
        self,
        lane: Lane,
        work: Work,
        *,
        owner: QObject,
        done: Handler,
        failed: Handler | None = None,
        cancelled: Handler | None = None,
        progress: Handler | None = None,
        title: str = "",
    ) -> Job:
        """Have something done in a lane.

        Args:
            lane: which threads it waits for.
            work: a plain function over plain values; it may run after its owner is gone.
            owner: the page that asks. When it is destroyed the job is cancelled and the handlers are forgotten.
            done: called with the value.
            failed: called with the exception; without it the runner's `unexpected` signal says it.
            cancelled: called with the job when it stopped because it was asked to.
            progress: called with the job, at most ten times a second.
            title: what the status line shows while it runs; names nobody.

        Raises:
            TypeError: the worker holds a Qt object.
            RuntimeError: the runner was shut down.
        """
        _refuse_widgets(work)
        if self._closed:
            raise RuntimeError("the runner was shut down")
        self._last += 1
        job = Job(self._last, title)
        given = {"done": done, "failed": failed, "cancelled": cancelled, "progress": progress}
        handlers = {name: _held(handler) for name, handler in given.items() if handler is not None}
        self._wanted[job.number] = _Wanted(job, self._watch(owner, job.number), weakref.ref(owner), handlers)
        self._tell_shown(job)
        self._submit(lane, job, work)
        return job

    def running(self) -> tuple[Job, ...]:
        """The jobs with a title whose pages are still there."""
        return tuple(wanted.job for wanted in self._wanted.values() if wanted.job.title)

    @property
    def idle(self) -> bool:
        """Whether no page waits for anything."""
        return not self._wanted

    def shutdown(self, patience: float = _PATIENCE) -> bool:
        """Cancel everything and wait a moment.

        Returns:
            Whether every thread is idle; if not, the program must end without waiting for them.
        """
        self._closed = True
        for wanted in self._wanted.values():
            wanted.job.cancel()
        self._wanted.clear()
        self._owners.clear()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        # A future cancelled before it began never counts as done for wait().
        begun = [future for future in self._futures.values() if not future.cancelled()]
        left = wait(begun, timeout=patience).not_done
        return not left

    def _watch(self, owner: QObject, number: int) -> int:
        """Tie a job to the life of its page, by the address of the Qt object: Python's id may be given again."""
        address: int = shiboken6.getCppPointer(owner)[0]
        if address not in self._owners:
            self._owners[address] = set()
            owner.destroyed.connect(functools.partial(self._on_owner_destroyed, address))
        self._owners[address].add(number)
        return address

    def _submit(self, lane: Lane, job: Job, work: Work) -> None:
        future = self._pools[lane].submit(self._perform, job, work)
        self._futures[job.number] = future

    def _perform(self, job: Job, work: Work) -> None:
        """In a pool thread: do it and send what came of it."""
        number, token = job.number, job.token
        last = 0.0

        def report(done: int, total: int, what: str = "") -> None:
            nonlocal last
            token.check()
            now = time.monotonic()
            if now - last >= _INTERVAL:
                last = now
                self._send(number, "progress", (done, total, what))

        try:
            token.check()
            value = work(token, report)
        except Cancelled:
            self._send(number, "cancelled", None)
        except Exception as error:  # whatever it is, the page is told and the thread goes on
            self._send(number, "failed", error)
        else:
            self._send(number, "done", value)

    def _send(self, number: int, kind: str, value: object) -> None:
        with suppress(RuntimeError):  # the runner is gone: so is everybody who would listen
            self._relay.emit(number, kind, value)

    def _on_relay(self, number: int, kind: str, value: object) -> None:
        """Something came: it waits for its turn, so that keys, clicks and painting have theirs between two answers."""
        self._told.append((number, kind, value))
        self._turn.start(0)

    def _on_turn(self) -> None:
        number, kind, value = self._told.popleft()
        if self._told:
            self._turn.start(0)
        self._tell(number, kind, value)

    def _tell(self, number: int, kind: str, value: object) -> None:
        wanted = self._wanted.get(number)
        if kind == "progress":
            if wanted is not None and isinstance(value, tuple):
                wanted.job.done, wanted.job.total, wanted.job.what = value
                self._call(wanted, kind, wanted.job)
                if wanted.job.title:
                    self.moved.emit(wanted.job)
            return
        self._futures.pop(number, None)
        if wanted is None:
            return
        self._forget(number)
        self._tell_shown(wanted.job)
        if kind == "cancelled" or wanted.job.token.cancelled:
            # A page that cancelled has moved on: a value that came all the same must not surprise it.
            self._call(wanted, "cancelled", wanted.job)
        elif not self._call(wanted, kind, value) and kind == "failed":
            self.unexpected.emit(value)

    def _call(self, wanted: _Wanted, kind: str, value: object) -> bool:
        """Call a handler if there is one and its page lives."""
        held = wanted.handlers.get(kind)
        handler = held() if held is not None else None
        page = getattr(handler, "__self__", None)
        if handler is None or (isinstance(page, QObject) and not shiboken6.isValid(page)):
            return False
        handler(value)
        shown = wanted.page()
        if isinstance(shown, QWidget) and shiboken6.isValid(shown) and shown.isVisible():
            show_together(shown)
        return True

    def _on_owner_destroyed(self, address: int, _owner: object = None) -> None:
        for number in self._owners.pop(address, set()):
            wanted = self._wanted.pop(number, None)
            if wanted is not None:
                wanted.job.cancel()
                self._tell_shown(wanted.job)

    def _forget(self, number: int) -> None:
        wanted = self._wanted.pop(number)
        # The owner stays watched: its destroyed signal is connected once and knows its address.
        self._owners.get(wanted.owner, set()).discard(number)

    def _tell_shown(self, job: Job) -> None:
        if job.title:
            self.shown.emit(self.running())


class InlineJobs(JobRunner):
    """The same, done at once in the calling thread: for tests that look at pages, not at threads."""

    def _submit(self, lane: Lane, job: Job, work: Work) -> None:
        self._perform(job, work)

    def _send(self, number: int, kind: str, value: object) -> None:
        self._tell(number, kind, value)
