# SPDX-License-Identifier: GPL-3.0-or-later
"""What would be frozen and would leave: who agreed, who else appears in each exhibit, what each file says, to whom."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework import builder, contents, departures, dispatches, documents, facts, frozen, referral_facts
from hro_desktop.casework.builder import Todo
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.frozen import Version
from hro_desktop.law import procedures, vocabulary
from hro_desktop.records.evidence import EvidencePerson
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.rules.dates import french_day

__all__ = ["Agreed", "Checked", "LeavingFile", "Shown", "files", "look"]


@attrs.frozen(kw_only=True)
class Agreed:
    """One complainant: who, what that person answered, whether it lets the referral go."""

    called: str = attrs.field(repr=False)
    sentence: str
    open: bool


@attrs.frozen(kw_only=True)
class Shown:
    """One exhibit: its number, its title, who else appears in it and what was decided; what is to be looked at."""

    number: int
    title: str = attrs.field(repr=False)
    people: tuple[str, ...] = attrs.field(repr=False)
    remarks: tuple[str, ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class LeavingFile:
    """One file as it would leave: its name, size, pages; « ce document contient… » in sentences."""

    name: str
    size: int
    pages: int
    sentences: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Checked:
    """What is read before freezing.

    Args:
        authority: to whom it goes.
        channels: how it may go, best first.
        todos: what waits, blocks or is to be looked at, gravest first.
        may_freeze: nothing waits and nothing blocks; a signature that misses is put on the paper.
        signed: nobody's signature misses.
        version: what was frozen last.
        stale: the exhibits changed since.
        sent: it went to the body already.
    """

    id: uuid.UUID
    reference: str
    label: str
    authority: str
    channels: tuple[tuple[str, str], ...]
    agreed: tuple[Agreed, ...]
    exhibits: tuple[Shown, ...]
    todos: tuple[Todo, ...]
    may_freeze: bool
    signed: bool
    version: Version | None
    stale: bool
    sent: bool


def look(session: Session, desk: Desk, referral_id: uuid.UUID) -> Checked:
    """What is known at once; the files, which have to be made, are for `files`.

    Raises:
        Fault: `referral.gone`.
    """
    build = builder.view(session, desk, referral_id)
    referral = session.get_one(Referral, referral_id)
    versions = frozen.of_referral(session, referral_id)
    return Checked(
        id=build.id,
        reference=build.reference,
        label=build.label,
        authority=build.authority_name,
        channels=dispatches.channels(referral.procedure, desk.today()),
        agreed=tuple(Agreed(called=each.called, sentence=each.agreement, open=each.open) for each in build.parties),
        exhibits=tuple(_exhibits(session, referral, build, desk.today())),
        todos=build.todos,
        may_freeze=bool(build.states) and not build.draft,
        signed=not any(each.state == "a_signer" for each in build.states),
        version=versions[0] if versions else None,
        stale=bool(versions) and not frozen.same_exhibits(session, referral, versions[0]),
        sent=any(not each.copy for each in dispatches.of_referral(session, referral_id)),
    )


def files(
    desk: Desk,
    referral_id: uuid.UUID,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[LeavingFile, ...]:
    """Every file as it would leave today, and what it says besides what it shows.

    Raises:
        Fault: `referral.blocked`; what `documents.make` refuses.
    """
    pack = documents.make(desk, referral_id, progress=progress, cancelled=cancelled)
    found = []
    for file in pack.package.files:
        if cancelled is not None and cancelled():
            break
        with file.open() as stream:
            said = tuple(sentence for _, sentence in contents.of_file(stream))
        found.append(LeavingFile(name=file.name, size=file.size, pages=file.pages or 0, sentences=said))
    return tuple(found)


def _exhibits(session: Session, referral: Referral, build: builder.Build, on: dt.date) -> Iterator[Shown]:
    own = {party.person_id for party in build.parties}
    known = {each.number: each for each in build.exhibits}
    said = {each.sentence for each in build.todos}
    body = procedures.procedure(referral.procedure, on).body
    for each in referral_facts.numbered_exhibits(session, referral):
        listed = known.get(each.number)
        yield Shown(
            number=each.number,
            title=listed.title if listed is not None else each.title,
            people=tuple(_person(session, one, body, on) for one in each.evidence.people if one.person_id not in own),
            remarks=tuple(each for each in listed.remarks if each not in said) if listed is not None else (),
        )


def _person(session: Session, each: EvidencePerson, body: str, on: dt.date) -> str:
    """Who, and why that person may be seen: what was decided for the exhibit, or the answer of a witness."""
    who = facts.formal_name(session.get_one(Person, each.person_id)) if each.person_id else ""
    why = vocabulary.label("clearances", each.clearance)
    if each.clearance == "pending" and each.person_id is not None:
        agreed = departures.agreement(session, each.person_id, "temoignage", body, on)
        if agreed is not None:
            day = f" du {french_day(agreed.given_on)}" if agreed.given_on else ""
            why = f"accord{day} comme témoin"
    return f"{who or each.described or 'une personne inconnue'} ({why})"
