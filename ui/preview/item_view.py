# SPDX-License-Identifier: GPL-3.0-or-later
"""One item to look at, whatever it is: a picture, pages, a film, a sound, a text, or the sentence that says why not.

What is hard to see is a blur until somebody asks for it, and so is everything while names are hidden.
"""

import uuid
from functools import partial
from typing import Any, BinaryIO, Final

import attrs
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from forms import preview
from hro_desktop.casework import evidence
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.evidence_facts import ItemView
from hro_desktop.media import shown
from hro_desktop.media.source import WHOLE_LIMIT
from ui.context import Context
from ui.jobs import Job, Lane, Report, Token
from ui.messages import sentence_of
from ui.preview.film_view import FilmView, Player, player_parts
from ui.preview.pane import PreviewPane
from ui.preview.picture_view import PictureView
from ui.preview.tool import tool
from ui.widgets import button, column, frame, label, row

__all__ = ["ItemViewer"]

_SMALL: Final = 1_500_000
"""Pixels of the picture a whole one is drawn from: about those of a screen."""
_BLURRED: Final = 400
"""Pixels kept of a picture that is hard to see: nothing can be made out."""
_TEXT: Final = 256 * 1024
"""Bytes of a text that are shown."""
_ONLY_KEPT: Final = "Ce type de fichier ne s’affiche pas ici\u00a0: il est conservé tel quel, chiffré."


@attrs.frozen(eq=False)
class _Loaded:
    """What a thread read of an item: one of these, or a sentence."""

    id: uuid.UUID
    blurred: bool = False
    image: QImage | None = None
    small: QImage | None = None
    line: str = ""
    pdf: bytes = attrs.field(default=b"", repr=False)
    pages: int = 0
    stream: BinaryIO | None = None
    parts: Player | None = None
    text: str | None = attrs.field(default=None, repr=False)
    problem: str = ""


def _load(desk: Desk, item: ItemView, blurred: bool, token: Token, _report: Report) -> _Loaded:
    """In a thread: read and decode what is to be shown."""
    token.check()
    readers = {"image": _picture, "pdf": _pages, "video": _film, "sound": _film, "text": _text}
    reader = readers.get(item.family)
    if reader is None:
        return _Loaded(item.id, problem=_ONLY_KEPT)
    if blurred and item.family != "image":
        return _Loaded(item.id, blurred=True)
    try:
        return reader(desk, item, blurred)
    except Exception as error:  # whatever it is, it is said where the item would be
        return _Loaded(item.id, problem=sentence_of(error))


def _picture(desk: Desk, item: ItemView, blurred: bool) -> _Loaded:
    with evidence.open_item(desk, item.id) as stream:
        found = shown.show(stream, _BLURRED if blurred else shown.MOST_PIXELS)
    packed = QImage(found.data, found.width, found.height, 3 * found.width, QImage.Format.Format_RGB888)
    image = packed.convertToFormat(QImage.Format.Format_RGB32)  # a copy: it does not lean on `found` any more
    small = image
    if image.width() * image.height() > 2 * _SMALL:
        by = (_SMALL / (image.width() * image.height())) ** 0.5
        size = QSize(round(image.width() * by), round(image.height() * by))
        small = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    line = f"{found.full[0]} × {found.full[1]}\u00a0pixels"
    if not blurred and found.full[0] > found.width:
        line += ", réduite pour l’écran"
    if found.further > 0:
        line += f", première image sur {found.further + 1}"
    return _Loaded(item.id, blurred, image, small, line)


def _pages(desk: Desk, item: ItemView, _blurred: bool) -> _Loaded:
    if item.size > WHOLE_LIMIT:
        return _Loaded(item.id, problem="Ce PDF est trop grand pour être affiché ici\u00a0: il est conservé tel quel.")
    with evidence.open_item(desk, item.id) as stream:
        pdf = stream.read()
    return _Loaded(item.id, pdf=pdf, pages=preview.page_count(pdf))


def _film(desk: Desk, item: ItemView, _blurred: bool) -> _Loaded:
    return _Loaded(item.id, parts=player_parts(), stream=evidence.open_item(desk, item.id))


