# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers that ask the desk what a page shows. They give back plain values; no record leaves them."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import attrs

from hro_desktop.casework import cases, documents, overview, referrals, sending
from hro_desktop.casework.cases import CaseRow
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack, Shape
from hro_desktop.casework.readiness import DocumentState
from hro_desktop.faults import Fault
from hro_desktop.law import authorities, procedures, vocabulary
from ui.jobs import Cancelled, Report, Token

__all__ = [
    "CaseView",
    "ReferralView",
    "Saved",
    "asked",
    "case_view",
    "counts",
    "in_shape",
    "make_pack",
    "save_pack",
]

T = TypeVar("T")


@attrs.frozen
class ReferralView:
    """One referral of a case, as its pane shows it; `profile` is the shape its exhibits are handed over in."""

    reference: str
    procedure: str
    label: str
    authority: str
    status: str
    states: tuple[DocumentState, ...]
    profile: str = ""
    id: uuid.UUID | None = None

    @property
    def blocked(self) -> bool:
        """Whether only a draft can be made of it."""
        return any(state.blocked for state in self.states)


@attrs.frozen
class CaseView:
    """A case as its pane shows it."""

    row: CaseRow
    person: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    referrals: tuple[ReferralView, ...]


@attrs.frozen
class Saved:
    """A pack written out of the vault: the folder, and which record it was for."""

    folder: Path
    files: tuple[str, ...]
    subject: tuple[str, uuid.UUID]


def asked(desk: Desk, read: Callable[..., T], known: tuple[Any, ...], token: Token, _report: Report) -> T:
    """What a function of `casework` reads in the vault, `known` being what it is given after the session."""
    token.check()
    with desk.read() as session:
        return read(session, *known)


def counts(desk: Desk, _token: Token, _report: Report) -> dict[str, int]:
    """How many records of each kind the side bar counts."""
    with desk.read() as session:
        return overview.counts(session)


def case_view(desk: Desk, case_id: uuid.UUID, token: Token, _report: Report) -> CaseView | None:
    """What a case holds and what of it can leave; `None` when it is gone."""
    with desk.read() as session:
        found = cases.rows(session, (case_id,))
        if not found:
            return None
        row = found[0]
        case = cases.by_reference(session, row.reference)
        token.check()
        held = overview.of_case(session, case)
        shown = []
        for procedure in procedures.procedures():
            token.check()
            try:
                referral = referrals.for_case(session, case, procedure.code)
            except Fault:
                continue  # the case has none of this kind
            party = next(each for each in referral.parties if each.case_id == case.id)
            shown.append(
                ReferralView(
                    reference=referral.reference,
                    procedure=procedure.code,
                    label=procedure.label,
                    authority=authorities.authority(referral.authority, desk.today()).name,
                    status=vocabulary.label("party_states", party.status),
                    states=documents.states(desk, row.reference, procedure.code),
                    profile=procedure.profile,
                    id=referral.id,
                )
            )
    sections = (
        ("Accords", held.consents),
        ("Faits", held.incidents),
        ("Récits et attestations", held.statements),
        ("Pièces", held.evidence),
    )
    return CaseView(row, held.person, sections, tuple(shown))


def in_shape(
    desk: Desk, case: str, referral: ReferralView, profile: str, token: Token, _report: Report
) -> ReferralView:
    """A referral handed over in another shape: somebody else may get it, who needs an agreement of its own."""
    token.check()
    found = documents.states(desk, case, referral.procedure, profile)
    return attrs.evolve(referral, profile=profile, states=found)


def make_pack(  # noqa: PLR0917 - token and report come last, from the runner
    desk: Desk, case: str, procedure: str, draft: bool, profile: str, token: Token, report: Report
) -> Pack:
    """Make every document of a referral; nothing of it is kept or written yet."""
    token.check()
    pack = documents.make_referral(
        desk,
        case,
        procedure,
        shape=Shape(profile=profile),
        draft=draft,
        progress=report,
        cancelled=lambda: token.cancelled,
    )
    if token.cancelled:
        raise Cancelled
    return pack


def save_pack(desk: Desk, pack: Pack, folder: Path, _token: Token, _report: Report) -> Saved:
    """Write a pack into a new folder, named after its reference, inside the one that was chosen."""
    number, out = 1, folder / pack.reference
    while out.exists():
        number += 1
        out = folder / f"{pack.reference}-{number}"
    written = sending.write_pack(desk, pack, out)
    return Saved(out, written.files, pack.subject)
