# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of one document for one person: prêt, à signer, attend, bloqué; always with the reasons.

Warn, rarely forbid. What blocks: agreement for that body missing or refused, a withdrawn statement, a third party
neither cleared nor masked, a broken seal, what the body refuses outright, and, for sending only, a missing signature.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import attrs

from hro_desktop.law.procedures import Procedure
from hro_desktop.law.tables import TO_CHECK
from hro_desktop.rules.consents import Gate
from hro_desktop.rules.findings import Finding
from hro_desktop.rules.grammar import of

__all__ = [
    "Facts",
    "Part",
    "Readiness",
    "Subject",
    "assess",
    "field_missing",
    "joint",
    "unmet",
    "unverified_address",
]

State = Literal["pret", "a_signer", "attend", "bloque"]
_ORDER = ("block", "wait", "sign", "warn", "inform")
_STATES: dict[str, State] = {"block": "bloque", "wait": "attend", "sign": "a_signer"}
_MINE = {
    "withdrawn": "Témoignage retiré par son auteur·ice\u00a0: {}. Il ne peut plus être cité ni joint.",
    "witness_refused": "Témoignage refusé ou retiré par {}\u00a0: il ne peut être ni cité ni joint.",
    "broken_seal": "L’empreinte ne correspond plus\u00a0: {}. L’original doit être retrouvé.",
}
_ANSWER = (
    "Le Défenseur des droits agit quand la personne a été avertie et ne s’est pas opposée\u00a0: notez sa réponse, ou "
    "l’exception qui permet de s’en passer, avec sa raison."
)
_OPPOSED = (
    "Le Défenseur des droits n’est pas saisi contre l’avis de la personne, sauf une exception de la loi, notée avec sa "
    "raison et l’identité réduite\u00a0: d’ici là, rien ne sort."
)


@attrs.frozen
class Subject:
    """A record as it is named in a reason."""

    id: str
    label: str


@attrs.frozen(kw_only=True)
class Facts:
    """What is known of one document for one person.

    Args:
        consent: the gate for that body, `None` when no agreement is needed.
        consent_blocks: false for the Défenseur des droits (LO 2011-333 art. 8): nobody has to agree, so the document
            waits until the person was told, or an exception is noted. About somebody who objected it waits for an
            exception, and not even a draft leaves.
        withdrawn: statements cited or joined that their author took back.
        refused: witnesses who refused that this body reads or hears them, or took it back.
        broken_seals: items whose hash no longer matches.
        signed: `None` when nobody has to sign.
        others: findings of other rules: requirements, fields, citations, attestation checks.
    """

    consent: Gate | None = None
    consent_blocks: bool = True
    withdrawn: Sequence[Subject] = ()
    refused: Sequence[Subject] = ()
    broken_seals: Sequence[Subject] = ()
    signed: bool | None = None
    others: Sequence[Finding] = ()


@attrs.frozen
class Part:
    """One document for one person of a referral, with what is known of it; `sex` is m, f or x."""

    document: str
    person: Subject
    sex: str
    facts: Facts


@attrs.frozen
class Readiness:
    """The state and its reasons, gravest first; `state` is a code of the list `readiness_states`."""

    state: State
    findings: tuple[Finding, ...]

    @property
    def may_freeze(self) -> bool:
        """Whether the document can be made final: only what blocks prevents it."""
        return self.state != "bloque"

    @property
    def may_leave(self) -> bool:
        """Whether it can be sent: nothing blocks and no signature is missing."""
        return not any(finding.level in ("block", "sign") for finding in self.findings)


def assess(facts: Facts) -> Readiness:
    """The state of one document for one person."""
    found = sorted([*_own(facts), *facts.others], key=lambda finding: _ORDER.index(finding.level))
    state = _STATES.get(found[0].level, "pret") if found else "pret"
    return Readiness(state, tuple(dict.fromkeys(found)))


def joint(parts: Sequence[Part]) -> tuple[Facts, ...]:
    """What is known of each document for each person, with what blocks the same document for another.

    One referral leaves for all of them, or not at all.
    """
    own = [[each for each in assess(part.facts).findings if each.level == "block"] for part in parts]
    found = []
    for part in parts:
        mine = set(assess(part.facts).findings)
        others = [
            _held_up(other, [each for each in blocking if each not in mine])
            for other, blocking in zip(parts, own, strict=True)
            if other.document == part.document and other.person != part.person and set(blocking) - mine
        ]
        found.append(attrs.evolve(part.facts, others=[*part.facts.others, *others]))
    return tuple(found)


def _held_up(other: Part, blocking: Sequence[Finding]) -> Finding:
    """Why a referral of several people does not leave because of one of them, and how to go without."""
    name, without = other.person.label, {"m": "lui", "f": "elle"}.get(other.sex, "cette personne")
    reasons = " ".join(dict.fromkeys(each.sentence for each in blocking))
    sentence = (
        f"Cette saisine est aussi celle {of(name)}, pour qui elle est bloquée\u00a0: {reasons} Pour la faire partir, "
        f"préparez une saisine sans {without}."
    )
    return Finding("other_party", "block", sentence, blocking[0].source, other.person.id)


def unmet(procedure: Procedure, codes: Collection[str]) -> tuple[Finding, ...]:
    """The requirements of a body that are not met.

    Args:
        procedure: the procedure.
        codes: codes of its requirements that the casework found not met; others are ignored.
    """
    return tuple(
        Finding(need.code, need.level, need.sentence, need.shown_source)
        for need in procedure.requirements
        if need.code in codes
    )


def field_missing(title: str, required: Literal["block", "warn"], field: str) -> Finding:
    """A rubric of a form without a value: what the body refuses outright blocks, the rest warns."""
    return Finding("field_missing", required, f"Rubrique vide\u00a0: {title}.", subject=field)


def unverified_address(name: str) -> Finding:
    """The addressee's address was never checked."""
    return Finding(
        "address_unverified",
        "warn",
        f"L’adresse est à vérifier avant l’envoi\u00a0: {name}.",
        f"lannuaire.service-public.fr ({TO_CHECK})",
    )


def _own(facts: Facts) -> Iterator[Finding]:
    if facts.consent is not None and not facts.consent.open:
        code = f"consent_{facts.consent.state}"
        if facts.consent_blocks:
            yield Finding(code, "block", facts.consent.reason, "RGPD art. 7 et 9")
        elif facts.consent.state in ("refused", "withdrawn"):
            yield Finding(code, "wait", f"{facts.consent.reason} {_OPPOSED}", "Loi organique 2011-333 art. 8")
        else:
            yield Finding(code, "wait", f"{facts.consent.reason} {_ANSWER}", "Loi organique 2011-333 art. 8")
    groups = {
        "withdrawn": facts.withdrawn,
        "witness_refused": facts.refused,
        "broken_seal": facts.broken_seals,
    }
    for code, subjects in groups.items():
        for subject in subjects:
            yield Finding(code, "block", _MINE[code].format(subject.label), subject=subject.id)
    if facts.signed is False:
        yield Finding("signature_missing", "sign", "La signature manque\u00a0: le document ne peut pas partir.")
