# SPDX-License-Identifier: GPL-3.0-or-later
"""The boxes of a body's online form: what a person copies there by hand, and what is attached. Nothing is sent."""

import uuid

import attrs
from sqlalchemy.orm import Session

from forms import drawn, paste
from forms.paste import Box
from hro_desktop.casework import concerned, documents, frozen, profiles, referrals
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Situation
from hro_desktop.casework.handed import Handed, in_papers
from hro_desktop.faults import Fault
from hro_desktop.law import procedures
from hro_desktop.records.referrals import Referral

__all__ = ["Attached", "Sheet", "has_any", "of_referral"]

TEXT = "text/plain"


@attrs.frozen(kw_only=True)
class Attached:
    """One exhibit to attach: its number, title, the name of its file and its size; or why it does not go along."""

    number: int
    title: str = attrs.field(repr=False)
    file: str
    size: int
    withheld: str


@attrs.frozen(kw_only=True)
class Sheet:
    """One online form, filled.

    Args:
        boxes: in the order of the platform.
        held: why nothing may be copied from it now; empty when it may.
    """

    title: str
    authority: str
    boxes: tuple[Box, ...] = attrs.field(repr=False)
    attached: tuple[Attached, ...]
    held: str


def has_any(procedure: str, desk: Desk) -> bool:
    """Whether a procedure is put before its body in an online form."""
    row = procedures.procedure(procedure, desk.today())
    return any(each.role == "boxes" for each in row.documents)


def of_referral(desk: Desk, referral_id: uuid.UUID) -> Sheet:
    """What is to be copied, box by box: only what was frozen and may still leave.

    Raises:
        Fault: `referral.gone`; `boxes.none` when the body has no online form.
    """
    with desk.read() as session:
        referral = referrals.by_id(session, referral_id)
        row = procedures.procedure(referral.procedure, desk.today())
        found = documents.situation(session, desk, referral)
        form = next((form for form, each in zip(found.forms, row.documents, strict=True) if each.role == "boxes"), None)
        if form is None:
            raise Fault("boxes.none", "Cette procédure n’a pas de formulaire en ligne.")
        profile = profiles.row_of(desk, row.profile)
        names = concerned.names(session, referral, found.said)
        handed = profiles.handed_by(desk, found.said.numbered, profile, names)
        filled, _ = paste.boxes(form.definition, in_papers(found.said.values, (), handed))
        mark = drawn.PRACTICE_MARK if desk.practice() else ""
        text = paste.as_text(form.definition.title, filled, mark=mark)
        return Sheet(
            title=form.definition.title,
            authority=row.label,
            boxes=filled,
            attached=tuple(_attached(each) for each in handed),
            held=_held(session, desk, referral, found, text),
        )


def _attached(each: Handed) -> Attached:
    return Attached(
        number=each.number,
        title=each.title,
        file=each.file if each.printable else each.original,
        size=each.size,
        withheld=each.withheld,
    )


def _held(session: Session, desk: Desk, referral: Referral, found: Situation, text: bytes) -> str:
    """Copying is leaving: what was not frozen, or is not agreed to any more, is only looked at."""
    late = next((each for each in found.states if each.blocked or each.waiting), None)
    if late is not None:
        return f"{late.reasons[0].sentence} Rien ne se copie d’ici là."
    versions = frozen.of_referral(session, referral.id)
    if not versions:
        return "Figez d’abord cette version\u00a0: on recopie ce qui est figé, pas ce qui peut encore changer."
    kept = [each for each in versions[0].papers if each.role == "boxes" and each.media_type == TEXT]
    same = any(frozen.opened(desk, each.id) == text for each in kept)
    if not same or not frozen.same_exhibits(session, referral, versions[0]):
        return "Le dossier a changé depuis la version figée\u00a0: figez de nouveau, puis recopiez."
    return ""
