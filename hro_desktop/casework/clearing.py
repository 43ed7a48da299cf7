# SPDX-License-Identifier: GPL-3.0-or-later
"""Who appears in the exhibits of a sending: those who were noted, and those the statements they belong with imply."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import facts, fields, party_facts, passages
from hro_desktop.casework.evidence import MASKING
from hro_desktop.law.tables import fold
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence, EvidenceCase, EvidencePerson, EvidenceStatement
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules import clearing, consents
from hro_desktop.rules.clearing import Agreement, Appearance, Item
from hro_desktop.rules.findings import Finding

__all__ = [
    "TAKEN_BACK",
    "WITHHELD",
    "belongs",
    "is_masked_version",
    "lineage",
    "masked_versions",
    "review",
    "taken_back",
    "withheld",
]

WITHHELD = "pièce non jointe\u00a0: l’accord du témoin pour que cet organisme connaisse son nom n’a pas été recueilli"
"""True whether the witness was not asked or did not say yes."""
TAKEN_BACK = "pièce non jointe\u00a0: le témoignage a été retiré ou refusé par son auteur·ice"
"""It is then in no paper, a draft neither."""
REPRODUCES = ("signed", "recording", "translation")
"""Ties to a statement (list `evidence_statement_roles`) under which an item holds its words."""
WORDS = ("recit", "attestation", "traduction")
"""Kinds of evidence (list `evidence_kinds`) that hold the words of a statement, whatever the tie says."""
SAY_WHO = (*WORDS, "identite", "mandat")
"""Kinds in which whoever appears is named."""


def review(
    session: Session,
    exhibits: Iterable[tuple[int, Evidence]],
    parties: Collection[uuid.UUID],
    body: str,
    on: dt.date,
    *,
    excepted: Collection[uuid.UUID] = (),
) -> tuple[Finding, ...]:
    """What prevents exhibits from leaving because of who appears in them, and what is to be looked at.

    Args:
        session: the vault.
        exhibits: number and item, all lists together.
        parties: ids of the complainants of the referral, covered by their agreement to it.
        body: list `bodies`: who it goes to.
        on: day of the sending.
        excepted: complainants who are in the referral by an exception to their agreement.
    """
    asked = _Asked(session, parties, body, on)
    asked.excepted = excepted
    return clearing.review(_item(asked, number, item) for number, item in exhibits)


def withheld(
    session: Session, exhibits: Iterable[tuple[int, Evidence]], parties: Collection[uuid.UUID], body: str, on: dt.date
) -> set[int]:
    """Numbers of the exhibits that would tell a body who a witness is who was not asked whether it may know.

    A complaint names its witnesses (fiches F1435 and F1524): there such an exhibit blocks instead.
    """
    if body == party_facts.NAMES_ITS_WITNESSES:
        return set()
    asked = _Asked(session, parties, body, on)
    found = set()
    for number, item in exhibits:
        line = lineage(session, item)
        ties = _ties(session, line)
        authors = {session.get_one(Statement, tie.statement_id).author_id for tie in ties}
        says_who = _says_who(item, ties)
        settled = {
            each.person_id
            for each in _declared(line)
            if each.clearance != "pending"
            and not (each.clearance == "unrecognisable" and _named(each, says_who=says_who))
        }
        unasked = [each for each in authors - settled if asked.agreement(session.get_one(Person, each)) == "closed"]
        if unasked and not is_masked_version(session, item):
            found.add(number)
    return found


def taken_back(
    session: Session, exhibits: Iterable[tuple[int, Evidence]], parties: Collection[uuid.UUID], body: str, on: dt.date
) -> set[int]:
    """Numbers of the exhibits that hold, or are annexed to, a testimony that was withdrawn or refused to this body."""
    held = {
        number: [session.get_one(Statement, each) for each in {tie.statement_id for tie in ties}]
        for number, item in exhibits
        if (ties := _ties(session, lineage(session, item)))
    }
    authors = {each.author_id for statements in held.values() for each in statements}
    refused = party_facts.opposed(session, authors, parties, body, on)
    return {
        number
        for number, statements in held.items()
        if any(each.withdrawn_on is not None or each.author_id in refused for each in statements)
    }


def belongs(session: Session, item: Evidence, person_id: uuid.UUID) -> bool:
    """Whether an item, or what it was made from, is by somebody or useful to their case, whoever appears in it."""
    line = lineage(session, item)
    tied = select(EvidenceCase.evidence_id).join(Case, EvidenceCase.case_id == Case.id)
    cases = tied.where(Case.person_id == person_id, EvidenceCase.evidence_id.in_([each.id for each in line]))
    return person_id in {each.author_id for each in line} or session.scalars(cases).first() is not None


def is_masked_version(session: Session, item: Evidence) -> bool:
    """Whether the item was made by masking, itself or something it was made from: other bytes than those masked."""
    line = lineage(session, item)
    return any(
        made.derivation_kind == MASKING and made.object_id != source.object_id for made, source in pairwise(line)
    ) and not _loops(line)


def _loops(line: Sequence[Evidence]) -> bool:
    """Whether an item would be made from itself: nothing is known of what was masked then."""
    return line[-1].derived_from_id is not None


def masked_versions(session: Session, item: Evidence) -> list[Evidence]:
    """The masked versions made from an item, newest last, to put in its place."""
    return list(
        session.scalars(
            select(Evidence)
            .where(
                Evidence.derived_from_id == item.id,
                Evidence.derivation_kind == MASKING,
                Evidence.object_id != item.object_id,
            )
            .order_by(Evidence.id)
        )
    )


def lineage(session: Session, item: Evidence) -> list[Evidence]:
    """The item, what it was made from, and so on."""
    line = [item]
    while (above := line[-1].derived_from_id) is not None and above not in {each.id for each in line}:
        line.append(session.get_one(Evidence, above))
    return line


def _item(asked: "_Asked", number: int, item: Evidence) -> Item:
    session = asked.session
    line = lineage(session, item)
    ties = _ties(session, line)
    told = _told(item, ties)
    statements = [session.get_one(Statement, each) for each in sorted(told)]
    # an annex, an identity document: not the words, but it may show whose they are
    beside = [session.get_one(Statement, each) for each in sorted({tie.statement_id for tie in ties} - told)]
    declared = list(_declared(line))
    named = {*(each.person_id for each in declared), *(each.author_id for each in statements)}
    return Item(
        id=str(item.id),
        number=number,
        kind=item.kind,
        masked_version=is_masked_version(session, item),
        masked_at_hand=bool(masked_versions(session, item)),
        nobody_appears=item.nobody_appears,
        people=(
            *(asked.declared(each, says_who=_says_who(item, ties)) for each in declared),
            *asked.implied(statements, declared),
            *asked.theirs(line, named),
            *(() if item.nobody_appears else asked.authors(beside, named)),
        ),
        **_marked(session, line, statements),
    )


def _marked(session: Session, line: Sequence[Evidence], statements: Iterable[Statement]) -> dict[str, tuple[str, ...]]:
    """References of the statements with dangerous passages; and of those it does not help to have masked before."""
    masked_on = max((each.deposited_at for each in line if each.derivation_kind == MASKING), default=None)
    hidden = {each.reference: passages.dangerous(session, each) for each in statements}
    return {
        "marked_statements": tuple(name for name, marked in hidden.items() if marked),
        "undecided_statements": tuple(
            name for name, marked in hidden.items() if any(each.decision == "en_attente" for each in marked)
        ),
        "masked_since": tuple(
            name
            for name, marked in hidden.items()
            if masked_on and any(each.decided_on and each.decided_on > fields.french_day(masked_on) for each in marked)
        ),
    }


def _ties(session: Session, line: Iterable[Evidence]) -> Sequence[EvidenceStatement]:
    """The statements an item belongs with, itself or by what it was made from."""
    return session.scalars(
        select(EvidenceStatement).where(EvidenceStatement.evidence_id.in_([each.id for each in line]))
    ).all()


def _told(item: Evidence, ties: Iterable[EvidenceStatement]) -> set[uuid.UUID]:
    """Ids of the statements whose words an item holds."""
    return {tie.statement_id for tie in ties if tie.role in REPRODUCES or item.kind in WORDS}


def _says_who(item: Evidence, ties: Iterable[EvidenceStatement]) -> bool:
    """Whether an item names whoever appears in it: words of a statement, a paper that proves who one is."""
    return item.kind in SAY_WHO or bool(_told(item, ties))


def _named(appearance: EvidencePerson, *, says_who: bool) -> bool:
    return says_who or appearance.appears == "named"


def _declared(line: Iterable[Evidence]) -> Iterator[EvidencePerson]:
    """Who was noted in the item, then in what it was made from: masking one face does not remove the others."""
    seen: set[object] = set()
    for each in line:
        own = [(appearance.person_id or fold(appearance.described), appearance) for appearance in each.people]
        yield from (appearance for key, appearance in own if key not in seen)
        seen |= {key for key, _ in own}


class _Asked:
    """Whether people agreed to appear before one body, on one day."""

    def __init__(self, session: Session, parties: Collection[uuid.UUID], body: str, on: dt.date) -> None:
        self.session, self.parties, self.body, self.on = session, parties, body, on
        self.excepted: Collection[uuid.UUID] = ()

    def declared(self, appearance: EvidencePerson, *, says_who: bool) -> Appearance:
        """Somebody noted in an item; `says_who`: it names whoever appears in it."""
        person = self.session.get(Person, appearance.person_id) if appearance.person_id else None
        # who is there by an exception cannot have been cleared by word of mouth
        undone = appearance.clearance == "cleared" and appearance.person_id in self.excepted
        return Appearance(
            id=str(appearance.person_id or appearance.id),
            label=facts.formal_name(person) if person else appearance.described or "une personne inconnue",
            clearance="pending" if undone else appearance.clearance,
            agreement=self.agreement(person) if person else "closed",
            named=_named(appearance, says_who=says_who),
        )

    def implied(self, statements: Iterable[Statement], declared: Iterable[EvidencePerson]) -> Iterator[Appearance]:
        """Author, interpreters and collector of the statements an item reproduces, unless they were noted in it."""
        noted = list(declared)
        known = {each.person_id for each in noted}
        described = {fold(each.described) for each in noted}
        for statement in statements:
            parts = [(statement.author_id, "author")]
            parts += [(each.interpreter_id, "interpreter") for each in statement.versions if each.interpreter_id]
            for person_id, part in dict.fromkeys(parts):
                if person_id in known:
                    continue
                known.add(person_id)
                person = self.session.get_one(Person, person_id)
                yield Appearance(
                    id=str(person_id),
                    label=facts.formal_name(person),
                    part="author" if part == "author" else "interpreter",
                    agreement=self.agreement(person),
                )
            collector = self.session.get(Volunteer, statement.taken_by_id) if statement.taken_by_id else None
            if collector is not None and fold(collector.name) not in described:
                described.add(fold(collector.name))
                yield Appearance(id=str(collector.id), label=collector.name, part="collector")

    def authors(self, beside: Iterable[Statement], known: Collection[uuid.UUID | None]) -> Iterator[Appearance]:
        """Who told what an item is annexed to, unless noted in it."""
        for person_id in sorted({each.author_id for each in beside} - set(known)):
            person = self.session.get_one(Person, person_id)
            yield Appearance(
                id=str(person_id), label=facts.formal_name(person), part="author", agreement=self.agreement(person)
            )

    def theirs(self, line: Sequence[Evidence], known: Collection[uuid.UUID | None]) -> Iterator[Appearance]:
        """Who is in the referral by an exception and was not noted in an item of theirs; unless nobody appears."""
        for person_id in self.excepted:
            if person_id in known or line[0].nobody_appears or not belongs(self.session, line[0], person_id):
                continue
            person = self.session.get_one(Person, person_id)
            yield Appearance(
                id=str(person_id), label=facts.formal_name(person), part="excepted", agreement=self.agreement(person)
            )

    def agreement(self, person: Person) -> Agreement:
        """What the person answered; a party of the referral is covered by the agreement to it."""
        if person.id in self.parties:
            return "open"
        gate = consents.gate(party_facts.consents_of(self.session, person), "temoignage", self.body, self.on)
        if gate.open:
            return "open"
        return "refused" if gate.state in ("refused", "withdrawn") else "closed"
