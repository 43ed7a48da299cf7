# SPDX-License-Identifier: GPL-3.0-or-later
"""What is behind the door: side bar, header, status line, and the page in the middle."""

from functools import partial
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QStackedWidget, QToolButton, QWidget

from hro_desktop.casework import backups
from hro_desktop.casework.backups import Last
from hro_desktop.casework.fields import french_day
from ui import reading
from ui.changes import Changes, touches
from ui.context import Context
from ui.help.hints import HintBar
from ui.help.panel import HelpPanel
from ui.icons import icon
from ui.jobs import Job, Lane
from ui.opening import OpenVault
from ui.pages import NAV, ROUTES, NavEntry, make_page
from ui.pages.page import Page, Place
from ui.palette import Palette
from ui.status import StatusLine
from ui.widgets import Nav, Title, button, chip, clear, column, frame, label, mark, row
from ui.words import count, short_day

__all__ = ["Workspace"]

P = TypeVar("P", bound=Page)
_REMEMBERED = 30
"""Places one can go back to."""
_ROOM = 1300
"""Width in pixels at 100 % from which the header says in words what is searched."""
_SOME_ROOM = 1000
"""Width from which it says with which keys; below, the icon stands alone and leaves the room to the page’s actions."""


class Workspace(QWidget):
    """The frame around the pages. A page gives its title and its actions; the header shows them."""

    lock_wanted = Signal()
    preferred = Signal(object)
    """The `Settings` a page asks for."""

    def __init__(self, context: Context, vault: OpenVault) -> None:
        super().__init__()
        self.setObjectName("page")
        self._context = context
        self._vault = vault
        self._pages = QStackedWidget()
        self._kept: dict[str, Page] = {}
        self._page: Page | None = None
        self._behind: list[Place] = []
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._bring)
        self._navs: dict[str, Nav] = {}
        self._lent: tuple[Page, tuple[QPushButton, ...]] | None = None
        self._crumb = button("", "link")
        self._crumb.clicked.connect(self.on_crumb_clicked)
        self._title = Title()
        self._marks = row(gap=8)
        self._actions = row(gap=8)
        self._head = row(margins=(20, 0, 20, 0), gap=8)
        self._warning = self._notice("")
        self._eye = self._make_tool("eye", "Cacher tous les noms", "Ctrl Maj H")
        self._eye.clicked.connect(self.on_eye_clicked)
        self._ask = self._make_tool("help", "Aide de cette page", "F1")
        self._ask.clicked.connect(self.on_help_wanted)
        self._hint = HintBar(context, vault.desk)
        self._hint.understood.connect(self.on_page_wanted)
        self._search = button("Ctrl K", "search", name="Rechercher partout", tip="Rechercher partout (Ctrl K)")
        self._search.setIcon(icon("search", context.tokens.ink3))
        self._search.setIconSize(QSize(1, 1) * context.theme.px(16))
        self._search.clicked.connect(self.on_search_wanted)
        self._lay_out()
        self._palette = Palette(context, vault.desk, self)
        self._palette.chosen.connect(self.go_to)
        self._palette.help_chosen.connect(self._help.open_at)
        QShortcut(QKeySequence("Ctrl+K"), self, self.on_search_wanted)
        QShortcut(QKeySequence("Ctrl+L"), self, self.lock_wanted.emit)
        QShortcut(QKeySequence("Esc"), self, self.on_escape)
        QShortcut(QKeySequence("F1"), self, self.on_help_wanted)
        QShortcut(QKeySequence("Alt+Left"), self, self.back)
        QShortcut(QKeySequence("Ctrl+Shift+H"), self, self.on_eye_clicked)
        context.news.changed.connect(self.on_changed)
        context.jobs.shown.connect(self.on_jobs_shown)

    @property
    def page(self) -> Page | None:
        """The page one stands on."""
        return self._page

    def page_of(self, kind: type[P]) -> P | None:
        """The page of that class, when somebody went there and it is kept or shown."""
        pages = (self._page, *self._kept.values())
        return next((each for each in pages if isinstance(each, kind)), None)

    def start(self, place: Place | None = None) -> None:
        """Stand on the first page, or where one stood before the window got another look."""
        self.go_to(place or Place(NAV[0].page))
        self._count()
        self._ask_backup()

    def go_to(self, place: Place) -> None:
        """Go to a place; what was typed where one leaves is saved."""
        if self._page is not None:
            if self._page.place == place:
                self._page.setFocus()
                return
            self._behind = [*self._behind[-_REMEMBERED:], self._page.place]
        self._show(place)

    def back(self) -> None:
        """Go back to where one was."""
        while self._behind:
            place = self._behind.pop()
            if place.given is None:  # a page made for one thing that is done is not come back to
                self._show(place)
                return
        if self._page is not None and self._page.crumb is not None:
            self._show(self._page.crumb[1])

    def warn(self, sentence: str) -> None:
        """Say what is about to happen above the page, or nothing any more."""
        self._warning.setText(sentence)
        self._warning.setAccessibleName(sentence)
        self._warning.setVisible(bool(sentence))

    def keep_now(self) -> None:
        """The vault is about to close: keep what is typed."""
        for each in self.findChildren(Page):
            each.keep_now()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """What the search is called, where there is room for it."""
        wide, px = event.size().width(), self._context.theme.px
        keys = "Ctrl K" if wide >= px(_SOME_ROOM) else ""
        self._search.setText("Rechercher partout\u2003Ctrl K" if wide >= px(_ROOM) else keys)
        self._head.activate()  # at once: the actions beside would be seen squashed for a moment
        super().resizeEvent(event)

    def on_crumb_clicked(self) -> None:
        """Up, to the page this one belongs to."""
        if self._page is not None and self._page.crumb is not None:
            self.go_to(self._page.crumb[1])

    def on_changed(self, changes: Changes) -> None:
        """The counts of the side bar may be others."""
        if any(touches(changes, each.counted) for each in NAV if each.counted):
            self._count()

    def on_jobs_shown(self, running: tuple[Job, ...]) -> None:
        """Long work is over: it may have been a backup, which changes no record."""
        if not running:
            QTimer.singleShot(0, self, self._on_work_over)  # a page that is being destroyed may be what ended it

    def on_backup(self, last: Last | None) -> None:
        """When the vault was last backed up."""
        if last is None:
            self._status.say_backup("" if self._vault.practice else "Aucune sauvegarde")
            return
        read = " et relue" if last.checked_at >= last.at else ""
        self._status.say_backup(f"Sauvegarde faite{read} le {short_day(french_day(last.at).isoformat())}")

    def on_counts(self, found: dict[str, int]) -> None:
        """The counts are there."""
        for each in NAV:
            if each.counted in found:
                number = found[each.counted]
                self._navs[each.page].set_beside(f"{number:,}".replace(",", "\u00a0"))
                self._navs[each.page].setAccessibleName(f"{each.text}, {count(number, 'élément', 'éléments')}")

    @property
    def palette_(self) -> Palette:
        """The one line that finds everything."""
        return self._palette

    def on_search_wanted(self) -> None:
        """Somebody looks for something."""
        self._palette.open()

    @property
    def help(self) -> HelpPanel:
        """The panel of the help."""
        return self._help

    @property
    def hint(self) -> HintBar:
        """The line above a page that somebody sees for the first time."""
        return self._hint

    def on_help_wanted(self) -> None:
        """F1, or the « ? » of the header."""
        self._help.open_for(self._page.place.page if self._page is not None else "")

    def on_escape(self) -> None:
        """What lies over the page goes first, then the page."""
        if self._help.isVisible():
            self._help.close_up()
        else:
            self.back()

    def on_page_wanted(self) -> None:
        """The keyboard goes back to the page."""
        if self._page is not None:
            self._page.setFocus()

    def on_eye_clicked(self) -> None:
        """Hide every name, or show them again."""
        veil, tokens = self._context.veil, self._context.tokens
        veil.toggle()
        words = "Montrer les noms" if veil.down else "Cacher tous les noms"
        self._eye.setIcon(icon("eye-off" if veil.down else "eye", tokens.brand if veil.down else tokens.ink3))
        self._eye.setToolTip(f"{words} (Ctrl Maj H)")
        self._eye.setAccessibleName(words)

    def on_titled(self) -> None:
        """The page that is shown has another title, or other marks."""
        page = self._page
        if page is not None and page is self._pages.currentWidget() and self.sender() in (None, page):
            self._show_header(page)

    def _show(self, place: Place) -> None:
        before = self._page
        if before is not None:
            before.leave()
        page = self._kept.get(place.page) if place.record is None and place.given is None else None
        fresh = page is None
        if page is None:
            page = make_page(self._context, self._vault.desk, place)
            page.go.connect(self.go_to)
            page.titled.connect(self.on_titled)
            page.preferred.connect(self.preferred)
            self._pages.addWidget(page)
            if place.record is None and place.given is None:
                self._kept[place.page] = page
        page.place = place
        self._page = page
        page.start()
        if fresh:  # making it and drawing it are each long enough: keys and clicks are heard in between
            self._turn.start(0)
        else:
            self._bring()

    def _bring(self) -> None:
        """Show the page one went to; the others go for good, unless they are kept."""
        page = self._page
        if page is None:
            return
        self._turn.stop()
        self._pages.setCurrentWidget(page)
        self._show_header(page)
        page.setFocus()
        self._hint.show_for(page.place.page)
        self._help.follow(page.place.page)
        for name, nav in self._navs.items():
            nav.setChecked(name == page.place.page or (page.crumb is not None and page.crumb[1].page == name))
        left = [self._pages.widget(at) for at in range(self._pages.count())]
        for each in left:
            if each is not None and each is not page and each not in self._kept.values():
                self._pages.removeWidget(each)
                each.deleteLater()

    def _show_header(self, page: Page) -> None:
        self._give_back()
        clear(self._marks)
        crumb = page.crumb[0] if page.crumb is not None else ""
        self._crumb.setText(f"{crumb}\u00a0›" if crumb else "")
        self._crumb.setAccessibleName(f"Revenir\u00a0: {crumb}")
        self._crumb.setVisible(bool(crumb))
        if page.crumb is not None and page.crumb[1].record is not None:  # it may be called after somebody
            self._context.veil.cover(self._crumb)
        else:
            self._context.veil.leave(self._crumb)
        self._title.setText(page.title)
        marks = [*page.marks, *((("Exercice", "violet"),) if self._vault.practice else ())]
        for text, kind in marks:
            self._marks.addWidget(chip(text, kind))
        self._lent = (page, tuple(page.buttons))
        for each in page.buttons:
            self._actions.addWidget(each)
            each.show()

    def _give_back(self) -> None:
        """The header gives their buttons back to the page that lent them."""
        if self._lent is not None:
            page, buttons = self._lent
            for each in buttons:
                each.hide()
                each.setParent(page)
            self._lent = None

    def _count(self) -> None:
        work = partial(reading.counts, self._vault.desk)
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_counts)

    def _on_work_over(self) -> None:
        if self.isVisible():  # not when the window closed over it
            self._ask_backup()

    def _ask_backup(self) -> None:
        work = partial(reading.asked, self._vault.desk, backups.last, ())
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_backup)

    def _make_tool(self, sign: str, words: str, keys: str) -> QToolButton:
        made = QToolButton()
        made.setIconSize(QSize(1, 1) * self._context.theme.px(16))
        made.setIcon(icon(sign, self._context.tokens.ink3))
        made.setToolTip(f"{words} ({keys})")
        made.setAccessibleName(words)
        return made

    def _lay_out(self) -> None:
        right = column(gap=0)
        right.addWidget(self._header())
        self._warning.hide()
        right.addWidget(self._warning)
        for sentence in self._vault.notices:
            right.addWidget(self._notice(sentence))
        right.addWidget(self._body(), 1)
        desk = self._vault.desk
        self._status = StatusLine(self._context, practice=self._vault.practice, consultation=desk.vault.consultation)
        right.addWidget(self._status)
        whole = row(gap=0)
        whole.addWidget(self._sidebar())
        whole.addLayout(right, 1)
        self.setLayout(whole)

    def _body(self) -> QWidget:
        """The page under its hint, and the help beside or over both."""
        body, around = QWidget(), column(gap=0)
        around.addWidget(self._hint)
        around.addWidget(self._pages, 1)
        body.setLayout(around)
        self._help = HelpPanel(self._context, body, around)
        self._help.left.connect(self.on_page_wanted)
        return body

    def _sidebar(self) -> QFrame:
        bar = frame("sidebar")
        bar.setFixedWidth(self._context.theme.px(208))
        inner = column(margins=(10, 18, 10, 14), gap=2)
        top = row(margins=(8, 0, 0, 0), gap=10)
        top.addWidget(mark(self._context.tokens, self._context.theme.px(28)))
        names = column(gap=1)
        names.addWidget(label("Coffre d’exercice" if self._vault.practice else "Coffre", "strong"))
        names.addWidget(label("Déverrouillé", "hint"))
        top.addLayout(names, 1)
        inner.addLayout(top)
        inner.addSpacing(16)
        for entry in NAV:
            if not entry.foot:
                if entry.group:
                    inner.addSpacing(12)
                    inner.addWidget(label(f"\u2002{entry.group}", "hint"))
                inner.addWidget(self._nav(entry))
        inner.addStretch()
        for entry in NAV:
            if entry.foot:
                inner.addWidget(self._nav(entry))
        lock = Nav(self._context.theme, "lock", "Verrouiller", "Ctrl L")
        lock.clicked.connect(self.lock_wanted)
        inner.addWidget(lock)
        bar.setLayout(inner)
        return bar

    def _nav(self, entry: NavEntry) -> Nav:
        assert entry.page in ROUTES
        made = Nav(self._context.theme, entry.sign, entry.text)
        made.setCheckable(True)
        made.clicked.connect(partial(self._on_nav_clicked, entry.page))
        self._navs[entry.page] = made
        return made

    def _on_nav_clicked(self, page: str, _checked: bool = False) -> None:
        self.go_to(Place(page))

    def _header(self) -> QFrame:
        header = frame("header")
        header.setFixedHeight(self._context.theme.px(52))
        inner = self._head
        inner.addWidget(self._crumb)
        inner.addWidget(self._title)
        inner.addLayout(self._marks)
        inner.addStretch()
        inner.addWidget(self._search)
        inner.addWidget(self._eye)
        inner.addWidget(self._ask)
        inner.addLayout(self._actions)
        header.setLayout(inner)
        return header

    def _notice(self, sentence: str) -> QLabel:
        banner = label(sentence, "notice", wrap=True)
        banner.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        banner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return banner
