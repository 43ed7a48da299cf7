# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents: from a referral or a statement to filled papers.

Making changes nothing in the vault; `keep` seals what was made into it, with the hash of the values that filled it, so
that it can always be shown what was made and from which facts.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from pathlib import Path

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import drawn
from forms.bundle import ItemPages
from forms.catalogue import Catalogue, Form
from forms.definition import Mode, resolve
from forms.layout import read_layout
from forms.problems import Problem
from forms.values import Values
from forms.worker import Worker
from hro_desktop.casework import (
    body_facts,
    cases,
    concerned,
    edited,
    identities,
    overrides,
    papers,
    party_facts,
    passages,
    profiles,
    readiness,
    referral_facts,
    referrals,
    statement_facts,
)
from hro_desktop.casework import statements as statement_actions
from hro_desktop.casework.departures import Concerned
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.edited import Edited
from hro_desktop.casework.handed import Handed, in_papers
from hro_desktop.casework.packages import Package, from_made
from hro_desktop.casework.packs import Listed, Pack
from hro_desktop.casework.papers import Made
from hro_desktop.casework.readiness import DocumentState
from hro_desktop.casework.referral_facts import Numbered, ReferralFacts
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import procedures
from hro_desktop.records.evidence import EvidenceStatement
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from hro_desktop.rules import statements as rules
from hro_desktop.rules.findings import Finding

__all__ = [
    "OPPOSED",
    "Listed",
    "Made",
    "Pack",
    "Shape",
    "Situation",
    "catalogue",
    "for_draft",
    "listed",
    "make",
    "make_attestation",
    "make_letters",
    "make_referral",
    "may_attest",
    "refuse_blocked",
    "refuse_opposed",
    "remarks",
    "situation",
    "states",
]

Progress = Callable[[int, int], None]
ATTESTATION = "attestation_202"
SCHEDULE = "bordereau"
TO_SIGN = "la personne, pour relecture et signature"
TO_EDIT = "l’association, pour modification"
OPPOSED = (
    "consent_refused",
    "consent_withdrawn",
    "handing_refused",
    "refused_named",
    "identity_in_account",
    "passage_repeated",
    "testimony_repeated",
)
"""Why even a draft is not written out: somebody said no, must not be named, or marked these words as dangerous."""

TAKEN_BACK = ("withdrawn", "witness_refused")
"""Testimonies that no paper made from now on says, and that those made before do."""


@attrs.frozen(kw_only=True)
class Shape:
    """How a person wants a pack of exhibits.

    Args:
        profile: code of the law table `profiles`; empty for the one its procedure names.
        series: numbers of exhibits to group in one file, where the profile has one file per exhibit.
        lot_mo: size of a lot in Mo, when not that of the table.
    """

    profile: str = ""
    series: Sequence[Sequence[int]] = ()
    lot_mo: int | None = None


def catalogue(own: Path | None = None) -> Catalogue:
    """The shipped forms, and those of a folder of the association’s own behind them."""
    return Catalogue(resources.files("cerfa_templates"), own)


def states(desk: Desk, case_reference: str, procedure: str, profile: str = "") -> tuple[DocumentState, ...]:
    """What is ready, to be signed, waiting or blocked, and why: one line per document and person.

    With a profile that is for somebody else than the authority, also whether that somebody may have it.
    """
    with desk.read() as session:
        referral = _referral(session, desk, case_reference, procedure)
        return situation(session, desk, referral, profile).states


def _referral(session: Session, desk: Desk, case_reference: str, procedure: str) -> Referral:
    known = [row.code for row in procedures.procedures() if row.holds_on(desk.today())]
    if procedure not in known:
        raise Fault(
            "procedure.unknown",
            f"La procédure «\u00a0{procedure}\u00a0» n’existe pas\u00a0: choisissez parmi {', '.join(known)}.",
            ExitCode.USAGE,
        )
    return referrals.for_case(session, cases.by_reference(session, case_reference), procedure)


