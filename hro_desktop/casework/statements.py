# SPDX-License-Identifier: GPL-3.0-or-later
"""Statements: one author's account, its versions, and the seal that ends a version."""

import hashlib
import json
import uuid
from typing import NamedTuple

import attrs
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields
from hro_desktop.casework.numbering import next_reference
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import vocabulary
from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Involvement
from hro_desktop.records.passages import Passage
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import ReferralIncident, ReferralParty
from hro_desktop.records.statements import Statement, StatementIncident, StatementVersion
from hro_desktop.rules import passages as passage_rules
from hro_desktop.vault.work import Work

__all__ = [
    "StatementAboutDraft",
    "StatementDraft",
    "StatementRow",
    "VersionDraft",
    "by_reference",
    "complains",
    "content_hash",
    "current",
    "kind_label",
    "new_version",
    "refuse_withdrawn",
    "rows",
    "save",
    "save_about",
    "save_version",
    "seal",
    "seal_version",
]


@attrs.define(kw_only=True)
class VersionDraft(fields.Draft):
    """One wording: the original language beside French."""

    language: str = fields.choice("languages", "langue du récit", default="fr")
    original_text: str = fields.text("le récit dans sa langue, mot pour mot", long=True)
    french_text: str = fields.text("le récit en français, ou sa traduction", long=True)
    interpreter_id: uuid.UUID | None = fields.ref("person", "interprète")
    interpreter_mode: str = fields.choice("interpreter_modes", "sur place, par téléphone…")
    read_back_on = fields.day("jour où le récit a été relu à son auteur·ice")
    read_back_language: str = fields.choice("languages", "langue de la relecture")
    sealed: bool = fields.flag("version figée : elle ne changera plus", default=False)


@attrs.define(kw_only=True)
class StatementAboutDraft(fields.Draft):
    """What is known about an account besides its words: its author, what it tells of, the three links of art. 202."""

    kind: str = fields.choice("statement_kinds", "récit, attestation ou déclaration recueillie", required=True)
    author_id: uuid.UUID | None = fields.ref("person", "qui parle", required=True)
    case_id: uuid.UUID | None = fields.ref("case", "dossier, s’il y en a un")
    taken_on = fields.day("jour du recueil")
    taken_by_id: uuid.UUID | None = fields.ref("volunteer", "bénévole qui a recueilli")
    address_id: uuid.UUID | None = fields.ref("address", "adresse à imprimer ; vide : celle de l’association")
    kinship: bool | None = fields.flag("lien de parenté ou d’alliance avec une partie")
    kinship_detail: str = fields.text("lequel")
    subordination: bool | None = fields.flag("lien de subordination avec une partie")
    subordination_detail: str = fields.text("lequel")
    interests: bool | None = fields.flag("collaboration ou communauté d’intérêts avec une partie")
    interests_detail: str = fields.text("laquelle")
    identity_evidence_id: uuid.UUID | None = fields.ref("evidence", "copie de la pièce d’identité")
    withdrawn_on = fields.day("jour où la personne a retiré son récit")
    withdrawn_reason: str = fields.text("pourquoi, si elle l’a dit", long=True)
    incident_ids: tuple[uuid.UUID, ...] = fields.refs("incident", "faits racontés")


@attrs.define(kw_only=True)
class StatementDraft(StatementAboutDraft):
    """An account and its author, with its versions."""

    versions: tuple[VersionDraft, ...] = fields.many(VersionDraft, "versions, de la première à la dernière", apart=True)


def save(work: Work, draft: StatementDraft) -> uuid.UUID:
    """Record a statement with its versions, or change one; versions marked sealed are sealed at once.

    What is known about a statement may change as long as it lives; a sealed version never does.

    Raises:
        Fault: `draft.invalid`; `statement.sealed` when a sealed version, or its author, would change.
    """
    fields.check(draft)
    known = work.session.get(Statement, draft.id) if draft.id else None
    if known is not None:
        _refuse_sealed(known, draft)
    statement = _save(work, draft)
    for wording in draft.versions:
        version = next((each for each in statement.versions if each.id == wording.id), None)
        if version is None:
            add_version(work, statement, wording)
        elif version.sealed_at is None:
            fields.store(wording, version)
            work.session.flush()
            if wording.sealed:
                seal(work, version)
    work.session.flush()
    return statement.id


def _save(work: Work, draft: StatementAboutDraft) -> Statement:
    statement = fields.save(work, Statement, draft, reference=next_reference(work, Statement.reference, "T"))
    statement.incidents = [StatementIncident(incident_id=each) for each in dict.fromkeys(draft.incident_ids)]
    return statement


