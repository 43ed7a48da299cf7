# SPDX-License-Identifier: GPL-3.0-or-later
"""The versions of a statement: the last one is written until it is sealed, the others are read, side by side too."""

import uuid
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QVBoxLayout, QWidget

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.statement_overview import Marked, StatementView, Version
from hro_desktop.law import vocabulary
from ui.beside import card
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout
from ui.editor.reader import Reader, Selected, mark, selected
from ui.widgets import button, clear, column, label, pill, row

__all__ = ["VersionsCard"]

_TOLD = ("language", "interpreter_id", "interpreter_mode", "read_back_on", "read_back_language")
_LABELS = {
    "original_text": "Dans la langue de la personne",
    "french_text": "En français",
    "interpreter_mode": "Présence de l’interprète",
}
_HINTS = {
    "original_text": "Mot pour mot. La direction suit la langue",
    "french_text": "Ce que dit la personne, ou sa traduction\u00a0: ses mots, sans les arranger",
    "interpreter_mode": "",
}
_LINES = {"original_text": 10, "french_text": 10}
TWO = Layout(
    fields=("original_text", "french_text", *_TOLD),
    labels=_LABELS,
    hints=_HINTS,
    lines=_LINES,
    narrow=("original_text", "french_text"),
)
ONE = Layout(fields=("french_text", *_TOLD), labels=_LABELS, hints=_HINTS, lines=_LINES)
_SEAL = (
    "Une version figée ne change plus jamais, même par erreur\u00a0: relisez-la d’abord avec la personne. "
    "Une correction se fera dans une nouvelle version."
)
_SEALED = "Cette version est figée\u00a0: elle ne change plus. Une correction se fait dans une nouvelle version."


