# SPDX-License-Identifier: GPL-3.0-or-later
"""The columns of the list of cases: one narrow one a procedure, what falls due, who was heard of last."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from hro_desktop.casework.case_filters import SILENT
from hro_desktop.casework.cases import CaseRow
from hro_desktop.law import procedures
from hro_desktop.law.procedures import Procedure
from ui.models.paged_table import Column
from ui.words import short_date, short_day, soon

__all__ = ["columns"]

_SHORT: Final = {
    "classee": "classée",
    "silence_3_mois": "3 mois, rien",
    "recours_pg": "recours PG",
    "pcpc_deposee": "PCPC",
    "consignation_fixee": "consignation",
    "information": "information",
    "alternative": "alternative",
    "accusee": "accusé",
    "saisine_recue": "accusé",
    "complements_demandes": "compléments",
    "recevabilite": "recevabilité",
    "attente_accord_parquet": "parquet",
    "recommandations": "recomm.",
    "note_recapitulative": "note récap.",
    "reglement_amiable": "amiable",
    "saisine_disciplinaire": "disciplinaire",
    "observations_justice": "observations",
    "cloture": "clôturée",
    "abandon_victime": "arrêtée",
    "victime_injoignable": "injoignable",
}
"""States whose words are too long for a narrow column; pointed at, they are said in full."""
_PLAIN: Final = ("a_evaluer", "consentement_recu", "en_redaction", "cloture", "close", "abandon_victime")
_CHIPS: Final = {
    **dict.fromkeys(_PLAIN, "plain"),
    **dict.fromkeys(("prete", "classee", "silence_3_mois", "non_lieu", "complements_demandes"), "warn"),
    **dict.fromkeys(("attente_accord_parquet", "victime_injoignable"), "warn"),
    **dict.fromkeys(("poursuites", "renvoi", "jugee", "alternative", "recommandations"), "ok"),
    **dict.fromkeys(("reglement_amiable", "saisine_disciplinaire", "observations_justice", "orientee"), "ok"),
    **dict.fromkeys(("pcpc_deposee", "consignation_fixee", "information", "recours_pg"), "violet"),
}
_KINDS: Final = {
    "perte_preuve": "images",
    "echeance_legale": "prescription",
    "ouverture_droit": "droit ouvert",
    "rappel_interne": "rappel",
}
_ROOMS: Final = (0, 965, 1065, 865, 1262)
"""Width of the list from which each procedure has its column: those one turns to most stay longest."""
_FAR, _NEAR = 60, 7
"""Days: up to which one counts them, and up to which they press."""


def columns(today: Callable[[], dt.date]) -> Sequence[Column[CaseRow]]:
    """All of them; `today` says how far a day is."""
    return (
        Column("Dossier", lambda each: each.reference, width=112, sort="reference"),
        Column("Personne", lambda each: each.pseudonym, width=112, strong=True, sort="person"),
        Column("Nom", _name, width=148, private=True, name="name"),
        *(_stage(row, at) for at, row in enumerate(procedures.procedures())),
        Column(
            "Échéance",
            lambda each: _due(each, today()),
            width=152,
            chip=lambda each: _pressing(each, today()),
            sort="due",
            told=lambda each: f"{each.due.kind_label}\u00a0: {each.due.what}" if each.due else "aucune échéance",
        ),
        Column(
            "Dernier contact",
            lambda each: _contact(each, today()),
            width=158,
            room=765,
            chip=lambda each: "warn" if _silent(each, today()) else "",
            sort="contact",
            told=lambda each: _contact_told(each, today()),
        ),
        Column("Suivi par", lambda each: each.in_charge or "—", width=84, room=1168, sort="charge"),
        Column("Derniers faits", _facts, width=210, room=1490, sort="facts"),
        Column("Ouvert le", lambda each: short_day(each.opened_on) or "—", width=112, room=1600, sort="opened"),
        Column("Groupe", lambda each: each.group or "—", width=140, room=1745, name="group"),
    )


def _name(each: CaseRow) -> str:
    return " · ".join(part for part in (each.name, "mineur·e" if each.minor else "") if part) or "—"


def _facts(each: CaseRow) -> str:
    return " · ".join(part for part in (each.facts_kind, each.facts_on) if part) or "—"


def _stage(row: Procedure, at: int) -> Column[CaseRow]:
    """The column of one procedure."""
    return Column(
        row.short,
        partial(_word, row),
        width=100,
        room=_ROOMS[at] if at < len(_ROOMS) else 1850,
        chip=partial(_chip, row),
        sort=f"state:{row.code}",
        told=lambda each: f"{row.label}\u00a0: {each.state(row.code) or 'aucune'}",
    )


def _word(row: Procedure, each: CaseRow) -> str:
    return _SHORT.get(each.stage(row.code), each.state(row.code)) or "—"


def _chip(row: Procedure, each: CaseRow) -> str:
    reached = each.stage(row.code)
    return _CHIPS.get(reached, "brand") if reached else ""


def _due(each: CaseRow, today: dt.date) -> str:
    """« aujourd’hui · images », « dans 4 j · rappel », « 8 janv. 2027 · prescription », « droit ouvert »."""
    if each.due is None:
        return "—"
    kind = _KINDS[each.due.kind]
    if each.due.kind == "ouverture_droit" and each.due.day <= today:
        return kind
    day = each.due.act_on  # images are asked for today, whenever they are erased
    far = abs((day - today).days)
    when = "aujourd’hui" if not far else soon(day, today) if far <= _FAR else short_date(day, today)
    return f"{when} · {kind}"


def _pressing(each: CaseRow, today: dt.date) -> str:
    if each.due is None:
        return ""
    if each.due.kind == "ouverture_droit":
        return "warn" if each.due.day <= today else "brand"
    days = (each.due.day - today).days
    return "late" if days <= _NEAR else "warn" if days <= _FAR else "brand"


def _silent(each: CaseRow, today: dt.date) -> bool:
    return bool(each.contacted_on) and (today - dt.date.fromisoformat(each.contacted_on)).days > SILENT


def _contact(each: CaseRow, today: dt.date) -> str:
    if not each.contacted_on:
        return "aucun contact"
    day = short_date(dt.date.fromisoformat(each.contacted_on), today)
    return f"sans nouvelles, {day}" if _silent(each, today) else day


def _contact_told(each: CaseRow, today: dt.date) -> str:
    if not each.contacted_on:
        return "aucun contact noté"
    since = "sans nouvelles depuis le" if _silent(each, today) else "dernier contact le"
    return f"{since} {short_day(each.contacted_on)}"
