# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers of the printing page: what can be printed, how it will come out, and the printing itself."""

import uuid
from collections.abc import Collection
from pathlib import Path
from typing import Final

import attrs

from forms import calibration, preview
from forms.imposed import Leaf, impose, top_bookmarks
from hro_desktop.casework import envelopes, printing, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from hro_desktop.casework.frozen import Version
from hro_desktop.casework.pouch import Pouch
from hro_desktop.casework.printing import Preferences, Printable, Printed, PrintPaper, Versions
from ui.jobs import Report, Token
from ui.printing import engine
from ui.printing.engine import Failed, Wish
from ui.printing.plan import order

__all__ = ["CALIBRATION", "Laid", "Loaded", "Mailing", "Order", "Sent", "lay", "load", "loaded", "run", "save", "start"]

CALIBRATION: Final = "calibration"
BUNDLE: Final = "bundle"


@attrs.frozen
class Known:
    """What the page begins with: the printers, the choices of this access, and what the referral has to print."""

    printers: tuple[str, ...]
    preferences: Preferences
    versions: Versions | None


@attrs.frozen
class Mailing:
    """What is typed for labels and registered letters."""

    each: int = 1
    first: int = 1
    number: str = ""


@attrs.frozen
class Loaded:
    """Papers to print, with the pages of each and those that begin on the right."""

    code: object
    printable: Printable
    counts: tuple[int, ...]
    openings: tuple[frozenset[int], ...]


@attrs.frozen(kw_only=True)
class Order:
    """Which pages: `papers` are places in what is loaded; `chosen` pages of the only one, counted from 0."""

    papers: tuple[int, ...]
    chosen: tuple[int, ...] | None = None
    duplex: bool = False
    dividers: bool = True

    def leaves(self, loaded: Loaded) -> tuple[Leaf, ...]:
        """In the order of the printer."""
        openings: list[Collection[int]] = [loaded.openings[at] if self.dividers else () for at in self.papers]
        return order([loaded.counts[at] for at in self.papers], openings, chosen=self.chosen, duplex=self.duplex)


@attrs.frozen
class Laid:
    """The pages as they will come out."""

    order: Order
    leaves: tuple[Leaf, ...]
    pdf: bytes = attrs.field(repr=False)


@attrs.frozen
class Sent:
    """What came out: pages, and the file they are in; the lines of the ledger."""

    pages: int
    file: Path | None
    departures: tuple[uuid.UUID, ...]


def start(desk: Desk, referral_id: uuid.UUID | None, token: Token, _report: Report) -> Known:
    """What the page begins with."""
    token.check()
    with desk.read() as session:
        preferred = printing.preferences(session, desk.vault.slot_id)
    versions = printing.versions(desk, referral_id) if referral_id is not None else None
    return Known(engine.printers(), preferred, versions)


def load(  # noqa: PLR0917 - token and report come last, from the runner
    desk: Desk,
    referral_id: uuid.UUID,
    code: object,
    versions: Versions,
    mailing: Mailing,
    token: Token,
    _report: Report,
) -> Loaded:
    """The papers of one choice."""
    token.check()
    if isinstance(code, Version):
        found = printing.of_version(desk, referral_id, code, versions.label)
    elif code == "DL":
        found = envelopes.envelope(desk, referral_id, "DL")
    elif code == "C4":
        found = envelopes.envelope(desk, referral_id, "C4")
    elif isinstance(code, int):
        found = envelopes.labels(desk, referral_id, code, mailing.each, mailing.first)
    elif code == "registered":
        found = envelopes.registered(desk, referral_id, mailing.number)
    else:
        found = printing.of_referral(desk, referral_id)
    token.check()
    return loaded(found, code)


def calibration_sheet(_token: Token, _report: Report) -> Loaded:
    """The sheet that shows how far a printer is off."""
    pdf = calibration.sheet()
    paper = PrintPaper(title="Page d’étalonnage", role="", sha256="", data=pdf)
    return loaded(Printable(title=paper.title, reference="etalonnage", papers=(paper,), what=None), CALIBRATION)


def document(desk: Desk, document_id: uuid.UUID, token: Token, _report: Report) -> Loaded:
    """One document that is kept."""
    token.check()
    return loaded(printing.of_document(desk, document_id), "document")


def pack(made: Pack | Pouch, title: str, token: Token, _report: Report) -> Loaded:
    """What was made and is looked at."""
    token.check()
    found = printing.of_pouch(made, title) if isinstance(made, Pouch) else printing.of_pack(made, title)
    return loaded(found, "pack")


def loaded(found: Printable, code: object) -> Loaded:
    """Count the pages and find the dividers."""
    counts = tuple(preview.page_count(each.data) for each in found.papers)
    openings = tuple(
        frozenset(top_bookmarks(each.data)) if each.role == BUNDLE else frozenset() for each in found.papers
    )
    return Loaded(code, found, counts, openings)


def lay(known: Loaded, wanted: Order, token: Token, _report: Report) -> Laid:
    """The pages in the order of the printer, as one file to look at."""
    token.check()
    leaves = wanted.leaves(known)
    return Laid(wanted, leaves, impose(_data(known, wanted), leaves))


def save(desk: Desk, wanted: Preferences, _token: Token, _report: Report) -> None:
    """Keep the choices of this access."""
    desk.run(printing.save_preferences, wanted)


def run(  # noqa: PLR0917 - token and report come last, from the runner
    desk: Desk, known: Loaded, wanted: Order, wish: Wish, pages: str, token: Token, report: Report
) -> Sent:
    """Note it, then print it: who agreed is looked at again before the first page.

    Raises:
        Fault: it may not leave any more; the printer or the disk failed.
        Cancelled: somebody stopped it.
    """
    token.check()
    what = known.printable.what
    gone: tuple[uuid.UUID, ...] = ()
    if what is not None:
        hashes = frozenset(known.printable.papers[at].sha256 for at in wanted.papers)
        printed = Printed(hashes, wish.copies, pages, wish.file is not None)
        gone = sending.note_printing(desk, what, printed)
    out = _Count(report)
    try:
        number = engine.send(_data(known, wanted), wanted.leaves(known), wish, (token, out))
    except BaseException as error:
        nothing = wish.file is not None or (error.out if isinstance(error, Failed) else out.done) == 0
        if nothing:
            sending.note_not_printed(desk, gone)
        raise
    return Sent(number, wish.file, gone)


class _Count:
    """Passes progress on and remembers it."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.done = 0

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """So many pages."""
        self.done = done
        self._report(done, total, what)


def free_name(folder: Path, stem: str) -> Path:
    """A file that is not there yet."""
    number, path = 1, folder / f"{stem}.pdf"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.pdf"
    return path


def _data(known: Loaded, wanted: Order) -> list[bytes]:
    return [known.printable.papers[at].data for at in wanted.papers]
