# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs: documents that were made and have not left."""

import uuid
from collections.abc import Callable
from typing import Literal

import attrs
from sqlalchemy.orm import Session

from forms.values import Values
from hro_desktop.casework.departures import Concerned
from hro_desktop.casework.packages import Package
from hro_desktop.casework.papers import Made
from hro_desktop.casework.readiness import DocumentState

__all__ = ["Listed", "Pack"]


@attrs.frozen
class Pack:
    """Everything made for one referral, statement, incident or outing, ready to leave by `sending`.

    Args:
        subject: `referral`, `statement`, `incident` or `outing`, and its id.
        package: the files, in the order they are written.
        states: what can leave, per document and person.
        remarks: sentences for the user.
        draft: « BROUILLON » stands on each page.
        exhibits: those of the list, whether they go along or not.
        authority: who it goes to, a code of `authorities`; or `recipient`, in words.
        people: whom it concerns, and under which agreement.
        said: the hash of everything its papers say (`papers.whole_hash`).
        again: what they would say if they were made again now; a referral is looked at as a whole instead.
    """

    subject: tuple[Literal["referral", "statement", "incident", "outing"], uuid.UUID]
    reference: str
    package: Package
    states: tuple[DocumentState, ...] = ()
    remarks: tuple[str, ...] = ()
    draft: bool = False
    exhibits: tuple["Listed", ...] = ()
    authority: str = ""
    recipient: str = ""
    people: tuple[Concerned, ...] = ()
    said: str = ""
    again: Callable[[Session], Values] | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def files(self) -> tuple[Made, ...]:
        """The documents among the files: what the vault keeps of them, with the facts they were made from."""
        return self.package.documents


@attrs.frozen
class Listed:
    """One exhibit of a pack: number, item, SHA-256 of the original, and why it is withheld."""

    number: int
    evidence_id: uuid.UUID
    sha256: str
    withheld: str
