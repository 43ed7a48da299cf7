# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of a referral or of an attestation while somebody types: the real document, made again as it changes.

What records say is read once, until something changes in the vault; a key pressed only puts other words in its place.
"""

import uuid
from collections.abc import Mapping
from typing import Literal

import attrs

from forms import drawn, edited, letter
from forms.catalogue import Form
from forms.layout import read_layout
from forms.values import Filled, Source, Values, plain
from forms.worker import Worker
from hro_desktop.casework import concerned, documents, profiles, referral_facts, referrals, statement_facts
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.edited import Edited
from hro_desktop.casework.handed import in_papers
from hro_desktop.law import procedures
from hro_desktop.records.statements import Statement
from hro_desktop.rules import exhibits as exhibit_rules

__all__ = ["Live", "Subject", "live", "paper", "with_account"]


Subject = tuple[Literal["referral", "statement"], uuid.UUID]


@attrs.frozen
class Live:
    """What the papers of one referral or attestation are made from; `numbers` are the exhibits', by id of the item."""

    subject: Subject
    values: Values = attrs.field(repr=False)
    numbers: Mapping[str, int]
    forms: tuple[Form, ...]
    draft: bool
    practice: bool
    edited: Mapping[str, Edited] = attrs.field(factory=dict, repr=False)
    """Letters edited outside that stand in the place of filled ones: typing does not change them."""

    def form(self, form_id: str) -> Form:
        """One of the papers, the first one when that is not among them."""
        return next((each for each in self.forms if each.definition.id == form_id), self.forms[0])


def live(desk: Desk, subject: Subject) -> Live:
    """Read what a referral says now, its schedule of exhibits included; or the attestation of a statement.

    Raises:
        Fault: `referral.gone`.
    """
    kind, record_id = subject
    return _of_referral(desk, record_id) if kind == "referral" else _of_statement(desk, record_id)


def _of_referral(desk: Desk, referral_id: uuid.UUID) -> Live:
    with desk.read() as session:
        referral = referrals.by_id(session, referral_id)
        found = documents.situation(session, desk, referral)
        row = procedures.procedure(referral.procedure, desk.today())
        profile = profiles.row_of(desk, row.profile)
        numbered = found.said.numbered
        handed = profiles.handed_by(desk, numbered, profile, concerned.names(session, referral, found.said))
        forms = (*found.forms, documents.catalogue().get(documents.SCHEDULE)) if numbered else found.forms
        return Live(
            ("referral", referral_id),
            in_papers(found.said.values, (), handed),
            referral_facts.numbers(session, referral, numbered),
            tuple(forms),
            any(state.blocked or state.waiting for state in found.states),
            desk.practice(),
            found.edited,
        )


def _of_statement(desk: Desk, statement_id: uuid.UUID) -> Live:
    with desk.read() as session:
        practice = desk.practice()
        statement = session.get_one(Statement, statement_id)
        values = statement_facts.of_statement(session, statement, desk.today(), practice=practice, newest=True)
        form = documents.catalogue().get(documents.ATTESTATION)
        return Live(("statement", statement_id), values, {}, (form,), draft=False, practice=practice)


def with_account(known: Live, account: str) -> Live:
    """The same with another statement of facts, its citations numbered."""
    text = exhibit_rules.resolve(account, known.numbers).text
    source = Source("referral", str(known.subject[1]), "account")
    lines = [{"text": Filled(each, source)} for each in referral_facts.paragraphs(text)]
    facts = known.values["facts"]
    assert isinstance(facts, Mapping)
    return attrs.evolve(known, values={**known.values, "facts": {**facts, "paragraphs": tuple(lines)}})


def paper(known: Live, form_id: str, worker: Worker) -> bytes:
    """One paper as PDF, as it would be printed; the very function that fills it when it is made for good."""
    form = known.form(form_id)
    if form.definition.id in known.edited:
        docx = known.edited[form.definition.id].docx
        return letter.render_pdf(edited.with_marks(docx, draft=known.draft, practice=known.practice), worker)
    if form.definition.kind == "letter":
        filled = letter.fill_docx(
            form.file("template"),
            plain(known.values),
            title=form.definition.title,
            labels=letter.labels_of(form.definition),
            draft=known.draft,
            practice=known.practice,
        )
        return letter.render_pdf(filled.docx, worker)
    layout = read_layout(form.definition, form.file("layout"))
    return drawn.fill(form.definition, layout, known.values, draft=known.draft, practice=known.practice).pdf
