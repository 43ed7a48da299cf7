# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and marked passages in words that somebody typed, wherever they stand in the papers; each with its control."""

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import documents, exhibits, naming, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.exhibits import Exhibit
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.passages import Passage
from hro_desktop.records.people import Person, PersonName
from hro_desktop.records.referrals import Referral, ReferralAccused
from hro_desktop.records.statements import Statement
from tests.casework.test_documents import CASE, PLAINTE
from tests.casework.test_sending import LUWAM, desk
from tests.support.agreements import reduce_identity

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("qapp")

Write = Callable[[Session, Referral, str], None]


def into_account(session: Session, referral: Referral, words: str) -> None:
    referral.account += f" {words}"


def into_detail(session: Session, referral: Referral, words: str) -> None:
    _fact(session, referral, "arme").detail = words


def into_words(session: Session, referral: Referral, words: str) -> None:
    _fact(session, referral, "paroles").value = words


def into_harm(session: Session, referral: Referral, words: str) -> None:
    parties = {party.case.person_id for party in referral.parties}
    rows = [each for each in _incident(session, referral).involvements if each.person_id in parties]
    rows[0].harm_note = words


def into_place(session: Session, referral: Referral, words: str) -> None:
    incident = _incident(session, referral)
    incident.site, incident.place = None, words


def into_title_of_item(session: Session, referral: Referral, words: str) -> None:
    _last_exhibit(session, referral).evidence.title = words


def into_title_of_exhibit(session: Session, referral: Referral, words: str) -> None:
    _last_exhibit(session, referral).title = words


def into_accused(session: Session, referral: Referral, words: str) -> None:
    unknown = Person(pseudonym=uuid.uuid4().hex[:12])
    session.add(unknown)
    session.flush()
    referral.accused.append(ReferralAccused(person_id=unknown.id, known_as=words))


PLACES = [
    into_account,
    into_detail,
    into_words,
    into_harm,
    into_place,
    into_title_of_item,
    into_title_of_exhibit,
    into_accused,
]


def _incident(session: Session, referral: Referral) -> Incident:
    return session.get_one(Incident, referral.incidents[0].incident_id)


def _last_exhibit(session: Session, referral: Referral) -> Exhibit:
    return exhibits.lists(session, referral.id)[-1].exhibits[-1]


def _fact(session: Session, referral: Referral, kind: str) -> Assertion:
    """A new fact that the author of a fact already told tells too."""
    incident = _incident(session, referral)
    known = next(each for each in incident.assertions if each.statement_id)
    fresh = Assertion(
        incident_id=incident.id,
        kind=kind,
        value="LBD",
        said_by_id=known.said_by_id,
        statement_id=known.statement_id,
        position=90,
    )
    session.add(fresh)
    session.flush()
    session.expire(incident)
    return fresh


def a_referral(session: Session, procedure: str = PLAINTE) -> Referral:
    found = session.scalars(select(Referral).where(Referral.procedure == procedure).order_by(Referral.reference))
    return next(iter(found))


def somebody(
    session: Session, *, answer: str, pseudonym: str = "P-1", purpose: str = "temoignage", body: str = "procureur"
) -> Person:
    """Known to the vault, and tied to no fact of the referral."""
    who = Person(pseudonym=pseudonym, given_names="Saïda Rose", birth_name="Ouédraogo", original_name="سعيدة ودراوغو")
    who.names.append(PersonName(text="Dida"))
    session.add(who)
    session.flush()
    if answer:
        session.add(Consent(person_id=who.id, purpose=purpose, body=body, state=answer, given_on=dt.date(2026, 10, 1)))
    return who


def reasons(desk: Desk, case: str = CASE, procedure: str = PLAINTE) -> dict[str, tuple[str, str]]:
    return {
        each.code: (each.label, each.sentence)
        for state in documents.states(desk, case, procedure)
        for each in state.reasons
    }


@pytest.mark.parametrize("write", PLACES, ids=lambda each: each.__name__)
def test_somebody_who_refused_and_is_tied_to_nothing_is_found_wherever_it_is_typed(desk: Desk, write: Write) -> None:
    with desk.vault.work() as work:
        referral = a_referral(work.session)
        write(work.session, referral, "près de la tente d’une voisine")
        somebody(work.session, answer="refuse")
        work.commit()
    assert "refused_named" not in reasons(desk)  # the control
    with desk.vault.work() as work:
        write(work.session, a_referral(work.session), "près de la tente de OUEDRAOGO")
        work.commit()
    label, sentence = reasons(desk)["refused_named"]
    assert label == "Bloque"
    assert "a refusé, et son nom se lit dans" in sentence


