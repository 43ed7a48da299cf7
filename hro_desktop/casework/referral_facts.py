# SPDX-License-Identifier: GPL-3.0-or-later
"""What a referral publishes to its letter and its schedule of exhibits, each value with its source."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy.orm import Session

from forms.values import Values
from hro_desktop.casework import clearing, directory, exhibits, facts, party_facts, told_facts
from hro_desktop.law import authorities, offences, procedures, references, vocabulary
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.rules import exhibits as exhibit_rules
from hro_desktop.rules import grammar, incidents, requests
from hro_desktop.rules.dates import PartialDate, french_day
from hro_desktop.rules.findings import Finding

__all__ = ["Numbered", "ReferralFacts", "numbers", "of_referral", "paragraphs"]

SPACES = re.compile(r"[ \t\r\n]+")
"""Blanks that somebody typed; a space that keeps two words together is none of them."""
NO_DAY = "à une date qui reste à préciser"
CARRYING = ("coups", "blessure", "itt", "paroles", "arme")
"""Kinds of reported facts that an offence can rest on."""


@attrs.frozen
class Numbered:
    """One exhibit of the referral with its number, its list, and what it is called there.

    `withheld` says why it is not included, to whoever receives the others; empty for what is.
    """

    number: int
    exhibit: Exhibit
    of_list: ExhibitList
    title: str
    date: str
    nature: str
    withheld: str = ""

    @property
    def evidence(self) -> Evidence:
        """The item itself."""
        return self.exhibit.evidence


@attrs.frozen
class ReferralFacts:
    """What a referral says, ready for its forms, and what its rules remarked on the way.

    `edited`: what else its papers say, where and which words: letters that were edited outside.
    """

    values: Values
    numbered: tuple[Numbered, ...]
    findings: tuple[Finding, ...]
    edited: tuple[tuple[str, str], ...] = attrs.field(default=(), repr=False)


def numbered_exhibits(session: Session, referral: Referral) -> tuple[Numbered, ...]:
    """All exhibits of all lists: communicated ones keep their numbers, the open list goes on."""
    return tuple(
        Numbered(
            each.first_number + position,
            exhibit,
            each,
            SPACES.sub(" ", exhibit.title or exhibit.evidence.title).strip(" "),
            _when(exhibit.evidence),
            vocabulary.label("evidence_natures", exhibit.evidence.nature) if exhibit.evidence.nature else "",
        )
        for each in exhibits.lists(session, referral.id)
        for position, exhibit in enumerate(each.exhibits)
    )


def _without_witnesses(
    session: Session, numbered: Sequence[Numbered], parties: Sequence[Person], body: str, on: dt.date
) -> tuple[Numbered, ...]:
    """The same, without what would tell the body who a witness is who was not asked, and without words taken back."""
    exhibits, known = [(each.number, each.evidence) for each in numbered], {person.id for person in parties}
    hidden = clearing.withheld(session, exhibits, known, body, on)
    gone = clearing.taken_back(session, exhibits, known, body, on)
    made = []
    for each in numbered:
        if each.number in gone:
            made.append(_anonymous(each, "témoignage retiré ou refusé", clearing.TAKEN_BACK))
        elif each.number in hidden:
            made.append(_anonymous(each, "identité du témoin non communiquée", clearing.WITHHELD))
        else:
            made.append(each)
    return tuple(made)


def _anonymous(each: Numbered, why: str, withheld: str) -> Numbered:
    kind = vocabulary.label("evidence_kinds", each.evidence.kind)
    return attrs.evolve(each, title=f"{kind[:1].upper()}{kind[1:]} ({why})", withheld=withheld)


def _when(item: Evidence) -> str:
    return PartialDate.parse(item.taken or "?").french_bare()


def of_referral(session: Session, referral: Referral, on: dt.date, *, practice: bool) -> ReferralFacts:
    """All paths a form about one referral may read, on the day it is made."""
    parties = [party.case.person for party in referral.parties]
    body = procedures.procedure(referral.procedure, on).body
    numbered = _without_witnesses(session, numbered_exhibits(session, referral), parties, body, on)
    own = {str(each.evidence.id): each.number for each in numbered}
    cited = numbers(session, referral, numbered)
    happened = _incidents(session, referral)
    told = _told(session, happened, parties, cited, body=body, on=on)
    account = exhibit_rules.resolve(referral.account, cited)
    row = authorities.authority(referral.authority, on)
    checked = directory.override(session, row.code)
    values: dict[str, Any] = {
        "association": facts.association(session),
        "sender": party_facts.sender(session, parties, on),
        "signer": {"name": facts.association(session)["name"]},
        "legal": _articles(referral, on),
        "read_back": {"sentence": facts.taken(referral, "read_back", None)},
        "letter": {
            "place": facts.taken(referral, "place", referral.place),
            "date": facts.taken(referral, "dated_on", referral.dated_on),
        },
        "authority": facts.authority(row, checked),
        "referral": _referral(referral, happened, on),
        "words": _words(referral, grammar.party_words([person.sex for person in parties])),
        "complainants": tuple(party_facts.complainant(session, party, on) for party in referral.parties),
        "facts": {
            "paragraphs": facts.lines(referral, "account", paragraphs(account.text)),
            "incident_lines": tuple(
                {"text": facts.taken(incident, "occurred", _line(incident, len(happened)))} for incident in happened
            ),
        },
        "assertions": tuple(told_facts.assertions(happened, parties, told)),
        "harms": tuple(told_facts.all_harms(parties, happened, told)),
        "witnesses": tuple(party_facts.witnesses(session, happened, body, on)),
        "offences": tuple(_offences(referral, happened, on)),
        "requests": tuple(_requests(referral, happened, parties, on)),
        "exhibits": tuple(_exhibit(each) for each in numbered),
        "media": tuple(_media(each) for each in numbered if _is_media(each)),
        "list": {
            "continues": facts.taken(referral, "exhibits", communicated_note(exhibits.lists(session, referral.id))),
            "page_count": facts.taken(referral, "exhibits", None),
        },
        "practice": facts.taken(referral, "practice", practice),
    }
    findings = (
        *told.findings,
        *exhibit_rules.review(own, [account, *told.resolved]),
        *_not_written(referral, happened, parties, on),
    )
    return ReferralFacts(values, numbered, findings)


def _told(
    session: Session,
    happened: Sequence[Incident],
    parties: Sequence[Person],
    cited: Mapping[str, int],
    *,
    body: str,
    on: dt.date,
) -> told_facts.Told:
    """The sourced sentences as this body may read them: without the names nor the words it may not know."""
    unnamed = party_facts.unnamed(session, happened, parties, body, on)
    unsaid = told_facts.taken_back(session, happened, parties, body, on)
    return told_facts.told(session, happened, parties, cited, unnamed=unnamed, unsaid=unsaid)


def numbers(session: Session, referral: Referral, numbered: Sequence[Numbered]) -> dict[str, int]:
    """The number of each exhibit, by id of the item, that a letter may cite.

    Those of the referrals before this one bear theirs for good: it may go on citing them.
    """
    before = {
        str(exhibit.evidence_id): each.first_number + position
        for each in exhibits.before(session, referral.id)
        for position, exhibit in enumerate(each.exhibits)
    }
    return {**before, **{str(each.evidence.id): each.number for each in numbered}}


def paragraphs(text: str) -> list[str]:
    """The paragraphs of an account, each on one line."""
    return [" ".join(part.split("\n")).strip() for part in text.strip().split("\n\n") if part.strip()]


def _incidents(session: Session, referral: Referral) -> list[Incident]:
    return [session.get_one(Incident, link.incident_id) for link in referral.incidents]


def _words(record: Referral, words: Mapping[str, str]) -> Values:
    return {name: facts.taken(record, "parties", word) for name, word in words.items()}


def _referral(referral: Referral, happened: Sequence[Incident], on: dt.date) -> dict[str, Any]:
    procedure = procedures.procedure(referral.procedure, on)
    return {
        "reference": facts.taken(referral, "reference", referral.reference),
        "procedure": facts.taken(referral, "procedure", procedure.label),
        "against_x": facts.taken(referral, "against_others", referral.against_others or not referral.accused),
        "accused_lines": facts.lines(
            referral, "accused", [party_facts.accused(each.person, each.known_as) for each in referral.accused]
        ),
        "subject": facts.taken(
            referral,
            "incidents",
            _subject(referral, happened, procedure),
        ),
        "delivery": facts.taken(referral, "delivery", None),
        "authority_reference": facts.taken(referral, "parties", party_facts.numbers_given(referral.parties)),
        "copy_lines": (),
    }


def _subject(referral: Referral, happened: Sequence[Incident], procedure: procedures.Procedure) -> str:
    """« plainte contre X, faits survenus le 12 octobre 2026, à Calais »; the facts alone otherwise."""
    named = "contre personne dénommée" + (" et contre X" if referral.against_others else "")
    against = f"plainte {named if referral.accused else 'contre X'}"
    complains = procedure.person_word == "plaignant" and not procedure.follows
    return ", ".join(part for part in (against if complains else "", _survened(happened)) if part)


def _survened(happened: Sequence[Incident]) -> str:
    """« faits survenus le 3 juin et le 12 octobre 2026, à Calais »: a town is said of the days it is known for only."""
    known = [(PartialDate.parse(each.occurred or "?"), facts.commune_name(each)) for each in happened]
    known = sorted(
        (each for each in known if each[0].known or each[1]),
        key=lambda each: (not each[1], each[0].earliest or dt.date.max),
    )
    towns = list(dict.fromkeys(town for _, town in known))
    if len(towns) == 1:
        days = grammar.joined(list(dict.fromkeys(day.french() for day, _ in known if day.known)))
        said = ", ".join(part for part in (days, f"à {towns[0]}" if towns[0] else "") if part)
    else:
        parts = [
            ", ".join([*([day.french()] if day.known else []), *([f"à {town}"] if town else [])]) for day, town in known
        ]
        said = ", et ".join((", ".join(parts[:-1]), parts[-1])) if parts else ""
    return f"faits survenus {said}" if said else ""


def _line(incident: Incident, among: int) -> str:
    """How one incident is introduced: alone it follows « pour des faits survenus », among several it is named."""
    if among > 1:
        return facts.incident_line(incident)
    said = facts.when_and_where(incident)
    undated = not PartialDate.parse(incident.occurred or "?").known
    # an hour alone says nothing of a day: « survenus à 21 h »
    return ", ".join(part for part in (NO_DAY if undated and (incident.time_from or not said) else "", said) if part)


def _articles(referral: Referral, on: dt.date) -> Values:
    """Articles the letter names beside a fact, under the numbering of the day."""
    return {
        name: facts.taken(referral, "procedure", references.article(code, on).label)
        for name, code in (("ad_hoc_administrator", "cpp_706_50"), ("declared_address", "cpp_40_4_1"))
    }


def _is_media(each: Numbered) -> bool:
    """Whether a sheet stands for it in the bundle: the file itself is handed over beside the paper."""
    kind = each.evidence.media_type
    return not (kind.startswith("image/") or kind == "application/pdf")


def _media(each: Numbered) -> Values:
    item = each.evidence
    return {
        "number": facts.taken(each.exhibit, "position", each.number),
        "duration": facts.taken(item, "duration_s", duration(item.duration_s)),
        "sha256": facts.taken(item.stored, "sha256", item.stored.sha256),
    }


def duration(seconds: float | None) -> str:
    """« 3 min 07 s », « 4 s », or nothing when the file does not say."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _offences(referral: Referral, happened: Sequence[Incident], on: dt.date) -> Iterable[Values]:
    groups = _groups(happened)
    named = procedures.procedure(referral.procedure, on).qualifications
    for code in referral.offences:
        row = offences.offence(code, on)
        if row.offence_class not in named:
            continue
        cited, verified = row.binding(groups, on)
        yield {
            "label": facts.taken(referral, "offences", row.label),
            "article": facts.taken(referral, "offences", cited),
            "verified": facts.taken(referral, "offences", verified),
        }


