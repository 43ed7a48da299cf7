# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that agree with the people of a letter, as plain data for its template.

A person is m, f or x. The masculine is never used for a mixed group: as soon as the members differ, or one of them is
x, the group is « les personnes plaignantes » and agrees with « personnes ».
"""

from collections.abc import Sequence
from typing import Literal

__all__ = [
    "Minority",
    "agreement",
    "counted",
    "joined",
    "of",
    "of_town",
    "party_words",
    "person_words",
    "under_age",
    "witness_words",
]

Agreement = Literal["m", "f", "x", "ms", "fs", "xs"]
Minority = Literal["born", "says", "maybe"]
"""How surely somebody is under age: by the date of birth, by what they say, or perhaps."""
_COLUMNS: tuple[Agreement, ...] = ("m", "f", "x", "ms", "fs", "xs")

# One line per word: m, f, x, several m, several f, several mixed or x.
_PARTY = {
    "plaignant": (
        "plaignant", "plaignante", "personne plaignante", "plaignants", "plaignantes", "personnes plaignantes",
    ),
    "le_plaignant": (
        "le plaignant", "la plaignante", "la personne plaignante",
        "les plaignants", "les plaignantes", "les personnes plaignantes",
    ),
    "du_plaignant": (
        "du plaignant", "de la plaignante", "de la personne plaignante",
        "des plaignants", "des plaignantes", "des personnes plaignantes",
    ),
    "au_plaignant": (
        "au plaignant", "à la plaignante", "à la personne plaignante",
        "aux plaignants", "aux plaignantes", "aux personnes plaignantes",
    ),
    "titre_plaignant": (
        "Plaignant", "Plaignante", "Personne plaignante", "Plaignants", "Plaignantes", "Personnes plaignantes",
    ),
    "titre_concerne": (
        "Personne concernée", "Personne concernée", "Personne concernée",
        "Personnes concernées", "Personnes concernées", "Personnes concernées",
    ),
    "je_soussigne": (
        "Je soussigné", "Je soussignée", "Je, signataire de la présente",
        "Nous soussignés", "Nous soussignées", "Nous, signataires de la présente",
    ),
    "il": ("il", "elle", "la personne plaignante", "ils", "elles", "elles"),
    "ne": ("né", "née", "né·e", "nés", "nées", "né·es"),
    "domicilie": ("domicilié", "domiciliée", "domicilié·e", "domiciliés", "domiciliées", "domicilié·es"),
    "assiste": ("assisté", "assistée", "assisté·e", "assistés", "assistées", "assisté·es"),
    "represente": ("représenté", "représentée", "représenté·e", "représentés", "représentées", "représenté·es"),
    "informe": ("informé", "informée", "informé·e", "informés", "informées", "informé·es"),
    "oppose": ("opposé", "opposée", "opposé·e", "opposés", "opposées", "opposé·es"),
    "mineur": ("mineur", "mineure", "personne mineure", "mineurs", "mineures", "personnes mineures"),
}  # fmt: skip
# Words that only depend on how many write.
_VOICE = {
    "j_ai": ("J’ai", "Nous avons"),
    "je_demande": ("Je demande", "Nous demandons"),
    "je_vous_demande": ("je vous demande", "nous vous demandons"),
    "je_sollicite": ("Je sollicite", "Nous sollicitons"),
    "je_joins": ("Je joins", "Nous joignons"),
    "je_declare": ("Je déclare", "Nous déclarons"),
    "je_vous_prie": ("Je vous prie", "Nous vous prions"),
    "je_me_tiens": ("Je me tiens", "Nous nous tenons"),
    "me": ("me", "nous"),
    "m_en": ("m’en", "nous en"),
    "ma": ("ma", "notre"),
    "mon": ("mon", "notre"),
    "mes": ("mes", "nos"),
}
_PERSON = ("plaignant", "le_plaignant", "du_plaignant", "au_plaignant", "titre_plaignant", "il", "ne", "domicilie",
           "assiste", "represente", "informe", "oppose", "mineur")  # fmt: skip
_WITNESS = {
    "soussigne": ("soussigné", "soussignée", "soussigné·e"),
    "temoin": ("le témoin", "la témoin", "la personne témoin"),
    "ne": ("né", "née", "né·e"),
    "informe": ("informé", "informée", "informé·e"),
}


def agreement(sexes: Sequence[str]) -> Agreement:
    """How a group agrees; an unknown sex counts as x.

    Raises:
        ValueError: nobody is in the group.
    """
    if not sexes:
        raise ValueError("grammar.nobody")
    kinds = {sex if sex in ("m", "f") else "x" for sex in sexes}
    kind = kinds.pop() if len(kinds) == 1 else "x"
    return _COLUMNS[("m", "f", "x").index(kind) + (3 if len(sexes) > 1 else 0)]


def party_words(sexes: Sequence[str]) -> dict[str, str]:
    """Words for the complainants who sign one letter together."""
    column = _COLUMNS.index(agreement(sexes))
    words = {key: forms[column] for key, forms in _PARTY.items()}
    return words | {key: forms[len(sexes) > 1] for key, forms in _VOICE.items()}


def person_words(sex: str) -> dict[str, str]:
    """Words for one complainant named inside a letter."""
    column = _COLUMNS.index(agreement([sex]))
    return {key: _PARTY[key][column] for key in _PERSON}


def under_age(sex: str, how: Minority) -> str:
    """« mineure », « se dit mineur », « peut-être mineur·e »: no more than is known."""
    if how == "born":
        return person_words(sex)["mineur"]
    said = {"m": "mineur", "f": "mineure"}.get(sex, "mineur·e")
    return f"se dit {said}" if how == "says" else f"peut-être {said}"


def witness_words(sex: str) -> dict[str, str]:
    """Words for the author of an attestation."""
    column = _COLUMNS.index(agreement([sex]))
    return {key: forms[column] for key, forms in _WITNESS.items()}


def counted(number: int, noun: str) -> str:
    """« 1 pièce », « 3 pièces »: regular nouns only."""
    return f"{number}\u00a0{noun}{'s' if number > 1 else ''}"


def joined(items: Sequence[str]) -> str:
    """« a », « a et b », « a, b et c »."""
    return f"{', '.join(items[:-1])} et {items[-1]}" if len(items) > 1 else "".join(items)


_OF_ARTICLE = {"Le": "du", "Les": "des"}


def of_town(name: str) -> str:
    """« de Calais », « d’Arques », « du Portel », « des Attaques », « de La Rochelle »."""
    article, _, rest = name.partition(" ")
    return f"{_OF_ARTICLE[article]} {rest}" if rest and article in _OF_ARTICLE else of(name)


def of(name: str) -> str:
    """« d’Amina », « de Selam »."""
    return f"d’{name}" if name[0].casefold() in "aeiouyéèêëàâîïôûœæ" else f"de {name}"
