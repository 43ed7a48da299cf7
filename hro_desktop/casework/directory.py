# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory: organisations, authorities, and which of them is our association."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

import attrs
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields, paging
from hro_desktop.law import vocabulary
from hro_desktop.records.directory import Organisation
from hro_desktop.records.settings import Setting
from hro_desktop.rules.dates import french_day
from hro_desktop.vault.work import Work

__all__ = [
    "OrganisationDraft",
    "OrganisationRow",
    "association",
    "association_id",
    "ids",
    "override",
    "rows",
    "save",
    "set_association",
]


@attrs.define(kw_only=True)
class OrganisationDraft(fields.Draft):
    """An organisation, or the checked address of an authority (`law_id`)."""

    kind: str = fields.choice("organisation_kinds", "nature", required=True)
    name: str = fields.text("nom", required=True)
    law_id: str = fields.text("identifiant de l’autorité dont cette ligne donne l’adresse vérifiée")
    lines: str = fields.text("lignes de l’adresse, sans le code postal ni la commune", long=True)
    postcode: str = fields.text("code postal")
    town: str = fields.text("commune")
    email: str = fields.text("courriel")
    phone: str = fields.text("téléphone")
    checked_on = fields.day("jour où quelqu’un a vérifié ces coordonnées ; vide : à vérifier")
    source: str = fields.text("où elles ont été vérifiées")


def save(work: Work, draft: OrganisationDraft) -> uuid.UUID:
    """Record or change an organisation."""
    return fields.save(work, Organisation, draft).id


class OrganisationRow(NamedTuple):
    """What a list shows of an organisation: `checked` is the day its address was checked, in French, or nothing."""

    id: uuid.UUID
    name: str
    kind: str
    town: str
    checked: str


def ids(session: Session, words: str = "") -> Sequence[uuid.UUID]:
    """The ids of the directory by name; only those whose name or commune holds each word."""
    asked = select(Organisation.id).order_by(func.lower(Organisation.name), Organisation.id)
    for word in words.split():
        asked = asked.where(
            Organisation.name.icontains(word, autoescape=True) | Organisation.town.icontains(word, autoescape=True)
        )
    return paging.ordered(session, asked)


def rows(session: Session, wanted: Sequence[uuid.UUID]) -> list[OrganisationRow]:
    """One page of the list, in the order of the ids asked for."""
    found = {
        each.id: OrganisationRow(
            each.id,
            each.name,
            vocabulary.label("organisation_kinds", each.kind),
            each.town,
            french_day(each.checked_on) if each.checked_on else "",
        )
        for each in session.scalars(select(Organisation).where(Organisation.id.in_(wanted)))
    }
    return paging.in_order(wanted, found)


def set_association(work: Work, organisation_id: uuid.UUID) -> None:
    """Say which organisation the vault's users are."""
    work.session.merge(Setting(name="association", value=str(organisation_id)))
    work.record("setting.changed", organisation_id)


def association(session: Session) -> Organisation | None:
    """The association whose vault this is, once it has been said."""
    setting = session.get(Setting, "association")
    return session.get(Organisation, uuid.UUID(setting.value)) if setting and setting.value else None


def association_id(session: Session) -> uuid.UUID | None:
    """Which organisation the vault's users are, once it has been said and as long as it exists."""
    known = association(session)
    return known.id if known is not None else None


def override(session: Session, law_id: str) -> Organisation | None:
    """The directory's own address of an authority, most recently checked first."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.law_id == law_id)
        .order_by(Organisation.checked_on.desc().nulls_last(), Organisation.id)
        .limit(1)
    ).first()