@pytest.mark.parametrize(
    "spelled",
    ["سعيدة ودراوغو", "Dida Ouedraogo", "OUÉDRAOGO SAIDA", "MME OUÉDRAOGO", "Oué\u00addraogo", "Saïda\u200c Rose"],
)
def test_no_spelling_passes_and_not_even_a_draft_leaves(desk: Desk, tmp_path: Path, spelled: str) -> None:
    with desk.vault.work() as work:
        somebody(work.session, answer="refuse")
        into_account(work.session, a_referral(work.session), f"Alors {spelled} est tombée.")
        work.commit()
    with pytest.raises(Fault, match=r"referral\.blocked"):
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "envoi")
    with pytest.raises(Fault, match=r"referral\.opposed"):
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "brouillon", draft=True)
    assert [each.name for each in tmp_path.iterdir()] == ["coffre"]


@pytest.mark.parametrize("spelled", ["Saïda", "Dida"])
def test_a_given_name_alone_of_somebody_tied_to_nothing_is_pointed_out(desk: Desk, spelled: str) -> None:
    with desk.vault.work() as work:
        somebody(work.session, answer="refuse")
        into_account(work.session, a_referral(work.session), f"Alors {spelled} est tombée.")
        work.commit()
    found = reasons(desk)
    assert "refused_named" not in found
    assert found["name_perhaps"][0] == "À voir"


@pytest.mark.parametrize("spelled", ["Saïda", "Dida", "سعيدة"])
def test_a_given_name_alone_of_somebody_who_was_there_blocks(desk: Desk, spelled: str) -> None:
    with desk.vault.work() as work:
        who = somebody(work.session, answer="refuse")
        referral = a_referral(work.session)
        work.session.add(Involvement(incident_id=referral.incidents[0].incident_id, person_id=who.id, role="present"))
        into_account(work.session, referral, f"Alors {spelled} est tombée.")
        work.commit()
    assert reasons(desk)["refused_named"][0] == "Bloque"


def test_a_refusal_elsewhere_stops_nothing_here(desk: Desk) -> None:
    with desk.vault.work() as work:
        somebody(work.session, answer="refuse", purpose="publication_anonyme", body="")
        into_account(work.session, a_referral(work.session), "Mme Ouédraogo est tombée.")
        work.commit()
    found = reasons(desk)
    assert not {"refused_named", "witness_named"} & set(found)


