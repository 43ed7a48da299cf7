# SPDX-License-Identifier: GPL-3.0-or-later
"""What a referral publishes to its letter and its schedule of exhibits, each value with its source."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import Values
from hro_desktop.casework import directory, exhibits, facts
from hro_desktop.law import authorities, offences, procedures, references, vocabulary
from hro_desktop.records.consents import Consent
from hro_desktop.records.directory import Organisation
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.statements import Statement
from hro_desktop.rules import consents as consent_rules
from hro_desktop.rules import exhibits as exhibit_rules
from hro_desktop.rules import grammar, incidents, requests
from hro_desktop.rules.dates import PartialDate, french_day
from hro_desktop.rules.findings import Finding

__all__ = ["Numbered", "ReferralFacts", "of_referral"]

COMPLAINING = ("plaignant", "victime")
SOURCES = {"recit": "recit", "attestation": "attestation", "declaration": "declaration"}
IMAGES = {"photo": "photo", "video": "video", "son": "son", "certificat": "certificat"}


@attrs.frozen
class Numbered:
    """One exhibit of the referral with its number, its list, and what it is called there."""

    number: int
    exhibit: Exhibit
    of_list: ExhibitList
    title: str
    date: str
    nature: str

    @property
    def evidence(self) -> Evidence:
        """The item itself."""
        return self.exhibit.evidence


@attrs.frozen
class ReferralFacts:
    """What a referral says, ready for its forms, and what its rules remarked on the way."""

    values: Values
    numbered: tuple[Numbered, ...]
    findings: tuple[Finding, ...]


def numbered_exhibits(session: Session, referral: Referral) -> tuple[Numbered, ...]:
    """All exhibits of all lists: communicated ones keep their numbers, the open list goes on."""
    return tuple(
        Numbered(
            each.first_number + position,
            exhibit,
            each,
            exhibit.title or exhibit.evidence.title,
            _when(exhibit.evidence),
            vocabulary.label("evidence_natures", exhibit.evidence.nature) if exhibit.evidence.nature else "",
        )
        for each in exhibits.lists(session, referral.id)
        for position, exhibit in enumerate(each.exhibits)
    )


def _when(item: Evidence) -> str:
    return PartialDate.parse(item.taken or "?").french_bare()


def of_referral(session: Session, referral: Referral, on: dt.date, *, practice: bool) -> ReferralFacts:
    """All paths a form about one referral may read, on the day it is made."""
    numbered = numbered_exhibits(session, referral)
    numbers = {str(each.evidence.id): each.number for each in numbered}
    happened = _incidents(session, referral)
    told, told_findings = _told(session, happened, numbers)
    account = exhibit_rules.resolve(referral.account, numbers)
    said = [exhibit_rules.resolve(text, numbers) for text in told.values()]
    sentences = {key: resolved.text for key, resolved in zip(told, said, strict=True)}
    parties = [party.case.person for party in referral.parties]
    row = authorities.authority(referral.authority, on)
    checked = directory.override(session, row.code)
    values: dict[str, Any] = {
        "association": facts.association(session),
        "sender": _sender(session, parties, on),
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
        "complainants": tuple(_complainant(session, party, happened, sentences, on) for party in referral.parties),
        "facts": {
            "paragraphs": facts.lines(referral, "account", _paragraphs(account.text)),
            "incident_lines": tuple(
                {"text": facts.taken(incident, "occurred", _line(incident, len(happened)))} for incident in happened
            ),
        },
        "assertions": tuple(
            {"sentence": facts.taken(assertion, "value", sentences[assertion.id])}
            for incident in happened
            for assertion in incident.assertions
            if assertion.id in sentences and not _is_harm(assertion, parties)
        ),
        "harms": tuple(_harms(party.case.person, happened, sentences) for party in referral.parties),
        "witnesses": tuple(_witnesses(session, happened, on)),
        "offences": tuple(_offences(referral, on)),
        "requests": tuple(_requests(referral, happened, parties, on)),
        "exhibits": tuple(_exhibit(each) for each in numbered),
        "media": tuple(_media(each) for each in numbered if _is_media(each)),
        "list": {
            "continues": facts.taken(referral, "exhibits", communicated_note(exhibits.lists(session, referral.id))),
            "page_count": facts.taken(referral, "exhibits", None),
        },
        "practice": facts.taken(referral, "practice", practice),
    }
    findings = (*told_findings, *exhibit_rules.review(numbers, [account, *said]))
    return ReferralFacts(values, numbered, findings)


def _paragraphs(text: str) -> list[str]:
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
        "against_x": facts.taken(referral, "accused", not referral.accused),
        "accused_lines": facts.lines(
            referral, "accused", [_accused(each.person, each.known_as) for each in referral.accused]
        ),
        "subject": facts.taken(referral, "incidents", _subject(referral, happened)),
        "delivery": facts.taken(referral, "delivery", None),
        "authority_reference": facts.taken(
            referral, "parties", next((each.body_reference for each in referral.parties if each.body_reference), None)
        ),
        "copy_lines": (),
    }


def _subject(referral: Referral, happened: Sequence[Incident]) -> str:
    """« plainte contre X, faits survenus le 12 octobre 2026, à Calais »."""
    against = "contre personne dénommée" if referral.accused else "contre X"
    days = list(dict.fromkeys(PartialDate.parse(each.occurred).french() for each in happened if each.occurred))
    towns = list(dict.fromkeys(filter(None, (facts.commune_name(each) for each in happened))))
    said = ["faits survenus " + " et ".join(days)] if days else []
    return ", ".join([f"plainte {against}", *said, *(["à " + " et ".join(towns)] if towns else [])])


def _line(incident: Incident, among: int) -> str:
    """How one incident is introduced: alone it follows « pour des faits survenus », among several it is named."""
    return facts.when_and_where(incident) if among == 1 else facts.incident_line(incident)


def _sender(session: Session, parties: Sequence[Person], on: dt.date) -> dict[str, Any]:
    """The complainants, with their address when they share one."""
    homes = [facts.home(person, on) for person in parties]
    same = {(home.lines, home.postcode, home.town, home.holder_organisation_id) if home else () for home in homes}
    shared = homes[0] if len(same) == 1 else None
    host = facts.host_of(session, shared)
    street = facts.postal(facts.printed(session, shared))["address_lines"]
    return {
        "name": facts.taken(
            parties[0], "given_names", grammar.joined([facts.formal_name(person) for person in parties])
        ),
        "address_lines": (*facts.lines(host, "name", [f"chez {host.name}"] if host else []), *street),  # type: ignore[misc]
        "email": facts.taken(parties[0], "contacts", None),
        "phone": facts.taken(parties[0], "contacts", None),
    }


def _articles(referral: Referral, on: dt.date) -> Values:
    """Articles the letter names beside a fact, under the numbering of the day."""
    return {
        name: facts.taken(referral, "procedure", references.article(code, on).label)
        for name, code in (("ad_hoc_administrator", "cpp_706_50"), ("declared_address", "cpp_40_4_1"))
    }


def _harms(person: Person, happened: Sequence[Incident], sentences: Mapping[Any, str]) -> Values:
    """What one complainant suffered: as reported, then sentence by sentence with its source."""
    name = facts.formal_name(person)
    reported = [
        {"sentence": facts.taken(each, "harm_note", f"{name} rapporte\u00a0: {each.harm_note}.")}
        for incident in happened
        for each in incident.involvements
        if each.person_id == person.id and each.harm_note
    ]
    told = [
        {"sentence": facts.taken(assertion, "value", sentences[assertion.id])}
        for incident in happened
        for assertion in incident.assertions
        if assertion.about_id == person.id and assertion.id in sentences and _is_harm(assertion, [person])
    ]
    return {"name": facts.taken(person, "given_names", name), "sentences": tuple(reported + told)}


def _is_media(each: Numbered) -> bool:
    return each.evidence.media_type.startswith(("video/", "audio/"))


def _media(each: Numbered) -> Values:
    item = each.evidence
    return {
        "number": facts.taken(each.exhibit, "position", each.number),
        "name": facts.taken(item, "original_name", item.original_name),
        "duration": facts.taken(item, "duration_s", duration(item.duration_s)),
        "sha256": facts.taken(item.stored, "sha256", item.stored.sha256),
    }


def duration(seconds: float | None) -> str:
    """« 3 min 07 s », « 4 s », or nothing when the file does not say."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _accused(person: Person, known_as: str) -> str:
    name = facts.formal_name(person)
    return f"{name} ({known_as})" if known_as else name


