# SPDX-License-Identifier: GPL-3.0-or-later
"""When something may go on without somebody's agreement, and how little is then said of that person.

Only the Défenseur des droits may act without the agreement of the person concerned, in three cases (LO 2011-333
art. 8). It is that body's power, not a licence to send it a full identity: the reason is noted and the identity
reduced. No exception ever opens a complaint.
"""

import datetime as dt
from collections.abc import Iterable

import attrs

from hro_desktop.law import vocabulary
from hro_desktop.rules.consents import Gate
from hro_desktop.rules.dates import french_day

__all__ = ["SOURCE", "ConsentException", "ReducedIdentity", "gate", "obstacle", "reduced_identity"]

SOURCE = "Loi organique 2011-333 art. 8"
LEAST = 10
"""Letters of the shortest reason that says anything."""
_OTHER = "Demandez sa réponse, ou notez le cas de la loi qui est le sien."


@attrs.frozen(kw_only=True)
class ConsentException:
    """One decision, as recorded.

    Args:
        body: list `bodies`.
        code: list `consent_exceptions`.
        reason: why, in the words of whoever decided.
        identity_reduced: the referral gives a reduced identity of that person.
        decided_on: empty while nobody has decided.
        adult: the person is known to be an adult.
        identified: the name of the person is known.
    """

    body: str
    code: str
    reason: str
    identity_reduced: bool
    decided_on: dt.date | None = None
    adult: bool = False
    identified: bool = False


@attrs.frozen
class ReducedIdentity:
    """What may be said of a person without agreement: never the nationality, the birth, the address."""

    name: str
    age: str

    @property
    def line(self) -> str:
        """« S. X, mineur·e »."""
        return ", ".join(part for part in (self.name, self.age) if part)


def gate(agreed: Gate, exceptions: Iterable[ConsentException], body: str, on: dt.date) -> Gate:
    """The gate of an agreement, opened by an exception where there is no agreement.

    Args:
        agreed: what `consents.gate` answered for that person, that purpose and that body.
        exceptions: those noted for that person in that referral.
        body: list `bodies`: who it is sent to.
        on: day of the sending.

    Returns:
        `agreed` when it is open; an open gate that names the exception; else `agreed` with the reason why what was
        noted is not enough.
    """
    if agreed.open:
        return agreed
    why = ""
    for each in exceptions:
        if each.body != body:
            continue
        why = obstacle(each, agreed, on)
        if not why:
            label = vocabulary.label("consent_exceptions", each.code)
            assert each.decided_on is not None
            return Gate(
                "granted",
                f"Saisine sans accord, exception notée le {french_day(each.decided_on)}\u00a0: {label} ({SOURCE}). "
                "L’identité est réduite.",
            )
    return Gate(agreed.state, f"{agreed.reason} {why}".rstrip())


def obstacle(exception: ConsentException, agreed: Gate, on: dt.date) -> str:
    """Why an exception does not open the gate, in a sentence; empty when it does."""
    if vocabulary.term("consent_exceptions", exception.code).group != exception.body:
        return (
            "L’exception notée ne permet pas cet envoi\u00a0: seuls les trois cas de la loi organique 2011-333 "
            "(art. 8) le permettent, et seulement devant le Défenseur des droits."
        )
    label = vocabulary.label("consent_exceptions", exception.code)
    if exception.code == "enfant" and exception.adult:
        return f"L’exception notée («\u00a0{label}\u00a0») ne vaut pas\u00a0: la personne est majeure. {_OTHER}"
    if exception.code == "non_identifie" and exception.identified:
        return f"L’exception notée («\u00a0{label}\u00a0») ne vaut pas\u00a0: son nom est connu. {_OTHER}"
    if len("".join(exception.reason.split())) < LEAST:
        return "L’exception notée ne dit pas pourquoi\u00a0: écrivez la raison en une phrase."
    if exception.decided_on is None or exception.decided_on > on:
        return "L’exception notée n’est pas décidée\u00a0: notez qui l’a décidée et quel jour."
    if not exception.identity_reduced:
        return "L’exception notée demande que l’identité soit réduite\u00a0: une lettre et «\u00a0X\u00a0»."
    if agreed.state in ("refused", "withdrawn") and exception.code != "enfant":
        return (
            "L’exception notée ne vaut pas contre un refus\u00a0: la personne a été jointe et s’est opposée, "
            "seul l’intérêt supérieur d’un enfant permet de passer outre."
        )
    return ""


def reduced_identity(given: str, family: str = "", *, minor: bool | None = None, sure: bool = True) -> ReducedIdentity:
    """« S. X », minor or adult when known, and nothing else: the nationality is not given.

    Args:
        given: given names in Latin letters; their first letter is said.
        family: used when there is no given name.
        minor: `None` when nobody knows.
        sure: false for somebody who is perhaps a minor.
    """
    letter = next((mark for mark in f"{given} {family}" if mark.isalpha()), "")
    age = {True: "mineur·e", False: "majeur·e", None: "âge inconnu"}[minor]
    return ReducedIdentity(f"{letter.upper()}. X" if letter else "X", age if sure else f"peut-être {age}")
