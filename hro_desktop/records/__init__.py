# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vault remembers: one file per noun."""

from hro_desktop.records import (
    cases,
    consents,
    directory,
    documents,
    evidence,
    exhibits,
    imports,
    incidents,
    journal,
    objects,
    observation,
    people,
    referrals,
    settings,
    sites,
    statements,
    volunteers,
)

__all__ = [
    "cases",
    "consents",
    "directory",
    "documents",
    "evidence",
    "exhibits",
    "imports",
    "incidents",
    "journal",
    "objects",
    "observation",
    "people",
    "referrals",
    "settings",
    "sites",
    "statements",
    "volunteers",
]
