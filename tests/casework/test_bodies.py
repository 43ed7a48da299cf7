# SPDX-License-Identifier: GPL-3.0-or-later
"""Referrals that are not a first complaint: inspections, the Défenseur des droits, what completes a complaint."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import body_facts, documents, referral_facts, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralStep
from tests.support.practice import practice_vault

pytestmark = pytest.mark.usefixtures("qapp")

ARAM, LUWAM = "D-2026-0003", "D-2026-0004"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    vault = practice_vault(tmp_path, follow_up=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


def text_of(pdf: bytes, into: Path) -> str:
    path = into / "lu.pdf"
    path.write_bytes(pdf)
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def made(desk: Desk, case: str, procedure: str, name: str) -> bytes:
    pack = documents.make_referral(desk, case, procedure)
    return next(each.data for each in pack.files if each.name == name)


def codes(desk: Desk, case: str, procedure: str) -> set[str]:
    return {reason.code for state in documents.states(desk, case, procedure) for reason in state.reasons}


def test_a_letter_that_completes_goes_on_from_the_numbers_of_the_complaint(desk: Desk, tmp_path: Path) -> None:
    said = text_of(made(desk, ARAM, "complement_plainte", "01-complement.pdf"), tmp_path)
    assert "compléter ma plainte du 12 juin 2026, déposée le 15 juin 2026, enregistrée sous le n° 26/04417" in said
    assert "mes lunettes (pièce n° 2)" in said
    assert "mon récit (pièce n° 1)" in said
    assert "La pièce n° 1 a déjà été communiquée" in said
    assert "mon audition" in said
    assert "Plus de trois mois" not in said  # the parquet has answered: the complaint is registered


def test_three_months_without_an_answer_are_said_and_only_then(desk: Desk, tmp_path: Path) -> None:
    with desk.vault.work() as work:
        for step in work.session.scalars(select(ReferralStep).where(ReferralStep.status == "enregistree")):
            work.session.delete(step)
        work.commit()
    assert "Plus de trois mois se sont écoulés" in text_of(
        made(desk, ARAM, "complement_plainte", "01-complement.pdf"), tmp_path
    )
    with desk.vault.work() as work:
        for step in work.session.scalars(select(ReferralStep).where(ReferralStep.status == "deposee")):
            step.occurred_on = dt.date(2026, 7, 17)  # one day short of three months on the practice day
        work.commit()
    assert "Plus de trois mois" not in text_of(made(desk, ARAM, "complement_plainte", "01-complement.pdf"), tmp_path)


def test_a_complaint_that_was_not_filed_cannot_be_completed_yet(desk: Desk) -> None:
    assert "plainte_deposee" not in codes(desk, ARAM, "complement_plainte")
    with desk.vault.work() as work:
        for step in work.session.scalars(select(ReferralStep)):
            work.session.delete(step)
        work.commit()
    assert "plainte_deposee" in codes(desk, ARAM, "complement_plainte")
    assert documents.make_referral(desk, ARAM, "complement_plainte").draft


@pytest.mark.parametrize(("case", "procedure"), [(ARAM, "saisine_iggn"), (LUWAM, "saisine_igpn")])
def test_an_inspection_is_not_reached_without_an_agreement(desk: Desk, case: str, procedure: str) -> None:
    assert not any(state.blocked for state in documents.states(desk, case, procedure))
    with desk.vault.work() as work:
        for consent in work.session.scalars(select(Consent).where(Consent.purpose == procedure)):
            work.session.delete(consent)
        work.commit()
    assert any(state.blocked for state in documents.states(desk, case, procedure))
    with pytest.raises(Fault, match=r"referral\.blocked"):
        documents.make_referral(desk, case, procedure)


@pytest.mark.parametrize("answer", ["", "refuse"])
def test_the_ombudsman_is_never_blocked_by_consent(desk: Desk, answer: str, tmp_path: Path) -> None:
    with desk.vault.work() as work:
        for consent in work.session.scalars(select(Consent).where(Consent.purpose == "saisine_ddd")):
            if answer:
                consent.state = answer
            else:
                work.session.delete(consent)
        work.commit()
    states = documents.states(desk, LUWAM, "saisine_ddd")
    assert not any(state.blocked for state in states)
    assert {reason.label for state in states for reason in state.reasons if reason.code.startswith("consent_")} == {
        "Attend"
    }
    assert "informée de cette saisine" not in text_of(made(desk, LUWAM, "saisine_ddd", "01-saisine.pdf"), tmp_path)


def test_the_ombudsman_learns_who_was_told_and_how(desk: Desk, tmp_path: Path) -> None:
    said = text_of(made(desk, LUWAM, "saisine_ddd", "01-saisine.pdf"), tmp_path)
    assert (
        "Mme Luwam Tesfay a été informée de cette saisine le 22 septembre 2026, en tigrinya, et ne s’y est pas" in said
    )
    assert "R. 434-14" in said
    assert "plainte contre X" not in said


@pytest.mark.parametrize(
    ("force", "cited", "silent"),
    [("crs", "R. 434-14", "515-1"), ("police_municipale", "515-1", "434-1"), ("inconnue", "", "434-1")],
)
def test_what_is_cited_binds_the_force_that_was_reported(
    desk: Desk, tmp_path: Path, force: str, cited: str, silent: str
) -> None:
    with desk.vault.work() as work:
        for referral in work.session.scalars(select(Referral).where(Referral.procedure == "saisine_ddd")):
            referral.offences = ["r434_14"]
            referral.requests = [*referral.requests, "ddd_identification"]
            for link in referral.incidents:
                for told in work.session.get_one(Incident, link.incident_id).assertions:
                    if told.kind == "force":
                        told.value = force
                    elif told.kind == "rio":
                        told.status = "absent"
        work.commit()
    said = text_of(made(desk, LUWAM, "saisine_ddd", "01-saisine.pdf"), tmp_path)
    assert "manquement à la courtoisie" in said
    assert "l’identification, pour cette instruction, des agents présents" in said
    assert cited in said
    assert silent not in said
    assert ("offence_uncited" in codes(desk, LUWAM, "saisine_ddd")) is (force == "inconnue")


def test_a_witness_who_was_not_asked_is_quoted_without_a_name(desk: Desk, tmp_path: Path) -> None:
    said = text_of(made(desk, LUWAM, "saisine_ddd", "01-saisine.pdf"), tmp_path)
    assert "Okbay" not in said
    assert "Selon une personne témoin (attestation du 23 septembre 2026, pièce n° 2)" in said
    with desk.vault.work() as work:  # the control: with an agreement the name is there
        witness = work.session.scalars(select(Person).where(Person.birth_name == "Okbay")).one()
        work.session.add(
            Consent(person_id=witness.id, purpose="temoignage", body="ddd", state="donne", given_on=run.NOW.date())
        )
        work.commit()
    assert "Selon Mme Saba Okbay" in text_of(made(desk, LUWAM, "saisine_ddd", "01-saisine.pdf"), tmp_path)


def test_an_account_that_names_an_unasked_witness_is_pointed_out(desk: Desk) -> None:
    assert "witness_named" not in codes(desk, LUWAM, "saisine_igpn")
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral).where(Referral.procedure == "saisine_igpn")).one()
        referral.account += " Mme OKBAY a tout vu."
        work.commit()
    assert "witness_named" in codes(desk, LUWAM, "saisine_igpn")


def test_the_boxes_say_what_went_before_and_never_what_is_only_planned(desk: Desk) -> None:
    pasted = made(desk, ARAM, "saisine_iggn", "01-signalement-a-coller.txt").decode("utf-8-sig").replace("\u00a0", " ")
    assert "Plainte au procureur de la République, 15 juin 2026, n° 26/04417" in pasted
    assert "Complément" not in pasted
    assert "un break bleu foncé était présent" in pasted
    assert "EXERCICE" in pasted


def test_the_force_decides_which_inspection(desk: Desk) -> None:
    assert "force_gendarmerie" not in codes(desk, ARAM, "saisine_iggn")
    assert "force_police" not in codes(desk, LUWAM, "saisine_igpn")
    with desk.read() as session:
        iggn = session.scalars(select(Referral).where(Referral.procedure == "saisine_iggn")).one()
        assert body_facts.filed_on(iggn.parties[0]) is None
    with desk.vault.work() as work:
        work.session.get_one(Referral, iggn.id).procedure = "saisine_igpn"
        work.session.get_one(Referral, iggn.id).authority = "igpn"
        work.commit()
    assert "force_police" in codes(desk, ARAM, "saisine_igpn")


def test_every_pack_of_the_practice_vault_is_whole(desk: Desk, tmp_path: Path) -> None:
    for case, procedure in (
        (ARAM, "complement_plainte"),
        (ARAM, "saisine_iggn"),
        (LUWAM, "saisine_igpn"),
        (LUWAM, "saisine_ddd"),
    ):
        written = sending.write_referral(desk, case, procedure, tmp_path / procedure)
        assert not written.draft
        for name in written.files:
            if name.endswith(".pdf"):
                said = " ".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / procedure / name).pages)
                assert "None" not in said
                assert "[à compléter" not in said


def test_an_address_is_asked_for_only_where_something_is_posted(desk: Desk) -> None:
    assert "address_unverified" not in codes(desk, LUWAM, "saisine_igpn")
    (sentence,) = {
        reason.sentence
        for state in documents.states(desk, LUWAM, "saisine_ddd")
        for reason in state.reasons
        if reason.code == "address_unverified"
    }
    assert sentence.endswith("Défenseur des droits.")


def test_what_the_association_signs_is_not_asked_of_the_person(desk: Desk) -> None:
    assert "signature_missing" not in codes(desk, LUWAM, "saisine_ddd")
    with desk.vault.work() as work:  # the control: in her own name, she signs
        work.session.scalars(
            select(Referral).where(Referral.procedure == "saisine_ddd").order_by(Referral.reference)
        ).first().declared_as = "personnes"
        work.commit()
    assert "signature_missing" in codes(desk, LUWAM, "saisine_ddd")


@pytest.mark.parametrize(
    ("kind", "value", "violent"),
    [
        ("coups", "0", False),
        ("coups", " 00 ", False),
        ("coups", "1", True),
        ("coups", "10", True),
        ("itt", "0", True),
        ("blessure", "trace visible au visage", True),
    ],
)
def test_no_blow_is_no_violence_for_any_body(desk: Desk, kind: str, value: str, violent: bool) -> None:
    """A certificate that finds no day of ITT is one of a person who was hurt; no blow is nothing."""
    with desk.vault.work() as work:
        incident = work.session.scalars(select(Incident).where(Incident.kind == "controle")).one()
        for involvement in incident.involvements:
            involvement.harm = "psychique"
        for told in incident.assertions:
            if told.kind == "coups":
                told.kind, told.value = kind, value
        work.commit()
    pasted = made(desk, ARAM, "saisine_iggn", "01-signalement-a-coller.txt").decode("utf-8-sig")
    assert ("violences illégitimes" in pasted) is violent
    with desk.read() as session:
        incident = session.scalars(select(Incident).where(Incident.kind == "controle")).one()
        assert ("blessure" in set(referral_facts.codes_supported([incident], (), run.NOW.date()))) is violent


def test_who_writes_to_the_ombudsman_signs(desk: Desk, tmp_path: Path) -> None:
    """A witness who seizes it signs, and not the people it is about; « m’en », and never « me en »."""

    def letter() -> str:
        return text_of(made(desk, LUWAM, "saisine_ddd", "01-saisine.pdf"), tmp_path)

    assert letter().endswith("Veille des Dunes Signature : EXERCICE – personnes et faits fictifs Page 2/2")
    with desk.vault.work() as work:
        referral = work.session.scalars(
            select(Referral).where(Referral.procedure == "saisine_ddd").order_by(Referral.reference)
        ).first()
        assert referral is not None
        referral.declared_as, report_id = "personnes", referral.id
        work.commit()
    said = letter()
    assert "et que les suites m’en soient communiquées" in said
    assert "Mme Luwam Tesfay Signature : EXERCICE" in said
    with desk.vault.work() as work:
        witness = work.session.scalars(select(Person).where(Person.birth_name == "Okbay")).one()
        work.session.add(Consent(person_id=witness.id, purpose="temoignage", body="ddd", state="donne"))
        report = work.session.get_one(Referral, report_id)
        report.declared_as, report.declarant_id = "temoin", witness.id
        work.commit()
    said = letter()
    assert "Mme Saba Okbay Signature : EXERCICE" in said
    assert "Tesfay Signature" not in said