class VersionsCard(QWidget):
    """The texts. `seal` and `renew` ask the page to act; the page shows the result."""

    seal = Signal(object)
    """The id of a version to seal."""
    renew = Signal()
    """Begin the next version."""
    chosen = Signal()
    """Another version is shown."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._view: StatementView | None = None
        self._shown: uuid.UUID | None = None
        self._drawn: object = None
        self._editor: Editor | None = None
        self._texts: dict[str, QPlainTextEdit] = {}
        self._sealing: uuid.UUID | None = None
        self._pills = row(gap=6)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.on_version_clicked)
        self._beside = pill("Côte à côte", name="Lire à côté de la version d’avant")
        self._beside.toggled.connect(self.on_beside_toggled)
        self._body = column(gap=10)
        made, inner = card("Le texte")
        head = row(gap=8)
        head.addLayout(self._pills)
        head.addWidget(self._beside)
        head.addStretch()
        inner.addLayout(head)
        inner.addLayout(self._body)
        whole = column()
        whole.addWidget(made)
        self.setLayout(whole)

    @property
    def editor(self) -> Editor | None:
        """The form of the version one writes, when it is the one that is shown."""
        return self._editor

    @property
    def texts(self) -> dict[str, QPlainTextEdit]:
        """The texts that are shown, by their part."""
        return self._texts

    @property
    def version(self) -> Version | None:
        """The version that is shown."""
        known = self._view.versions if self._view is not None else ()
        return next((each for each in known if each.id == self._shown), known[-1] if known else None)

    def show_view(self, view: StatementView) -> None:
        """Show a statement, at its last version unless another was chosen."""
        before = self._view.last if self._view is not None else None
        if before is None or (view.last is not None and view.last.id != before.id):
            self._shown = view.last.id if view.last is not None else None
        self._view = view
        self._show_pills(view.versions)
        self._draw()

    def selection(self) -> tuple[str, Selected] | None:
        """The words somebody selected, and in which text; the one with the cursor first."""
        for part, text in sorted(self._texts.items(), key=lambda each: not each[1].hasFocus()):
            found = selected(text)
            if found is not None:
                return part, found
        return None

    def show_marks(self, marks: Sequence[Marked]) -> None:
        """Show where the marked passages of the version are."""
        version = self.version
        for part, text in self._texts.items():
            places = [
                (each.start, each.start + len(each.quoted))
                for each in marks
                if version is not None and each.version_id == version.id and each.part == part and not each.lost
            ]
            mark(self._context, text, places)

    def on_version_clicked(self, number: int) -> None:
        """Another version."""
        if self._view is not None:
            self.save()
            self._shown = next((each.id for each in self._view.versions if each.number == number), None)
            self._draw()
            self.chosen.emit()

    def on_beside_toggled(self, _checked: bool) -> None:
        """With the version before it, or alone."""
        self.save()
        self._draw()
        self.chosen.emit()

    def on_language_edited(self) -> None:
        """The text of the person is written in the direction of its language."""
        if self._editor is None:
            return
        code = self._editor.form.field("language").input.value()
        two = "original_text" in self._texts
        if two:
            _direct(self._editor, code)
        elif code != "fr":
            self._editor.save()  # the page then shows a second column

    def on_seal_clicked(self) -> None:
        """Seal what is shown, once what is typed is saved: what cannot be saved is not sealed."""
        version, editor = self.version, self._editor
        if version is None or editor is None:
            return
        if not editor.dirty:
            self.seal.emit(version.id)
            return
        if editor.complete() is None:
            return
        self._sealing = version.id
        editor.save()

    def on_saved(self, version_id: uuid.UUID) -> None:
        """What was typed is saved: seal it if that was waited for."""
        wanted, self._sealing = self._sealing, None
        if wanted == version_id:
            self.seal.emit(version_id)

    def save(self) -> None:
        """Save what is typed."""
        if self._editor is not None:
            self._editor.save()

    def _show_pills(self, versions: Sequence[Version]) -> None:
        for each in self._group.buttons():
            self._group.removeButton(each)
        clear(self._pills)
        for version in versions:
            state = f"figée le {version.sealed_on}" if version.sealed else version.read_back or "à relire"
            chosen = pill(f"Version {version.number} · {state}")
            self._group.addButton(chosen, version.number)
            self._pills.addWidget(chosen)
        self._beside.setVisible(len(versions) > 1)

    def _draw(self) -> None:
        """Show the version; an editor that is there already stays, with what is typed in it."""
        version = self.version
        if version is None:
            return
        for each in self._group.buttons():
            each.setChecked(self._group.id(each) == version.number)
        other = self._other(version) if self._beside.isChecked() else None
        layout = ONE if version.language == "fr" and not version.original_text else TWO
        drawn = (version.id, version.sealed, layout is ONE, other.id if other else None, version.sealed and version)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._editor = None
        self._texts = {}
        clear(self._body)
        if other is not None:
            self._body.addWidget(self._pair(other, version))
        elif version.sealed:
            self._body.addWidget(self._reader(version))
        else:
            self._body.addWidget(self._write(version, layout))
        self._body.addLayout(self._foot(version))

    def _other(self, version: Version) -> Version | None:
        """The version before, or the one after the first."""
        assert self._view is not None
        known = self._view.versions
        at = known.index(version)
        return known[at - 1] if at else known[1] if len(known) > 1 else None

    def _write(self, version: Version, layout: Layout) -> Editor:
        editor = Editor(self._context, self._desk, "statement_version", layout, eager=True)
        self._editor = editor
        names = ("french_text",) if layout is ONE else ("original_text", "french_text")
        self._texts = {name: editor.form.field(name).input for name in names}
        _direct(editor, version.language)
        editor.form.field("language").input.edited.connect(self.on_language_edited)
        editor.saved.connect(self.on_saved)
        editor.open(version.id)
        return editor

    def _reader(self, version: Version) -> QWidget:
        """One version to read, its two languages side by side."""
        held, both = QWidget(), row(gap=16)
        for part, title, text, rtl in _parts(version):
            reader = Reader(self._context, title, text, rtl=rtl)
            self._texts[part] = reader.text
            both.addWidget(reader, 1)
        held.setLayout(both)
        return held

    def _pair(self, one: Version, other: Version) -> QWidget:
        """Two versions side by side, part by part; words can be marked in the one that is chosen."""
        held, whole = QWidget(), column(gap=10)
        first, second = sorted((one, other), key=lambda each: each.number)
        for part in ("original_text", "french_text"):
            line = row(gap=16)
            for version in (first, second):
                for name, title, text, rtl in _parts(version):
                    if name == part:
                        reader = Reader(self._context, f"Version {version.number}, {title.lower()}", text, rtl=rtl)
                        line.addWidget(reader, 1)
                        if version is other:
                            self._texts[part] = reader.text
            whole.addLayout(line)
        held.setLayout(whole)
        return held

    def _foot(self, version: Version) -> QVBoxLayout:
        foot = column(gap=6)
        told = "\u00a0; ".join(part for part in (f"Recueilli {version.told}", version.read_back) if part)
        last = self._view is not None and self._view.last == version
        if version.sealed or self._editor is None:
            line = label(f"{told}.", "hint", wrap=True)
            self._context.veil.cover(line)
            foot.addWidget(line)
        if version.sealed:
            foot.addWidget(label(_SEALED, "soft", wrap=True))
        if version.sealed and last:
            act = button("Nouvelle version", name="Nouvelle version, copiée de celle-ci")
            act.clicked.connect(self._on_renew)
            foot.addWidget(act, 0, Qt.AlignmentFlag.AlignLeft)
        elif self._editor is not None:
            act = button("Figer cette version", name=f"Figer la version {version.number}")
            act.clicked.connect(self.on_seal_clicked)
            foot.addWidget(label(_SEAL, "soft", wrap=True))
            foot.addWidget(act, 0, Qt.AlignmentFlag.AlignLeft)
        return foot

    def _on_renew(self, _checked: bool = False) -> None:
        self._beside.setChecked(False)
        self.renew.emit()


def _parts(version: Version) -> list[tuple[str, str, str, bool]]:
    """The texts of a version that hold something: part, title, words, direction."""
    tongue = vocabulary.label("languages", version.language)
    known = [
        ("original_text", f"En {tongue}", version.original_text, version.rtl),
        ("french_text", "En français", version.french_text, False),
    ]
    return [each for each in known if each[2].strip()]


def _direct(editor: Editor, code: str) -> None:
    """Right to left when the language is written so."""
    if any(name == "original_text" for name in (each.name for each in editor.form.widgets())):
        rtl = bool(code) and vocabulary.term("languages", code).rtl
        editor.form.field("original_text").input.set_rtl(rtl)