def _told(
    session: Session, happened: Sequence[Incident], numbers: Mapping[str, int]
) -> tuple[dict[Any, str], tuple[Finding, ...]]:
    """The sentence of each assertion that can be written, with citation markers, and what is wrong."""
    sentences: dict[Any, str] = {}
    findings: list[Finding] = []
    for incident in happened:
        for assertion in incident.assertions:
            told = incidents.tell(_plain(session, assertion, numbers))
            findings += told.findings
            if told.sentence:
                sentences[assertion.id] = told.sentence
    return sentences, tuple(findings)


def _plain(session: Session, assertion: Assertion, numbers: Mapping[str, int]) -> incidents.Assertion:
    """An assertion as the rule reads it: who, in what, when, and the exhibit it can be checked in."""
    speaker = session.get(Person, assertion.said_by_id) if assertion.said_by_id else None
    about = session.get(Person, assertion.about_id) if assertion.about_id else None
    statement = session.get(Statement, assertion.statement_id) if assertion.statement_id else None
    item = session.get(Evidence, assertion.evidence_id) if assertion.evidence_id else None
    if speaker is None and statement is not None:
        speaker = statement.author
    said_on = assertion.said_on or (statement.taken_on if statement else None)
    when = PartialDate.on(said_on) if said_on else PartialDate.parse(item.taken or "?") if item else None
    support = item if item and str(item.id) in numbers else None
    return incidents.Assertion(
        kind=assertion.kind,
        source=_source(statement, item),
        value=facts.force_label(assertion.value) if assertion.kind == "force" else assertion.value,
        status=assertion.status,
        detail=assertion.detail,
        said_by=facts.formal_name(speaker) if speaker else "",
        said_on=when,
        about=facts.formal_name(about) if about else "",
        citation=exhibit_rules.citation(str(support.id)) if support else "",
        id=str(assertion.id),
    )


