# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page of one case reads: who, agreements, how things stand, what happened, what was done."""

import datetime as dt
import uuid
from pathlib import Path

import attrs
import pytest
from sqlalchemy import select

from hro_desktop.casework import case_documents, case_overview, cases, consents, editing, journal, sending, timeline
from hro_desktop.casework.agenda import ContactNoteDraft, save_contact
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.people import LanguageDraft, NameDraft, PersonDraft, save
from hro_desktop.faults import Fault
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import ReferralParty, ReferralStep
from hro_desktop.vault.work import Work

pytestmark = pytest.mark.usefixtures("qapp")

YOUNES, SELAM = "D-2026-0001", "D-2026-0002"
NB = "\u00a0"


def case_id_of(desk: Desk, reference: str = YOUNES) -> uuid.UUID:
    with desk.read() as session:
        return cases.by_reference(session, reference).id


def test_the_header_says_who_with_what_is_certain(desk: Desk) -> None:
    with desk.read() as session:
        found = case_overview.head(session, case_id_of(desk), desk.today())
    who = found.who
    assert (who.name, who.initials, who.minor) == ("M. Younès Ishag", "YI", "")
    assert who.pseudonym.startswith("P-2026-")
    assert who.born == f"Né en 1998 à El Fasher (Soudan) · 27 ou 28{NB}ans"
    assert who.nationality == ""
    assert who.languages == "arabe · interprète requis·e"
    assert any("valable après un départ" in line for line in who.reach)
    assert found.counts == {"incidents": 1, "statements": 5, "evidence": 17, "referrals": 1, "documents": 0}
    said = {each.body: each.word for each in found.agreements}
    assert (said["procureur"], said["igpn"], said["ddd"]) == ("✓", "refusé", "?")
    assert found.follow_up == "Suivi actif"


def test_a_minor_is_said_in_words(desk: Desk) -> None:
    with desk.read() as session:
        assert case_overview.head(session, case_id_of(desk, SELAM), desk.today()).who.minor == "mineur·e"


def test_information_without_objection_is_not_an_agreement(desk: Desk) -> None:
    with desk.read() as session:
        person = cases.by_reference(session, YOUNES).person_id
    draft = editing.blank("consent", person_id=person, purpose="saisine_ddd", body="ddd", state="non_oppose")
    desk.run(consents.save, draft)
    with desk.read() as session:
        said = {each.body: (each.word, each.kind) for each in consents.agreements(session, person, desk.today())}
    assert said["ddd"] == ("informé", "ok")


def test_the_grid_asks_what_nobody_asked(desk: Desk) -> None:
    with desk.read() as session:
        person = cases.by_reference(session, YOUNES).person_id
        lines = consents.answers(session, person)
    by_purpose = {each.purpose: each for each in lines}
    assert by_purpose["saisine_ddd"].state == "pas encore demandé"
    assert by_purpose["saisine_ddd"].id is None
    assert by_purpose["plainte"].detail == f"14{NB}octobre 2026 · écrit · arabe · interprète M. Idriss H."
    assert by_purpose["plainte"].withdrawable
    assert not by_purpose["saisine_igpn"].withdrawable


def test_an_agreement_is_taken_back_on_its_day_and_that_can_be_undone(desk: Desk) -> None:
    with desk.read() as session:
        mine = select(Consent).join(Person, Consent.person_id == Person.id).where(Person.birth_name == "Ishag")
        consent = session.scalars(mine.where(Consent.purpose == "plainte")).one().id
        person = cases.by_reference(session, YOUNES).person_id
    with pytest.raises(Fault, match=r"consent\.withdrawn_before"):
        desk.run(consents.withdraw, consent, dt.date(2026, 10, 1))
    with pytest.raises(Fault, match=r"consent\.withdrawn_future"):
        desk.run(consents.withdraw, consent, dt.date(2999, 1, 1))
    desk.run(consents.withdraw, consent, desk.today())
    with desk.read() as session:
        kept = session.get_one(Consent, consent)
        assert (kept.withdrawn_on, kept.mode, kept.language) == (desk.today(), "ecrit", "ar")
        said = {each.body: each.word for each in consents.agreements(session, person, desk.today())}
    assert said["procureur"] == "retiré"
    desk.run(consents.withdraw, consent, None)
    with desk.read() as session:
        assert session.get_one(Consent, consent).withdrawn_on is None


def test_how_referrals_stand_and_what_waits(desk: Desk) -> None:
    case_id = case_id_of(desk)
    with desk.read() as session:
        found = case_overview.summary(session, case_id, desk.today())
    (standing,) = found.standings
    assert standing.bar.status == "en rédaction"
    assert standing.label == "Plainte au procureur de la République"
    (facts,) = found.incidents
    assert "Yellow Crane" in facts.title
    assert "frappé avec le bâton" in facts.detail


