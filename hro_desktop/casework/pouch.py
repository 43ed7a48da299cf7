# SPDX-License-Identifier: GPL-3.0-or-later
"""The pouch of a meeting: one PDF to print, a list first, then each paper to read back or to sign.

Papers are made as ever and are checked again at the door (`sending.write_pouch`). What may not leave is not in the
pouch, and its list says so. The list names nobody but by initials; it stays with the association.
"""

import io
import uuid
from collections.abc import Sequence

import attrs

from forms import drawn
from forms.joined import join
from forms.layout import read_layout
from forms.values import Filled, Source, Values
from hro_desktop.casework import documents, meetings, papers, statement_facts, statements
from hro_desktop.casework.departures import Concerned
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from hro_desktop.casework.meetings import Meeting, ToDo
from hro_desktop.casework.packages import Package, from_bytes, from_made
from hro_desktop.casework.papers import PDF, READ_BACK, Made
from hro_desktop.faults import Fault
from hro_desktop.records.statements import Statement
from hro_desktop.rules import grammar

__all__ = ["Pouch", "make", "read_back"]

FILE = "pochette.pdf"
FORM_LIST, FORM_READ_BACK = "pochette", "relecture"
_NB = "\u00a0"


@attrs.frozen
class Pouch:
    """One file to print and the papers in it, ready to leave by `sending.write_pouch`.

    Args:
        meeting: what it was made for.
        packs: the papers, each with its own subject and the people it concerns.
        papers: what they are called, with their pages.
        package: the one file.
        pages: of it.
        missing: papers that are not in it, and why, in a line each.
        remarks: what a person should look at.
    """

    meeting: Meeting
    packs: tuple[Pack, ...]
    papers: tuple[str, ...]
    package: Package
    pages: int
    missing: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def reference(self) -> str:
        """Of the case, for the manifest."""
        return self.meeting.reference

    @property
    def data(self) -> bytes:
        """The one file."""
        with self.package.files[0].open() as file:
            return file.read()


@attrs.frozen
class _Refused:
    """A paper that may not be in the pouch."""

    title: str
    why: str


def make(desk: Desk, person_id: uuid.UUID, appointment_id: uuid.UUID | None = None) -> Pouch:
    """Everything to read back and sign with somebody as one PDF, for one meeting or the next; nothing is kept yet.

    Raises:
        FormError: a template that cannot be used.
    """
    meeting = meetings.of_person(desk, person_id, appointment_id)
    made: list[tuple[str, Pack]] = []
    refused: list[_Refused] = []
    for todo in (*meeting.read, *meeting.sign):
        try:
            made.append((_title(todo), _paper(desk, todo)))
        except Fault as fault:
            refused.append(_Refused(_title(todo), REFUSED.get(fault.code, "ne peut pas sortir")))
    packs = tuple(pack for _, pack in made)
    listed = [f"{title} ({grammar.counted(_pages(pack), 'page')})" for title, pack in made]
    missing = tuple(f"{each.title}{_NB}: {each.why}" for each in refused)
    cover = _cover(desk, meeting, listed, missing)
    out = io.BytesIO()
    starts = join(out, [cover, *(each.data for pack in packs for each in pack.files)], "Pochette du rendez-vous")
    last = packs[-1].files[-1].pages if packs else None
    data = out.getvalue()
    return Pouch(
        meeting,
        packs,
        tuple(listed),
        Package("", (from_bytes(FILE, data, PDF),)),
        starts[-1] + (last or 1) - 1,
        missing,
        tuple(dict.fromkeys(remark for pack in packs for remark in pack.remarks)),
    )


REFUSED = {
    "referral.opposed": "une personne a dit non, même un brouillon ne sort pas",
    "attestation.refused": "une règle l’interdit, voyez l’attestation",
    "statement.withdrawn": "retiré par son auteur·ice",
}
"""Why a paper is not there, in words that name nobody: the sentences of faults may."""


def _title(todo: ToDo) -> str:
    """« Récit T-2026-0007, version 2 »."""
    return todo.text.partition(f"{_NB}:")[0].partition(" (")[0]


def _pages(pack: Pack) -> int:
    return sum(each.pages or 1 for each in pack.files)


def _paper(desk: Desk, todo: ToDo) -> Pack:
    if todo.code == "letter":
        return documents.make_letters(desk, todo.record_id)
    if todo.code == "attestation":
        with desk.read() as session:
            reference = session.get_one(Statement, todo.record_id).reference
        return documents.make_attestation(desk, reference)
    return read_back(desk, todo.record_id)


def read_back(desk: Desk, statement_id: uuid.UUID) -> Pack:
    """The last version of an account as a sheet to read it back from: all its words, for its author alone.

    Raises:
        Fault: `statement.withdrawn`, `statement.empty`.
    """
    with desk.read() as session:
        statement = session.get_one(Statement, statement_id)
        statements.refuse_withdrawn(statement)
        if not statement.versions:
            raise Fault("statement.empty", f"Le récit {statement.reference} n’a pas encore de texte.")
        practice = desk.practice()
        values = statement_facts.read_back(session, statement, practice=practice)
        role = "plaignant" if statements.complains(session, statement) else "temoin"
        made = _drawn(FORM_READ_BACK, values, READ_BACK, practice=practice)
        return Pack(
            ("statement", statement.id),
            statement.reference,
            Package("", (from_made(made),)),
            remarks=documents.remarks((), made.problems, draft=False),
            recipient=documents.TO_SIGN,
            people=(Concerned(role=role, person_id=statement.author_id),),
            said=papers.whole_hash(values),
            again=lambda session: statement_facts.read_back(
                session, session.get_one(Statement, statement_id), practice=practice
            ),
        )


def _drawn(form_id: str, values: Values, role: str, *, practice: bool) -> Made:
    form = documents.catalogue().get(form_id)
    layout = read_layout(form.definition, form.file("layout"))
    paper = drawn.fill(form.definition, layout, values, practice=practice)
    known = (form.definition.id, form.definition.edition)
    return Made(f"{form_id}.pdf", role, PDF, paper.pdf, paper.pages, known, papers.canonical(values), paper.problems)


def _cover(desk: Desk, meeting: Meeting, listed: Sequence[str], missing: Sequence[str]) -> bytes:
    source = Source("case" if meeting.case_id else "person", str(meeting.case_id or meeting.person_id), "meeting")

    def said(text: str) -> Filled:
        return Filled(text or None, source)

    def lines(texts: Sequence[str]) -> tuple[Values, ...]:
        return tuple({"text": said(f"–{_NB}{text}")} for text in texts)

    who = f"{meeting.who}, dossier {meeting.reference}" if meeting.reference else meeting.who
    values: Values = {
        "meeting": {
            "who": said(who),
            "when": said(meeting.when),
            "place": said(meeting.place),
            "language": said(meeting.language),
            "contact": said(meeting.contact),
        },
        "ask": lines([each.text for each in meeting.ask]),
        "read": lines([each.text for each in meeting.read]),
        "sign": lines([each.text for each in meeting.sign]),
        "papers": lines(listed),
        "missing": lines(missing),
    }
    return _drawn(FORM_LIST, values, "list", practice=desk.practice()).data
