# SPDX-License-Identifier: GPL-3.0-or-later
"""Frozen versions of a referral: its documents sealed as they were that day, reprinted byte for byte for ever."""

import datetime as dt
import io
import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import Filled, Source, Values
from hro_desktop.casework import documents, door, evidence, handed, papers, referral_facts, sealing
from hro_desktop.casework.case_documents import ROLES
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.documents import Shape
from hro_desktop.casework.fields import french_day
from hro_desktop.casework.papers import Made
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.documents import Document
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work

__all__ = [
    "Held",
    "Paper",
    "Version",
    "complainants",
    "freeze",
    "holds",
    "listed_in",
    "newest",
    "none_yet",
    "of_referral",
    "opened",
    "same_exhibits",
    "same_facts",
    "same_words",
]


@attrs.frozen(kw_only=True)
class Paper:
    """One document of a frozen version."""

    id: uuid.UUID
    title: str
    role: str
    media_type: str
    pages: int
    size: int
    sha256: str


@attrs.frozen(kw_only=True)
class Version:
    """What was frozen at once: its papers, in the order of the pack."""

    frozen_at: dt.datetime
    papers: tuple[Paper, ...]

    @property
    def day(self) -> dt.date:
        """The day it was frozen, in France."""
        return french_day(self.frozen_at)


@attrs.frozen
class Held:
    """Who complains in a frozen version and which items go with it, in order."""

    people: frozenset[uuid.UUID]
    items: tuple[uuid.UUID, ...]


def freeze(
    desk: Desk,
    referral_id: uuid.UUID,
    shape: Shape = Shape(),  # noqa: B008 - frozen
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Result[Version]:
    """Make everything a referral needs and seal it. What only misses a signature can be frozen: it is then printed.

    Raises:
        Fault: `referral.blocked`, or `version.waits` with the first reason why a draft only could be made.
    """
    pack = documents.make(desk, referral_id, shape=shape, progress=progress, cancelled=cancelled)
    if pack.draft:
        reason = next(reason for state in pack.states if state.waiting for reason in state.reasons)
        raise Fault(
            "version.waits",
            f"Rien n’est figé\u00a0: {reason.sentence} Ce qui attend se lit dans «\u00a0Ce qui peut partir\u00a0».",
            ExitCode.BLOCKED,
        )
    door.check_again(desk, pack)

    def seal(work: Work, kept: tuple[uuid.UUID, ...]) -> Version:
        for each in kept:
            work.session.get_one(Document, each).frozen_at = work.now
        work.session.flush()
        work.record("referral.frozen", referral_id)
        return _version(work.now, [work.session.get_one(Document, each) for each in kept])

    return Result(sealing.keep(desk, pack, seal), frozenset({("referral", referral_id)}))


def of_referral(session: Session, referral_id: uuid.UUID) -> tuple[Version, ...]:
    """All frozen versions, newest first."""
    found = session.scalars(
        select(Document)
        .where(Document.referral_id == referral_id, Document.frozen_at.is_not(None))
        .order_by(Document.frozen_at.desc(), Document.id)
    ).all()
    moments = dict.fromkeys(each.frozen_at for each in found if each.frozen_at)
    return tuple(_version(moment, [each for each in found if each.frozen_at == moment]) for moment in moments)


def newest(session: Session, referral_id: uuid.UUID) -> Version:
    """The last one.

    Raises:
        Fault: `version.none`.
    """
    found = of_referral(session, referral_id)
    if not found:
        raise none_yet()
    return found[0]


def none_yet() -> Fault:
    """There is no version to write out nor to have sent."""
    return Fault("version.none", "Aucune version n’est figée\u00a0: figez d’abord ce qui part.", ExitCode.BLOCKED)


def opened(desk: Desk, document_id: uuid.UUID) -> bytes:
    """The bytes of a document as they were sealed, decrypted in memory.

    Raises:
        Fault: `document.gone`, or a fault of the object.
    """
    with desk.read() as session:
        document = session.get(Document, document_id)
        if document is None:
            raise Fault("document.gone", "Ce document n’existe plus dans le coffre.")
        out = io.BytesIO()
        with evidence.open_object(desk.vault, document.stored.name, document.stored.private_key) as stream:
            while block := stream.read(1 << 20):
                out.write(block)
        return out.getvalue()


def listed_in(document: Document) -> tuple[str, ...]:
    """The items of evidence a document was filled with, in order, by id."""
    said = json.loads(document.values_json) if document.values_json else {}
    return tuple(each["date"]["from"][1] for each in said.get("exhibits", ()))


def complainants(values: Values) -> set[str]:
    """The people a paper is for, by id: whose name it is, or when it was typed by hand, whose the rest is."""
    listed: Any = values.get("complainants", ())
    found = (
        next((leaf.source.id for leaf in (each.get("display_name"), *each.values()) if _is_of_person(leaf)), None)
        for each in listed
    )
    return {each for each in found if each is not None}


def _is_of_person(node: Any) -> bool:  # noqa: ANN401 - a leaf or a branch
    return isinstance(node, Filled) and isinstance(node.source, Source) and node.source.kind == "person"


def holds(session: Session, version: Version) -> Held:
    """Who and what a frozen version took along, whatever became of the referral since."""
    filled = [each for each in (session.get_one(Document, one.id) for one in version.papers) if each.values_json]
    people = {who for each in filled for who in complainants(papers.from_canonical(each.values_json))}
    items = dict.fromkeys(item for each in filled for item in listed_in(each))
    return Held(frozenset(map(uuid.UUID, people)), tuple(map(uuid.UUID, items)))


def same_exhibits(session: Session, referral: Referral, version: Version) -> bool:
    """Whether the exhibits of a frozen version are still those of the referral, in the same order."""
    now = tuple(str(each.evidence.id) for each in referral_facts.numbered_exhibits(session, referral))
    filled = [session.get_one(Document, each.id) for each in version.papers]
    return all(listed_in(each) == now for each in filled if each.values_json)


def same_facts(session: Session, version: Version, values: Values) -> bool:
    """Whether the facts still say what a frozen version said, whatever its exhibits have become."""
    now = papers.canonical(values)
    filled = [session.get_one(Document, each.id) for each in version.papers]
    return all(papers.same_words(each.values_json, now, apart=handed.HANDED) for each in filled if each.values_json)


def same_words(desk: Desk, version: Version, made: Sequence[Made]) -> bool:
    """Whether the papers of a frozen version say what those made now would, one by one."""
    with desk.read() as session:
        sealed = [session.get_one(Document, each.id) for each in version.papers]
        return [each.role for each in sealed] == [each.role for each in made] and all(
            one.edited_from_id == other.edited_from and papers.same_words(one.values_json, other.values)
            for one, other in zip(sealed, made, strict=True)
        )


def _version(moment: dt.datetime, found: Sequence[Document]) -> Version:
    return Version(
        frozen_at=moment,
        papers=tuple(
            Paper(
                id=each.id,
                title=ROLES.get(each.role, "Document"),
                role=each.role,
                media_type=each.media_type,
                pages=each.pages or 0,
                size=each.stored.size,
                sha256=each.stored.sha256,
            )
            for each in found
        ),
    )
