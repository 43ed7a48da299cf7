# SPDX-License-Identifier: GPL-3.0-or-later
"""What to print and how, as one column of fields: each says under itself what is wrong with it."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from hro_desktop.casework.printing import Preferences, Printable, Versions, frozen_words
from ui.context import Context
from ui.editor.inputs import CheckInput, ChoiceInput
from ui.printing.engine import FILE, Wish
from ui.printing.plan import NotUnderstood, copies_of, pages_of, shift_of
from ui.printing.work import Loaded, Mailing, Order
from ui.widgets import button, clear, column, label, row
from ui.words import count

__all__ = ["Choices"]

T = TypeVar("T")
_FILE: Final = "Dans un fichier PDF"
_OUTSIDE: Final = (
    "Le fichier sort du coffre et n’est plus chiffré\u00a0: choisissez une clé USB chiffrée ou un dossier protégé."
)
_QUEUE: Final = "L’imprimante et la file d’impression de l’ordinateur voient les pages en clair, le temps d’imprimer."
_NONE: Final = "Aucune imprimante n’est installée sur cet ordinateur\u00a0: seul un fichier PDF peut être fait."
_NOW, _REGISTERED = "now", "registered"


class Choices(QWidget):
    """The column. `source` asks for other papers, `changed` for the same ones laid out anew."""

    source = Signal()
    changed = Signal()
    sheet_wanted = Signal()
    """The calibration sheet."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._loaded: Loaded | None = None
        self._checks: list[QCheckBox] = []
        self._problems: dict[QWidget, QLabel] = {}
        self.what = ChoiceInput([])
        self.printer = ChoiceInput([(FILE, _FILE)])
        self.copies, self.pages = _line("1", 6), _line("toutes", 200)
        self.duplex = CheckInput("Recto verso")
        self.dividers = CheckInput("Intercalaires sur une page de droite")
        self.dividers.set_value(True)
        self.right, self.down = _line("0", 12), _line("0", 12)
        self.each, self.first, self.number = _line("1", 6), _line("1", 6), _line("", 60)
        self.sheet = button("Page d’étalonnage", name="Préparer la page d’étalonnage")
        self._papers = column(gap=2)
        self._papers_box, self._mailing_box, self._registered_box = QWidget(), QWidget(), QWidget()
        self._about_printer = label(_OUTSIDE, "hint", wrap=True)
        self._about_pages = label("", "hint", wrap=True)
        self._lay_out()
        self.what.edited.connect(self.on_what_edited)
        self.printer.edited.connect(self.on_printer_edited)
        for each in (self.copies, self.pages, self.right, self.down):
            each.textEdited.connect(self.on_edited)
        for each in (self.each, self.first, self.number):
            each.editingFinished.connect(self.on_mailing_edited)
        for check in (self.duplex, self.dividers):
            check.edited.connect(self.on_edited)
        self.sheet.clicked.connect(self.on_sheet_clicked)
        self._mailing = Mailing()
        self._show_mailing()

    @property
    def papers(self) -> Sequence[QCheckBox]:
        """One box to each paper, when there are several."""
        return self._checks

    @property
    def problem(self) -> str:
        """The first thing that is wrong, in a sentence."""
        return next((each.text() for each in self._problems.values() if each.text()), "")

    def show_printers(self, names: Sequence[str], preferred: Preferences) -> None:
        """The printers, and the choices of this access."""
        self.printer.clear()
        for name in names:
            self.printer.addItem(name, name)
        self.printer.addItem(_FILE, FILE)
        wanted = preferred.printer if preferred.printer in names or not names else names[0]
        self.printer.setCurrentIndex(max(0, self.printer.place_of(wanted if names else FILE)))
        self._no_printer.setVisible(not names)
        self.duplex.set_value(preferred.duplex)
        self.right.setText(_shown(preferred.right))
        self.down.setText(_shown(preferred.down))
        self.on_printer_edited()

    def show_versions(self, found: Versions) -> None:
        """What a referral has to print; the last frozen version first, when there is one, with what became of it."""
        self.what.clear()
        for at, each in enumerate(found.versions):
            self.what.addItem(frozen_words(each, stale=at == 0 and found.stale), each)
        self.what.addItem("Papiers du moment" + (", en brouillon" if found.draft else ""), _NOW)
        for code, words in (
            ("DL", "Enveloppe DL (220 × 110)"),
            ("C4", "Enveloppe C4 (229 × 324)"),
            (21, "Étiquettes, planche de 21"),
            (14, "Étiquettes, planche de 14"),
            (_REGISTERED, "Fiche d’envoi recommandé"),
        ):
            self.what.addItem(words, code)
        self.what.setCurrentIndex(0)
        self._show_mailing()

    def show_only(self, words: str) -> None:
        """One thing to print and no other."""
        self.what.clear()
        self.what.addItem(words, "only")
        self.what.setEnabled(False)

    def set_aside(self, aside: bool, *, only: bool) -> None:
        """The papers wait while the calibration sheet is printed."""
        self.what.setEnabled(not aside and not only)
        self._show_mailing()
        if aside:
            self._mailing_box.hide()
            self._registered_box.hide()

    def show_loaded(self, found: Loaded) -> None:
        """The papers: a box to each when there are several."""
        self._loaded = found
        clear(self._papers)
        self._checks = []
        several = len(found.printable.papers) > 1
        for paper, pages in zip(found.printable.papers, found.counts, strict=True):
            check = QCheckBox(f"{paper.title} · {count(pages, 'page', 'pages')}")
            check.setAccessibleName(check.text())
            check.setChecked(True)
            check.clicked.connect(self.on_edited)
            self._checks.append(check)
            self._papers.addWidget(check)
        self._papers_box.setVisible(several)
        self.pages.clear()
        self._say_pages()

    def on_what_edited(self) -> None:
        """Other papers."""
        self._show_mailing()
        self.source.emit()

    def on_mailing_edited(self) -> None:
        """Other labels, another number."""
        if self.check_mailing() and self.mailing() != self._mailing:
            self._mailing = self.mailing()
            self.source.emit()

    def on_printer_edited(self) -> None:
        """Another printer, or a file."""
        self._about_printer.setText(_OUTSIDE if self.printer.value() == FILE else _QUEUE)
        self.changed.emit()

    def on_edited(self, _value: object = None) -> None:
        """Something is typed or ticked."""
        self._say_pages()
        self.changed.emit()

    def on_sheet_clicked(self, _checked: bool = False) -> None:
        """The calibration sheet."""
        self.sheet_wanted.emit()

    def mailing(self) -> Mailing:
        """What is typed for labels and registered letters."""
        each, first = (int(field.text().strip() or "1") for field in (self.each, self.first))
        return Mailing(each, first, self.number.text().strip())

    def check_mailing(self) -> bool:
        """Whether what is typed for labels is understood."""
        return all([self._read(each, copies_of) is not None for each in (self.each, self.first)])

    def order(self) -> Order | None:
        """Which pages; `None` when something typed is wrong."""
        known = self._loaded
        if known is None:
            return None
        papers = tuple(at for at, check in enumerate(self._checks) if check.isChecked())
        chosen: tuple[int, ...] | None = None
        if len(papers) == 1:
            pages = known.counts[papers[0]]
            chosen = self._read(self.pages, lambda text: pages_of(text, pages))
        else:
            self._problems[self.pages].hide()
            self._problems[self.pages].clear()
        if not papers or self._problems[self.pages].text():
            return None
        return Order(papers=papers, chosen=chosen, duplex=self.duplex.value(), dividers=self.dividers.value())

    def wish(self, printable: Printable) -> Wish | None:
        """What the printer is told; `None` when something typed is wrong."""
        copies = self._read(self.copies, copies_of)
        right, down = (self._read(each, shift_of) for each in (self.right, self.down))
        if copies is None or right is None or down is None:
            return None
        return Wish(
            printer=self.printer.value(),
            copies=copies,
            duplex=self.duplex.value(),
            right=right,
            down=down,
            size=printable.size,
        )

    def preferences(self) -> Preferences | None:
        """The choices to remember; `None` when something typed is wrong."""
        right, down = (self._read(each, shift_of) for each in (self.right, self.down))
        if right is None or down is None:
            return None
        return Preferences(printer=self.printer.value(), duplex=self.duplex.value(), right=right, down=down)

    def range_text(self) -> str:
        """The pages as they were typed, for the ledger."""
        return self.pages.text().strip() if self.pages.isEnabled() else ""

    def _say_pages(self) -> None:
        chosen = [at for at, check in enumerate(self._checks) if check.isChecked()]
        one = len(chosen) == 1
        self.pages.setEnabled(one)
        bundled = self._loaded is not None and any(self._loaded.openings[at] for at in chosen)
        self.dividers.setVisible(bundled and self.duplex.value())
        if one and self._loaded is not None:
            pages = count(self._loaded.counts[chosen[0]], "page", "pages")
            self._about_pages.setText(f"Par exemple «\u00a01-3, 5\u00a0»\u00a0; {pages} en tout.")
        elif chosen:
            self._about_pages.setText("Tout. Pour choisir des pages, ne gardez qu’un document.")
        else:
            self._about_pages.setText("Cochez au moins un document.")

    def _show_mailing(self) -> None:
        code = self.what.value()
        self._mailing_box.setVisible(isinstance(code, int))
        self._registered_box.setVisible(code == _REGISTERED)

    def _read(self, field: QLineEdit, read: Callable[[str], T]) -> T | None:
        said, value = "", None
        try:
            value = read(field.text())
        except NotUnderstood as error:
            said = str(error)
        problem = self._problems[field]
        problem.setText(said)
        problem.setVisible(bool(said))
        field.setProperty("problem", bool(said))
        field.style().unpolish(field)
        field.style().polish(field)
        return value

    def _lay_out(self) -> None:
        inner = column(gap=6)
        self._field(inner, "À imprimer", self.what)
        held = column(gap=2)
        held.addLayout(self._papers)
        self._papers_box.setLayout(held)
        inner.addWidget(self._papers_box)
        pair = row(gap=12)
        for text, field in (("Étiquettes de chaque adresse", self.each), ("Première étiquette libre", self.first)):
            part = column(gap=4)
            self._field(part, text, field)
            part.addStretch()
            pair.addLayout(part, 1)
        self._mailing_box.setLayout(pair)
        inner.addWidget(self._mailing_box)
        part = column(gap=4)
        self._field(part, "Numéro du recommandé", self.number)
        self._registered_box.setLayout(part)
        inner.addWidget(self._registered_box)
        self._field(inner, "Pages", self.pages)
        inner.addWidget(self._about_pages)
        inner.addSpacing(8)
        self._no_printer = label(_NONE, "soft", wrap=True)
        self._no_printer.hide()
        self._field(inner, "Imprimante", self.printer)
        inner.addWidget(self._no_printer)
        inner.addWidget(self._about_printer)
        self._field(inner, "Exemplaires", self.copies)
        inner.addWidget(self.duplex)
        inner.addWidget(self.dividers)
        inner.addSpacing(8)
        inner.addWidget(label("Décalage de l’imprimante, en millimètres", "heading"))
        pair = row(gap=12)
        for text, field in (("Vers la droite", self.right), ("Vers le bas", self.down)):
            part = column(gap=4)
            self._field(part, text, field)
            part.addStretch()
            pair.addLayout(part, 1)
        inner.addLayout(pair)
        said = "La page d’étalonnage dit quoi mesurer et quoi taper ici. Ces réglages sont gardés pour vous."
        inner.addWidget(label(said, "hint", wrap=True))
        inner.addWidget(self.sheet, 0, Qt.AlignmentFlag.AlignLeft)
        self.dividers.hide()
        self.setLayout(inner)

    def _field(self, inner: QVBoxLayout, text: str, field: QWidget) -> None:
        named = label(text, "label")
        named.setBuddy(field)
        field.setAccessibleName(text)
        problem = label("", "problem", wrap=True)
        problem.hide()
        self._problems[field] = problem
        inner.addWidget(named)
        inner.addWidget(field)
        inner.addWidget(problem)


def _line(hint: str, longest: int) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(hint)
    made.setMaxLength(longest)
    return made


def _shown(value: float) -> str:
    return f"{value:g}".replace(".", ",") if value else ""
