# SPDX-License-Identifier: GPL-3.0-or-later
"""A referral being prepared: its five parts in any order, what each holds, and what waits or blocks, one click away."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    beginning,
    clearing,
    documents,
    exhibits,
    facts,
    identities,
    lookup,
    overrides,
    referrals,
    rubrics,
)
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.documents import Situation
from hro_desktop.casework.readiness import LEVELS, DocumentState, Reason
from hro_desktop.casework.referrals import PREPARING
from hro_desktop.casework.rubrics import Section
from hro_desktop.faults import Fault
from hro_desktop.law import authorities, procedures, vocabulary
from hro_desktop.records.incidents import Incident
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules import grammar
from hro_desktop.rules.dates import PartialDate, french_day

__all__ = [
    "PARTS",
    "Build",
    "Listed",
    "PartState",
    "Party",
    "Reading",
    "Todo",
    "only_here",
    "part_of",
    "view",
]

Part = Literal["people", "facts", "exhibits", "text", "reading"]
PARTS: Final[dict[Part, str]] = {
    "people": "Personnes et accords",
    "facts": "Faits",
    "exhibits": "Pièces",
    "text": "Texte",
    "reading": "Relecture et signature",
}
_PARTS_OF: Final[tuple[tuple[str, Part], ...]] = (
    ("signature", "reading"),
    ("consent_", "people"),
    ("exception_", "people"),
    ("handing_", "people"),
    ("health_", "people"),
    ("inspection_refused", "people"),
    ("already_left", "people"),
    ("minor", "people"),
    ("no_", "people"),
    ("facts_", "facts"),
    ("harm_", "facts"),
    ("third_party", "exhibits"),
    ("exhibit_", "exhibits"),
    ("broken_seal", "exhibits"),
    ("undeclared_", "exhibits"),
    ("withdrawn", "exhibits"),
    ("witness_", "exhibits"),
)
"""Where a reason is dealt with, by the beginning of its code; the text, for any other."""
_PLACES: Final[dict[str, Part]] = {"no_place": "facts", "no_harm": "facts", "no_certificate": "exhibits"}
_WORST: Final = (("block", "bloque"), ("wait", "attend"), ("sign", "a_signer"))


@attrs.frozen(kw_only=True)
class Todo:
    """One reason why something waits, blocks or is to be looked at, and the part in which it is dealt with."""

    part: Part
    level: str
    sentence: str
    source: str
    subject: str
    people: tuple[str, ...]


@attrs.frozen(kw_only=True)
class PartState:
    """One of the five parts: `state` is a code of `readiness_states`, `sentence` what it holds in a few words."""

    code: Part
    title: str
    state: str
    sentence: str


@attrs.frozen(kw_only=True)
class Reading:
    """A reading: by whom, the day, and whether the papers changed since."""

    said: str
    stale: bool


@attrs.frozen(kw_only=True)
class Party:
    """One complainant: `agreement` in a sentence, whether it is `open`, where that person is.

    `stage` is a code of `party_states`; `fixed`: something was sent, the person stays; `scan_id`: of the signed paper.
    """

    id: uuid.UUID
    case_id: uuid.UUID
    person_id: uuid.UUID
    called: str
    reference: str
    agreement: str
    open: bool
    minor: bool
    status: str
    read_back: Reading | None
    signed: str
    state: str = "pret"
    initials: str = ""
    stage: str = ""
    fixed: bool = False
    scan_id: uuid.UUID | None = None


@attrs.frozen(kw_only=True)
class Listed:
    """One of the facts, or one exhibit with its number; a `frozen` one was communicated and keeps its place.

    `chapter` in words; `place_id`: of its place in the list; `masked_id`: the newest masked version made from it;
    `short`: of facts, the day and the place.
    """

    id: uuid.UUID
    title: str
    detail: str = ""
    number: int = 0
    frozen: bool = False
    media_type: str = ""
    remarks: tuple[str, ...] = ()
    chapter: str = ""
    place_id: uuid.UUID | None = None
    masked_id: uuid.UUID | None = None
    short: str = ""


@attrs.frozen(kw_only=True)
class Build:
    """A referral as its builder shows it.

    Args:
        forms: id and title of each paper, in the order of the pack.
        sha256: of what the papers say; a reading is of one such state.
        draft: the papers would be marked « BROUILLON ».
        declared: who writes to the body, in words.
        todos: gravest first, each once.
        account: the statement of facts, with its citations.
        saved_at: when something of it was last written.
        addressees: the authorities it may be put before, the one of the place of the facts first.
        writers: who may write it (list `declarants`).
    """

    id: uuid.UUID
    reference: str
    procedure: str
    label: str
    authority: str
    authority_name: str
    declared: str
    forms: tuple[tuple[str, str], ...]
    parts: tuple[PartState, ...]
    todos: tuple[Todo, ...]
    states: tuple[DocumentState, ...]
    parties: tuple[Party, ...]
    accused: tuple[str, ...]
    incidents: tuple[Listed, ...]
    exhibits: tuple[Listed, ...]
    sections: tuple[Section, ...]
    account: str
    reread: Reading | None
    sha256: str
    draft: bool
    saved_at: dt.datetime
    addressees: tuple[str, ...]
    writers: tuple[str, ...]


def view(session: Session, desk: Desk, referral_id: uuid.UUID) -> Build:
    """Everything the builder of one referral shows.

    Raises:
        Fault: `referral.gone`.
    """
    referral = referrals.by_id(session, referral_id)
    found = documents.situation(session, desk, referral)
    row = procedures.procedure(referral.procedure, desk.today())
    sha256 = found.sha256
    todos = tuple(_todos(found.states))
    parties = tuple(
        _with_state(_party(session, referral, each, sha256, desk.today()), found.states) for each in referral.parties
    )
    listed = tuple(_exhibits(session, found, todos))
    shown = lookup.captions(session, "incident", [each.incident_id for each in referral.incidents])
    happened = tuple(
        _happened(session.get_one(Incident, each.incident_id), shown.get(each.incident_id, ""))
        for each in referral.incidents
    )
    names = [each.called for each in parties]
    reread = _reread(session, referral, sha256)
    build = Build(
        id=referral.id,
        reference=referral.reference,
        procedure=referral.procedure,
        label=row.label,
        authority=referral.authority,
        authority_name=authorities.authority(referral.authority, desk.today()).name,
        declared=vocabulary.label("declarants", referral.declared_as),
        forms=tuple((form.definition.id, form.definition.title) for form in found.forms),
        parts=(),
        todos=todos,
        states=found.states,
        parties=parties,
        accused=tuple(facts.formal_name(each.person) for each in referral.accused),
        incidents=happened,
        exhibits=listed,
        sections=tuple(
            part for form in found.forms for part in rubrics.sections(session, form, found.said.values, names)
        ),
        account=referral.account,
        reread=reread,
        sha256=sha256,
        draft=any(state.blocked or state.waiting for state in found.states),
        saved_at=_saved_at(session, referral),
        addressees=beginning.addressees(session, row, [each.incident_id for each in referral.incidents], desk.today()),
        writers=referrals.writers(row),
    )
    return attrs.evolve(build, parts=tuple(_parts(build)))


def only_here(desk: Desk, referral_id: uuid.UUID, form: str, field: str, path: str, text: str) -> Result[None]:  # noqa: PLR0917
    """Keep what a person typed in a rubric for this referral's documents only.

    Raises:
        Fault: `override.*` for what the rubric cannot say; `rubric.gone` when the paper has no such value any more.
    """
    with desk.read() as session:
        found = documents.situation(session, desk, session.get_one(Referral, referral_id))
        described = next((each.definition.field(field) for each in found.forms if each.definition.id == form), None)
        known = overrides.leaves(described, found.said.values) if described is not None else ()
        leaf = next((each for each in known if each.path == path), None)
    if described is None or leaf is None:
        raise Fault("rubric.gone", "Cette rubrique n’est plus dans le document\u00a0: ce que vous avez tapé reste ici.")
    value = overrides.meant(described, text, desk.today())
    return desk.run(overrides.put, referral_id, leaf, value)


def part_of(code: str) -> Part:
    """The part in which a reason is dealt with."""
    if code in _PLACES:
        return _PLACES[code]
    return next((part for start, part in _PARTS_OF if code.startswith(start)), "text")


def _todos(states: Sequence[DocumentState]) -> Iterator[Todo]:
    """Each reason once, with the people it is about when it is not about all; gravest first."""
    everybody = {state.person for state in states}
    held: dict[Reason, list[str]] = {}
    for state in states:
        for reason in state.reasons:
            people = held.setdefault(reason, [])
            if state.person not in people:
                people.append(state.person)
    weights = list(LEVELS.values())
    for reason, people in sorted(held.items(), key=lambda item: weights.index(item[0].label)):
        code = next(code for code, label in LEVELS.items() if label == reason.label)
        yield Todo(
            part=part_of(reason.code),
            level=code,
            sentence=reason.sentence,
            source=reason.source,
            subject=reason.subject,
            people=() if set(people) == everybody else tuple(people),
        )


def _party(session: Session, referral: Referral, party: ReferralParty, sha256: str, on: dt.date) -> Party:
    person = party.case.person
    gate = identities.gate(session, referral, person, on)
    called = facts.formal_name(person)
    signed = f"signée le {french_day(party.signed_on)}" if party.signed_on else ""
    return Party(
        id=party.id,
        case_id=party.case_id,
        person_id=person.id,
        called=called,
        reference=party.case.reference,
        agreement=gate.reason,
        open=gate.open,
        minor=facts.may_be_minor(person, on),
        status=vocabulary.label("party_states", party.status),
        read_back=_read_back(session, party, sha256),
        signed=signed,
        initials=facts.initials(person),
        stage=party.status,
        fixed=party.status not in PREPARING,
        scan_id=party.signed_evidence_id,
    )


def _with_state(party: Party, states: Sequence[DocumentState]) -> Party:
    """The worst state of a person's documents is that person's."""
    own = [state.state for state in states if state.person == party.called]
    return attrs.evolve(party, state=next((code for _, code in _WORST if code in own), "pret"))


def _read_back(session: Session, party: ReferralParty, sha256: str) -> Reading | None:
    if party.read_back_on is None:
        return None
    tongue = party.read_back_language
    words = [f"relue le {french_day(party.read_back_on)}"]
    words += [f"en {vocabulary.label('languages', tongue)}"] if tongue else []
    words += ["avec interprète"] if party.read_back_interpreter_id else []
    words += [f"par {_initials(session, party.read_back_by_id)}"] if party.read_back_by_id else []
    return Reading(said=" ".join(words), stale=party.read_back_sha256 != sha256)


def _reread(session: Session, referral: Referral, sha256: str) -> Reading | None:
    if referral.reread_on is None:
        return None
    who = f" par {_initials(session, referral.reread_by_id)}" if referral.reread_by_id else ""
    return Reading(said=f"le {french_day(referral.reread_on)}{who}", stale=referral.reread_sha256 != sha256)


def _initials(session: Session, volunteer_id: uuid.UUID) -> str:
    volunteer = session.get(Volunteer, volunteer_id)
    return (volunteer.initials or volunteer.name) if volunteer is not None else "?"


def _happened(incident: Incident, caption: str) -> Listed:
    when = PartialDate.parse(incident.occurred or "?")
    place = incident.place or (incident.site.name if incident.site else "") or facts.commune_name(incident)
    return Listed(
        id=incident.id,
        title=caption,
        detail=vocabulary.label("incident_kinds", incident.kind) if incident.kind else "",
        short=", ".join(part for part in (when.french_bare() if when.known else "", place) if part) or caption,
    )


def _saved_at(session: Session, referral: Referral) -> dt.datetime:
    own = [each.updated_at for each in exhibits.lists(session, referral.id)]
    return max(referral.updated_at, *(each.updated_at for each in referral.parties), *own, referral.created_at)


def _exhibits(session: Session, found: Situation, todos: Sequence[Todo]) -> Iterator[Listed]:
    for each in found.said.numbered:
        masked = clearing.masked_versions(session, each.evidence)
        said = tuple(todo.sentence for todo in todos if todo.subject == str(each.evidence.id))
        yield Listed(
            id=each.evidence.id,
            title=each.title,
            detail=" · ".join(filter(None, (each.date, each.nature))),
            number=each.number,
            frozen=each.of_list.frozen_at is not None,
            media_type=each.evidence.media_type,
            remarks=((each.withheld,) if each.withheld else ()) + said,
            chapter=vocabulary.label("exhibit_chapters", each.exhibit.chapter) if each.exhibit.chapter else "",
            place_id=each.exhibit.id,
            masked_id=masked[-1].id if masked else None,
        )


def _parts(build: Build) -> Iterator[PartState]:
    for code, title in PARTS.items():
        levels = {todo.level for todo in build.todos if todo.part == code}
        state = next((state for level, state in _WORST if level in levels), "pret")
        if code == "reading" and state == "pret" and not _all_read(build):
            state = "a_signer"
        yield PartState(code=code, title=title, state=state, sentence=_sentence(build, code))


def _all_read(build: Build) -> bool:
    readings = [build.reread, *(each.read_back for each in build.parties)]
    return all(each is not None and not each.stale for each in readings)


def _sentence(build: Build, code: Part) -> str:
    waiting = [todo for todo in build.todos if todo.part == code and todo.level in ("block", "wait")]
    if waiting and code == "text":
        return "1 point attend" if len(waiting) == 1 else f"{len(waiting)} points attendent"
    if code == "people":
        agreed = sum(each.open for each in build.parties)
        return f"{grammar.counted(len(build.parties), 'personne')}, {agreed} sans obstacle"
    if code == "facts":
        return build.incidents[0].short if len(build.incidents) == 1 else _many(build)
    if code == "exhibits":
        held = sum(bool(each.remarks) for each in build.exhibits)
        said = grammar.counted(len(build.exhibits), "pièce")
        return f"{said}, {held} à regarder" if held else said
    if code == "reading":
        done = sum(each.read_back is not None and not each.read_back.stale for each in build.parties)
        second = "seconde lecture faite" if build.reread and not build.reread.stale else "seconde lecture à faire"
        return f"relue à {done} sur {len(build.parties)}, {second}"
    return "rien n’attend"


def _many(build: Build) -> str:
    return grammar.counted(len(build.incidents), "fait") if build.incidents else "aucun fait choisi"