@attrs.frozen
class Situation:
    """A referral as it stands: what it says, what may leave, with which forms.

    `edited`: the letters that were edited outside and stand in the place of filled ones, by the id of their form.
    """

    said: ReferralFacts
    states: tuple[DocumentState, ...]
    forms: tuple[Form, ...]
    edited: Mapping[str, Edited] = attrs.field(factory=dict)

    @property
    def sha256(self) -> str:
        """The hash of what the papers say: what a reading is of."""
        return papers.said_hash(self.forms, self.said.values, edited.hashes(self.edited))

    @property
    def whole_sha256(self) -> str:
        """The hash of everything they may say, the note of a reading included: what a pack is of."""
        return papers.whole_hash(self.said.values, edited.hashes(self.edited))


def situation(
    session: Session,
    desk: Desk,
    referral: Referral,
    profile: str = "",
    *,
    instead: Mapping[str, Edited | None] | None = None,
) -> Situation:
    """What a referral says today and whether it may leave, to whoever that profile is for.

    `instead`: edited letters to look at as if they were of record, or none, by the id of their form.
    """
    on = desk.today()
    said = referral_facts.of_referral(session, referral, on, practice=desk.practice())
    said = attrs.evolve(said, values=body_facts.extended(session, referral, said.values, on))
    said = identities.reduce(said, referral, identities.reduced(session, referral, on))
    said = attrs.evolve(said, values=overrides.apply(said.values, overrides.typed(referral)))
    shipped = catalogue()
    forms = tuple(shipped.get(paper.form) for paper in procedures.procedure(referral.procedure, on).documents)
    held = edited.of_record(session, desk.vault, referral.id)
    held = {name: each for name, each in {**held, **(instead or {})}.items() if each is not None}
    said = edited.said_too(said, forms, held)
    sha256 = papers.said_hash(forms, said.values, edited.hashes(held))
    said = attrs.evolve(said, values=party_facts.read_back(referral, said.values, sha256))
    problems = [problem for form in forms for problem in resolve(form.definition, said.values)[1]]
    titles = {form.definition.id: form.definition.title for form in forms}
    states = readiness.of_referral(session, referral, said, problems, on, titles=titles)
    if profile:
        states += readiness.of_handing(session, referral, said, profiles.row_of(desk, profile), on)
    return Situation(said, states, forms, held)