def save_about(work: Work, draft: StatementAboutDraft) -> uuid.UUID:
    """Record or change what is known about a statement, whatever becomes of its versions meanwhile.

    A new one gets its first version, empty, in the language its author prefers.

    Raises:
        Fault: `draft.invalid`; `statement.author` when another author would have said sealed words.
    """
    known = work.session.get(Statement, draft.id) if draft.id else None
    sealed = known is not None and any(each.sealed_at is not None for each in known.versions)
    if known is not None and sealed and draft.author_id != known.author_id:
        raise Fault(
            "statement.author",
            "Ce récit a une version figée : les mots figés restent ceux de la même personne. "
            "Remettez son auteur·ice, ou commencez un autre récit.",
        )
    statement = _save(work, draft)
    if not statement.versions:
        add_version(work, statement, VersionDraft(language=_preferred(work.session, statement.author_id)))
    work.session.flush()
    return statement.id


def _preferred(session: Session, person_id: uuid.UUID) -> str:
    """The language somebody prefers to speak, French when nobody noted one."""
    spoken = session.get_one(Person, person_id).languages
    known = [each.language for each in sorted(spoken, key=lambda each: not each.preferred)]
    return known[0] if known else "fr"


def save_version(work: Work, draft: VersionDraft) -> uuid.UUID:
    """Change the words of a version that is not sealed; its marked passages follow the words they mark.

    Raises:
        Fault: `draft.invalid`; `statement.sealed` when it is sealed and would change.
    """
    fields.check(draft)
    version = work.session.get_one(StatementVersion, draft.id)
    if version.sealed_at is not None and not _says_the_same(draft, version):
        raise _sealed()
    if version.sealed_at is None:
        before = {part: getattr(version, part) for part in ("french_text", "original_text")}
        fields.store(draft, version)
        work.session.flush()
        work.record("statement_version.changed", version.id)
        _follow(work.session, version, before)
    return version.id


def new_version(work: Work, statement_id: uuid.UUID) -> uuid.UUID:
    """Begin the next version of a statement with the words of the last one, marked where those were marked.

    Raises:
        Fault: `statement.open` when the last version is not sealed: it can be changed as it is.
    """
    statement = work.session.get_one(Statement, statement_id)
    last = statement.versions[-1] if statement.versions else None
    if last is not None and last.sealed_at is None:
        raise Fault(
            "statement.open",
            f"La version {last.number} n’est pas figée : corrigez-la, il n’en faut pas d’autre.",
        )
    copied = {name: getattr(last, name) for name in _COPIED} if last else {}
    version = add_version(work, statement, VersionDraft(**copied))
    work.record("statement_version.created", version.id)
    marked = select(Passage).where(Passage.statement_version_id == last.id) if last else None
    for each in work.session.scalars(marked) if marked is not None else ():
        kept = {name: getattr(each, name) for name in _MARKED}
        work.session.add(Passage(statement_version_id=version.id, **kept))
    work.session.flush()
    return version.id


_COPIED = ("language", "original_text", "french_text", "interpreter_id", "interpreter_mode")
"""What a new version takes over; that it was read back is to be noted anew."""
_MARKED = ("part", "start", "quoted", "reason", "decision", "decided_by_id", "decided_on", "note")


def seal_version(work: Work, version_id: uuid.UUID) -> None:
    """Seal a version by its id; one that is sealed stays as it is.

    Raises:
        Fault: `statement.empty`.
    """
    version = work.session.get_one(StatementVersion, version_id)
    if version.sealed_at is None:
        seal(work, version)


def _follow(session: Session, version: StatementVersion, before: dict[str, str]) -> None:
    """Marks follow their words when others come before them; one whose words are gone stays, and blocks."""
    for each in session.scalars(select(Passage).where(Passage.statement_version_id == version.id)):
        text: str = getattr(version, each.part)
        if text != before[each.part]:
            moved = passage_rules.nearest(
                text, each.quoted, each.start + len(text) - len(before[each.part]), each.start
            )
            each.start = each.start if moved < 0 else moved
    session.flush()


def _sealed() -> Fault:
    return Fault(
        "statement.sealed",
        "Ce récit a une version figée, qui ne change plus : ajoutez une nouvelle version.",
    )


def _refuse_sealed(known: Statement, draft: StatementDraft) -> None:
    """A sealed version stays word for word, and by the same author; others may be changed or left out."""
    given = {each.id: each for each in draft.versions}
    sealed = [each for each in known.versions if each.sealed_at is not None]
    same = all(each.id in given and _says_the_same(given[each.id], each) for each in sealed)
    if sealed and not (same and draft.author_id == known.author_id):
        raise _sealed()


def _says_the_same(draft: VersionDraft, version: StatementVersion) -> bool:
    said = [name for name, _ in fields.described(VersionDraft) if name != "sealed"]
    return all(getattr(draft, name) == getattr(version, name) for name in said)


def add_version(work: Work, statement: Statement, draft: VersionDraft) -> StatementVersion:
    """Add the next version of a statement, sealed when the draft says so."""
    version = StatementVersion(number=len(statement.versions) + 1)
    if draft.id:
        version.id = draft.id
    fields.store(draft, version)
    statement.versions.append(version)
    work.session.flush()
    if draft.sealed:
        seal(work, version)
    return version


