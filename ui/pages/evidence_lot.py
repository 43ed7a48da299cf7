# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the files of a deposit come from, said once for all of them; written when the form is left."""

import uuid
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent

from hro_desktop.casework import deposit_notes, drafts
from hro_desktop.casework.deposit_notes import DepositNoteDraft
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.drafts import Kept
from hro_desktop.faults import Fault
from hro_desktop.records.base import new_id
from ui.changes import ChangeHub
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.editor.form import DraftForm, Layout
from ui.jobs import Report, Token
from ui.messages import sentence_of

__all__ = ["LotForm"]

LAYOUT: Final = Layout(
    fields=("given_by", "received_on", "author_id", "device", "source", "remark"),
    labels={
        "given_by": "Remise par",
        "received_on": "Reçue le",
        "author_id": "Qui l’a fait ou filmé",
        "device": "Appareil",
        "source": "Provenance",
    },
    hints={
        "given_by": "Un prénom, un rôle\u00a0; sans nom si la personne le préfère",
        "device": "Téléphone, caméra, carte mémoire",
        "source": "Messagerie, clé USB, lien",
    },
    lines={"remark": 2},
)


def _annotate(
    desk: Desk,
    draft: DepositNoteDraft,
    items: Sequence[uuid.UUID],
    before: DepositNoteDraft,
    state: dict[str, Any],
    *_runner: Token | Report,
) -> Result[None]:
    """Worker: write it; what cannot be written is kept."""
    try:
        return desk.run(deposit_notes.annotate, draft, items, before)
    except Fault:
        assert draft.id is not None
        desk.run(drafts.put, deposit_notes.KIND, draft.id, state)
        raise


def _tell(
    news: ChangeHub,
    told: "weakref.WeakMethod[Callable[[DepositNoteDraft], None]]",
    draft: DepositNoteDraft,
    done: Result[None],
) -> None:
    handler = told()
    if handler is not None:
        handler(draft)
    news.publish(done.changes)


def _fail(failed: "weakref.WeakMethod[Callable[[Exception], None]]", error: Exception) -> None:
    handler = failed()
    if handler is not None:
        handler(error)


class LotForm(KeptForm):
    """The form of one lot of items."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(context, desk, deposit_notes.KIND, DraftForm(context, desk, DepositNoteDraft, LAYOUT))
        self._items: tuple[uuid.UUID, ...] = ()
        self._before = DepositNoteDraft()

    @property
    def items(self) -> Sequence[uuid.UUID]:
        """Of which it speaks; none while they are coming in."""
        return self._items

    def begin(self) -> None:
        """Another deposit begins: what was said of the one before is written."""
        self.save()
        self.settle()
        self._record, self._items, self._before = new_id(), (), DepositNoteDraft()
        self._form.set_draft(DepositNoteDraft(id=self._record))

    def come_in(self, items: Sequence[uuid.UUID]) -> None:
        """They are there: what was typed meanwhile is kept for them."""
        self._items = tuple(items)
        self.keep()

    def resume(self, kept: Kept, items: Sequence[uuid.UUID], before: DepositNoteDraft) -> None:
        """Show again what was begun and not written."""
        self._record, self._items, self._before = kept.record_id, tuple(items), before
        self._form.set_state(kept.content)
        self._dirty = True
        self.told.emit("brouillon repris", "warn")

    def state(self) -> dict[str, Any]:
        """With the items it speaks of."""
        return deposit_notes.state(self._form.state(), self._items, self._before)

    def keep(self) -> None:
        """Kept as soon as there are items it can be found again by."""
        if self._items:
            super().keep()

    def keep_now(self) -> None:
        """The same before the vault closes."""
        if self._items:
            super().keep_now()

    def save(self) -> None:
        """Say it of every item, or keep it while something in it is wrong."""
        self._pause.stop()
        if self._record is None or not self._dirty or not self._items:
            return
        if self._form.check():
            self.keep()
            self.told.emit("brouillon", "warn")
            return
        self._dirty = False
        draft = self._form.draft()
        work = partial(_annotate, self._desk, draft, self._items, self._before, self.state())
        told = partial(_tell, self._context.news, weakref.WeakMethod(self.on_annotated), draft)
        self._write(work, told, partial(_fail, weakref.WeakMethod(self.on_not_annotated)))

    def event(self, event: QEvent) -> bool:
        """Leaving the form saves it."""
        if event.type() is QEvent.Type.Hide and self._dirty:
            self.save()
        return super().event(event)

    def on_annotated(self, draft: DepositNoteDraft) -> None:
        """It stands in every sheet."""
        self.say("")
        if draft.id == self._record:
            self._before = draft
            self.told.emit("enregistré", "ok")

    def on_not_annotated(self, error: Exception) -> None:
        """It was not written: it is kept."""
        self._dirty = True
        self.say(sentence_of(error))
        self.told.emit("brouillon", "warn")
