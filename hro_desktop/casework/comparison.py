# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter that comes back beside what was lent: what changes, what it would make wait, before anything is kept."""

import difflib
import hashlib
import re
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy.orm import Session

from forms import edited as letters
from forms import letter, preview
from forms.catalogue import Form
from forms.worker import Worker
from hro_desktop.casework import clear_copies, documents, edited, evidence, outside_files, papers, referrals
from hro_desktop.casework.clear_copies import Lent
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Situation
from hro_desktop.casework.edited import Edited
from hro_desktop.casework.papers import Made
from hro_desktop.casework.readiness import Reason
from hro_desktop.faults import Fault
from hro_desktop.records.documents import Document
from hro_desktop.records.referrals import Referral

__all__ = ["Change", "Comparison", "compare", "in_force"]

_REPLACES: Final = (
    "Une autre version modifiée a été reprise ou remise depuis\u00a0: celle-ci la remplacerait, et lui est comparée. "
    "L’autre resterait au coffre."
)
_WORD: Final = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ]{4,}")


@attrs.frozen
class Change:
    """One paragraph that is other than before; `before` is empty when it was added, `after` when it was taken out."""

    place: str
    before: str
    after: str


@attrs.frozen(kw_only=True)
class Comparison:
    """What came back beside what it would replace, before anything is kept.

    Args:
        lent: what was lent.
        path: the file that was read.
        source_sha256: its hash, as it lies there.
        changes: paragraph by paragraph, against what was lent, or against the edited letter in force, `newer` than it.
        standing: the edited letter that was in force when this was shown, if any.
        newer: it is not the one that was lent: it came back since, or was put back.
        problems: what this version would make wait or block, or is to be looked at, with its weight and its reason.
        notes: what is cleaned, and what the program cannot check.
        same: nothing was changed at all.
        pages: of its PDF.
    """

    lent: Lent
    path: Path
    source_sha256: str
    changes: tuple[Change, ...]
    standing: uuid.UUID | None
    newer: bool
    problems: tuple[Reason, ...]
    notes: tuple[str, ...]
    same: bool
    pages: int
    made: Made = attrs.field(repr=False)
    reference: str
    referral_id: uuid.UUID