def test_an_agreement_to_bear_witness_does_not_undo_a_reduced_identity(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = a_referral(work.session, "saisine_ddd")
        luwam = referral.parties[0].case.person
        reduce_identity(work.session, referral)
        for code in ("temoignage",):
            work.session.add(
                Consent(person_id=luwam.id, purpose=code, body="ddd", state="donne", given_on=dt.date(2026, 10, 1))
            )
        referral.account = "Mme Luwam Tesfay a été entourée."
        work.commit()
    assert reasons(desk, LUWAM, "saisine_ddd")["identity_in_account"][0] == "Bloque"


def test_a_passage_over_two_paragraphs_or_around_a_citation_is_seen(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = a_referral(work.session)
        statement = work.session.scalars(
            select(Statement).where(Statement.case_id == referral.parties[0].case_id)
        ).first()
        assert statement is not None
        work.session.add(
            Passage(
                statement_version_id=statement.versions[-1].id,
                part="french_text",
                start=0,
                quoted="derrière la grange rouge du voisin",
                reason="nomme_tiers",
                decision="masquer",
                decided_on=dt.date(2026, 10, 1),
            )
        )
        referral.account = "Derrière la grange\n\nrouge du voisin."
        work.commit()
    assert reasons(desk)["passage_repeated"][0] == "Bloque"


def test_who_refused_to_complain_is_not_named_either_unless_they_bear_witness(desk: Desk) -> None:
    with desk.vault.work() as work:
        who = somebody(work.session, answer="refuse", purpose="plainte")
        into_account(work.session, a_referral(work.session), "Mme Ouédraogo est tombée.")
        work.commit()
        who_id = who.id
    assert reasons(desk)["refused_named"][0] == "Bloque"
    with desk.vault.work() as work:
        work.session.add(
            Consent(
                person_id=who_id,
                purpose="temoignage",
                body="procureur",
                state="donne",
                given_on=dt.date(2026, 10, 2),
            )
        )
        work.commit()
    assert "refused_named" not in reasons(desk)


@pytest.mark.parametrize("role", ["present", "victime", "temoin"])
def test_who_was_there_and_was_not_asked_waits_before_other_bodies(desk: Desk, role: str) -> None:
    with desk.vault.work() as work:
        referral = a_referral(work.session, "saisine_ddd")
        who = somebody(work.session, answer="")
        work.session.add(Involvement(incident_id=referral.incidents[0].incident_id, person_id=who.id, role=role))
        work.commit()
    assert "witness_named" not in reasons(desk, LUWAM, "saisine_ddd")
    with desk.vault.work() as work:
        into_account(work.session, a_referral(work.session, "saisine_ddd"), "Dida a été poussée.")
        work.commit()
    assert reasons(desk, LUWAM, "saisine_ddd")["witness_named"][0] == "Attend"


def test_a_fact_about_somebody_who_was_not_asked_does_not_name_them(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = a_referral(work.session, "saisine_ddd")
        who = somebody(work.session, answer="")
        _fact(work.session, referral, "blessure").about_id = who.id
        work.commit()
    said = _said(desk)
    assert "une autre personne" in said
    assert "Ouédraogo" not in said


def _said(desk: Desk) -> str:
    """Every word of the papers of the referral to the Défenseur des droits."""
    with desk.read() as session:
        found = documents.situation(session, desk, a_referral(session, "saisine_ddd"))
    return " ".join(each.text for each in naming.texts(found.said.values))


@pytest.mark.parametrize("write", PLACES, ids=lambda each: each.__name__)
@pytest.mark.parametrize("spelled", ["نور", "NOUNOU", "luwam"])
def test_a_reduced_identity_is_complete_in_no_words(desk: Desk, write: Write, spelled: str) -> None:
    with desk.vault.work() as work:
        referral = a_referral(work.session, "saisine_ddd")
        luwam = referral.parties[0].case.person
        luwam.original_name = "نور"
        luwam.names.append(PersonName(text="Nounou"))
        reduce_identity(work.session, referral)
        referral.account = "Des policiers ont entouré une jeune femme."
        work.commit()
    assert "identity_in_account" not in reasons(desk, LUWAM, "saisine_ddd")  # the control
    with desk.vault.work() as work:
        write(work.session, a_referral(work.session, "saisine_ddd"), f"alors {spelled} est tombée")
        work.commit()
    found = reasons(desk, LUWAM, "saisine_ddd")
    assert "identity_in_account" in found or spelled not in _said(desk)  # replaced by the reduced name, or blocked


@pytest.mark.parametrize("write", PLACES, ids=lambda each: each.__name__)
def test_a_marked_passage_is_repeated_nowhere(desk: Desk, write: Write) -> None:
    passage = "derrière la grange rouge"
    with desk.vault.work() as work:
        referral = a_referral(work.session)
        fact = next(each for each in _incident(work.session, referral).assertions if each.statement_id)
        version = work.session.get_one(Statement, fact.statement_id).versions[-1]
        work.session.add(
            Passage(
                statement_version_id=version.id,
                part="french_text",
                start=0,
                quoted=passage,
                reason="nomme_tiers",
                decision="masquer",
                decided_on=dt.date(2026, 10, 1),
            )
        )
        write(work.session, referral, "près de là")
        work.commit()
    assert "passage_repeated" not in reasons(desk)  # the control
    with desk.vault.work() as work:
        write(work.session, a_referral(work.session), "Derrière  la grange rouge,")
        work.commit()
    assert reasons(desk)["passage_repeated"][0] == "Bloque"


def test_ordinary_words_stop_nothing(desk: Desk) -> None:
    with desk.vault.work() as work:
        who = somebody(work.session, answer="refuse")
        who.given_names, who.birth_name, who.original_name = "Rose", "Blanc", ""
        into_account(work.session, a_referral(work.session), "Un fourgon blanc est arrivé, la rose des vents aussi.")
        work.commit()
    assert "refused_named" not in reasons(desk)
    with desk.vault.work() as work:
        into_account(work.session, a_referral(work.session), "Mme Blanc était là.")
        work.commit()
    assert reasons(desk)["refused_named"][0] == "Bloque"


def test_another_of_the_same_name_who_agreed_may_be_named(desk: Desk) -> None:
    with desk.vault.work() as work:
        somebody(work.session, answer="refuse")
        into_account(work.session, a_referral(work.session), "Saïda Rose Ouédraogo est tombée.")
        work.commit()
    assert reasons(desk)["refused_named"][0] == "Bloque"  # the control
    with desk.vault.work() as work:
        other = somebody(work.session, answer="donne", pseudonym="P-2")
        referral = a_referral(work.session)
        work.session.add(Involvement(incident_id=referral.incidents[0].incident_id, person_id=other.id, role="temoin"))
        work.commit()
    found = reasons(desk)
    assert "refused_named" not in found
    assert found["name_perhaps"][0] == "À voir"