def _source(statement: Statement | None, item: Evidence | None) -> str:
    if statement is not None:
        return SOURCES[statement.kind]
    return IMAGES.get(item.kind, SOURCES.get(item.kind, "")) if item is not None else ""


def _is_harm(assertion: Assertion, parties: Sequence[Person]) -> bool:
    """Injuries, blows and ITT of a complainant stand with that complainant, the rest with the forces present."""
    return assertion.kind in ("blessure", "itt", "coups") and assertion.about_id in {person.id for person in parties}


def _complainant(
    session: Session, party: ReferralParty, happened: Sequence[Incident], sentences: Mapping[Any, str], on: dt.date
) -> Values:
    person = party.case.person
    address = facts.home(person, on)
    host = facts.host_of(session, address)
    tongue = next((each for each in person.languages if each.preferred), next(iter(person.languages), None))
    representation = person.representations[0] if person.representations else None
    return {
        **facts.identity(person),
        **facts.postal(facts.printed(session, address)),
        "address_is_third_party": facts.taken(address, "kind", bool(host)),
        "address_holder": facts.taken(host, "name", host.name if host else None),
        "contact_lines": facts.lines(
            person,
            "contacts",
            [f"{vocabulary.label('contact_kinds', each.kind)}\u00a0: {each.value}" for each in person.contacts],
        ),
        "language": facts.taken(tongue, "language", vocabulary.label("languages", tongue.language) if tongue else None),
        "interpreter": facts.taken(tongue, "interpreter", bool(tongue and tongue.interpreter)),
        "is_minor": facts.taken(person, "birth", facts.may_be_minor(person, on)),
        "representative": facts.taken(
            representation, "capacity", _representative(session, representation) if representation else None
        ),
        "words": {name: facts.taken(person, "sex", word) for name, word in grammar.person_words(person.sex).items()},
    }


