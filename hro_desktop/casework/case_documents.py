# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents of a case that the vault keeps: which ones, made when; and the bytes of one, to be looked at."""

import uuid
from typing import Final

import attrs
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import cases, evidence, incidents
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.fields import french_day as day_in_france
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.cases import Case
from hro_desktop.records.documents import Document
from hro_desktop.records.incidents import Incident
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.statements import Statement

__all__ = ["MOST", "NOT_FROZEN", "ROLES", "Kept", "Opened", "count", "of_case", "opened", "refuse_not_frozen"]

MOST: Final = 200
LARGEST: Final = 256_000_000
"""Bytes of a document that is looked at whole in memory."""
PDF: Final = "application/pdf"
ROLES: Final = {
    "letter": "Lettre",
    "boxes": "Rubriques à recopier",
    "schedule": "Bordereau des pièces",
    "bundle": "Pièces numérotées",
    "attestation": "Attestation",
    "guide": "Guide de signature",
}
"""What a document is called, by its role."""
EDITED: Final = "Lettre modifiée hors du programme"
NOT_FROZEN: Final = (
    "Ce document n’est pas figé\u00a0: il dit ce qui était vrai quand il a été fait. "
    "Préparez-le de nouveau, ou imprimez la version figée."
)
"""Why a paper of a referral is looked at but not printed again."""


@attrs.frozen(kw_only=True)
class Kept:
    """One document: `about` is the reference of what it was made for, `made_on` an ISO day.

    `stays`: it is looked at, and not printed again (`NOT_FROZEN`).
    """

    id: uuid.UUID
    title: str
    about: str
    made_on: str
    pages: int
    pdf: bool
    frozen: bool
    stays: bool


@attrs.frozen
class Opened:
    """The content of a document, as it was sealed."""

    id: uuid.UUID
    title: str
    data: bytes = attrs.field(repr=False)
    pages: int


def count(session: Session, case: Case) -> int:
    """How many documents a case has."""
    return len(session.scalars(select(Document.id).where(_mine(session, case))).all())


def of_case(session: Session, case_id: uuid.UUID, limit: int = MOST) -> tuple[Kept, ...]:
    """The documents made for a case's referrals, accounts and facts, the last made first.

    Raises:
        Fault: `case.gone`.
    """
    case = cases.by_id(session, case_id)
    found = session.scalars(
        select(Document).where(_mine(session, case)).order_by(Document.made_at.desc(), Document.id.desc()).limit(limit)
    )
    return tuple(
        Kept(
            id=each.id,
            title=EDITED if each.edited_from_id is not None else ROLES.get(each.role, "Document"),
            about=_about(session, each),
            made_on=day_in_france(each.made_at).isoformat(),
            pages=each.pages or 0,
            pdf=each.media_type == PDF,
            frozen=each.frozen_at is not None,
            stays=_stays(each),
        )
        for each in found
    )


def opened(desk: Desk, document_id: uuid.UUID) -> Opened:
    """A document decrypted in memory, nothing in clear on the disk.

    Raises:
        Fault: `document.gone`, `document.not_shown` for one without pages, `document.large`, or a fault of the object.
    """
    with desk.read() as session:
        document = session.get(Document, document_id)
        if document is None:
            raise Fault("document.gone", "Ce document n’existe plus dans le coffre.")
        if document.media_type != PDF:
            raise Fault(
                "document.not_shown",
                "Cette version modifiable n’a pas d’aperçu\u00a0: ouvrez le PDF du même document, "
                "ou préparez les documents pour l’écrire hors du coffre.",
            )
        stored, role, pages = document.stored, document.role, document.pages or 0
        if stored.size > LARGEST:
            raise Fault("document.large", "Ce document est trop lourd pour l’aperçu. Il reste dans le coffre, intact.")
        with evidence.open_object(desk.vault, stored.name, stored.private_key) as stream:
            data = stream.read()
    return Opened(document_id, ROLES.get(role, "Document"), data, pages)


def refuse_not_frozen(document: Document) -> None:
    """A paper of a referral that is not frozen is made anew: people, exhibits and words may have changed since.

    Raises:
        Fault: `document.not_frozen`.
    """
    if _stays(document):
        raise Fault("document.not_frozen", NOT_FROZEN, ExitCode.BLOCKED)


def _stays(document: Document) -> bool:
    return document.referral_id is not None and document.frozen_at is None


def _mine(session: Session, case: Case) -> ColumnElement[bool]:
    told = [each.id for each in incidents.of_person(session, case.person_id)]
    return or_(
        Document.referral_id.in_(select(ReferralParty.referral_id).where(ReferralParty.case_id == case.id)),
        Document.statement_id.in_(
            select(Statement.id).where((Statement.case_id == case.id) | (Statement.author_id == case.person_id))
        ),
        Document.incident_id.in_(told),
    )


def _about(session: Session, each: Document) -> str:
    if each.referral_id is not None:
        return session.get_one(Referral, each.referral_id).reference
    if each.statement_id is not None:
        return session.get_one(Statement, each.statement_id).reference
    return session.get_one(Incident, each.incident_id).reference
