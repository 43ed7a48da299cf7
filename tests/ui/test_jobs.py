# SPDX-License-Identifier: GPL-3.0-or-later
import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QRect
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import flush_deletes
from ui.jobs import InlineJobs, Job, JobRunner, Lane, Report, Token


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    assert runner.shutdown()
    runner.deleteLater()


def answer(value: object, _token: Token, _report: Report) -> object:
    return value


def until_cancelled(started: threading.Event, token: Token, _report: Report) -> None:
    started.set()
    while True:
        token.check()
        time.sleep(0.001)


def test_value_arrives_on_the_ui_thread(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()
    seen: list[tuple[object, bool]] = []
    jobs.start(
        Lane.READ,
        partial(answer, 7),
        owner=owner,
        done=lambda value: seen.append((value, threading.current_thread() is threading.main_thread())),
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(7, True)]


def test_work_runs_elsewhere_and_in_its_lane(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()
    names: list[str] = []
    for lane in Lane:
        jobs.start(lane, lambda _token, _report: threading.current_thread().name, owner=owner, done=names.append)
    qtbot.waitUntil(lambda: len(names) == len(Lane))
    assert {name.rpartition("_")[0] for name in names} == {f"hro-{lane.name.lower()}" for lane in Lane}


def test_what_takes_minutes_keeps_no_page_waiting(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()
    seen: list[object] = []
    started = threading.Event()
    for _ in range(3):  # a check of the vault, a backup, and another one asked for
        jobs.start(Lane.LONG, partial(until_cancelled, started), owner=owner, done=seen.append)
    assert started.wait(5)
    for lane in (Lane.READ, Lane.WRITE, Lane.DOCUMENT):
        jobs.start(lane, partial(answer, lane), owner=owner, done=seen.append)
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert set(seen) == {Lane.READ, Lane.WRITE, Lane.DOCUMENT}


def test_two_writes_never_run_together(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()
    inside: list[int] = []
    most: list[int] = []
    ended: list[object] = []

    def write(_token: Token, _report: Report) -> None:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.002)
        inside.pop()

    for _ in range(20):
        jobs.start(Lane.WRITE, write, owner=owner, done=ended.append)
    qtbot.waitUntil(lambda: len(ended) == 20)
    assert max(most) == 1


def test_failure_comes_with_its_exception(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()
    failures: list[Exception] = []

    def fail(_token: Token, _report: Report) -> None:
        raise ValueError("x")

    jobs.start(Lane.READ, fail, owner=owner, done=pytest.fail, failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], ValueError)


def test_failure_nobody_asked_for_is_told_once(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()

    def fail(_token: Token, _report: Report) -> None:
        raise ValueError("x")

    with qtbot.waitSignal(jobs.unexpected) as told:
        jobs.start(Lane.READ, fail, owner=owner, done=pytest.fail)
    assert isinstance(told.args[0], ValueError)


def test_cancel_stops_a_running_job(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()
    started = threading.Event()
    stopped: list[Job] = []
    job = jobs.start(
        Lane.WRITE, partial(until_cancelled, started), owner=owner, done=pytest.fail, cancelled=stopped.append
    )
    assert started.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(stopped))
    assert stopped == [job]


def test_value_of_a_job_cancelled_too_late_is_not_delivered(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()
    go, stopped = threading.Event(), []

    def late(_token: Token, _report: Report) -> int:
        go.wait(5)
        return 1

    job = jobs.start(Lane.READ, late, owner=owner, done=pytest.fail, cancelled=stopped.append)
    job.cancel()
    go.set()
    qtbot.waitUntil(lambda: bool(stopped))


def test_progress_is_told_at_most_ten_times_a_second(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()
    seen: list[tuple[int, int, str]] = []
    ended: list[object] = []

    def count(_token: Token, report: Report) -> None:
        end = time.monotonic() + 0.35
        step = 0
        while time.monotonic() < end:
            step += 1
            report(step, 0, "Pages")

    jobs.start(
        Lane.DOCUMENT,
        count,
        owner=owner,
        done=ended.append,
        progress=lambda job: seen.append((job.done, job.total, job.what)),
    )
    qtbot.waitUntil(lambda: bool(ended))
    assert 2 <= len(seen) <= 5
    assert seen[0] == (1, 0, "Pages")


def test_titled_jobs_show_while_they_run(qtbot: QtBot, jobs: JobRunner) -> None:
    owner = QObject()
    shown: list[list[str]] = []
    jobs.shown.connect(lambda running: shown.append([job.title for job in running]))
    ended: list[object] = []
    jobs.start(Lane.READ, partial(answer, 1), owner=owner, done=ended.append)
    jobs.start(Lane.READ, partial(answer, 1), owner=owner, done=ended.append, title="Documents")
    qtbot.waitUntil(lambda: len(ended) == 2)
    assert shown == [["Documents"], []]


@pytest.mark.parametrize(
    "wrap",
    [lambda widget: widget.text, lambda widget: partial(print, widget), lambda widget: lambda _token, _report: widget],
    ids=["method", "argument", "closure"],
)
def test_worker_that_holds_a_widget_is_refused(
    qtbot: QtBot, jobs: JobRunner, wrap: Callable[[QLabel], Callable[..., Any]]
) -> None:
    widget = QLabel()
    qtbot.addWidget(widget)
    with pytest.raises(TypeError, match="QLabel"):
        jobs.start(Lane.READ, wrap(widget), owner=widget, done=print)


class Page(QWidget):
    """A page that starts work and would crash if told after its end."""

    def __init__(self, jobs: JobRunner, told: list[object]) -> None:
        super().__init__()
        self.told = told
        self.label = QLabel("", self)
        jobs.start(Lane.READ, slow, owner=self, done=self.on_done, failed=self.on_done)

    def on_done(self, value: object) -> None:
        self.label.setText(str(value))
        self.told.append(value)


def slow(token: Token, report: Report) -> int:
    for step in range(20):
        report(step, 20)
        time.sleep(0.0005)
    return 20


@pytest.mark.parametrize("delete", [True, False], ids=["deleteLater", "last reference dropped"])
def test_three_hundred_pages_destroyed_while_their_jobs_run(qtbot: QtBot, jobs: JobRunner, delete: bool) -> None:
    told: list[object] = []
    for number in range(300):
        page = Page(jobs, told)
        if delete:
            page.deleteLater()
        del page
        if number % 10 == 0:
            flush_deletes()
    flush_deletes()
    last = Page(jobs, told)
    qtbot.waitUntil(lambda: last.label.text() == "20", timeout=20_000)
    assert jobs._wanted == {}
    last.deleteLater()


def test_a_job_does_not_keep_its_page_alive(qtbot: QtBot, jobs: JobRunner) -> None:
    started = threading.Event()
    owner = QObject()
    jobs.start(Lane.READ, partial(until_cancelled, started), owner=owner, done=print)
    assert started.wait(5)
    page = Page(jobs, [])
    alive = weakref.ref(page)
    del page
    gc.collect()
    assert alive() is None


def test_shutdown_cancels_what_runs_and_refuses_more(qtbot: QtBot) -> None:
    runner = JobRunner()
    owner = QObject()
    started = threading.Event()
    runner.start(Lane.WRITE, partial(until_cancelled, started), owner=owner, done=pytest.fail)
    runner.start(Lane.WRITE, partial(answer, 1), owner=owner, done=pytest.fail)
    assert started.wait(5)
    assert runner.shutdown()
    with pytest.raises(RuntimeError):
        runner.start(Lane.READ, partial(answer, 1), owner=owner, done=print)
    runner.deleteLater()


def test_shutdown_says_when_a_job_does_not_stop(qtbot: QtBot) -> None:
    runner = JobRunner()
    owner = QObject()
    go = threading.Event()
    runner.start(Lane.READ, lambda _token, _report: go.wait(10), owner=owner, done=print)
    assert not runner.shutdown(patience=0.05)
    go.set()
    assert runner.shutdown()
    runner.deleteLater()


def test_a_runner_nobody_holds_is_not_destroyed_by_a_thread(qtbot: QtBot) -> None:
    go, owner = threading.Event(), QObject()
    runner = JobRunner()
    runner.start(Lane.READ, lambda _token, _report: go.wait(10), owner=owner, done=print)
    address = shiboken6.getCppPointer(runner)[0]
    destroyed: list[bool] = []
    runner.destroyed.connect(lambda: destroyed.append(threading.current_thread() is threading.main_thread()))
    del runner
    gc.collect()
    go.set()
    (kept,) = [
        child
        for child in QCoreApplication.instance().children()
        if isinstance(child, JobRunner) and shiboken6.getCppPointer(child)[0] == address
    ]
    assert kept.shutdown()
    assert destroyed == []
    kept.deleteLater()
    flush_deletes()
    assert destroyed == [True]


def test_inline_jobs_answer_before_start_returns(qtbot: QtBot) -> None:
    runner = InlineJobs()
    seen: list[object] = []
    runner.start(Lane.READ, partial(answer, 3), owner=runner, done=seen.append)
    assert seen == [3]
    assert runner.shutdown()
    runner.deleteLater()


class _Counted(QVBoxLayout):
    """Counts how often it places what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def setGeometry(self, box: QRect) -> None:  # noqa: N802
        self.times += 1
        super().setGeometry(box)


@pytest.mark.parametrize("by_a_job", [True, False])
def test_what_a_job_puts_into_a_page_is_laid_out_once(qtbot: QtBot, jobs: JobRunner, by_a_job: bool) -> None:
    page, inner, lines = QWidget(), QWidget(), _Counted()
    qtbot.addWidget(page)
    inner.setLayout(lines)
    QVBoxLayout(page).addWidget(inner)
    hidden = QLabel("caché")
    lines.addWidget(hidden)
    hidden.hide()
    page.show()
    qtbot.waitExposed(page)
    qtbot.wait(20)
    made: list[QLabel] = []

    def fill(_value: object) -> None:
        for number in range(40):
            made.append(QLabel(f"ligne {number}"))
            lines.addWidget(made[-1])

    lines.times = 0
    if by_a_job:
        jobs.start(Lane.READ, partial(answer, 7), owner=page, done=fill)
    else:
        fill(None)  # the control: Qt lays the page out for each line
    qtbot.waitUntil(lambda: len(made) == 40 and all(each.isVisible() for each in made))
    qtbot.wait(20)
    assert hidden.isHidden()
    assert [each.y() for each in made] == sorted({each.y() for each in made})
    if by_a_job:
        assert lines.times <= 3
    else:
        assert lines.times >= 40