def _requests(
    referral: Referral, happened: Sequence[Incident], parties: Sequence[Person], on: dt.date
) -> Iterable[Values]:
    for each in _asked(referral, happened, parties, on):
        yield {"sentence": facts.taken(referral, "requests", each.sentence)}


def _asked(
    referral: Referral, happened: Sequence[Incident], parties: Sequence[Person], on: dt.date
) -> list[requests.Asked]:
    """The requests a person chose, in the order of the law table, as far as the facts still support them."""
    when = [PartialDate.parse(incident.occurred or "?") for incident in happened]
    tongues = {
        vocabulary.label("languages", each.language): None
        for person in parties
        for each in person.languages
        if each.interpreter
    }
    supported = set(codes_supported(happened, parties, on)) | {
        fact
        for request in references.requests()
        if request.code in referral.requests
        for fact in request.when
        if fact.startswith(("camera", "drone"))
    }
    body = procedures.procedure(referral.procedure, on).body
    asked = requests.proposed(supported, when, on, list(tongues), several=len(parties) > 1, body=body)
    return [each for each in asked if each.code in referral.requests]


def _not_written(
    referral: Referral, happened: Sequence[Incident], parties: Sequence[Person], on: dt.date
) -> Iterable[Finding]:
    """What a person chose and the letter does not say, never dropped in silence; what it says and nobody verified."""
    asked = _asked(referral, happened, parties, on)
    written = {each.code for each in asked}
    procedure = procedures.procedure(referral.procedure, on)
    for row in references.requests():
        if row.code not in referral.requests or row.code in written:
            continue
        if row.body != procedure.body:
            sentence = f"Une demande ne s’adresse pas à cet organisme et n’est pas écrite\u00a0: {row.label}."
            yield Finding("request_elsewhere", "inform", sentence, subject=row.code)
        else:
            sentence = (
                "Une demande choisie n’est pas dans la lettre, faute d’un fait qui la porte ou parce que le délai est "
                f"passé\u00a0: {row.label}."
            )
            yield Finding("request_dropped", "warn", sentence, subject=row.code)
    unsure = [vocabulary.label("requests", each.code) for each in asked if not each.verified]
    if unsure:
        sentence = f"À vérifier avec un·e avocat·e, parmi les demandes de la lettre\u00a0: {grammar.joined(unsure)}."
        yield Finding("request_unverified", "inform", sentence)
    if referral.offences and not _carried(happened):
        sentence = (
            "Des qualifications sont choisies, et aucun fait noté (coup, blessure, paroles, arme, préjudice) ne les "
            "porte\u00a0: relisez-les."
        )
        yield Finding("offence_unsupported", "warn", sentence)
    named, days = procedure.qualifications, _days_of_itt(happened)
    for code in referral.offences:
        offence = offences.offence(code, on)
        if offence.offence_class not in named:
            sentence = f"Une qualification ne relève pas de cet organisme et n’est pas écrite\u00a0: {offence.label}."
            yield Finding("offence_dropped", "inform", sentence, subject=code)
        elif not offence.binding(_groups(happened), on)[0]:
            sentence = (
                f"Aucun article n’est cité pour «\u00a0{offence.label}\u00a0»\u00a0: la force n’est pas notée, ou elle "
                "a d’autres règles. Notez la force dans les faits, ou relisez ce manquement."
            )
            yield Finding("offence_uncited", "warn", sentence, subject=code)
        elif not offence.fits(days):
            noted = (
                f"ITT notée\u00a0: {grammar.joined([str(each) for each in days])}" if days else "aucune ITT n’est notée"
            )
            sentence = f"Une qualification ne va pas avec l’ITT\u00a0: {offence.label} ({noted}). Relisez-la."
            yield Finding("offence_itt", "warn", sentence, "Code pénal art. 222-11 à 222-13", code)


