# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions begun by a page and done even when it is gone; every page learns of them, the one that asked if it can."""

import weakref
from collections.abc import Callable
from functools import partial
from types import MethodType
from typing import Any

import shiboken6

from hro_desktop.casework.desk import Desk, Result
from ui.changes import ChangeHub
from ui.context import Context
from ui.jobs import Cancelled, Job, Lane, Report, Token, Work

__all__ = ["act", "acted"]

Told = Callable[[Any], None]


def acted(desk: Desk, action: Callable[..., Any], known: tuple[Any, ...], token: Token, _report: Report) -> Result[Any]:
    """Worker: one action of `casework` as one unit of work, `known` being what it is given after the unit."""
    token.check()
    return desk.run(action, *known)


def act(context: Context, work: Work, done: Told, failed: Told, *, lane: Lane = Lane.WRITE, title: str = "") -> Job:
    """Have a worker done that gives back a `Result`.

    Args:
        context: of the page.
        work: the worker.
        done: gets the value; a method of the page.
        failed: gets the exception; a method of the page.
        lane: whose threads it waits for.
        title: shown while it runs, when it may be long.
    """
    box: list[Result[Any]] = []
    tell = partial(_tell, context.news, weakref.WeakMethod(done))
    fail = partial(_fail, weakref.WeakMethod(failed))
    return context.jobs.start(
        lane,
        partial(_boxed, work, box),
        owner=context.news,
        done=tell,
        failed=fail,
        cancelled=partial(_stopped, box, tell, fail),
        title=title,
    )


def _boxed(work: Work, box: list[Result[Any]], token: Token, report: Report) -> Result[Any]:
    """Worker: whoever stops a job is not given its value; what was done all the same must be told."""
    box.append(work(token, report))
    return box[0]


def _stopped(box: list[Result[Any]], tell: Told, fail: Told, _job: Job) -> None:
    if box:
        tell(box[0])
    else:
        fail(Cancelled())


def _tell(news: ChangeHub, told: "weakref.WeakMethod[Told]", result: Result[Any]) -> None:
    handler = told()
    # Its widgets may be gone before the last reference to it is.
    if isinstance(handler, MethodType) and shiboken6.isValid(handler.__self__):
        handler(result.value)
    news.publish(result.changes)


def _fail(told: "weakref.WeakMethod[Told]", error: Exception) -> None:
    handler = told()
    if isinstance(handler, MethodType) and shiboken6.isValid(handler.__self__):
        handler(error)
