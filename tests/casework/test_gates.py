# SPDX-License-Identifier: GPL-3.0-or-later
"""What nobody answered waits, and what somebody refused blocks, whoever reads the file; each with its control."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from hro_desktop.casework import documents, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Shape
from hro_desktop.faults import Fault
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure
from hro_desktop.records.evidence import Evidence, EvidenceCase, EvidencePerson
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.people import ContactPoint, Person
from hro_desktop.records.referrals import Referral, ReferralParty
from tests.casework.test_documents import CASE, PLAINTE
from tests.casework.test_honest_letters import person, reasons
from tests.casework.test_sending import ARAM, LUWAM, NOUR, desk, papers_in

__all__ = ["desk"]

LAWYER = Shape(profile="avocat")

pytestmark = pytest.mark.usefixtures("qapp")


def answered(desk: Desk, name: str, purpose: str, body: str, state: str) -> None:
    """What somebody answered, in place of what is recorded for that purpose and body; an empty state: nothing."""
    with desk.vault.work() as work:
        who = person(work.session, name)
        for known in work.session.scalars(
            select(Consent).where(Consent.person_id == who.id, Consent.purpose == purpose, Consent.body == body)
        ):
            work.session.delete(known)
        if state:
            work.session.add(Consent(person_id=who.id, purpose=purpose, body=body, state=state, given_on=desk.today()))
        work.commit()


@pytest.mark.parametrize(
    ("purpose", "body"), [("temoignage", "avocat"), ("temoignage", ""), ("transmission_avocat", "avocat")]
)
def test_a_witness_who_refused_the_lawyer_is_in_no_file_for_the_lawyer(
    desk: Desk, tmp_path: Path, purpose: str, body: str
) -> None:
    assert not documents.make_referral(desk, CASE, PLAINTE, shape=LAWYER).draft  # the control
    answered(desk, "Vasseur", purpose, body, "refuse")
    with pytest.raises(Fault, match=r"referral\.blocked") as caught:
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "avocat", shape=LAWYER)
    assert "Vasseur" in caught.value.sentence
    with pytest.raises(Fault, match=r"referral\.(opposed|blocked)"):
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "brouillon", shape=LAWYER, draft=True)
    if body:  # the control: a refusal that names the lawyer says nothing of the procureur
        assert not sending.write_referral(desk, CASE, PLAINTE, tmp_path / "parquet").draft


def test_a_witness_nobody_asked_for_the_lawyer_makes_a_draft(desk: Desk, tmp_path: Path) -> None:
    answered(desk, "Vasseur", "temoignage", "avocat", "")
    pack = documents.make_referral(desk, CASE, PLAINTE, shape=LAWYER)
    assert pack.draft
    assert any("Vasseur" in each and "l’avocat·e n’est pas enregistré" in each for each in pack.remarks)
    assert not documents.make_referral(desk, CASE, PLAINTE).draft
    answered(desk, "Vasseur", "transmission_avocat", "avocat", "donne")
    with desk.vault.work() as work:  # who is seen in an exhibit is asked too, or cleared
        for seen in work.session.scalars(select(EvidencePerson).join(Person, EvidencePerson.person_id == Person.id)):
            if seen.clearance == "pending":
                seen.clearance = "cleared"
        work.commit()
    assert not sending.write_referral(desk, CASE, PLAINTE, tmp_path / "avocat", shape=LAWYER).draft
    with desk.read() as session:
        (left,) = session.scalars(select(Departure))
        assert all("avocat" in each.ground for each in left.people if each.role in ("plaignant", "temoin"))


def test_who_appears_in_an_exhibit_and_refused_the_lawyer_blocks(desk: Desk) -> None:
    with desk.vault.work() as work:
        rahwa = work.session.scalars(select(Person).where(Person.given_names == "Rahwa")).one()
        work.session.add(Consent(person_id=rahwa.id, purpose="temoignage", body="avocat", state="refuse"))
        work.commit()
    with pytest.raises(Fault, match=r"referral\.blocked") as caught:
        documents.make_referral(desk, CASE, PLAINTE, shape=LAWYER)
    assert "a refusé d’y apparaître" in caught.value.sentence
    draft = documents.make_referral(desk, CASE, PLAINTE, shape=LAWYER, draft=True)
    with desk.read() as session:
        (scan,) = session.scalars(select(Evidence.id).join(EvidencePerson).where(EvidencePerson.person_id == rahwa.id))
    assert {each.evidence_id for each in draft.exhibits if each.withheld} == {scan}
    assert not documents.make_referral(desk, CASE, PLAINTE).draft


def test_health_nobody_asked_about_makes_a_draft(desk: Desk) -> None:
    assert "health_missing" not in reasons(desk)
    answered(desk, "Ishag", "sante", "", "")
    assert reasons(desk)["health_missing"] == "Attend"
    assert documents.make_referral(desk, CASE, PLAINTE).draft


def test_a_child_nobody_can_ask_about_health_still_reaches_the_defenseur(desk: Desk) -> None:
    with desk.vault.work() as work:
        nour, saba = person(work.session, "Barzani"), person(work.session, "Okbay")
        abri = work.session.scalars(select(Incident).where(Incident.commune == "59271")).one()
        abri.assertions.append(
            Assertion(kind="blessure", value="une trace au genou", about_id=nour.id, said_by_id=saba.id)
        )
        work.commit()
    assert reasons(desk, NOUR, "saisine_ddd")["health_missing"] == "À voir"
    answered(desk, "Barzani", "sante", "", "refuse")
    assert reasons(desk, NOUR, "saisine_ddd")["health_refused"] == "Bloque"


def test_a_witness_who_writes_is_asked_first(desk: Desk) -> None:
    assert not documents.make_referral(desk, LUWAM, "saisine_igpn").draft  # by the association
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral).where(Referral.procedure == "saisine_igpn")).one()
        referral.declared_as, referral.declarant_id = "temoin", person(work.session, "Okbay").id
        work.commit()
    assert reasons(desk, LUWAM, "saisine_igpn")["witness_unasked"] == "Attend"
    assert documents.make_referral(desk, LUWAM, "saisine_igpn").draft
    answered(desk, "Okbay", "temoignage", "igpn", "donne")
    assert not documents.make_referral(desk, LUWAM, "saisine_igpn").draft


def test_a_case_of_the_law_that_is_not_theirs_makes_a_draft(desk: Desk) -> None:
    assert not documents.make_referral(desk, NOUR, "saisine_ddd").draft
    with desk.vault.work() as work:
        noted = work.session.scalars(select(ConsentException)).one()
        noted.code = "non_identifie"
        work.commit()
    pack = documents.make_referral(desk, NOUR, "saisine_ddd")
    assert pack.draft
    assert any("son nom est connu" in each for each in pack.remarks)
    with desk.vault.work() as work:
        work.session.scalars(select(ConsentException)).one().code = "enfant"
        person(work.session, "Barzani").birth = "1990"
        work.commit()
    pack = documents.make_referral(desk, NOUR, "saisine_ddd")
    assert pack.draft
    assert any("la personne est majeure" in each for each in pack.remarks)


@pytest.mark.parametrize("how", ["refuse", "retire"])
def test_about_who_objected_nothing_leaves_without_an_exception(desk: Desk, tmp_path: Path, how: str) -> None:
    assert not documents.make_referral(desk, LUWAM, "saisine_ddd").draft  # the control
    pack = documents.make_referral(desk, LUWAM, "saisine_ddd")
    with desk.vault.work() as work:
        for answer in work.session.scalars(select(Consent).where(Consent.purpose == "saisine_ddd")):
            answer.state = how
        work.commit()
    states = documents.states(desk, LUWAM, "saisine_ddd")
    assert {state.state for state in states} == {"attend"}
    (told,) = {each.sentence for state in states for each in state.reasons if each.code.startswith("consent_")}
    assert "n’est pas saisi contre l’avis de la personne" in told
    for write in (
        lambda: sending.write_referral(desk, LUWAM, "saisine_ddd", tmp_path / "sortie"),
        lambda: sending.write_referral(desk, LUWAM, "saisine_ddd", tmp_path / "brouillon", draft=True),
        lambda: sending.write_pack(desk, pack, tmp_path / "avant"),
    ):
        with pytest.raises(Fault, match=r"referral\.(blocked|opposed)") as caught:
            write()
        assert told in caught.value.sentence


def test_a_refusal_that_is_passed_over_is_said(desk: Desk) -> None:
    assert reasons(desk, NOUR, "saisine_ddd")["exception_used"] == "À savoir"
    answered(desk, "Barzani", "saisine_ddd", "ddd", "refuse")
    assert reasons(desk, NOUR, "saisine_ddd")["exception_over_refusal"] == "À voir"
    pack = documents.make_referral(desk, NOUR, "saisine_ddd")
    assert not pack.draft
    (said,) = [each for each in pack.remarks if "passe outre" in each]
    assert "L’accord est refusé (le 16\u00a0octobre 2026)" in said
    assert "intérêt supérieur d’un enfant" in said


@pytest.mark.parametrize("how", ["case", "author"])
def test_an_exhibit_of_somebody_there_by_an_exception_is_masked(desk: Desk, how: str) -> None:
    with desk.vault.work() as work:
        nour = person(work.session, "Barzani")
        referral = work.session.scalars(
            select(Referral).join(ReferralParty).join(Case).where(Case.person_id == nour.id)
        ).one()
        case = referral.parties[0].case
        seen = work.session.scalars(select(Evidence).where(Evidence.original_name == "devis-lunettes.pdf")).one()
        item = Evidence(
            object_id=seen.object_id,
            kind="certificat" if how == "case" else "photo",
            title="Pièce de l’enfant",
            media_type=seen.media_type,
            deposited_at=seen.deposited_at,
            author_id=nour.id if how == "author" else None,
        )
        work.session.add(item)
        work.session.flush()
        if how == "case":
            work.session.add(EvidenceCase(evidence_id=item.id, case_id=case.id))
        listed = ExhibitList(referral_id=referral.id, sequence=1, first_number=1)
        listed.exhibits = [Exhibit(evidence_id=item.id, position=0)]
        work.session.add(listed)
        work.commit()
    assert reasons(desk, NOUR, "saisine_ddd")["undeclared_excepted"] == "Bloque"
    with pytest.raises(Fault, match=r"referral\.blocked"):
        documents.make_referral(desk, NOUR, "saisine_ddd")
    assert all(each.withheld for each in documents.make_referral(desk, NOUR, "saisine_ddd", draft=True).exhibits)
    with desk.vault.work() as work:
        item = work.session.get_one(Evidence, item.id)
        item.people.append(EvidencePerson(person_id=nour.id, appears="named", clearance="cleared"))
        work.commit()
    assert reasons(desk, NOUR, "saisine_ddd")["third_party"] == "Bloque"
    with desk.vault.work() as work:  # the control: somebody looked
        work.session.get_one(Evidence, item.id).people = []
        work.session.get_one(Evidence, item.id).nobody_appears = True
        work.commit()
    assert not any(each.withheld for each in documents.make_referral(desk, NOUR, "saisine_ddd").exhibits)


def test_a_certificate_tied_to_a_case_only_is_about_health(desk: Desk) -> None:
    answered(desk, "Ishag", "sante", "", "")
    with desk.vault.work() as work:
        for told in work.session.scalars(select(Assertion).where(Assertion.kind.in_(("blessure", "itt")))):
            work.session.delete(told)
        work.session.scalars(select(Evidence).where(Evidence.kind == "certificat")).one().people = []
        work.commit()
    assert reasons(desk)["health_missing"] == "Attend"


@pytest.mark.parametrize("change", [{"decided_on": None}, {"code": "autre"}, {"identity_reduced": False}])
def test_the_draft_of_an_exception_that_does_not_hold_reduces_the_identity_too(
    desk: Desk, tmp_path: Path, change: dict[str, object]
) -> None:
    with desk.vault.work() as work:
        noted = work.session.scalars(select(ConsentException)).one()
        for name, value in change.items():
            setattr(noted, name, value)
        work.commit()
    assert sending.write_referral(desk, NOUR, "saisine_ddd", tmp_path / "brouillon").draft
    said = papers_in(tmp_path / "brouillon")
    assert "N. X" in said
    assert "Barzani" not in said
    assert "xception notée" not in said
    with desk.vault.work() as work:  # nor does its head say where to find her
        nour = person(work.session, "Barzani")
        nour.contacts.append(ContactPoint(kind="telephone", value="06 00 00 00 77"))
        excepted = select(Referral).join(ConsentException, ConsentException.referral_id == Referral.id)
        report = work.session.scalars(excepted).one()
        report.declared_as = "personnes"
        work.commit()
    assert sending.write_referral(desk, NOUR, "saisine_ddd", tmp_path / "sien").draft
    assert "06 00 00 00 77" not in papers_in(tmp_path / "sien")
    answered(desk, "Barzani", "saisine_ddd", "ddd", "non_oppose")  # the control
    sending.write_referral(desk, NOUR, "saisine_ddd", tmp_path / "sortie")
    assert "Barzani" in papers_in(tmp_path / "sortie")


@pytest.mark.parametrize(("case", "procedure"), [(LUWAM, "saisine_igpn"), (ARAM, "saisine_iggn")])
def test_exhibits_never_leave_without_the_report(desk: Desk, tmp_path: Path, case: str, procedure: str) -> None:
    court = Shape(profile="telerecours_citoyens")
    with pytest.raises(Fault, match=r"profile\.no_letter") as caught:
        sending.write_referral(desk, case, procedure, tmp_path / "sortie", shape=court)
    assert "choisissez un autre profil" in caught.value.sentence
    assert not (tmp_path / "sortie").exists()
    sending.write_referral(desk, case, procedure, tmp_path / "avec")  # the controls
    assert "00_requete.pdf" in sending.write_referral(desk, LUWAM, "saisine_ddd", tmp_path / "ddd", shape=court).files


@pytest.mark.parametrize(
    ("case", "procedure"),
    [(CASE, PLAINTE), (LUWAM, "saisine_igpn"), (LUWAM, "saisine_ddd"), (ARAM, "saisine_iggn")],
)
def test_a_referral_about_no_facts_is_a_draft(desk: Desk, case: str, procedure: str) -> None:
    assert not documents.make_referral(desk, case, procedure).draft
    with desk.vault.work() as work:
        for referral in work.session.scalars(select(Referral)):
            referral.incidents = []
        work.commit()
    assert reasons(desk, case, procedure)["facts_missing"] == "Attend"
    assert documents.make_referral(desk, case, procedure).draft


def test_citations_alone_are_no_account(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral).where(Referral.procedure == PLAINTE)).first()
        assert referral is not None
        referral.account = f"[[piece:{work.session.scalars(select(Evidence.id)).first()}]]\u200b."
        work.commit()
    assert reasons(desk)["expose"] == "Bloque"


@pytest.mark.parametrize(("case", "procedure"), [(CASE, PLAINTE), (LUWAM, "saisine_ddd"), (ARAM, "saisine_iggn")])
def test_an_answer_without_its_day_is_said_and_no_sentence_is_cut(
    desk: Desk, tmp_path: Path, case: str, procedure: str
) -> None:
    assert "consent_undated" not in reasons(desk, case, procedure)
    with desk.vault.work() as work:
        for answer in work.session.scalars(select(Consent)):
            answer.given_on = None
        work.commit()
    assert reasons(desk, case, procedure)["consent_undated"] == "À voir"
    written = sending.write_referral(desk, case, procedure, tmp_path / "sortie")
    assert not written.draft
    with desk.read() as session:
        grounds = [each.ground for left in session.scalars(select(Departure)) for each in left.people]
    assert any(", jour non noté" in each for each in grounds)
    for text in (papers_in(tmp_path / "sortie"), *written.remarks, *grounds):
        assert not re.search(r" le ?[,.;:)]|None", text)
    if case == LUWAM:
        said = papers_in(tmp_path / "sortie")
        assert re.search(r"a été informée de cette saisine, en tigrinya, et ne s’y est pas opposée", said)


@pytest.mark.parametrize("writes", ["association", "temoin"])
def test_nobody_complains_in_somebody_s_place(desk: Desk, tmp_path: Path, writes: str) -> None:
    assert "complaint_voice" not in reasons(desk)
    with desk.vault.work() as work:
        for referral in work.session.scalars(select(Referral).where(Referral.procedure == PLAINTE)):
            referral.declared_as = writes
        work.commit()
    assert "complaint_voice" in reasons(desk)
    with pytest.raises(Fault, match=r"referral\.blocked"):
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie")
