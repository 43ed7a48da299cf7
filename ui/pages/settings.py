# SPDX-License-Identifier: GPL-3.0-or-later
"""Réglages: the association, its volunteers, the accesses, locking and look, backups, how the vault is."""

from collections.abc import Callable, Mapping
from typing import Final

import attrs
from PySide6.QtWidgets import QStackedWidget

from hro_desktop.casework.desk import Desk
from ui.changes import Changes
from ui.context import Context
from ui.pages.page import Page, Place
from ui.pages.settings_access import AccessPart
from ui.pages.settings_backup import BackupPart
from ui.pages.settings_part import SettingsPart
from ui.pages.settings_people import AssociationPart, VolunteersPart
from ui.pages.settings_vault import LookPart, StatePart
from ui.tabs import Tabs
from ui.widgets import column

__all__ = ["SettingsPage"]

_PARTS: Final[Mapping[str, tuple[str, Callable[[Context, Desk], SettingsPart]]]] = {
    "association": ("Association", AssociationPart),
    "volunteers": ("Bénévoles", VolunteersPart),
    "access": ("Accès", AccessPart),
    "look": ("Verrouillage et affichage", LookPart),
    "backup": ("Sauvegarde", BackupPart),
    "state": ("État du coffre", StatePart),
}


class SettingsPage(Page):
    """Tabs, made when somebody first comes to them."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Réglages")
        self._made: dict[str, SettingsPart] = {}
        self.tabs = Tabs([(name, text) for name, (text, _) in _PARTS.items()], self)
        self.tabs.chosen.connect(self.on_tab_chosen)
        self._stack = QStackedWidget()
        whole = column(margins=(20, 16, 20, 16), gap=10)
        whole.addWidget(self._problem)
        whole.addWidget(self.tabs)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.tabs)

    @property
    def present(self) -> SettingsPart:
        """The tab that is shown."""
        return self.part(self.tabs.present)

    def part(self, name: str) -> SettingsPart:
        """One tab, made if nobody came to it before."""
        if name not in self._made:
            made = _PARTS[name][1](self.context, self.desk)
            made.said.connect(self.say)
            made.told.connect(self.on_told)
            made.preferred.connect(self.preferred)
            self._made[name] = made
            self._stack.addWidget(made)
        return self._made[name]

    def start(self) -> None:
        """The tab that is wanted, or the one where one was."""
        wanted = self.place.part or self.tabs.present
        self.tabs.show_tab(wanted if wanted in _PARTS else next(iter(_PARTS)))
        self._show_part()

    def on_changed(self, changes: Changes) -> None:
        """Something changed in the vault."""
        for each in self._made.values():
            each.on_changed(changes)

    def on_tab_chosen(self, _name: str) -> None:
        """Another tab; what was typed where one leaves is saved."""
        for each in self.editors():
            each.save()
        self._show_part()

    def _show_part(self) -> None:
        part = self.present
        self.place = attrs.evolve(self.place, part=self.tabs.present)
        self.marks = ()
        self.titled.emit()
        self.say("")
        self._stack.setCurrentWidget(part)
        part.start()