def _days_of_itt(happened: Sequence[Incident]) -> list[int]:
    """The numbers of days of ITT that were reported, each once."""
    told = [each.value.strip() for incident in happened for each in incident.assertions if each.kind == "itt"]
    return sorted({int(each) for each in told if each.isascii() and each.isdecimal()})


def _groups(happened: Sequence[Incident]) -> set[str]:
    """The groups of forces that were reported."""
    told = [assertion for incident in happened for assertion in incident.assertions if assertion.kind == "force"]
    return {facts.force_group(assertion.value) for assertion in told}


def _carried(happened: Sequence[Incident]) -> bool:
    """Whether anything was noted that an offence can rest on."""
    told = any(
        each.kind in CARRYING and not incidents.no_blow(each.kind, each.value)
        for incident in happened
        for each in incident.assertions
    )
    return told or any(each.harm or each.harm_note for incident in happened for each in incident.involvements)


def codes_supported(happened: Sequence[Incident], parties: Sequence[Person], on: dt.date) -> Iterable[str]:
    """The facts of the list `request_facts` that records support."""
    if any(each.interpreter for person in parties for each in person.languages):
        yield "interprete"
    told = [assertion for incident in happened for assertion in incident.assertions]
    groups = _groups(happened)
    yield from (group for group in ("police", "gendarmerie") if group in groups)
    if not groups or groups <= {"", "inconnue"}:
        yield "force_inconnue"
    if not any(assertion.kind == "rio" and assertion.status in ("", "releve") for assertion in told):
        yield "agents_non_identifies"
    harmed = (each for each in told if each.kind in ("blessure", "itt", "coups"))
    if not all(incidents.no_blow(each.kind, each.value) for each in harmed):
        yield "blessure"
    if any(facts.may_be_minor(person, on) for person in parties):
        yield "mineur"
    if any(each.holder_organisation_id and each.consent_on for person in parties for each in person.addresses):
        yield "adresse_tiers"


def _exhibit(each: Numbered) -> Values:
    return {
        "is_media": facts.taken(each.evidence, "media_type", _is_media(each)),
        "number": facts.taken(each.exhibit, "position", each.number),
        "title": facts.taken(each.exhibit, "title", each.title),
        "date": facts.taken(each.evidence, "taken", each.date),
        "nature": facts.taken(each.evidence, "nature", each.nature),
    }


def communicated_note(lists: Sequence[ExhibitList]) -> str:
    """« au bordereau communiqué le 2 novembre 2026, pièces n° 1 à 7 », after « fait suite », or nothing."""
    done = [each for each in lists if each.communicated_on and each.exhibits]
    if not done or done[-1] is lists[-1]:
        return ""
    last = done[-1]
    through = last.first_number + len(last.exhibits) - 1
    when = french_day(last.communicated_on or dt.date.min)
    return f"au bordereau communiqué le {when}, pièces n°\u00a01 à {through}"