def seal(work: Work, version: StatementVersion) -> None:
    """End a version: its hash is computed, journalled, and the row refuses any later change.

    Raises:
        Fault: `statement.empty` when there is nothing to seal.
    """
    if not (version.original_text.strip() or version.french_text.strip()):
        raise Fault("statement.empty", "Une version vide ne peut pas être figée : écrivez d’abord le récit.")
    version.sha256 = content_hash(version)
    version.sealed_at = work.now
    work.session.flush()
    work.record("statement_version.sealed", version.id, version.sha256)


def content_hash(version: StatementVersion) -> str:
    """SHA-256 of the canonical JSON of what a version says: texts, languages, interpreter, read-back."""
    content = {
        "french_text": version.french_text,
        "interpreter": str(version.interpreter_id or ""),
        "interpreter_mode": version.interpreter_mode,
        "language": version.language,
        "number": version.number,
        "original_text": version.original_text,
        "read_back_language": version.read_back_language,
        "read_back_on": version.read_back_on.isoformat() if version.read_back_on else "",
        "statement": str(version.statement_id),
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def current(statement: Statement) -> StatementVersion | None:
    """The version a document uses: the last sealed one, else the last one."""
    sealed = [version for version in statement.versions if version.sealed_at]
    known = sealed or statement.versions
    return known[-1] if known else None


def refuse_withdrawn(statement: Statement) -> None:
    """Somebody took these words back: they are not printed any more, not even to be read.

    Raises:
        Fault: `statement.withdrawn`.
    """
    if statement.withdrawn_on is not None:
        raise Fault("statement.withdrawn", f"Le récit {statement.reference} a été retiré.", ExitCode.BLOCKED)


def complains(session: Session, statement: Statement) -> bool:
    """Whether the author is the complainant of the statement's case, or of a referral about what it tells."""
    if statement.case_id is not None and session.get_one(Case, statement.case_id).person_id == statement.author_id:
        return True
    found = session.scalars(
        select(Case.id)
        .join(ReferralParty, ReferralParty.case_id == Case.id)
        .join(ReferralIncident, ReferralIncident.referral_id == ReferralParty.referral_id)
        .where(Case.person_id == statement.author_id, ReferralIncident.incident_id.in_(_told(statement)))
    ).first()
    return found is not None


def kind_label(session: Session, statement: Statement) -> str:
    """What a list calls a statement: an account is that of the person concerned only when it is."""
    return label(statement.kind, concerned_=statement.kind != "recit" or _concerned(session, statement))


def label(kind: str, *, concerned_: bool) -> str:
    """The same from what a list knows."""
    return vocabulary.label("statement_kinds", kind) if concerned_ or kind != "recit" else "récit d’une autre personne"


def _concerned(session: Session, statement: Statement) -> bool:
    return bool(session.scalar(select(concerned()).where(Statement.id == statement.id)))


def concerned() -> ColumnElement[bool]:
    """Whether it happened to the author, as far as anybody noted it; nothing told yet is told of one's own case.

    A condition on `Statement`, so that a list asks once for a page.
    """
    tells = select(StatementIncident.statement_id).where(StatementIncident.statement_id == Statement.id)
    own = select(Case.id).where(Case.person_id == Statement.author_id)
    referred = (
        own.join(ReferralParty, ReferralParty.case_id == Case.id)
        .join(ReferralIncident, ReferralIncident.referral_id == ReferralParty.referral_id)
        .join(StatementIncident, StatementIncident.incident_id == ReferralIncident.incident_id)
        .where(StatementIncident.statement_id == Statement.id)
    )
    suffered = tells.join(Involvement, Involvement.incident_id == StatementIncident.incident_id).where(
        Involvement.person_id == Statement.author_id, Involvement.role.in_(("plaignant", "victime"))
    )
    return or_(
        own.where(Case.id == Statement.case_id).correlate(Statement).exists(),
        referred.correlate(Statement).exists(),
        suffered.correlate(Statement).exists(),
        and_(~tells.correlate(Statement).exists(), own.correlate(Statement).exists()),
    )


def _told(statement: Statement) -> list[uuid.UUID]:
    return [link.incident_id for link in statement.incidents]


class StatementRow(NamedTuple):
    """What a list shows of a statement: `kind` is the code, `label` the words."""

    reference: str
    kind: str
    label: str
    pseudonym: str
    taken_on: str
    sealed: bool


def rows(session: Session) -> list[StatementRow]:
    """All statements, newest reference first."""
    found = session.scalars(select(Statement).order_by(Statement.reference.desc())).all()
    return [
        StatementRow(
            each.reference,
            each.kind,
            kind_label(session, each),
            each.author.pseudonym,
            each.taken_on.isoformat() if each.taken_on else "",
            any(version.sealed_at for version in each.versions),
        )
        for each in found
    ]


def by_reference(session: Session, reference: str) -> Statement:
    """The statement with this reference.

    Raises:
        Fault: `statement.unknown`.
    """
    found = session.scalars(select(Statement).where(Statement.reference == reference.strip().upper())).first()
    if found is None:
        raise Fault(
            "statement.unknown",
            f"Aucun récit ni attestation ne porte la référence «\u00a0{reference}\u00a0»\u00a0: "
            "voyez la liste des récits et attestations.",
        )
    return found
