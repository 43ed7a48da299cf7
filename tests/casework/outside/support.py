# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test of a letter edited outside does."""

import datetime as dt
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from sqlalchemy import select

from forms.problems import FormError
from hro_desktop.casework import (
    builder,
    comparison,
    outside,
)
from hro_desktop.casework.clear_copies import Lent
from hro_desktop.casework.comparison import Comparison
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.outside import LetterState
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.vault.work import Work

FORM = "plainte_procureur"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORDS = "Une phrase écrite dehors par une juriste de fiction."


def refused(code: str) -> Any:
    return pytest.raises((Fault, FormError), match=f"^{code}$")


def looked_at(desk: Desk, lent: Lent, path: Path | None = None) -> Comparison:
    return comparison.compare(desk, lent.document_id, path or lent.path, pause=lambda _seconds: None)


def state(desk: Desk, referral: uuid.UUID) -> LetterState:
    with desk.read() as session:
        return outside.letters_of(session, desk, referral)[0]


def build(desk: Desk, referral: uuid.UUID) -> builder.Build:
    with desk.read() as session:
        return builder.view(session, desk, referral)


def edit(path: Path, change: Callable[[Any], None]) -> None:
    document = docx.Document(str(path))
    change(document)
    document.save(str(path))


def add(path: Path, text: str = WORDS) -> None:
    edit(path, lambda document: document.add_paragraph(text))


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def in_body(path: Path, xml: str) -> None:
    parts = parts_of(path)
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)
    write(path, parts)


def taken(desk: Desk, lent: Lent, text: str = WORDS) -> uuid.UUID:
    add(lent.path, text)
    return outside.take_back(desk, looked_at(desk, lent)).value


def codes(comparison: Comparison) -> set[str]:
    return {each.code for each in comparison.problems}


def write_account(work: Work, referral: uuid.UUID, text: str) -> None:
    work.session.get_one(Referral, referral).account = text


def withdraw(work: Work, referral: uuid.UUID) -> None:
    party = work.session.scalars(select(ReferralParty).where(ReferralParty.referral_id == referral)).first()
    for each in work.session.scalars(select(Consent).where(Consent.person_id == party.case.person_id)):
        each.withdrawn_on, each.state = dt.date(2026, 10, 16), "retire"


def somebody_refused(work: Work) -> None:
    person = Person(pseudonym="P-2026-0999", given_names="Zéphirine", birth_name="Quarantecinq")
    work.session.add(person)
    work.session.flush()
    work.session.add(Consent(person_id=person.id, purpose="plainte", body="procureur", state="refuse"))
    work.session.flush()
