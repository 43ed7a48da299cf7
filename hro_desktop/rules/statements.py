# SPDX-License-Identifier: GPL-3.0-or-later
"""What weakens an attestation (CPC 199 to 203) and what cannot be one.

The forms of art. 202 are not prescribed on pain of nullity (Civ. 1re, 8/7/2020, n° 19-12.207): defects are warnings.
Nothing here writes or changes a witness's words.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Literal

import attrs

from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.findings import Finding

__all__ = ["EVERY_BODY", "AttestationFacts", "Point", "check", "checklist", "proper_kind", "refusal"]

ART_202 = "Code de procédure civile, art. 202"
EVERY_BODY = ("*",)
_HEARSAY = re.compile(
    r"\b(?:on m’a (?:dit|raconté|rapporté|expliqué)|(?:il|elle|ils|elles) m’(?:a|ont) (?:dit|raconté|rapporté)"
    r"|j’ai entendu dire|j’ai appris que|il para[iî]t que|para[iî]t-il|apparemment|selon (?:mes|mon|ma|des|les|un|une)"
    r"|d’après (?:mes|mon|ma|des|les|un|une|ce que)|un ami m’a|quelqu’un m’a)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:je (?:pense|crois|suppose|suis sûre? )|à mon avis|selon moi|sans doute|probablement"
    r"|illéga(?:l|le|les|ux)|illégalement|violences illégitimes|arbitraires?|abus de pouvoir|racistes?|torture[sr]?"
    r"|criminel(?:s|le|les)?|honteu(?:x|se)|scandaleu(?:x|se)|salauds?|connards?)\b",
    re.IGNORECASE,
)
_LINKS = {
    "kinship": "lien de parenté ou d’alliance",
    "subordination": "lien de subordination",
    "interests": "collaboration ou communauté d’intérêts",
}


@attrs.frozen(kw_only=True)
class AttestationFacts:
    """What is known of one statement and its author on the day the paper is made.

    Args:
        on: day of the paper.
        author_is_complainant: the author is a complainant of the case or referral it is for.
        kind: list `statement_kinds`, as it was taken.
        born: birth of the author.
        declared_minor: what the author says, when asked.
        identity: the rubrics of art. 202 al. 2 by their French title; an empty value is missing.
        kinship: declared link, `None` when not asked; same for the two others.
        in_association: the author is a volunteer or an employee of an association of the case.
        language: language of the account, a code of the list `languages`.
        original_text: the account in that language.
        french_text: the account in French.
        interpreter: somebody interpreted.
        read_back: it was read back to the author.
        handwritten: the facts will be, or are, in the author's own hand.
        identity_document: a copy of an identity document is attached.
        withdrawn: the author took the statement back.
        author: as shown.
        refused: bodies that the author refused to have the statement given to, as shown; `EVERY_BODY` for all of them.
        taken_back: the same after an agreement.
    """

    on: dt.date
    author_is_complainant: bool
    born: PartialDate
    kind: str = "attestation"
    declared_minor: bool | None = None
    identity: Mapping[str, str] = attrs.field(factory=dict)
    kinship: bool | None = None
    kinship_detail: str = ""
    subordination: bool | None = None
    subordination_detail: str = ""
    interests: bool | None = None
    interests_detail: str = ""
    in_association: bool = False
    language: str = "fr"
    original_text: str = ""
    french_text: str = ""
    interpreter: bool = False
    read_back: bool = False
    handwritten: bool = False
    identity_document: bool = False
    withdrawn: bool = False
    author: str = "Cette personne"
    refused: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()


def proper_kind(facts: AttestationFacts) -> Literal["recit", "attestation", "declaration"]:
    """What this statement can be: an account, an attestation, or a declaration somebody collects."""
    if facts.author_is_complainant:
        return "recit"
    return "declaration" if _minor(facts) is True else "attestation"


def refusal(facts: AttestationFacts) -> Finding | None:
    """Why no attestation can be made of it, if so."""
    kind = proper_kind(facts)
    if kind == "recit":
        return Finding(
            "own_account",
            "block",
            "Cette personne est plaignante dans ce dossier\u00a0: son texte est un récit, pas une attestation.",
            "Code de procédure civile, art. 199 (déclaration d’un tiers)",
        )
    if kind == "declaration":
        return Finding(
            "minor_author",
            "block",
            "Cette personne est mineure\u00a0: pas d’attestation, mais une déclaration recueillie par un adulte.",
            "Code de procédure civile, art. 201 et 205",
        )
    if facts.withdrawn:
        return Finding("withdrawn", "block", "Cette personne a retiré son témoignage\u00a0: il ne peut plus servir.")
    if facts.kind == "recit":
        return Finding(
            "account_kind",
            "block",
            "Ce texte est un récit, pas une attestation\u00a0: si cette personne est témoin et veut attester, "
            "enregistrez une attestation à son nom, avec ses liens avec les parties, et relisez-la avec elle.",
            ART_202,
        )
    return None


def check(facts: AttestationFacts) -> tuple[Finding, ...]:
    """Everything to know before the paper is printed: the refusal alone, or what would weaken it."""
    refused = refusal(facts)
    if refused is not None:
        return (refused,)
    return (
        *_identity(facts),
        *_links(facts),
        *_account(facts),
        *_language(facts),
        *_paper(facts),
        *_agreement(facts),
    )


@attrs.frozen
class Point:
    """One point of art. 202 CPC: met, or what to do.

    Args:
        code: stable name.
        title: what the text asks for.
        todo: what to do, one sentence each; nothing when it is met.
        source: the text.
    """

    code: str
    title: str
    todo: tuple[str, ...]
    source: str

    @property
    def met(self) -> bool:
        """Whether nothing is to be done."""
        return not self.todo


_POINTS = (
    ("author", "Une personne majeure, qui n’est pas plaignante dans ce dossier", "Code de procédure civile, art. 199"),
    ("identity", "Nom, prénoms, naissance, profession, demeure", f"{ART_202}, al. 2"),
    ("kinship", "Lien de parenté ou d’alliance avec une partie\u00a0: demandé", f"{ART_202}, al. 2"),
    ("subordination", "Lien de subordination avec une partie\u00a0: demandé", f"{ART_202}, al. 2"),
    ("interests", "Collaboration ou communauté d’intérêts avec une partie\u00a0: demandée", f"{ART_202}, al. 2"),
    ("account", "Des faits vus ou entendus en personne, sans avis", f"{ART_202}, al. 1"),
    ("language", "Le texte dans la langue de la personne, et en français", ART_202),
    ("read_back", "Relu à la personne dans sa langue", ART_202),
    ("hand", "Écrit, daté et signé de la main de la personne", f"{ART_202}, al. 4"),
    ("document", "Copie d’un document d’identité portant sa signature", f"{ART_202}, al. 4"),
    ("agreement", "La personne n’a refusé à aucun organisme que son témoignage lui soit remis", "RGPD art. 6 et 9"),
)
_POINT_OF = {
    "identity_missing": "identity",
    "minor_possible": "author",
    "kinship_unasked": "kinship",
    "kinship_detail": "kinship",
    "subordination_unasked": "subordination",
    "subordination_detail": "subordination",
    "interests_unasked": "interests",
    "interests_detail": "interests",
    "association_link": "interests",
    "account_empty": "account",
    "hearsay": "account",
    "opinion": "account",
    "original_missing": "language",
    "translation_missing": "language",
    "read_back_missing": "read_back",
    "identity_document": "document",
    "testimony_refused": "agreement",
}
UNSIGNED = "Imprimez l’attestation, faites-la écrire ou signer, puis joignez le scan signé."


def checklist(facts: AttestationFacts, *, signed: bool) -> tuple[Point, ...]:
    """Each point of art. 202 for an attestation, in the order of the text, with what to do about those not met.

    Args:
        facts: what is known of it.
        signed: the signed paper is in the vault.
    """
    todo: dict[str, list[str]] = {code: [] for code, _, _ in _POINTS}
    refused = refusal(facts)
    if refused is not None:
        todo["author"].append(refused.sentence)
    for each in (*_identity(facts), *_links(facts), *_account(facts), *_language(facts)):
        todo[_POINT_OF[each.code]].append(each.sentence)
    if not signed:
        todo["hand"].append(UNSIGNED)
    if not facts.identity_document:
        todo["document"].append("Joignez-la ou choisissez-la dans «\u00a0Copie de la pièce d’identité\u00a0».")
    todo["agreement"] += [each.sentence for each in _agreement(facts)]
    return tuple(Point(code, title, tuple(todo[code]), source) for code, title, source in _POINTS)


def _minor(facts: AttestationFacts) -> bool | None:
    """By the birth date when it decides, else by what the person says, else unknown."""
    by_birth = facts.born.is_minor_on(facts.on)
    return facts.declared_minor if by_birth is None else by_birth


def _identity(facts: AttestationFacts) -> Iterator[Finding]:
    for title, value in facts.identity.items():
        if not value.strip():
            yield _warn("identity_missing", f"Il manque\u00a0: {title}.")
    if facts.born.known and _minor(facts) is None:
        yield _warn(
            "minor_possible",
            "Cette personne peut être mineure\u00a0: il faudrait alors une déclaration recueillie.",
            "Code de procédure civile, art. 201 et 205",
        )


def _links(facts: AttestationFacts) -> Iterator[Finding]:
    for name, title in _LINKS.items():
        declared: bool | None = getattr(facts, name)
        detail: str = getattr(facts, f"{name}_detail")
        if declared is None:
            yield _warn(f"{name}_unasked", f"La déclaration sur ce point manque\u00a0: {title} avec une partie.")
        elif declared and not detail.strip():
            yield _warn(f"{name}_detail", f"À préciser\u00a0: {title} avec une partie.")
    if facts.in_association and not facts.subordination and not facts.interests:
        yield _warn(
            "association_link",
            "Cette personne agit avec l’association\u00a0: déclarez la collaboration («\u00a0bénévole…\u00a0»).",
        )


def _account(facts: AttestationFacts) -> Iterator[Finding]:
    text = facts.french_text.replace("'", "’")
    if not text.strip():
        if not facts.handwritten:
            yield Finding("account_empty", "wait", "Les faits ne sont pas encore écrits.", ART_202)
        return
    hearsay = _found(_HEARSAY, text)
    if hearsay:
        yield _warn(
            "hearsay", f"À relire, peut-être entendu d’une autre personne\u00a0: {hearsay}.", f"{ART_202}, al. 1"
        )
    opinion = _found(_OPINION, text)
    if opinion:
        yield _warn("opinion", f"À relire, un avis ou une qualification plutôt qu’un fait\u00a0: {opinion}.")


def _language(facts: AttestationFacts) -> Iterator[Finding]:
    if facts.language != "fr":
        if not facts.original_text.strip():
            yield _warn(
                "original_missing", "Le texte dans la langue de la personne manque\u00a0: c’est la meilleure preuve."
            )
        if facts.original_text.strip() and not facts.french_text.strip():
            yield _warn("translation_missing", "La traduction en français manque.")
    if (facts.interpreter or facts.language != "fr") and not facts.read_back:
        yield _warn(
            "read_back_missing", "Rien ne dit que le texte a été relu à la personne dans sa langue avant la signature."
        )


def _paper(facts: AttestationFacts) -> Iterator[Finding]:
    if not facts.handwritten:
        yield _warn(
            "typed",
            "Les faits sont dactylographiés\u00a0: le texte demande la main de la personne. Le juge apprécie.",
            f"{ART_202}, al. 4",
        )
    if not facts.identity_document:
        yield _warn(
            "identity_document",
            "La copie d’un document d’identité portant la signature n’est pas jointe.",
            f"{ART_202}, al. 4",
        )


def _agreement(facts: AttestationFacts) -> Iterator[Finding]:
    """Signing is the author's choice, handing over is another: who refused is told before the paper is printed."""
    for bodies, did in ((facts.refused, "a refusé"), (facts.taken_back, "a retiré son accord pour")):
        if bodies:
            to = f"à {'ces organismes' if len(bodies) > 1 else 'cet organisme'}\u00a0: {', '.join(bodies)}"
            if bodies == EVERY_BODY:
                to = "à quelque organisme que ce soit"
            yield _warn(
                "testimony_refused", f"{facts.author} {did} que son témoignage soit remis {to}.", "RGPD art. 6 et 9"
            )


def _found(words: re.Pattern[str], text: str) -> str:
    found = dict.fromkeys(match.strip().casefold() for match in words.findall(text))
    return ", ".join(f"«\u00a0{word}\u00a0»" for word in found)


def _warn(code: str, sentence: str, source: str = f"{ART_202}, al. 2") -> Finding:
    return Finding(code, "warn", sentence, source)