def _representative(session: Session, representation: Any) -> str:  # noqa: ANN401 - a Representation
    title = vocabulary.label("representative_capacities", representation.capacity)
    person = (
        session.get(Person, representation.representative_person_id)
        if representation.representative_person_id
        else None
    )
    holder = representation.representative_organisation_id
    body = session.get(Organisation, holder) if holder else None
    name = facts.formal_name(person) if person else body.name if body else ""
    return ", ".join(part for part in (name, title, representation.note) if part)


def _witnesses(session: Session, happened: Sequence[Incident], on: dt.date) -> Iterable[Values]:
    """Witnesses and observers who agreed to be named to an authority, each once."""
    seen: set[Any] = set()
    for incident in happened:
        for each in incident.involvements:
            if each.role not in ("temoin", "observateur") or each.person_id in seen:
                continue
            seen.add(each.person_id)
            if consent_rules.gate(consents_of(session, each.person), "temoignage", "procureur", on).open:
                role = vocabulary.label("involvement_roles", each.role)
                quality = each.person.association_role
                name = facts.formal_name(each.person)
                yield {"line": facts.taken(each, "role", ", ".join(part for part in (name, quality or role) if part))}


def consents_of(session: Session, person: Person) -> list[consent_rules.Consent]:
    """The answers of a person, as the rule reads them."""
    found = session.scalars(select(Consent).where(Consent.person_id == person.id).order_by(Consent.id))
    return [
        consent_rules.Consent(each.purpose, each.state, each.body, each.given_on, each.withdrawn_on, each.mode)
        for each in found
    ]


def _offences(referral: Referral, on: dt.date) -> Iterable[Values]:
    for code in referral.offences:
        row = offences.offence(code, on)
        yield {
            "label": facts.taken(referral, "offences", row.label),
            "article": facts.taken(referral, "offences", row.articles),
            "verified": facts.taken(referral, "offences", row.verified),
        }


def _requests(
    referral: Referral, happened: Sequence[Incident], parties: Sequence[Person], on: dt.date
) -> Iterable[Values]:
    """The requests a person chose, in the order of the law table, as far as the facts still support them."""
    dated = [PartialDate.parse(incident.occurred) for incident in happened if incident.occurred]
    # what perishes is counted from the first of the facts
    when = min(dated, key=lambda each: each.earliest or dt.date.max, default=PartialDate.parse("?"))
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
    for asked in requests.proposed(supported, when, on, list(tongues)):
        if asked.code in referral.requests:
            yield {"sentence": facts.taken(referral, "requests", asked.sentence)}


def codes_supported(happened: Sequence[Incident], parties: Sequence[Person], on: dt.date) -> Iterable[str]:
    """The facts of the list `request_facts` that records support."""
    if any(each.interpreter for person in parties for each in person.languages):
        yield "interprete"
    told = [assertion for incident in happened for assertion in incident.assertions]
    groups = {facts.force_group(assertion.value) for assertion in told if assertion.kind == "force"}
    yield from (group for group in ("police", "gendarmerie") if group in groups)
    if not groups or groups <= {"", "inconnue"}:
        yield "force_inconnue"
    if not any(assertion.kind == "rio" and assertion.status in ("", "releve") for assertion in told):
        yield "agents_non_identifies"
    if any(assertion.kind in ("blessure", "itt", "coups") for assertion in told):
        yield "blessure"
    if any(facts.may_be_minor(person, on) for person in parties):
        yield "mineur"
    if any(address.holder_organisation_id for person in parties for address in person.addresses):
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
