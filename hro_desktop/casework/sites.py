# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites: living places, which move and have several names."""

import uuid

import attrs

from hro_desktop.casework import fields
from hro_desktop.records.sites import Site
from hro_desktop.vault.work import Work

__all__ = ["SiteDraft", "SiteNameDraft", "save"]


@attrs.define(kw_only=True)
class SiteNameDraft(fields.Draft):
    """Another name of the place."""

    text: str = fields.text("autre nom du lieu", required=True)


@attrs.define(kw_only=True)
class SiteDraft(fields.Draft):
    """A living place."""

    name: str = fields.text("nom usuel du lieu", required=True)
    commune: str = fields.text("code INSEE de la commune, cinq caractères", pattern="[0-9AB]{5}")
    latitude: float | None = fields.number("latitude, en degrés", most=90)
    longitude: float | None = fields.number("longitude, en degrés", most=180)
    active_from: str = fields.partial("occupé depuis")
    active_to: str = fields.partial("occupé jusqu’à")
    names: tuple[SiteNameDraft, ...] = fields.many(SiteNameDraft, "autres noms du lieu")


def save(work: Work, draft: SiteDraft) -> uuid.UUID:
    """Record or change a site."""
    return fields.save(work, Site, draft).id