def test_the_timeline_goes_back_from_the_last_day(desk: Desk) -> None:
    def happen(work: Work) -> None:
        person = work.session.scalars(select(Person).where(Person.birth_name == "Ishag")).one()
        draft = ContactNoteDraft(person_id=person.id, contacted_on=dt.date(2026, 10, 19), means="whatsapp", words="oui")
        save_contact(work, draft)
        party = work.session.scalars(select(ReferralParty).join(Case).where(Case.reference == YOUNES)).one()
        party.steps.append(ReferralStep(status="deposee", occurred_on=dt.date(2026, 10, 18)))

    desk.run(happen)
    with desk.read() as session:
        case = cases.by_reference(session, YOUNES)
        moments = timeline.of_case(session, case.id, desk.today())
        assert len(timeline.of_case(session, case.id, desk.today(), limit=3)) == 3
    days = [each.on for each in moments if each.on is not None]
    assert days == sorted(days, reverse=True)
    kinds = [each.kind for each in moments]
    assert {"incident", "statement", "sealed", "evidence", "step", "contact"} <= set(kinds)
    assert kinds[-1] == "incident"
    assert next(each for each in moments if each.kind == "step").title.endswith(f"{NB}: déposée")


def test_what_left_stands_in_the_timeline_the_documents_and_the_journal(desk: Desk, tmp_path: Path) -> None:
    sending.write_referral(desk, YOUNES, "plainte_procureur", tmp_path / "sortie")
    with desk.read() as session:
        case = cases.by_reference(session, YOUNES)
        moments = timeline.of_case(session, case.id, desk.today())
        kept = case_documents.of_case(session, case.id)
        lines = journal.of_case(session, case.id)
        assert case_documents.count(session, case) == len(kept)
    assert [each.kind for each in moments].count("departure") == 1
    assert {"Lettre", "Bordereau des pièces", "Pièces numérotées"} <= {each.title for each in kept}
    said = [each.words for each in lines]
    assert "Départ noté au registre" in said
    assert "Document produit et scellé" in said
    assert f"Dossier{NB}: enregistrement" in said
    assert [each.n for each in lines] == sorted((each.n for each in lines), reverse=True)
    letter = next(each for each in kept if each.pdf)
    opened = case_documents.opened(desk, letter.id)
    assert opened.data.startswith(b"%PDF")
    assert opened.pages == letter.pages
    editable = next(each for each in kept if not each.pdf)
    with pytest.raises(Fault, match=r"document\.not_shown"):
        case_documents.opened(desk, editable.id)
    with pytest.raises(Fault, match=r"document\.gone"):
        case_documents.opened(desk, uuid.uuid4())


def test_evidence_is_joined_and_let_go_without_touching_the_rest(desk: Desk) -> None:
    case_id = case_id_of(desk, SELAM)
    with desk.read() as session:
        other = cases.by_reference(session, YOUNES).id
        item = next(
            each for each in case_overview.evidence_lines(session, other) if each.title.startswith("Certificat")
        ).id
        before = editing.read(session, "evidence", item)
        assert case_id not in before.case_ids
    desk.run(case_overview.join_evidence, case_id, item)
    with desk.read() as session:
        after = editing.read(session, "evidence", item)
        assert set(after.case_ids) == {*before.case_ids, case_id}
        assert attrs.evolve(after, case_ids=before.case_ids) == before
    desk.run(case_overview.join_evidence, case_id, item, joined=False)
    with desk.read() as session:
        assert editing.read(session, "evidence", item) == before


def test_a_case_is_opened_with_a_nickname_or_for_somebody_known(empty: Desk) -> None:
    with pytest.raises(Fault, match=r"case\.nobody"):
        empty.run(cases.open_for, nickname="  ")
    case_id = empty.run(cases.open_for, nickname="Yonas T.").value
    with empty.read() as session:
        found = case_overview.head(session, case_id, empty.today())
        assert found.who.name == f"«{NB}Yonas T.{NB}»"
        assert found.who.born == "Date de naissance non notée"
        assert found.who.reach == ("aucun moyen de contact noté", "jamais joint·e, d’après ce qui est noté")
    assert empty.run(cases.open_for, found.person_id).value == case_id
    person = PersonDraft(
        names=(NameDraft(text="Autre"),), birth="2009~", languages=(LanguageDraft(language="ti", preferred=True),)
    )
    other = empty.run(cases.open_for, empty.run(save, person).value).value
    assert other != case_id
    with empty.read() as session:
        second = case_overview.head(session, other, empty.today())
    assert (second.who.minor, second.language) == ("peut-être mineur·e", "ti")


def test_a_case_that_is_gone_says_so(empty: Desk) -> None:
    with empty.read() as session, pytest.raises(Fault, match=r"case\.gone"):
        case_overview.head(session, uuid.uuid4(), empty.today())