def compare(
    desk: Desk,
    document_id: uuid.UUID,
    path: Path,
    *,
    closed: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> Comparison:
    """Read an edited letter and show what it says otherwise. Nothing is kept.

    Args:
        desk: the open vault.
        document_id: what was lent.
        path: the file to read.
        closed: somebody says that no word processor has it, whatever a forgotten mark says.
        pause: waits between two looks at the file.

    Raises:
        Fault: `outside.open` while a word processor has it, `outside.locked` when one may have it;
            `outside.unreadable`, `outside.kind`, `outside.gone`.
        FormError: a file that may not be taken, or from which no page can be printed.
    """
    data = outside_files.read(path, pause, closed=closed)
    with desk.read() as session, Worker() as worker:
        row = session.get(Document, document_id)
        if row is None or row.referral_id is None:
            raise Fault("outside.gone", "La lettre prêtée n’existe plus dans le coffre.")
        referral = referrals.by_id(session, row.referral_id)
        lent_data = _content(desk, row)
        form = documents.catalogue().get(row.form_id)
        before = letters.read(lent_data, title=form.definition.title)
        after = letters.read(data, title=form.definition.title)
        pdf = letter.render_pdf(after.docx, worker)
        pages = preview.page_count(pdf)
        shown = Edited(
            form_id=row.form_id,
            letter=after,
            values=row.values_json,
            sha256=hashlib.sha256(after.docx).hexdigest(),
        )
        made = _made(row, form, after, pages)
        lent = clear_copies.lent_as(session, row)
        standing = in_force(session, referral.id, row.form_id)
        newer = standing is not None and standing.id != row.edited_from_id
        if standing is not None and newer:
            before = letters.read(_content(desk, standing), title=form.definition.title)
        return Comparison(
            lent=lent,
            path=path,
            source_sha256=hashlib.sha256(data).hexdigest(),
            changes=tuple(_changes(before.paragraphs, after.paragraphs)),
            standing=standing.id if standing is not None else None,
            newer=newer,
            problems=tuple(_problems(session, desk, referral, shown)),
            notes=(*((_REPLACES,) if newer else ()), *_notes(before, after), *_unseen(pdf, after)),
            same=data == lent_data,
            pages=pages,
            made=made,
            reference=referral.reference,
            referral_id=referral.id,
        )


def in_force(session: Session, referral_id: uuid.UUID, form_id: str) -> Document | None:
    """The edited letter that stands in the place of the filled one."""
    return next((each for each in edited.known(session, referral_id, form_id) if each.set_aside_at is None), None)


def _content(desk: Desk, document: Document) -> bytes:
    with evidence.open_object(desk.vault, document.stored.name, document.stored.private_key) as stream:
        return stream.read()


def _made(row: Document, form: Form, after: letters.Edited, pages: int) -> Made:
    return Made(
        f"{form.definition.id}.docx",
        "letter",
        papers.DOCX,
        after.docx,
        pages,
        (row.form_id, row.form_edition),
        row.values_json,
        edited_from=row.id,
    )


def _changes(before: Sequence[letters.Paragraph], after: Sequence[letters.Paragraph]) -> Iterator[Change]:
    """What differs, paragraph by paragraph, spaces aside."""
    old, new = (
        [f"{each.place}\n{' '.join(each.text.split())}" for each in paragraphs] for paragraphs in (before, after)
    )
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        gone, came = before[first:last], after[start:end]
        for at in range(max(len(gone), len(came))):
            was = gone[at] if at < len(gone) else None
            now = came[at] if at < len(came) else None
            place = next(each.place for each in (now, was) if each is not None)
            yield Change(place, was.text if was else "", now.text if now else "")


def _problems(session: Session, desk: Desk, referral: Referral, shown: Edited) -> Iterator[Reason]:
    """What stands in the way with this version that does not without it."""
    bare = _reasons(documents.situation(session, desk, referral, instead={shown.form_id: None}))
    with_it = _reasons(documents.situation(session, desk, referral, instead={shown.form_id: shown}))
    return (each for each in with_it if each not in bare)


def _reasons(found: Situation) -> list[Reason]:
    return list(dict.fromkeys(reason for state in found.states for reason in state.reasons))


def _notes(before: letters.Edited, after: letters.Edited) -> Iterator[str]:
    if after.changes:
        yield (
            "Des modifications suivies y étaient encore\u00a0: elles sont acceptées, le texte supprimé n’est pas gardé."
        )
    if after.comments:
        yield "Les commentaires sont retirés\u00a0: ils ne sont ni gardés ni imprimés."
    if after.pictures > before.pictures:
        yield "Une image y a été ajoutée\u00a0: le programme ne sait pas ce qu’elle montre, regardez-la."
    if after.hidden:
        yield "Un passage est mis en «\u00a0texte masqué\u00a0»\u00a0: il ne se voit pas et partirait avec le fichier."
    if set(after.links) - set(before.links):
        yield "Un lien y a été ajouté\u00a0: son adresse part avec le fichier."
    yield "L’auteur, les dates, le nom du modèle et des images ne sont pas gardés dans le fichier."


def _unseen(pdf: bytes, after: letters.Edited) -> Iterator[str]:
    """Words of the file that the printed page does not show."""
    shown = _bare(preview.text_of(pdf))
    lost = [word for each in after.paragraphs for word in _WORD.findall(each.text) if _bare(word) not in shown]
    if lost:
        few = ", ".join(f"«\u00a0{word}\u00a0»" for word in dict.fromkeys(lost[:5]))
        yield f"Ces mots ne se lisent pas sur la page imprimée\u00a0: {few}. Regardez l’aperçu après avoir gardé."


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
