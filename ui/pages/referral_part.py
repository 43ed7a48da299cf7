# SPDX-License-Identifier: GPL-3.0-or-later
"""What every tab of a referral’s page is: it shows what was read of the referral, and says where one wants to go."""

import uuid

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.follow_overview import Followed
from ui.context import Context

__all__ = ["ReferralPart"]


class ReferralPart(QWidget):
    """One tab. `show_followed` is called each time something of the referral is other than before."""

    go = Signal(object)
    """A `Place` to go to."""
    said = Signal(str)
    """What went wrong, or nothing."""
    told = Signal(str, str)
    """What became of what is typed in it."""
    event_wanted = Signal(object)
    """An `EventDraft` to be noted."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__()
        self.context, self.desk, self.referral_id = context, desk, referral_id
        self.followed: Followed | None = None

    def show_followed(self, followed: Followed) -> None:
        """Show this."""
        self.followed = followed

    def come_to(self, wanted: str) -> None:
        """Somebody comes for one thing of it."""
