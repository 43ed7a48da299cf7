# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice dossiers teach by example: what they say somebody said stands in what that person said."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop import bootstrap
from hro_desktop.casework import facts, party_facts, told_facts
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import media, run, words
from hro_desktop.law.tables import fold
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Assertion, Involvement
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement, StatementIncident
from tests.support.practice import practice_vault

COUNTED = {"1": {"gifle"}, "3": {"trois"}}
"""Blows counted in the practice case, in the words that count them."""
STRUCK = ("coups", "frappe", "gifle")
FORCES = {
    "crs": "crs",
    "bac": "bac",
    "gendarmerie": "gendarmerie",
    "police_municipale": "policiers municipaux",
}
"""What an account must say for a force to be told from it; a unit nobody named is « non identifiée »."""
RIO = {"illisible": "pas reussi a lire le numero", "absent": "aucun numero"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    vault = practice_vault(tmp_path, follow_up=True, outing=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


def said_in(statement: Statement) -> str:
    return fold(" ".join(each.french_text for each in statement.versions))


def cited(session: Session) -> list[tuple[Assertion, Statement]]:
    """Every assertion of the dossiers that is told from an account."""
    return [
        (each, session.get_one(Statement, each.statement_id))
        for each in session.scalars(select(Assertion))
        if each.statement_id
    ]


def meant(text: str) -> set[str]:
    return {word for word in fold(text).split() if len(word) > 3}


def test_every_assertion_has_the_author_of_the_account_it_cites(desk: Desk) -> None:
    with desk.read() as session:
        found = cited(session)
        assert len(found) >= 15
        assert all(each.said_by_id == statement.author_id for each, statement in found)
        assert all(each.statement_id or each.evidence_id for each in session.scalars(select(Assertion)))


def test_words_and_numbers_are_those_of_the_account(desk: Desk) -> None:
    with desk.read() as session:
        for each, statement in cited(session):
            said = said_in(statement)
            if each.kind in ("paroles", "unite"):
                assert fold(each.value.partition(",")[0]) in said, each.value
            elif each.kind == "rio":
                read = each.status in ("", "releve")
                assert (each.value if read else RIO[each.status]) in said, (each.status, said)
            elif each.kind == "force":
                assert FORCES[each.value] in said, (facts.force_label(each.value), said)
            elif each.kind == "coups":
                assert any(word in said for word in STRUCK)
                assert COUNTED[each.value] & set(fold(f"{said} {each.detail}").split()), each.value
                assert meant(each.detail) <= set(said.split()), each.detail


def test_what_was_seen_is_told_with_the_words_of_the_account(desk: Desk) -> None:
    """Each word, or another form of it: « un policier fendre » becomes « un policier a fendu »."""
    with desk.read() as session:
        for each, statement in cited(session):
            if each.kind in ("vehicule", "arme", "autre"):
                stems = {word[:4] for word in said_in(statement).split()}
                assert {word[:4] for word in meant(each.value)} - stems <= {"etai"}, each.value


def test_nobody_is_said_to_report_what_they_did_not_say(desk: Desk) -> None:
    with desk.read() as session:
        noted = [each for each in session.scalars(select(Involvement)) if each.harm_note]
        assert len(noted) >= 5
        for each in noted:
            accounts = session.scalars(
                select(Statement)
                .join(StatementIncident)
                .where(
                    StatementIncident.incident_id == each.incident_id,
                    Statement.author_id == each.person_id,
                    Statement.kind.in_(told_facts.OWN_ACCOUNTS),
                )
            ).all()
            said = {word for account in accounts for word in said_in(account).split()}
            assert meant(each.harm_note) <= said, each.harm_note


def test_the_certificate_says_what_is_cited_from_it(desk: Desk) -> None:
    paper = fold(" ".join(words.CERTIFICATE))
    with desk.read() as session:
        certified = [
            each
            for each in session.scalars(select(Assertion))
            if each.evidence_id and not each.statement_id and each.said_on
        ]
        assert {each.kind for each in certified} == {"blessure", "itt"}
        for each in certified:
            assert (fold(each.value) if each.kind == "blessure" else f"{each.value} jours") in paper, each.value


def test_no_letter_asks_for_an_inspection_that_somebody_refused(desk: Desk) -> None:
    with desk.read() as session:
        asked = 0
        for referral in session.scalars(select(Referral)):
            answers = [
                each
                for party in referral.parties
                for each in party_facts.consents_of(session, party.case.person)
                if each.body in ("igpn", "iggn") and each.state in ("refuse", "retire")
            ]
            asked += len(answers)
            assert not answers or not any(code.startswith("inspection") for code in referral.requests)
        assert asked == 2


def test_the_sheet_says_what_is_recorded_as_written_on_it(desk: Desk) -> None:
    purposes = {
        "collecte": "être enregistré",
        "plainte": "plainte au procureur",
        "sante": "joindre le certificat médical",
        "saisine_igpn": "signalement à l’IGPN",
        "transmission_avocat": "transmission à un·e avocat·e",
        "publication_anonyme": "publication",
    }
    with desk.read() as session:
        sheet = session.scalars(select(Evidence).where(Evidence.title.startswith("Feuilles d’accord"))).one()
        found = session.scalars(select(Consent).where(Consent.evidence_id == sheet.id)).all()
        recorded = sorted(
            (session.get_one(Person, each.person_id).given_names, purposes[each.purpose], each.state == "donne")
            for each in found
        )
    written = sorted(
        (person.split(",")[0].split(" ")[1], question, answer.partition("\u00a0: ")[2].startswith("OUI"))
        for person, _, _, answers in words.CONSENTS
        for answer in answers
        for question in purposes.values()
        if answer.startswith(question)
    )
    assert recorded == written


def test_a_scan_and_its_account_say_the_same() -> None:
    made = media.files(media.SUITE_FILES)
    for name, key in (
        ("recit-10-juin.pdf", "recit-aram"),
        ("recit-22-septembre.pdf", "recit-luwam"),
        ("attestation-saba.pdf", "attestation-saba"),
    ):
        page = " ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(made[name])).pages)
        for line in words.FOLLOW_UP[key]:
            assert fold(line) in fold(page), line
    for text in (run.dossier(), run.follow_up_dossier(), run.outing_dossier()):
        assert not re.search(r'= "@', text)
