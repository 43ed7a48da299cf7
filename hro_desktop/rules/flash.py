# SPDX-License-Identifier: GPL-3.0-or-later
"""What a quick sheet says in marks and loose words, as the codes that records hold; a doubt stays a doubt."""

import re
from collections.abc import Collection
from typing import Final

from hro_desktop.law.tables import fold

__all__ = ["contact_of", "forces_of", "harms_of", "kind_of"]

_KINDS: Final = {
    "blessee": "violences",
    "gaz": "gaz",
    "arrestation": "interpellation",
    "affaires": "biens",
    "insultes": "insultes",
}
"""The kind of facts by the gravest mark."""
_HARMS: Final = {
    "blessee": "physique",
    "arrestation": "liberte",
    "affaires": "biens",
    "insultes": "dignite",
}
_FORCES: Final = {
    "police_municipale": r"police municipale|municipaux",
    "paf": r"paf|police (?:aux|des) frontieres",
    "crs": r"crs",
    "bac": r"bac",
    "cdi": r"cdi",
    "gendarmerie_mobile": r"gendarm\w* mobiles?|mobiles",
    "psig": r"psig",
    "gendarmerie": r"gendarm\w*",
    "douane": r"douan\w*",
    "securite_privee": r"securite privee|vigiles?",
    "nettoyage": r"nettoyage|apc",
    "commissaire_de_justice": r"commissaire de justice|huissiere?s?",
    "prefecture": r"prefecture|prefete?",
    "police": r"police(?: nationale)?|policiere?s?|flics?",
}
"""How each force is called, the most precise first: what is read of one is not read again for another."""
_DOUBT: Final = re.compile(r"\b(?:sa[iu][st]? pas|sais pas|peut etre|ou|inconnue?s?|pas sure?)\b")
_NONE: Final = re.compile(r"(?:aucune?|personne|pas de (?:police|force))(?: force)?")
_WAYS: Final = {
    "whatsapp": r"whats ?app",
    "signal": r"signal",
    "telegram": r"telegram",
    "reseau_social": r"facebook|fb|messenger|insta\w*|tiktok|snap\w*",
    "relais": r"par|via|demander",
}


def kind_of(marks: Collection[str]) -> str:
    """The kind of facts (list `incident_kinds`)."""
    return next((kind for mark, kind in _KINDS.items() if mark in marks), "autre")


def harms_of(marks: Collection[str]) -> tuple[str, ...]:
    """What was suffered (list `harms`), in a fixed order; gas alone says nothing of an injury."""
    return tuple(harm for mark, harm in _HARMS.items() if mark in marks)


def forces_of(words: str) -> tuple[str, ...]:
    """The forces in loose words (list `forces`): several, none, or `inconnue` as soon as there is a doubt."""
    text = fold(words)
    if not text or _NONE.fullmatch(text):
        return ()
    found = []
    for code, pattern in _FORCES.items():
        text, count = re.subn(rf"\b(?:{pattern})\b", " ", text)
        if count:
            found.append(code)
    if not found or "?" in words or _DOUBT.search(text):
        return ("inconnue",)
    return tuple(found)


def contact_of(words: str) -> str:
    """The means in « WhatsApp +44… » (list `contact_kinds`)."""
    text = fold(words)
    named = next((code for code, pattern in _WAYS.items() if re.search(rf"\b(?:{pattern})\b", text)), "")
    if named:
        return named
    if re.search(r"\S@\S+\.\S", words):
        return "courriel"
    return "telephone" if sum(character.isdigit() for character in words) >= 6 else "autre"
