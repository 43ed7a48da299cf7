# SPDX-License-Identifier: GPL-3.0-or-later
"""What every page is given: the jobs, the news, the dialogs, the look. Tests give others of the same kind."""

from collections.abc import Callable
from pathlib import Path

import attrs

from ui.ask import Ask
from ui.changes import ChangeHub
from ui.jobs import JobRunner
from ui.theme import Theme, Tokens
from ui.veil import Veil

__all__ = ["Context"]


@attrs.frozen(eq=False, kw_only=True)
class Context:
    """The surroundings of a page.

    Args:
        jobs: for slow work.
        news: what actions changed.
        ask: dialogs.
        theme: the look in force.
        restart: replaces this process by a locked one for the folder of the vault; does not come back.
        practice_folder: where the practice vault is, or will be made.
        veil: hides every name.
        hints: whether pages tell whoever comes for the first time what they are for.
    """

    jobs: JobRunner
    news: ChangeHub
    ask: Ask
    theme: Theme
    restart: Callable[[Path], None]
    practice_folder: Path
    veil: Veil = attrs.field(factory=Veil)
    hints: bool = False

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self.theme.tokens
