# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorities, their addresses, and which procureur answers for which commune."""

import datetime as dt
import functools

import attrs

from hro_desktop.law.tables import TO_CHECK, Row, TableError, build_all, fold, in_force, read

__all__ = [
    "Area",
    "Authority",
    "Commune",
    "Competence",
    "areas",
    "authorities",
    "authority",
    "commune",
    "competent_procureur",
]


@attrs.frozen(kw_only=True)
class Authority(Row):
    """Who a referral is addressed to. `confidence` and `checked_on` speak of the address.

    Args:
        kind: list `organisation_kinds`.
        name: as the directory shows it.
        addressee: first line of the letter's address.
        court: the court it sits at, with its town; empty for others.
        lines: street lines, empty when no address is known.
    """

    kind: str
    name: str
    addressee: str
    lines: tuple[str, ...]
    postcode: str
    town: str
    court: str = ""
    note: str = ""


@attrs.frozen(kw_only=True)
class Commune:
    """A commune by its INSEE code, with former communes and quarters people use as names."""

    insee: str
    name: str
    aliases: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Area(Row):
    """Communes for which the same procureur answers, as one source says it."""

    authority: str
    communes: tuple[Commune, ...]


@attrs.frozen
class Competence:
    """A proposal: this procureur, because the facts happened in this commune."""

    authority: Authority
    commune: Commune
    area: Area

    @property
    def shown_note(self) -> str:
        """« à vérifier » unless both the competence and the address were checked."""
        return "" if self.area.verified and self.authority.verified else TO_CHECK


@functools.cache
def _tables() -> tuple[tuple[Authority, ...], tuple[Area, ...]]:
    data = dict(read("authorities.toml"))
    rows = build_all(Authority, data.pop("authority"), "authorities.authority")
    areas = build_all(Area, data.pop("area"), "authorities.area")
    if data:
        raise TableError("authorities: unknown section")
    return rows, areas


def authorities() -> tuple[Authority, ...]:
    """Every authority."""
    return _tables()[0]


def areas() -> tuple[Area, ...]:
    """Every jurisdiction with its communes, past ones included."""
    return _tables()[1]


def authority(code: str, on: dt.date) -> Authority:
    """One authority as it is that day.

    Raises:
        KeyError: no such authority on that day.
    """
    return in_force(authorities(), code, on)


def commune(insee_or_name: str, on: dt.date) -> tuple[Commune, Area] | None:
    """A commune by INSEE code or by name (accents, case and « St » do not matter), with the area it belongs to."""
    wanted = _town(insee_or_name)
    for area in _tables()[1]:
        if not area.holds_on(on):
            continue
        for town in area.communes:
            if wanted in (town.insee, *map(_town, (town.name, *town.aliases))):
                return town, area
    return None


def competent_procureur(commune_insee_or_name: str, on: dt.date) -> Competence | None:
    """The procureur of the place of the facts (COJ, table IV), or `None` when the commune is not in the table.

    A proposal only: gendarmes in public-order duty answer to a specialised court (CPP 697-1), and the author's
    domicile may give another court.
    """
    found = commune(commune_insee_or_name, on)
    if found is None:
        return None
    town, area = found
    return Competence(authority(area.authority, on), town, area)


def _town(name: str) -> str:
    words = fold(name).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)
