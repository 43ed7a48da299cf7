# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents: from a referral or a statement to filled papers.

Making changes nothing in the vault; `keep` seals what was made into it, with the hash of the values that filled it, so
that it can always be shown what was made and from which facts.
"""

import hashlib
import io
import uuid
from collections.abc import Callable, Sequence
from importlib import resources

import attrs
from sqlalchemy.orm import Session

from forms import drawn
from forms.catalogue import Catalogue, Form
from forms.definition import Mode, resolve
from forms.layout import read_layout
from forms.problems import Problem
from forms.values import Values
from forms.worker import Worker
from hro_desktop.casework import body_facts, cases, papers, readiness, referral_facts, referrals, statement_facts
from hro_desktop.casework import statements as statement_actions
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.papers import Made
from hro_desktop.casework.readiness import DocumentState
from hro_desktop.casework.referral_facts import ReferralFacts
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import procedures
from hro_desktop.records.documents import Document
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.referrals import Referral
from hro_desktop.rules import statements as rules
from hro_desktop.vault.objects import Staged
from hro_desktop.vault.work import Work

__all__ = ["Made", "Pack", "catalogue", "keep", "make_attestation", "make_referral", "states"]

Progress = Callable[[int, int], None]
SCHEDULE = "bordereau"


@attrs.frozen
class Pack:
    """Everything made for one referral or one statement.

    Args:
        subject: `referral` or `statement`, and its id.
        files: in the order they are read.
        states: what can leave, per document and person.
        remarks: sentences for the user.
        draft: « BROUILLON » stands on each page.
        exhibits: number and SHA-256 of each original.
    """

    subject: tuple[str, uuid.UUID]
    reference: str
    files: tuple[Made, ...]
    states: tuple[DocumentState, ...] = ()
    remarks: tuple[str, ...] = ()
    draft: bool = False
    exhibits: tuple[tuple[int, str], ...] = ()


def catalogue() -> Catalogue:
    """The shipped forms."""
    return Catalogue(resources.files("cerfa_templates"))


def states(desk: Desk, case_reference: str, procedure: str) -> tuple[DocumentState, ...]:
    """What is ready, to be signed, waiting or blocked, and why: one line per document and person."""
    with desk.read() as session:
        referral = _referral(session, desk, case_reference, procedure)
        return _situation(session, desk, referral)[1]


def _referral(session: Session, desk: Desk, case_reference: str, procedure: str) -> Referral:
    known = [row.code for row in procedures.procedures() if row.holds_on(desk.today())]
    if procedure not in known:
        raise Fault(
            "procedure.unknown",
            f"La procédure «\u00a0{procedure}\u00a0» n’existe pas\u00a0: choisissez parmi {', '.join(known)}.",
            ExitCode.USAGE,
        )
    return referrals.for_case(session, cases.by_reference(session, case_reference), procedure)


def _situation(
    session: Session, desk: Desk, referral: Referral
) -> tuple[ReferralFacts, tuple[DocumentState, ...], tuple[Form, ...], list[Problem]]:
    on = desk.today()
    said = referral_facts.of_referral(session, referral, on, practice=desk.practice())
    said = attrs.evolve(said, values=body_facts.extended(session, referral, said.values, on))
    shipped = catalogue()
    forms = tuple(shipped.get(paper.form) for paper in procedures.procedure(referral.procedure, on).documents)
    problems = [problem for form in forms for problem in resolve(form.definition, said.values)[1]]
    titles = {form.definition.id: form.definition.title for form in forms}
    return said, readiness.of_referral(session, referral, said, problems, on, titles=titles), forms, problems


def make_referral(
    desk: Desk,
    case_reference: str,
    procedure: str,
    *,
    draft: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Pack:
    """Make the letter, the schedule of exhibits and the paper bundle of a referral.

    What waits makes a draft of it; what blocks is refused unless a draft is asked for.

    Raises:
        Fault: `referral.blocked`, with the first reason.
        FormError: a template or an exhibit that cannot be used.
    """
    step = progress or (lambda done, total: None)
    with desk.read() as session, Worker() as worker:
        referral = _referral(session, desk, case_reference, procedure)
        row = procedures.procedure(referral.procedure, desk.today())
        said, found, forms, _ = _situation(session, desk, referral)
        draft = draft or any(state.waiting for state in found)
        if not draft:
            _refuse_blocked(found)
        total = len(said.numbered) + len(forms) + 2
        bound = papers.bind(
            desk,
            said.numbered,
            subtitle=(row.label, f"Référence\u00a0: {referral.reference}"),
            draft=draft,
            progress=lambda done, _: step(done, total),
            cancelled=cancelled,
        )
        values = papers.with_pages(said.values, bound)
        files: list[Made] = []
        for number, (paper, form) in enumerate(zip(row.documents, forms, strict=True), start=1):
            name = f"{number:02}-{paper.name}"
            if paper.role == "boxes":
                files += papers.boxes(form, values, name=name, draft=draft)
            else:
                files += papers.letters(form, values, worker, role="letter", name=name, draft=draft)
            step(len(said.numbered) + number, total)
        files += _exhibits(values, bound, worker, after=len(forms), draft=draft)
        step(total, total)
        originals = tuple((each.number, each.evidence.stored.sha256) for each in said.numbered)
        problems = [*(bound.report.problems if bound else ()), *(each for made in files for each in made.problems)]
        remarks = _remarks(found, problems, draft=draft)
        return Pack(("referral", referral.id), referral.reference, tuple(files), found, remarks, draft, originals)


def _exhibits(values: Values, bound: papers.Bound | None, worker: Worker, *, after: int, draft: bool) -> list[Made]:
    """The schedule and the bundle; neither when there is no exhibit."""
    if bound is None:
        return []
    schedule = catalogue().get(SCHEDULE)
    name = f"{after + 1:02}-bordereau"
    listed = papers.letters(schedule, values, worker, role="schedule", name=name, draft=draft)
    return [*listed, Made(f"{after + 2:02}-pieces.pdf", "bundle", papers.PDF, bound.pdf, bound.report.total)]


UNREADABLE = {
    "exhibit.password": "est protégée par un mot de passe\u00a0: une fiche la remplace",
    "exhibit.damaged": "est illisible, abîmée\u00a0: une fiche la remplace",
    "exhibit.empty": "ne contient aucune page\u00a0: une fiche la remplace",
    "exhibit.too_large": "est trop grande pour être imprimée\u00a0: une fiche la remplace",
    "exhibit.too_many": "a trop de pages pour être imprimée\u00a0: une fiche la remplace",
    "exhibit.incomplete": "est incomplète\u00a0: vérifiez ses pages",
    "exhibit.repaired": "a dû être réparée pour être imprimée\u00a0: vérifiez ses pages",
    "exhibit.dynamic": "est un formulaire qui ne s’imprime pas tel quel\u00a0: vérifiez ses pages",
}


def _remarks(states: Sequence[DocumentState], problems: Sequence[Problem], *, draft: bool) -> tuple[str, ...]:
    """What the user should look at, each once."""
    said = ["Ces documents sont des brouillons, marqués comme tels\u00a0: quelque chose attend."] if draft else []
    said += [
        f"La pièce n°\u00a0{problem.facts['number']} {UNREADABLE[problem.code]}."
        for problem in problems
        if problem.code in UNREADABLE
    ]
    lost = "".join(str(problem.facts["characters"]) for problem in problems if problem.code == "no_glyph")
    if lost:
        shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in dict.fromkeys(lost))
        said.append(f"Ces caractères ne peuvent pas être imprimés et manquent dans le PDF\u00a0: {shown}.")
    said += [reason.sentence for state in states for reason in state.reasons]
    return tuple(dict.fromkeys(said))


def _refuse_blocked(found: Sequence[DocumentState]) -> None:
    for state in found:
        if state.blocked:
            reason = state.reasons[0]
            raise Fault(
                "referral.blocked",
                f"{state.document}, {state.person}\u00a0: {reason.sentence} "
                "Rien n’est sorti\u00a0; l’état des documents du dossier donne toutes les raisons.",
                ExitCode.BLOCKED,
            )


def make_attestation(desk: Desk, statement_reference: str, *, handwriting: bool = False) -> Pack:
    """The attestation of a witness with its guide sheet; typed, or prepared for the author's handwriting.

    Raises:
        Fault: `attestation.refused` for a complainant's own account, a minor, a withdrawn statement.
    """
    with desk.read() as session:
        statement = statement_actions.by_reference(session, statement_reference)
        checked = statement_facts.attestation_facts(session, statement, desk.today(), handwriting=handwriting)
        findings = rules.check(checked)
        refused = next((each for each in findings if each.level == "block"), None)
        if refused is not None:
            raise Fault("attestation.refused", refused.sentence, ExitCode.BLOCKED)
        practice = desk.practice()
        values = statement_facts.of_statement(session, statement, practice=practice)
        forms = catalogue()
        made = []
        for form_id, role, name in (
            ("attestation_202", "attestation", "01-attestation.pdf"),
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
        lost = _remarks((), [problem for each in made for problem in each.problems], draft=False)
        remarks = (*(each.sentence for each in findings), *lost)
        return Pack(("statement", statement.id), statement.reference, tuple(made), (), remarks)


def keep(desk: Desk, pack: Pack) -> tuple[uuid.UUID, ...]:
    """Seal what was made into the vault: objects first, then one transaction that makes them known."""
    staged: list[Staged] = []
    try:
        for made in pack.files:
            staged.append(desk.vault.objects.stage(io.BytesIO(made.data)))
            desk.vault.objects.publish(staged[-1])
        return desk.run(_keep, pack, staged).value
    except BaseException:
        for each in staged:
            desk.vault.objects.discard(each)
        raise


def _keep(work: Work, pack: Pack, staged: Sequence[Staged]) -> tuple[uuid.UUID, ...]:
    kept = []
    for made, each in zip(pack.files, staged, strict=True):
        stored = StoredObject(name=each.name, private_key=each.private_key, sha256=each.sha256, size=each.size)
        work.session.add(stored)
        work.session.flush()
        document = Document(
            **{f"{pack.subject[0]}_id": pack.subject[1]},
            role=made.role,
            form_id=made.form[0],
            form_edition=made.form[1],
            media_type=made.media_type,
            object_id=stored.id,
            values_json=made.values,
            values_sha256=hashlib.sha256(made.values.encode()).hexdigest() if made.values else "",
            pages=made.pages,
            made_at=work.now,
            made_by=work.actor,
        )
        work.session.add(document)
        work.session.flush()
        work.record("document.made", document.id, each.sha256)
        kept.append(document.id)
    return tuple(kept)
