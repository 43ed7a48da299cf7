# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each field of an official form: the report shown beside it, in which nothing is left out."""

from typing import Final, Literal

import attrs

from forms.problems import Problem

__all__ = ["Outcome", "Status", "worst"]

Status = Literal["whole", "shrunk", "no_glyph", "overflow", "refused", "kept"]
_ORDER: Final = ("kept", "whole", "shrunk", "no_glyph", "overflow", "refused")

_REFUSALS: Final = {
    "read_only": "le formulaire garde ce champ pour lui",
    "hidden": "ce champ est caché",
    "no_place": "ce champ n’a aucune place sur la page",
    "no_choice": "cette réponse n’existe pas dans le formulaire",
    "which": "il faut dire laquelle des cases cocher",
    "kind": "ce champ attend une autre sorte de valeur",
    "signature": "une signature se donne à la main ou dans un lecteur de PDF",
    "password": "un mot de passe ne s’imprime pas",
    "file": "ce champ attend un fichier",
    "button": "un bouton ne se remplit pas",
    "unknown_field": "ce formulaire n’a pas de champ de ce nom",
    "not_in_edition": "cette édition du formulaire n’a pas cette rubrique",
    "not_multiple": "ce champ n’accepte qu’une réponse",
}


@attrs.frozen
class Outcome:
    """What became of one field.

    Args:
        field: its name.
        status: `whole`: all of it stands there; `shrunk`: smaller than the form wants; `no_glyph`: characters no font
            draws; `overflow`: part of it is not in the field; `refused`: nothing was written; `kept`: no value was
            given, the field shows what it did.
        page: of its first place, from 0.
        size: points the text was set at; 0 without a text.
        smaller: the text is set smaller than the form wants, and all the same part of it may not fit.
        rest: what did not fit.
        missing: characters an empty frame stands for.
        reason: why a value was refused or cut, or `separators`: only the signs between the letters of a value were
            left out, so that it fits its cells.
        continued: number of the page where the rest stands, from 1; 0: nowhere.
        choices: what a refused choice could have been.
    """

    field: str
    status: Status
    page: int = 0
    size: float = 0.0
    smaller: bool = False
    rest: str = attrs.field(default="", repr=False)
    missing: tuple[str, ...] = attrs.field(default=(), repr=False)
    reason: str = ""
    continued: int = 0
    choices: tuple[str, ...] = attrs.field(default=(), repr=False)

    @property
    def lost(self) -> bool:
        """Whether part of the value stands nowhere in the document."""
        return self.status in {"refused", "no_glyph"} or (self.status == "overflow" and not self.continued)

    @property
    def sentence(self) -> str:
        """What to tell the user, without the value itself."""
        match self.status:
            case "whole":
                return "Écrit en entier, sans les signes de séparation." if self.reason else "Écrit en entier."
            case "shrunk":
                return f"Écrit en entier, en plus petit ({_points(self.size)})."
            case "no_glyph":
                return f"Caractères que le programme ne sait pas dessiner\u00a0: {' '.join(self.missing)}"
            case "overflow" if self.continued:
                return f"La suite est page {self.continued}."
            case "overflow" if self.reason == "parts":
                return "Ce n’est ni une date ni une heure entière : le formulaire n’a de cases que pour cela."
            case "overflow":
                limit = " que le formulaire accepte" if self.reason == "max_length" else ""
                return f"Trop long\u00a0: {len(self.rest.strip())} caractères ne tiennent pas dans la place{limit}."
            case "refused":
                named = f" ({', '.join(self.choices[:12])})" if self.choices else ""
                return f"Pas écrit\u00a0: {_REFUSALS.get(self.reason, self.reason)}{named}."
            case _:
                return "Rien à écrire\u00a0: le champ reste comme il était."

    def problems(self) -> list[Problem]:
        """The same as remarks on the document."""
        made = []
        if self.status == "refused":
            made.append(Problem(self.field, "refused", "block", {"reason": self.reason}))
        if self.rest.strip() and not self.continued:
            made.append(Problem(self.field, "overflow", "block", {"characters": len(self.rest)}))
        if self.continued:
            made.append(Problem(self.field, "continued", "info", {"page": self.continued}))
        if self.missing:
            made.append(Problem(self.field, "no_glyph", "warn", {"characters": "".join(self.missing)}))
        if self.smaller:
            made.append(Problem(self.field, "shrunk", "info", {"size": str(self.size)}))
        return made


def _points(size: float) -> str:
    return f"{size:.1f}".rstrip("0").rstrip(".").replace(".", ",") + "\u00a0points"


def worst(outcomes: list[Outcome]) -> Outcome:
    """Of the places of one field, the one where it went worst; of equal ones the first."""
    return max(outcomes, key=lambda outcome: _ORDER.index(outcome.status))
