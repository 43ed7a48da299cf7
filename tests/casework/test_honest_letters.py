# SPDX-License-Identifier: GPL-3.0-or-later
"""What a letter may say of people who refused, of withdrawn words and of unsupported facts; each with its control."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import directory, documents, importing, referral_facts, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Shape
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.people import Address, Person
from hro_desktop.records.referrals import Referral, ReferralAccused
from hro_desktop.records.statements import Statement
from tests.casework.test_documents import CASE, PLAINTE, flat, letter, text_of
from tests.casework.test_sending import ARAM, LUWAM, desk, papers_in

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("qapp")


def reasons(desk: Desk, case: str = CASE, procedure: str = PLAINTE) -> dict[str, str]:
    return {each.code: each.label for state in documents.states(desk, case, procedure) for each in state.reasons}


def person(session: Session, birth_name: str) -> Person:
    return session.scalars(select(Person).where(Person.birth_name == birth_name)).one()


def test_health_leaves_only_with_the_agreement_to_that(desk: Desk) -> None:
    assert not any(code.startswith("health") for code in reasons(desk) if code != "health_missing")
    with desk.vault.work() as work:
        for answer in work.session.scalars(select(Consent).where(Consent.purpose == "sante")):
            answer.state = "refuse"
        work.commit()
    assert reasons(desk)["health_refused"] == "Bloque"


def test_withdrawn_words_are_not_cited_even_when_their_paper_is_not_joined(desk: Desk) -> None:
    assert "withdrawn" not in reasons(desk, LUWAM, "saisine_igpn")
    with desk.vault.work() as work:
        work.session.scalars(
            select(Statement).join(Person).where(Person.birth_name == "Okbay").order_by(Statement.reference)
        ).first().withdrawn_on = desk.today()  # type: ignore[union-attr]
        referral = work.session.scalars(select(Referral).where(Referral.procedure == "saisine_igpn")).one()
        referral.account = "Des policiers ont entouré une jeune femme."
        work.commit()
    assert reasons(desk, LUWAM, "saisine_igpn")["withdrawn"] == "Bloque"


def refuse(desk: Desk, name: str) -> None:
    with desk.vault.work() as work:
        who = person(work.session, name)
        for answer in work.session.scalars(select(Consent).where(Consent.person_id == who.id)):
            answer.state = "refuse"
        work.commit()


def test_somebody_who_refused_is_named_nowhere(desk: Desk) -> None:
    assert "Vasseur" in letter(desk)
    refuse(desk, "Vasseur")
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral).where(Referral.procedure == PLAINTE)).first()
        assert referral is not None
        referral.account += " Mme Vasseur a tout vu."
        work.commit()
    said = reasons(desk)
    assert said["refused_named"] == "Bloque"
    assert said["witness_refused"] == "Bloque"
    draft = documents.make_referral(desk, CASE, PLAINTE, draft=True)
    pdf = next(each.data for each in draft.files if each.name == "01-plainte.pdf")
    assert "Selon Mme Camille Vasseur" not in flat(text_of(pdf))
    assert "Selon une personne témoin" not in flat(text_of(pdf))  # what a witness refused to say to it is not said


def test_a_witness_who_writes_agreed_to_that_body(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral).where(Referral.procedure == "saisine_igpn")).one()
        saba = person(work.session, "Okbay")
        referral.declared_as, referral.declarant_id = "temoin", saba.id
        work.session.add(Consent(person_id=saba.id, purpose="temoignage", body="igpn", state="refuse"))
        work.commit()
    assert reasons(desk, LUWAM, "saisine_igpn")["witness_refused"] == "Bloque"


def test_no_letter_asserts_an_agreement_nobody_recorded(desk: Desk) -> None:
    assert "accord exprès" in letter(desk)
    with desk.vault.work() as work:
        for address in work.session.scalars(select(Address)):
            address.consent_on = None
        work.commit()
    assert "accord exprès" not in letter(desk)
    assert reasons(desk)["accord_hebergeant"] == "À voir"


def test_a_request_that_is_not_written_is_said(desk: Desk) -> None:
    assert "request_dropped" not in reasons(desk)
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral).where(Referral.procedure == PLAINTE)).first()
        assert referral is not None
        referral.requests = [*referral.requests, "images_drones"]
        for told in work.session.scalars(select(Assertion).where(Assertion.kind == "rio")):
            work.session.delete(told)
        for incident in referral.incidents:
            incident_id = incident.incident_id
        work.session.flush()
        work.session.get_one(Incident, incident_id).occurred = "2026-08-01"
        work.commit()
    assert reasons(desk)["request_dropped"] == "À voir"


def test_an_inspection_somebody_refused_is_said(desk: Desk) -> None:
    assert "inspection_refused" not in reasons(desk)
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral).where(Referral.procedure == PLAINTE)).first()
        assert referral is not None
        referral.requests = [*referral.requests, "inspection_police"]
        work.commit()
    assert "inspection_refused" in reasons(desk)


def ask(desk: Desk, procedure: str, *codes: str) -> None:
    with desk.vault.work() as work:
        for referral in work.session.scalars(select(Referral).where(Referral.procedure == procedure)):
            referral.requests = list(codes)
        work.commit()


def ombudsman(desk: Desk) -> str:
    pack = documents.make_referral(desk, LUWAM, "saisine_ddd", draft=True)
    return flat(" ".join(text_of(each.data) for each in pack.files if each.name.endswith(".pdf")))


def test_the_ombudsman_is_asked_what_the_person_chose(desk: Desk) -> None:
    assert "Nous demandons que ces faits soient instruits" in ombudsman(desk)
    ask(desk, "saisine_ddd", "ddd_suites", "ddd_discipline", "ddd_accord")
    said = ombudsman(desk)
    assert "que ces faits soient instruits" not in said
    # in the order of the table, articles named
    places = [said.index(words) for words in ("l’article 23 de la loi", "article 29 de la loi", "les suites données")]
    assert places == sorted(places)
    assert reasons(desk, LUWAM, "saisine_ddd")["request_unverified"] == "À savoir"
    ask(desk, "saisine_ddd", "ddd_accord")
    assert "request_unverified" not in reasons(desk, LUWAM, "saisine_ddd")


@pytest.mark.parametrize("procedure", ["saisine_ddd", "saisine_igpn"])
def test_a_request_to_another_body_is_not_written_and_that_is_said(desk: Desk, procedure: str) -> None:
    assert "request_elsewhere" not in reasons(desk, LUWAM, procedure)
    ask(desk, procedure, "recepisse")
    assert reasons(desk, LUWAM, procedure)["request_elsewhere"] == "À savoir"


def test_a_named_agent_stands_in_the_boxes_of_an_inspection(desk: Desk) -> None:
    heard = "un gendarme que M. Qadir dit avoir entendu appeler « Michel »"
    with desk.vault.work() as work:
        officer = Person(pseudonym="P-2026-0950", sex="m")
        work.session.add(officer)
        work.session.flush()
        referral = work.session.scalars(select(Referral).where(Referral.procedure == "saisine_iggn")).one()
        referral.accused.append(ReferralAccused(person_id=officer.id, position=0, known_as=heard))
        work.commit()
    pack = documents.make_referral(desk, ARAM, "saisine_iggn")
    text = next(each.data for each in pack.files if each.name.endswith(".txt")).decode("utf-8-sig")
    assert f"Personne désignée : {heard}." in flat(text)
    assert "2 rue de l’Exemple" in text  # the address of whoever writes


def test_a_harm_cites_an_account_only_when_it_says_it(desk: Desk) -> None:
    with desk.vault.work() as work:
        harm = work.session.scalars(select(Involvement).join(Person).where(Person.birth_name == "Habte")).first()
        assert harm is not None
        harm.harm_note = "perte de sa guitare"
        work.commit()
    said = letter(desk)
    assert "Préjudice noté pour Mme Selam Habte : biens pris, perte de sa guitare." in said
    assert "Selam Habte rapporte" not in said
    assert "mises dans le camion (biens pris)." in said  # the control: the words of an account, with what they are


def test_a_kind_of_harm_without_a_word_is_the_association_s(desk: Desk) -> None:
    with desk.vault.work() as work:
        for each in work.session.scalars(select(Involvement).join(Person).where(Person.birth_name == "Habte")):
            each.harm, each.harm_note = "biens_detruits", ""
        for each in work.session.scalars(select(Involvement).join(Person).where(Person.birth_name == "Ishag")):
            each.harm, each.harm_note = "aucune", ""
        work.commit()
    said = letter(desk)
    assert "Préjudice noté pour Mme Selam Habte : biens détruits." in said
    assert "Préjudice noté pour M. Younès Ishag" not in said


@pytest.mark.parametrize(
    ("hour", "place", "line"),
    [
        ("21:00", True, "pour des faits survenus à une date qui reste à préciser, à 21 h, "),
        ("", True, "pour des faits survenus à Calais."),
        ("", False, "pour des faits survenus à une date qui reste à préciser."),
    ],
)
def test_facts_without_a_day_read_well(desk: Desk, hour: str, line: str, *, place: bool) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral).where(Referral.procedure == PLAINTE)).first()
        assert referral is not None
        incident = work.session.get_one(Incident, referral.incidents[0].incident_id)
        incident.occurred, incident.time_from, incident.time_to, incident.time_approximate = "", hour, "", False
        incident.site_id, incident.place, incident.commune = None, "", "62193" if place else ""
        work.commit()
    assert line in letter(desk)


def test_a_letter_written_with_help_says_association_once(desk: Desk) -> None:
    assert "avec l’aide de l’association Veille des Dunes" in letter(desk)
    with desk.vault.work() as work:
        ours = directory.association(work.session)
        assert ours is not None
        ours.name = "Association des Guetteurs"
        work.commit()
    said = letter(desk)
    assert said[said.index("avec l’aide") :].startswith("avec l’aide de l’Association des Guetteurs")


def test_blanks_typed_around_and_inside_a_title_are_not_printed(desk: Desk) -> None:
    with desk.vault.work() as work:
        item = work.session.scalars(select(Exhibit).order_by(Exhibit.position)).first()
        assert item is not None
        item.title = "  Photo   de la\ntente\u00a0bleue "
        work.commit()
        list_id = item.list_id
    with desk.read() as session:
        referral = session.get_one(Referral, session.get_one(ExhibitList, list_id).referral_id)
        titles = [each.title for each in referral_facts.numbered_exhibits(session, referral)]
    assert titles[0] == "Photo de la tente\u00a0bleue"


def test_what_blocks_one_of_a_referral_is_said_of_the_others(desk: Desk) -> None:
    assert "other_party" not in reasons(desk)
    with desk.vault.work() as work:
        selam = person(work.session, "Habte")
        for answer in work.session.scalars(select(Consent).where(Consent.person_id == selam.id)):
            if answer.purpose == "plainte":
                answer.state = "retire"
        work.commit()
    states = [each for each in documents.states(desk, CASE, PLAINTE) if "Ishag" in each.person]
    assert states
    assert all(each.blocked for each in states)
    said = [reason.sentence for each in states for reason in each.reasons if reason.code == "other_party"]
    assert len(said) == len(states)
    assert all("Mme Selam Habte" in each and "préparez une saisine sans elle." in each for each in said)
    theirs = [each for each in documents.states(desk, CASE, PLAINTE) if "Habte" in each.person]
    assert not any(reason.code == "other_party" for each in theirs for reason in each.reasons)
    assert all(reason.sentence in said[0] for reason in theirs[-1].reasons if reason.code == "consent_withdrawn")


def test_a_referral_goes_to_the_authority_of_its_procedure(tmp_path: Path, desk: Desk) -> None:
    text = run.follow_up_dossier().replace('key = "exercice-suites"', 'key = "autre"')
    text = text.replace(
        'procedure = "saisine_iggn"\nauthority = "iggn"', 'procedure = "saisine_iggn"\nauthority = "igpn"'
    )
    folder = tmp_path / "dossier"
    with run.dossier_folder("follow_up") as source:
        shutil.copytree(source, folder)
    (folder / "dossier.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Fault, match=r"referral\.authority") as caught:
        importing.import_folder(desk, folder)
    assert "IGGN" in caught.value.sentence


def test_an_exhibit_that_is_withheld_is_not_counted_among_those_joined(desk: Desk, tmp_path: Path) -> None:
    sending.write_referral(desk, LUWAM, "saisine_ddd", tmp_path / "masque")
    said = papers_in(tmp_path / "masque")
    assert "Pièces jointes : 1 pièce, selon la liste" in said
    assert "1 pièce, 1 page ; pièce n° 2 non jointe." in said
    (pieces,) = (tmp_path / "masque").glob("*pieces*.pdf")
    bundle = flat(text_of(pieces.read_bytes()))
    assert bundle.count("non jointe") >= 2  # in its contents, and on the sheet before it
    assert bundle.count("1 page") == 1  # of the other one alone: a sheet is no page of an exhibit
    assert "Pièce n° 2 – Attestation (identité du témoin non communiquée), 23 septembre 2026 (non jointe, p. " in said
    assert "non communiquée), 23 septembre 2026 (non jointe)" in said  # in the boxes to paste
    assert "accepté" not in said
    assert "l’accord du témoin pour que cet organisme connaisse son nom n’a pas été recueilli" in said
    with desk.vault.work() as work:  # the control: asked, and willing
        saba = person(work.session, "Okbay")
        work.session.add(Consent(person_id=saba.id, purpose="temoignage", body="ddd", state="donne"))
        work.commit()
    sending.write_referral(desk, LUWAM, "saisine_ddd", tmp_path / "entier")
    said = papers_in(tmp_path / "entier")
    assert "Pièces jointes : 2 pièces, selon la liste" in said
    assert "2 pièces, 2 pages." in said
    assert "non jointe" not in said


def test_a_recording_kept_out_of_a_draft_is_not_listed_as_handed_over(desk: Desk, tmp_path: Path) -> None:
    with desk.vault.work() as work:
        film = work.session.scalars(select(Evidence).where(Evidence.kind == "video")).one()
        digest = film.stored.sha256
        for appearance in film.people:
            appearance.clearance = "pending"
        work.commit()
    sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie", draft=True)
    schedule = flat(text_of((tmp_path / "sortie" / "02-bordereau.pdf").read_bytes()))
    assert "14 pièces, " in schedule
    assert "pièce n° 13 non jointe." in schedule
    assert digest not in "".join(schedule.split())
    assert "Pièces jointes : 14 pièces" in flat(text_of((tmp_path / "sortie" / "01-plainte.pdf").read_bytes()))


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ("", "013-Video-du-camion-benne-entre-les-tentes.mp4"),
        ("avocat", "013 - Vidéo du camion-benne entre les tentes.mp4"),
    ],
)
def test_a_recording_is_listed_under_the_name_it_is_handed_over_with(
    desk: Desk, tmp_path: Path, profile: str, name: str
) -> None:
    """The name it came with may hold somebody's name; the one in the schedule is the one on the stick or in the lot."""
    pack, stick = tmp_path / "sortie", tmp_path / "cle"
    sending.write_referral(desk, CASE, PLAINTE, pack, shape=Shape(profile=profile))
    sending.write_referral(desk, CASE, PLAINTE, stick, shape=Shape(profile="annexe_video"))
    schedule = "".join(text_of((pack / "02-bordereau.pdf").read_bytes()).split())
    assert "".join(name.split()) in schedule
    assert name in [path.name for path in (pack if profile else stick / "data").rglob("*.mp4")]
    assert "VID_20261012" not in papers_in(pack)
