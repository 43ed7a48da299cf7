# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference numbers people can say on the phone: `P-2026-0147`, `D-2026-0031`, `S-2026-0012`."""

from typing import Any

from sqlalchemy import func, select

from hro_desktop.casework.fields import french_day
from hro_desktop.vault.work import Work

__all__ = ["next_reference"]


def next_reference(work: Work, column: Any, letter: str) -> str:  # noqa: ANN401 - any text column of references
    """The next free reference of this year in a column. One writer at a time makes it safe."""
    prefix = f"{letter}-{french_day(work.now).year}-"
    last = work.session.scalar(select(func.max(column)).where(column.like(f"{prefix}%")))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"
