# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts as somebody reported them, in sentences that say who, when and where: « Selon Mme C. D. … ».

Nothing is affirmed without its source: an accusation that proves false is an offence of its own (CP 226-10).
"""

import re
from collections.abc import Iterable

import attrs

from hro_desktop.law import vocabulary
from hro_desktop.rules import grammar
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.findings import Finding

__all__ = ["Assertion", "Told", "is_rio", "no_blow", "tell", "tell_all", "tell_harm", "unit_count"]

RIO = re.compile(r"[0-9]{7}")
"""Seven digits (arrêté of 24 December 2013)."""

_TOLD = {
    "recit": "récit",
    "attestation": "attestation",
    "declaration": "déclaration recueillie",
    "observation": "notes d’observation",
}
_SEEN = {
    "photo": ("la photo", "voit"),
    "video": ("la vidéo", "voit"),
    "son": ("l’enregistrement sonore", "entend"),
}
CERTIFICATE = "certificat"
# What the words of a witness become after « Selon … ». A thing named with its article makes a sentence that agrees with
# it; any other wording stands as it was given, after a noun that says nothing of number.
_SAID = {
    "force": "force présente\u00a0: {}",
    "unite": "unité présente\u00a0: {}",
    "vehicule": "véhicule noté\u00a0: {}",
    "arme": "moyen de force employé\u00a0: {}",
    "paroles": "ces paroles ont été prononcées\u00a0: «\u00a0{}\u00a0»",
    "blessure": "la blessure{about} est décrite ainsi\u00a0: {}",
    "camera": "caméra vue sur place\u00a0: {}",
    "autre": "{}",
}
_AGREED = {
    "vehicule": {"un": "{} était présent", "une": "{} était présente"},
    "arme": {"un": "{} a été employé", "une": "{} a été employée"},
}
_UNKNOWN = re.compile(r"(?:force |unité )?(?:inconnue?|non identifiée?|indéterminée?|\?)", re.I)
_RIO_SAID = {
    "releve": "un agent portait le RIO {}",
    "illisible": "aucun numéro RIO n’a pu être lu",
    "absent": "aucun numéro RIO n’était visible",
    "masque": "le RIO d’un agent était masqué",
    "refuse": "un agent a refusé de donner son RIO",
}
_RIO_SEEN = {
    "releve": "le RIO {}",
    "illisible": "un agent dont le RIO est illisible",
    "absent": "un agent sans RIO visible",
    "masque": "un agent dont le RIO est masqué",
}
# What a picture or a recording can show by itself; the rest is somebody's word and needs who said it.
_SHOWS = {
    "photo": {"force", "unite", "rio", "vehicule", "arme", "blessure", "camera", "autre"},
    "video": {"force", "unite", "rio", "vehicule", "arme", "blessure", "camera", "coups", "paroles", "autre"},
    "son": {"paroles", "coups", "autre"},
}
# Above it a number is written all the same, but a slip of the hand is more likely.
_MOST = {"coups": 100, "itt": 365}
_BOUNDS = {"au_moins": "au moins ", "environ": "environ "}
_WORDS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize",
)  # fmt: skip
_QUOTED = re.compile(r"^[«“\"]\s*([^«»“”\"]*?)\s*[»”\"]$")
"""Words in quotation marks from end to end."""
_MEDICAL = re.compile(r"\b(ecchymose|hématome|fracture|contusion|lésion|entorse|érythème|dermabrasion)s?\b", re.I)


@attrs.frozen(kw_only=True)
class Assertion:
    """One fact somebody reported.

    Args:
        kind: list `assertion_kinds`.
        source: what it is read, seen or heard in: `recit`, `attestation`, `declaration`, `observation`, `certificat`,
            `photo`, `video`, `son`; empty when nobody noted it.
        value: as reported: a unit, seven digits, a number of blows or of days, words.
        status: list `assertion_statuses`.
        detail: a precision, as reported.
        said_by: who says so, as shown (« Mme C. D. »); needed for what is told.
        heard_from: whom its author heard it from, as shown, when somebody else than the author says it there.
        said_on: when it was said, certified or filmed.
        about: whom it concerns, as shown.
        citation: marker of the exhibit, `[[piece:…]]`, or nothing.
        id: of its record.
    """

    kind: str
    source: str
    value: str = ""
    status: str = ""
    detail: str = ""
    said_by: str = ""
    heard_from: str = ""
    said_on: PartialDate | None = None
    about: str = ""
    citation: str = ""
    id: str = ""


@attrs.frozen
class Told:
    """The sentence of an assertion, or none, and what is wrong with it."""

    sentence: str
    findings: tuple[Finding, ...]


def is_rio(text: str) -> bool:
    """Whether a text is a RIO: seven digits and nothing else."""
    return RIO.fullmatch(text) is not None


def unit_count(number: int, noun: str) -> str:
    """« six jours », « un coup », « 23 jours »: regular nouns only."""
    word = _WORDS[number] if number < len(_WORDS) else str(number)
    return f"{word} {noun}{'s' if number > 1 else ''}"


def tell(assertion: Assertion) -> Told:
    """The sentence for one assertion; no sentence when its source or its form is missing."""
    fault = _fault(assertion)
    if fault:
        return Told("", (fault,))
    if assertion.kind in ("force", "unite") and _UNKNOWN.fullmatch(assertion.value.strip()):
        return Told("", ())  # what nobody could tell is not a fact to report
    if assertion.source == CERTIFICATE:
        sentence = _certified(assertion)
    elif assertion.source in _SEEN:
        sentence = _shown(assertion)
    else:
        sentence = _told(assertion)
    return Told(_period(sentence), _remarks(assertion))


def tell_all(assertions: Iterable[Assertion]) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """The sentences that can be written, in order, and everything wrong with the others."""
    told = [tell(assertion) for assertion in assertions]
    return (
        tuple(one.sentence for one in told if one.sentence),
        tuple(finding for one in told for finding in one.findings),
    )


def tell_harm(assertion: Assertion) -> Told:
    """The sentence for what somebody suffered: what kind of harm (`detail`), then the words noted of it (`value`).

    They are that person's only in an account that says them; else the association noted them, and nobody reports.
    """
    note = assertion.value.strip().removesuffix(".")
    what = ", ".join(part for part in (assertion.detail, note) if part)
    if assertion.source in _TOLD:
        sentence = f"Selon {assertion.said_by} ({_reference(_TOLD[assertion.source], assertion)})\u00a0: "
        return Told(_period(f"{sentence}{_value(assertion)}{_detail(assertion)}"), ())
    whose = grammar.of(assertion.said_by)
    text = f"Le préjudice {whose} est noté sans récit qui le rapporte («\u00a0{what}\u00a0»)."
    found = Finding("harm_unsourced", "warn", text, subject=assertion.id)
    return Told(_period(f"Préjudice noté pour {assertion.said_by}\u00a0: {what}"), (found,))


def _fault(assertion: Assertion) -> Finding | None:
    """Why there can be no sentence."""
    known = assertion.source in _TOLD or assertion.source in _SEEN or assertion.source == CERTIFICATE
    if not known or (assertion.source in _TOLD and not assertion.said_by):
        return _finding(
            assertion,
            "unsourced",
            "Un fait est noté sans son auteur ou sans son support (récit, pièce)\u00a0: il n’est pas écrit.",
        )
    if assertion.source in _SEEN and not _can_show(assertion):
        return _finding(
            assertion,
            "not_shown",
            "Une image ou un son ne peut pas établir ce fait\u00a0: il faut dire qui le rapporte.",
        )
    return _form_fault(assertion)


def _form_fault(assertion: Assertion) -> Finding | None:
    value = assertion.value.strip()
    if assertion.kind == "rio":
        read = (assertion.status or "releve") == "releve"
        if read and not is_rio(value):
            return _finding(
                assertion, "rio_form", "Un RIO a sept chiffres\u00a0: sinon, notez-le illisible, absent ou masqué."
            )
        return None
    if assertion.kind in _MOST:
        return _count_fault(assertion, value)
    if not value:
        return _finding(assertion, "empty", "Un fait rapporté est vide.")
    return None


def _count_fault(assertion: Assertion, value: str) -> Finding | None:
    """A number nobody can have reported. No day of ITT is a finding of a doctor; no blow is nothing to report."""
    if not (value.isascii() and value.isdecimal()):
        return _finding(
            assertion, "count_form", "Un nombre de coups ou de jours d’ITT s’écrit en chiffres, sans signe ni virgule."
        )
    if no_blow(assertion.kind, value):
        return _finding(
            assertion,
            "count_zero",
            "Un fait compte zéro coup\u00a0: il n’est pas écrit\u00a0; corrigez le nombre, ou retirez ce fait.",
        )
    if len(value.lstrip("0")) > 3 or len(value) > 9:
        return _finding(
            assertion, "count_absurd", "Ce nombre n’est pas possible\u00a0: il n’est pas écrit\u00a0; corrigez-le."
        )
    return None


def no_blow(kind: str, value: str) -> bool:
    """Whether a fact about blows counts none."""
    return kind == "coups" and set(value.strip()) == {"0"}


def _can_show(assertion: Assertion) -> bool:
    if assertion.kind == "rio" and (assertion.status or "releve") not in _RIO_SEEN:
        return False
    return assertion.kind in _SHOWS[assertion.source]


def _remarks(assertion: Assertion) -> tuple[Finding, ...]:
    """What a person should look at in a sentence that is written all the same."""
    found = []
    if assertion.said_on is None or not assertion.said_on.known:
        found.append(_finding(assertion, "undated", "Un fait est rapporté sans dire quand il l’a été."))
    if assertion.kind in _MOST and int(assertion.value) > _MOST[assertion.kind]:
        found.append(_finding(assertion, "count_high", "Ce nombre est très élevé\u00a0: relisez-le à sa source."))
    if assertion.heard_from:
        found.append(
            _finding(
                assertion,
                "hearsay",
                "Un fait est rapporté par quelqu’un qui ne l’a pas constaté\u00a0: la lettre le dit\u00a0; mieux vaut "
                "le récit de qui l’a vu.",
            )
        )
    if assertion.kind == "itt" and assertion.source != CERTIFICATE:
        found.append(_finding(assertion, "itt_told", "Une ITT est rapportée sans certificat médical."))
    if assertion.source != CERTIFICATE and _MEDICAL.search(f"{assertion.value} {assertion.detail}"):
        found.append(
            _finding(
                assertion,
                "medical_word",
                "Un mot de médecin est employé hors d’un certificat\u00a0: « trace visible ».",
            )
        )
    return tuple(found)


def _told(assertion: Assertion) -> str:
    where = _reference(_TOLD[assertion.source], assertion)
    if assertion.heard_from:
        from_whom = f"qui dit le tenir {grammar.of(assertion.heard_from)}"
        return f"Selon {assertion.said_by} ({where}), {from_whom}, {_clause(assertion)}"
    if assertion.kind == "rio" and assertion.source in ("recit", "declaration") and _read_rio(assertion):
        return f"{assertion.said_by} dit avoir lu le RIO {assertion.value.strip()}{_detail(assertion)} ({where})"
    return f"Selon {assertion.said_by} ({where}), {_clause(assertion)}"


def _certified(assertion: Assertion) -> str:
    paper = "certificat" + _when(assertion)
    cited = f" ({assertion.citation})" if assertion.citation else ""
    if assertion.kind == "itt":
        whose = f" {grammar.of(assertion.about)}" if assertion.about else ""
        settled = "" if assertion.status == "definitive" else " (provisoire)"
        days = unit_count(int(assertion.value), "jour")
        return f"Le {paper}{cited} évalue l’ITT{whose} à {days}{settled}{_detail(assertion)}"
    if assertion.kind == "blessure":
        whose = f" chez {assertion.about}" if assertion.about else ""
        return f"Le {paper}{cited} décrit{whose}\u00a0: «\u00a0{_value(assertion)}\u00a0»{_detail(assertion)}"
    return f"Selon les dires que rapporte le {paper}{cited}, {_clause(assertion)}"


def _shown(assertion: Assertion) -> str:
    medium, verb = _SEEN[assertion.source]
    support = f"{medium}{_when(assertion)}" + (f" ({assertion.citation})" if assertion.citation else "")
    if assertion.kind == "blessure":
        whose = f" chez {assertion.about}" if assertion.about else ""
        shows = f"montre{whose} une trace visible\u00a0: {_value(assertion)}{_detail(assertion)}"
        return f"{support[0].upper()}{support[1:]} {shows}"
    if assertion.kind == "coups":
        return f"Sur {support}, on compte {_blows(assertion)}{_detail(assertion)}"
    if assertion.kind == "paroles":
        return f"Sur {support}, on entend\u00a0: «\u00a0{_value(assertion)}\u00a0»{_detail(assertion)}"
    what = _value(assertion)
    if assertion.kind == "rio":
        what = _RIO_SEEN[assertion.status or "releve"].format(what)
        verb = "lit" if _read_rio(assertion) else verb
        return f"Sur {support}, on {verb} {what}{_detail(assertion)}"
    return f"Sur {support}, on {verb}\u00a0: {what}{_detail(assertion)}"


def _clause(assertion: Assertion) -> str:
    """What is reported, as the end of a sentence that began with « Selon »."""
    if assertion.kind == "rio":
        clause = _RIO_SAID[assertion.status or "releve"].format(assertion.value.strip())
    elif assertion.kind == "coups":
        to = f" à {assertion.about}" if assertion.about else ""
        many = int(assertion.value) > 1
        clause = f"{_blows(assertion)} {'ont été portés' if many else 'a été porté'}{to}"
    elif assertion.kind == "itt":
        whose = f" {grammar.of(assertion.about)}" if assertion.about else ""
        clause = f"l’ITT{whose} serait de {unit_count(int(assertion.value), 'jour')}"
    else:
        about = f" {grammar.of(assertion.about)}" if assertion.about else ""
        value = _value(assertion)
        article = value.split(" ", 1)[0].casefold()
        clause = _AGREED.get(assertion.kind, {}).get(article, _SAID[assertion.kind]).format(value, about=about)
    return clause + _detail(assertion)


def _blows(assertion: Assertion) -> str:
    number = int(assertion.value)
    about_one = assertion.status == "environ" and number == 1  # nobody says « environ un coup »
    return ("" if about_one else _BOUNDS.get(assertion.status, "")) + unit_count(number, "coup")


def _read_rio(assertion: Assertion) -> bool:
    return (assertion.status or "releve") == "releve"


def _reference(noun: str, assertion: Assertion) -> str:
    return f"{noun}{_when(assertion)}" + (f", {assertion.citation}" if assertion.citation else "")


def _when(assertion: Assertion) -> str:
    day = assertion.said_on
    return f" {day.french_of()}" if day is not None and day.known else ""


def _value(assertion: Assertion) -> str:
    value = assertion.value.strip().removesuffix(".")
    if assertion.kind == "paroles":
        value = _QUOTED.sub(r"\1", value)  # the sentence has its own
    # A precision in brackets follows: two pairs of them side by side read badly.
    return re.sub(r" \(([^()]*)\)$", r", \1", value) if assertion.detail.strip() else value


def _detail(assertion: Assertion) -> str:
    detail = assertion.detail.strip().removesuffix(".")
    return f" ({detail})" if detail else ""


def _period(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _row(assertion: Assertion) -> str:
    """Which row a remark is about, as a person would look for it."""
    value = assertion.value.strip() or assertion.detail.strip()
    short = value if len(value) <= 40 else value[:39].rstrip() + "…"
    parts = [
        vocabulary.label("assertion_kinds", assertion.kind),
        f"«\u00a0{short}\u00a0»" if short else "",
        f"selon {assertion.said_by}" if assertion.said_by else "",
    ]
    return ", ".join(part for part in parts if part)


def _finding(assertion: Assertion, code: str, sentence: str) -> Finding:
    text = sentence.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    text = f"{text.removesuffix('.')} ({_row(assertion)})."
    return Finding(f"assertion_{code}", "warn", text, subject=assertion.id)