def make_referral(
    desk: Desk,
    case_reference: str,
    procedure: str,
    *,
    shape: Shape = Shape(),
    draft: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Pack:
    """Make the letter, the schedule and the exhibits of a referral, in the shape its recipient wants.

    What waits makes a draft of it; what blocks is refused unless a draft is asked for, and then the exhibits that
    block are withheld from the draft.

    Raises:
        Fault: `referral.blocked`, with the first reason; `profile.*`.
        FormError: a template or an exhibit that cannot be used.
    """
    with desk.read() as session:
        wanted = _referral(session, desk, case_reference, procedure).id
    return make(desk, wanted, shape=shape, draft=draft, progress=progress, cancelled=cancelled)


def make(
    desk: Desk,
    referral_id: uuid.UUID,
    *,
    shape: Shape = Shape(),
    draft: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Pack:
    """The same as `make_referral`, for a referral known by its id."""
    with desk.read() as session, Worker() as worker:
        referral = session.get_one(Referral, referral_id)
        row = procedures.procedure(referral.procedure, desk.today())
        profile = profiles.row_of(desk, shape.profile or row.profile)
        found = situation(session, desk, referral, profile.code)
        draft = draft or any(state.waiting for state in found.states)
        if not draft:
            refuse_blocked(found.states)
        numbered = for_draft(session, found) if draft else found.said.numbered

        def papers_of(places: Sequence[ItemPages], handed: Sequence[Handed]) -> list[Made]:
            values = in_papers(found.said.values, places, handed)
            return _papers(values, row, found, worker, draft=draft, listed=bool(numbered))

        wish = profiles.Wish(
            profile=profile.code,
            names=concerned.names(session, referral, found.said),
            series=shape.series,
            lot_mo=shape.lot_mo,
            subtitle=(row.label, f"Référence\u00a0: {referral.reference}"),
            draft=draft,
            body=row.body,
        )
        package = profiles.prepare(desk, numbered, papers_of, wish, progress=progress, cancelled=cancelled)
        problems = [*package.problems, *(each for made in package.documents for each in made.problems)]
        said = remarks(found.states, problems, draft=draft)
        return Pack(
            ("referral", referral.id),
            referral.reference,
            package,
            found.states,
            (*filter(None, [package.misfit]), *said, *package.remarks),
            draft,
            listed(numbered),
            authority="" if profile.recipient else referral.authority,
            recipient=profile.recipient,
            people=concerned.by_referral(session, referral, numbered, profile, desk.today()),
            said=found.whole_sha256,
        )


def make_letters(desk: Desk, referral_id: uuid.UUID, *, editable: str = "") -> Pack:
    """The papers of a referral alone, to be read back and signed; or the `.docx` of one form, to be edited outside.

    Raises:
        Fault: `referral.opposed`: somebody said no, and not even a draft is written.
    """
    with desk.read() as session, Worker() as worker:
        referral = session.get_one(Referral, referral_id)
        row = procedures.procedure(referral.procedure, desk.today())
        found = situation(session, desk, referral)
        refuse_opposed(found.states)
        draft = any(state.blocked or state.waiting for state in found.states)
        numbered = for_draft(session, found) if draft else found.said.numbered
        profile = profiles.row_of(desk, row.profile)
        handed = profiles.handed_by(desk, numbered, profile, concerned.names(session, referral, found.said))
        made = _papers(in_papers(found.said.values, (), handed), row, found, worker, draft=draft, listed=False)
        return Pack(
            ("referral", referral.id),
            referral.reference,
            Package("", tuple(from_made(each) for each in made if _wanted(each, editable))),
            found.states,
            remarks((), [problem for each in made for problem in each.problems], draft=draft),
            draft,
            listed(numbered),
            recipient=TO_EDIT if editable else TO_SIGN,
            people=concerned.by_referral(session, referral, (), profile, desk.today()),
            said=found.whole_sha256,
        )


def _wanted(made: Made, editable: str) -> bool:
    if editable:
        return made.media_type == papers.DOCX and made.form[0] == editable
    return made.media_type == papers.PDF


def listed(numbered: Sequence[Numbered]) -> tuple[Listed, ...]:
    """The exhibits as a pack keeps them."""
    return tuple(Listed(each.number, each.evidence.id, each.evidence.stored.sha256, each.withheld) for each in numbered)


NOT_IN_DRAFT = (
    "pièce retenue de ce brouillon\u00a0: une personne n’y est ni d’accord ni masquée, ou un récit est retiré"
)


def for_draft(session: Session, found: Situation) -> tuple[Numbered, ...]:
    """The exhibits of a draft: what may not leave does not leave as a draft either."""
    blocking = [
        reason for state in found.states for reason in state.reasons if reason.label == readiness.LEVELS["block"]
    ]
    held = {reason.subject for reason in blocking}
    told = {reason.subject for reason in blocking if reason.code in TAKEN_BACK}
    items = [each.evidence.id for each in found.said.numbered]
    for item, statement, author in session.execute(
        select(EvidenceStatement.evidence_id, Statement.id, Statement.author_id)
        .join(Statement, EvidenceStatement.statement_id == Statement.id)
        .where(EvidenceStatement.evidence_id.in_(items))
    ):
        if {str(statement), str(author)} & told:
            held.add(str(item))
    return tuple(
        attrs.evolve(each, withheld=each.withheld or NOT_IN_DRAFT) if str(each.evidence.id) in held else each
        for each in found.said.numbered
    )


def _papers(
    values: Values, row: procedures.Procedure, found: Situation, worker: Worker, *, draft: bool, listed: bool
) -> list[Made]:
    """The letters and boxes of a procedure, then the schedule when there is an exhibit."""
    files: list[Made] = []
    forms = found.forms
    for number, (paper, form) in enumerate(zip(row.documents, forms, strict=True), start=1):
        name = f"{number:02}-{paper.name}"
        if paper.role == "boxes":
            files += papers.boxes(form, values, name=name, draft=draft)
        elif form.definition.id in found.edited:
            known = found.edited[form.definition.id]
            files += papers.edited(form, values, worker, (known.document_id, known.docx), name=name, draft=draft)
        else:
            files += papers.letters(form, values, worker, role="letter", name=name, draft=draft)
    if listed:
        name = f"{len(forms) + 1:02}-bordereau"
        files += papers.letters(catalogue().get(SCHEDULE), values, worker, role="schedule", name=name, draft=draft)
    return files


def remarks(states: Sequence[DocumentState], problems: Sequence[Problem], *, draft: bool) -> tuple[str, ...]:
    """What the user should look at, each once."""
    said = ["Ces documents sont des brouillons, marqués comme tels\u00a0: quelque chose attend."] if draft else []
    said += [
        f"La pièce n°\u00a0{problem.facts['number']} {papers.UNREADABLE[problem.code]}."
        for problem in problems
        if problem.code in papers.UNREADABLE
    ]
    lost = "".join(str(problem.facts["characters"]) for problem in problems if problem.code == "no_glyph")
    if lost:
        shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in dict.fromkeys(lost))
        said.append(f"Ces caractères ne peuvent pas être imprimés et manquent dans le PDF\u00a0: {shown}.")
    said += [reason.sentence for state in states for reason in state.reasons]
    return tuple(dict.fromkeys(said))


def refuse_blocked(found: Sequence[DocumentState]) -> None:
    """Raise the first reason why something may not leave, if there is one."""
    for state in found:
        if state.blocked:
            reason = state.reasons[0]
            raise Fault(
                "referral.blocked",
                f"{state.document}, {state.person}\u00a0: {reason.sentence} "
                "Rien n’est sorti\u00a0; l’état des documents du dossier donne toutes les raisons.",
                ExitCode.BLOCKED,
            )


def may_attest(session: Session, desk: Desk, statement: Statement, *, handwriting: bool) -> Sequence[Finding]:
    """What is to be looked at in an attestation.

    Raises:
        Fault: `attestation.refused`.
    """
    checked = statement_facts.attestation_facts(session, statement, desk.today(), handwriting=handwriting)
    version = statement_actions.current(statement)
    findings = [*rules.check(checked), *(passages.review(session, statement, version) if version else ())]
    refused = next((each for each in findings if each.level == "block"), None)
    if refused is not None:
        raise Fault("attestation.refused", refused.sentence, ExitCode.BLOCKED)
    return findings


def make_attestation(desk: Desk, statement_reference: str, *, handwriting: bool = False) -> Pack:
    """The attestation of a witness with its guide sheet; typed, or prepared for the author's handwriting.

    Raises:
        Fault: `attestation.refused` for a complainant's own account, a minor, a withdrawn statement.
    """
    with desk.read() as session:
        statement = statement_actions.by_reference(session, statement_reference)
        findings = may_attest(session, desk, statement, handwriting=handwriting)
        practice = desk.practice()
        statement_id = statement.id

        def again(session: Session) -> Values:
            known = session.get_one(Statement, statement_id)
            return statement_facts.of_statement(
                session, known, desk.today(), practice=practice, handwriting=handwriting
            )

        values = again(session)
        forms = catalogue()
        made = []
        for form_id, role, name in (
            (ATTESTATION, "attestation", "01-attestation.pdf"),
            ("guide_attestation", "guide", "02-guide.pdf"),
        ):
            form = forms.get(form_id)
            mode: Mode = "handwriting" if handwriting and "handwriting" in form.definition.modes else "typed"
            paper = drawn.fill(
                form.definition, read_layout(form.definition, form.file("layout")), values, mode=mode, practice=practice
            )
            known = (form.definition.id, form.definition.edition)
            made.append(
                Made(name, role, papers.PDF, paper.pdf, paper.pages, known, papers.canonical(values), paper.problems)
            )
        lost = remarks((), [problem for each in made for problem in each.problems], draft=False)
        return Pack(
            ("statement", statement.id),
            statement.reference,
            Package("", tuple(from_made(each) for each in made)),
            remarks=(*(each.sentence for each in findings), *lost),
            recipient="l’auteur·ice, pour signature",
            people=(Concerned(role="temoin", person_id=statement.author_id),),
            said=papers.whole_hash(values),
            again=again,
        )


def refuse_opposed(found: Sequence[DocumentState]) -> None:
    """Not even a draft about somebody who said no is written in clear.

    Raises:
        Fault: `referral.opposed`.
    """
    for state in found:
        for reason in state.reasons:
            if reason.code in OPPOSED:
                raise Fault(
                    "referral.opposed",
                    f"{state.document}, {state.person}\u00a0: {reason.sentence} Même un brouillon ne sort pas.",
                    ExitCode.BLOCKED,
                )
