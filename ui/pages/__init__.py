# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the window: where each one is, and in which order the side bar names them."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Final

import attrs

from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.pages.page import Page, Place

__all__ = ["NAV", "ROUTES", "NavEntry", "make_page"]


@attrs.frozen
class NavEntry:
    """A line of the side bar.

    Args:
        page: name of the page.
        sign: its icon.
        text: its name.
        counted: table whose rows are counted beside it.
        group: heading before it; empty in the first group.
        foot: it stands at the bottom.
    """

    page: str
    sign: str
    text: str
    counted: str = ""
    group: str = ""
    foot: bool = False


ROUTES: Final[Mapping[str, tuple[str, str]]] = {
    "agenda": ("ui.pages.agenda", "AgendaPage"),
    "build": ("ui.pages.build", "BuildPage"),
    "case": ("ui.pages.case", "CasePage"),
    "cases": ("ui.pages.cases", "CasesPage"),
    "directory": ("ui.pages.directory", "DirectoryPage"),
    "evidence": ("ui.pages.evidence", "EvidencePage"),
    "flash": ("ui.pages.flash", "FlashPage"),
    "home": ("ui.pages.home", "HomePage"),
    "incident": ("ui.pages.incident", "IncidentPage"),
    "incidents": ("ui.pages.incidents", "IncidentsPage"),
    "journal": ("ui.pages.journal", "JournalPage"),
    "meeting": ("ui.pages.meeting", "MeetingPage"),
    "outing": ("ui.pages.outing", "OutingPage"),
    "outings": ("ui.pages.outings", "OutingsPage"),
    "pack": ("ui.pages.pack", "PackPage"),
    "referral": ("ui.pages.referral", "ReferralPage"),
    "referrals": ("ui.pages.referrals", "ReferralsPage"),
    "pouch": ("ui.pages.pouch", "PouchPage"),
    "settings": ("ui.pages.settings", "SettingsPage"),
    "statement": ("ui.pages.statement", "StatementPage"),
    "statements": ("ui.pages.statements", "StatementsPage"),
}
"""Module and class of each page: loaded when somebody first goes there."""

NAV: Final[Sequence[NavEntry]] = (
    NavEntry("home", "home", "Accueil"),
    NavEntry("outings", "observe", "Observation"),
    NavEntry("cases", "folder", "Dossiers", counted="case"),
    NavEntry("incidents", "incident", "Faits", counted="incident"),
    NavEntry("statements", "statement", "Récits", counted="statement"),
    NavEntry("evidence", "picture", "Pièces", counted="evidence"),
    NavEntry("referrals", "send", "Saisines", counted="referral"),
    NavEntry("agenda", "clock", "Échéances"),
    NavEntry("directory", "list", "Annuaire", group="Ressources"),
    NavEntry("journal", "history", "Journal"),
    NavEntry("settings", "settings", "Réglages", foot=True),
)


def make_page(context: Context, desk: Desk, place: Place) -> Page:
    """The page of a place, new."""
    module, name = ROUTES[place.page]
    make: Callable[[Context, Desk, Place], Page] = getattr(import_module(module), name)
    return make(context, desk, place)