def _text(desk: Desk, item: ItemView, _blurred: bool) -> _Loaded:
    with evidence.open_item(desk, item.id) as stream:
        head = stream.read(_TEXT)
    code = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = head.decode(code)
    except UnicodeDecodeError as error:
        cut = error.start >= len(head) - 4  # the last character was cut in two
        text = head.decode(code, "ignore") if cut else head.decode("cp1252", "replace")
    line = "début du texte" if item.size > _TEXT else ""
    return _Loaded(item.id, text=text.replace("\0", "\ufffd"), line=line)


class ItemViewer(QWidget):
    """Shows the item it is given; asks for what is hidden only when somebody wants it."""

    mask_wanted = Signal(object, object)
    """The id of the item, and the parts of the picture to mask."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._item: ItemView | None = None
        self._job: Job | None = None
        self._loaded: _Loaded | None = None
        self._revealed = False
        self._may_write = not desk.vault.consultation
        self._make_parts()
        self._lay_out()
        context.veil.moved.connect(self.on_veil_moved)
        self._show_tools()

    @property
    def item(self) -> ItemView | None:
        """What is looked at."""
        return self._item

    @property
    def hidden(self) -> bool:
        """Whether the item is covered: hard to see and not asked for, or names are hidden."""
        sensitive = self._item is not None and self._item.sensitive and not self._revealed
        return sensitive or self._context.veil.down

    @property
    def sentence(self) -> str:
        """What stands in the place of the item."""
        return self._message.text() if self._stack.currentWidget() is self._message else ""

    def show_item(self, item: ItemView | None) -> None:
        """Look at another item; the same one, when only what is known of it changed, is not read again."""
        same = self._item is not None and item is not None and self._item.id == item.id
        again = same and self._item is not None and item is not None and self._item.sensitive != item.sensitive
        self._item = item
        if same and not again:
            return
        self._revealed = False
        self._start()

    def on_reveal(self) -> None:
        """Somebody wants to see it."""
        if self._item is not None and not self._context.veil.down:
            self._revealed = True
            self._start()

    def on_hide_clicked(self) -> None:
        """Enough seen."""
        self._revealed = False
        self._start()

    def on_veil_moved(self, _down: bool) -> None:
        """Names are hidden, or shown again."""
        self._start()

    def on_loaded(self, loaded: _Loaded) -> None:
        """It came back from its thread."""
        self._job = None
        if self._item is None or loaded.id != self._item.id:
            if loaded.stream is not None:
                loaded.stream.close()
            return
        self._loaded = loaded
        self._line.setText(loaded.line)
        if loaded.image is not None and loaded.small is not None:
            self._picture.show_picture(loaded.image, loaded.small, waits=loaded.blurred)
            self._picture.setAccessibleName("Image masquée, Espace pour la voir" if loaded.blurred else "Image")
            self._stack.setCurrentWidget(self._picture)
        elif loaded.pages:
            self._pdf.show_document("Pièce", loaded.pdf, loaded.pages)
            self._stack.setCurrentWidget(self._pdf)
        elif loaded.stream is not None:
            self._film.show_film(loaded.parts, loaded.stream, self._item.size)
            self._stack.setCurrentWidget(self._film)
        elif loaded.text is not None:
            self._text.setPlainText(loaded.text)
            self._stack.setCurrentWidget(self._text)
        else:
            self._say(loaded.problem)
        self._show_tools()

    def on_failed(self, error: Exception) -> None:
        """It could not be read at all."""
        self._job = None
        self._say(sentence_of(error))
        self._show_tools()

    def on_mask_clicked(self) -> None:
        """Begin to mark what is to be masked."""
        self._picture.mark(on=True)
        self._show_tools(marking=True)
        self._picture.setFocus()

    def on_mask_done(self) -> None:
        """Make the version."""
        if self._item is not None and self._picture.boxes:
            self.mask_wanted.emit(self._item.id, self._picture.boxes)
            self.on_mask_stopped()

    def on_mask_stopped(self) -> None:
        """Mark nothing after all."""
        self._picture.mark(on=False)
        self._show_tools()

    def on_marked(self) -> None:
        """Other parts are marked."""
        self._done.setEnabled(bool(self._picture.boxes))

    def on_zoom_changed(self, percent: int) -> None:
        """Another size."""
        self._zoom.setText(f"{percent}\u00a0%")

    def _start(self) -> None:
        """Let go of what is shown and read what is wanted now."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._loaded = None
        self._picture.clear()
        self._film.clear()
        self._pdf.show_document("", b"", 0)
        self._text.clear()
        self._line.setText("")
        self._say("")
        self._show_tools()
        if self._item is not None:
            work = partial(_load, self._desk, self._item, self.hidden)
            jobs = self._context.jobs
            self._job = jobs.start(Lane.READ, work, owner=self, done=self.on_loaded, failed=self.on_failed)

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._stack.setCurrentWidget(self._message)

    def _show_tools(self, *, marking: bool = False) -> None:
        """Only what can be done now."""
        loaded, covered = self._loaded, self.hidden and self._loaded is not None and not self._loaded.problem
        picture = loaded is not None and loaded.image is not None and not loaded.blurred
        for each in (self._smaller, self._larger, self._fit, self._turn, self._zoom):
            each.setVisible(picture)
        veiled = self._context.veil.down
        self._reveal.setVisible(covered and not veiled)
        self._why.setText(
            "Caché avec les noms" if covered and veiled else "Pièce éprouvante, masquée" if covered else ""
        )
        self._hide.setVisible(self._revealed and not covered and self._item is not None and self._item.sensitive)
        self._mask.setVisible(picture and not marking and self._may_write)
        for each in (self._done, self._stop, self._how):
            each.setVisible(marking)
        self._done.setEnabled(bool(self._picture.boxes))

    def _make_parts(self) -> None:
        self._message = label("", "desk", wrap=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setContentsMargins(24, 0, 24, 0)
        self._picture = PictureView(self._context)
        self._picture.pressed.connect(self.on_reveal)
        self._picture.zoom_changed.connect(self.on_zoom_changed)
        self._picture.marked.connect(self.on_marked)
        self._pdf = PreviewPane(self._context)
        self._film = FilmView(self._context)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName("Texte de la pièce")
        self._line, self._why, self._zoom = label("", "desk"), label("", "desk"), label("", "desk")
        self._how = label("Tracez un cadre sur chaque visage (touche Inser, puis flèches).", "desk", wrap=True)
        self._smaller = tool(self._context, "minus", "Plus petit (Ctrl −)", self._picture.zoom_out)
        self._larger = tool(self._context, "plus", "Plus grand (Ctrl +)", self._picture.zoom_in)
        self._fit = tool(self._context, "width", "Image entière (Ctrl 0)", self._picture.zoom_to_fit)
        self._turn = tool(self._context, "turn", "Tourner à l’écran (R)", self._picture.turn)
        made: list[Any] = []
        for text, does in (
            ("Montrer", self.on_reveal),
            ("Masquer de nouveau", self.on_hide_clicked),
            ("Masquer un visage", self.on_mask_clicked),
            ("Créer la version masquée", self.on_mask_done),
            ("Renoncer", self.on_mask_stopped),
        ):
            each = button(text)
            each.clicked.connect(does)
            made.append(each)
        self._reveal, self._hide, self._mask, self._done, self._stop = made

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        for each in (self._message, self._picture, self._pdf, self._film, self._text):
            self._stack.addWidget(each)
        top = row(margins=(16, 8, 16, 0), gap=4)
        top.addWidget(self._line)
        top.addStretch()
        for part in (self._smaller, self._zoom, self._larger, self._fit, self._turn):
            top.addWidget(part)
        bottom = row(margins=(16, 0, 16, 12), gap=8)
        bottom.addStretch()
        for part in (self._why, self._how, self._reveal, self._hide, self._mask, self._done, self._stop):
            bottom.addWidget(part, 1 if part is self._how else 0)
        bottom.addStretch()
        inner = column(gap=8)
        inner.addLayout(top)
        inner.addWidget(self._stack, 1)
        inner.addLayout(bottom)
        ground = frame("desk")
        ground.setLayout(inner)
        whole = column()
        whole.addWidget(ground)
        self.setLayout(whole)
