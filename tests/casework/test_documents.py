# SPDX-License-Identifier: GPL-3.0-or-later
"""From records to papers: what is said, from which source, what waits, what is refused."""

import datetime as dt
import hashlib
import io
import json
import re
import uuid
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from forms.preview import PDFIUM
from hro_desktop.casework import documents, facts, papers, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.directory import Organisation
from hro_desktop.records.documents import Document
from hro_desktop.records.evidence import Evidence, EvidencePerson
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralAccused, ReferralParty
from hro_desktop.records.statements import Statement
from tests.vault.support import small_disk

CASE = "D-2026-0001"
PLAINTE = "plainte_procureur"

pytestmark = pytest.mark.usefixtures("qapp")


def text_of(pdf: bytes) -> str:
    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return "\n".join(page.get_textpage().get_text_range() for page in document)
        finally:
            document.close()


def flat(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", text.replace("\ufffe", "-"))


def made(desk: Desk, **options: bool) -> dict[str, bytes]:
    pack = documents.make_referral(desk, CASE, PLAINTE, **options)
    return {each.name: each.data for each in pack.files}


def letter(desk: Desk) -> str:
    return flat(text_of(made(desk)["01-plainte.pdf"]))


def test_the_pack_holds_the_letter_the_schedule_and_the_exhibits(desk: Desk) -> None:
    files = made(desk)
    assert list(files) == [
        "01-plainte.docx",
        "01-plainte.pdf",
        "02-bordereau.docx",
        "02-bordereau.pdf",
        "03-pieces.pdf",
    ]
    bundle = flat(text_of(files["03-pieces.pdf"]))
    assert "Pièce n° 13 – p. 1/1" in bundle
    with io.BytesIO(files["03-pieces.pdf"]) as stream, PDFIUM:
        document = pypdfium2.PdfDocument(stream)
        pages = len(document)
        document.close()
    assert f"{pages} / {pages}" in bundle


def test_names_of_every_script_print_and_extract_whole(desk: Desk) -> None:
    said = letter(desk)
    assert "يونس إسحاق" in said
    assert "ሰላም ሃብተ" in said


def test_every_fact_about_the_forces_says_who_said_it(desk: Desk) -> None:
    said = letter(desk)
    assert (
        "Selon Mme Camille Vasseur (attestation du 14 octobre 2026, pièce n° 5), un agent portait le RIO 0990417."
        in said
    )
    assert said.count("0990417") == 1
    assert (
        "Le certificat du 13 octobre 2026 (pièce n° 3) évalue l’ITT de M. Younès Ishag à six jours (provisoire)."
        in said
    )


def test_an_assertion_nobody_made_is_not_printed(desk: Desk) -> None:
    with desk.vault.work() as work:
        rio = work.session.scalars(select(Assertion).where(Assertion.kind == "rio")).one()
        rio.said_by_id = rio.statement_id = rio.evidence_id = None
        work.commit()
    assert "0990417" not in letter(desk)


@pytest.mark.parametrize(("value", "asked"), [("0", False), ("2", True)])
def test_no_blow_is_nothing_to_report_and_asks_for_no_certificate(desk: Desk, value: str, asked: bool) -> None:
    with desk.vault.work() as work:
        for told in work.session.scalars(select(Assertion).where(Assertion.kind.in_(("blessure", "itt", "coups")))):
            told.kind, told.status, told.value, told.evidence_id = "coups", "exact", value, None
            told.said_by_id = told.about_id
            told.statement_id = work.session.scalars(
                select(Statement.id).where(Statement.author_id == told.about_id)
            ).first()
        for item in work.session.scalars(select(Evidence).where(Evidence.kind == "certificat")):
            item.kind = "autre"
        work.commit()
    assert "zéro" not in letter(desk)
    reasons = {reason.code for state in documents.states(desk, CASE, PLAINTE) for reason in state.reasons}
    assert ("assertion_count_zero" in reasons) is not asked
    assert ("certificat" in reasons) is asked


@pytest.mark.parametrize(
    ("dated", "occurred", "said"),
    [
        ("2026-10-11", "2026-10-12", {"lettre_avant_faits"}),
        ("2026-10-12", "2026-10-12", set()),
        ("2026-10-11", "2026-10-11/2026-10-12", set()),
        ("2026-09-30", "2026-10", {"lettre_avant_faits"}),
        ("2026-10-11", "", set()),
        ("today+30", "2026-10-12", set()),
        ("today+31", "2026-10-12", {"lettre_future"}),
    ],
)
def test_a_letter_dated_before_the_facts_or_far_ahead_is_said(
    desk: Desk, dated: str, occurred: str, said: set[str]
) -> None:
    ahead = dated.removeprefix("today+")
    day = desk.today() + dt.timedelta(days=int(ahead)) if ahead != dated else dt.date.fromisoformat(dated)
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral)).one()
        referral.dated_on = day
        for link in referral.incidents:
            work.session.get_one(Incident, link.incident_id).occurred = occurred
        work.commit()
    reasons = [reason for state in documents.states(desk, CASE, PLAINTE) for reason in state.reasons]
    found = [each for each in reasons if each.code in ("lettre_avant_faits", "lettre_future")]
    assert {each.code for each in found} == said
    assert {each.label for each in found} <= {"À voir"}


def test_the_values_are_kept_with_their_sources_and_their_hash(desk: Desk, tmp_path: Path) -> None:
    sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie")
    with desk.read() as session:
        kept = session.scalars(
            select(Document).where(Document.role == "letter", Document.media_type == papers.PDF)
        ).one()
        person = session.scalars(select(Person).where(Person.birth_name == "Ishag")).one()
    assert kept.values_sha256 == hashlib.sha256(kept.values_json.encode()).hexdigest()
    values = json.loads(kept.values_json)
    assert values["complainants"][0]["birth_name"] == {
        "value": "Ishag",
        "from": ["person", str(person.id), "birth_name"],
    }


def test_the_manifest_lists_every_file_and_the_head_of_the_journal(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "sortie"
    sending.write_referral(desk, CASE, PLAINTE, out)
    manifest = json.loads((out / sending.MANIFEST).read_text(encoding="utf-8"))
    assert {each["file"] for each in manifest["documents"]} == {path.name for path in out.iterdir()} - {
        sending.MANIFEST
    }
    for each in manifest["documents"]:
        assert hashlib.sha256((out / each["file"]).read_bytes()).hexdigest() == each["sha256"]
    head = desk.vault.head()
    assert manifest["journal"] == {"line": head.n, "sha256": head.hash}
    assert [each["number"] for each in manifest["exhibits"]] == list(range(1, 16))


def test_a_folder_that_holds_something_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "sortie").mkdir()
    (tmp_path / "sortie" / "lettre.txt").write_text("à moi", encoding="utf-8")
    with pytest.raises(Fault, match=r"out\.not_empty"):
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie")
    assert [path.name for path in (tmp_path / "sortie").iterdir()] == ["lettre.txt"]


def states(desk: Desk) -> dict[tuple[str, str], str]:
    return {(each.document, each.person): each.state for each in documents.states(desk, CASE, PLAINTE)}


def test_the_letter_is_to_be_signed_and_the_exhibits_are_ready(desk: Desk) -> None:
    found = states(desk)
    assert {state for (document, _), state in found.items() if document.startswith("Plainte")} == {"a_signer"}
    assert {state for (document, _), state in found.items() if document.startswith("Bordereau")} == {"pret"}


def consent(desk: Desk, name: str, state: str) -> None:
    with desk.vault.work() as work:
        answer = work.session.scalars(
            select(Consent)
            .join(Person, Consent.person_id == Person.id)
            .where(Person.birth_name == name, Consent.purpose == "plainte")
        ).one()
        answer.state = state
        work.commit()


def test_a_refused_agreement_blocks_and_nothing_leaves(desk: Desk, tmp_path: Path) -> None:
    consent(desk, "Habte", "refuse")
    assert states(desk)["Bordereau et pièces", "Mme Selam Habte"] == "bloque"
    his = [each for each in documents.states(desk, CASE, PLAINTE) if each.person == "M. Younès Ishag"]
    assert all("other_party" in {reason.code for reason in each.reasons} for each in his)  # what blocks for her too
    with pytest.raises(Fault, match=r"referral\.blocked") as caught:
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie")
    assert "refusé" in caught.value.sentence
    assert not (tmp_path / "sortie").exists()
    with pytest.raises(Fault, match=r"referral\.opposed") as caught:
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "brouillon", draft=True)
    assert "Selam Habte" in caught.value.sentence
    assert not (tmp_path / "brouillon").exists()


def test_a_third_party_in_an_exhibit_blocks_until_cleared(desk: Desk) -> None:
    with desk.vault.work() as work:
        shown = work.session.scalars(
            select(EvidencePerson)
            .join(Person, EvidencePerson.person_id == Person.id)
            .where(Person.birth_name == "Ishag", EvidencePerson.appears == "shown")
        ).first()
        assert shown is not None
        work.session.add(EvidencePerson(evidence_id=shown.evidence_id, described="un cousin", appears="shown"))
        work.commit()
    assert set(states(desk).values()) == {"bloque"}
    with desk.vault.work() as work:
        work.session.scalars(
            select(EvidencePerson).where(EvidencePerson.described == "un cousin")
        ).one().clearance = "unrecognisable"
        work.commit()
    assert "bloque" not in states(desk).values()
    with desk.vault.work() as work:  # to be masked, and it is the original that is joined
        work.session.scalars(
            select(EvidencePerson).where(EvidencePerson.described == "un cousin")
        ).one().clearance = "masked"
        work.commit()
    assert set(states(desk).values()) == {"bloque"}


def test_a_withdrawn_statement_blocks(desk: Desk) -> None:
    with desk.vault.work() as work:
        work.session.scalars(
            select(Statement).join(Person).where(Person.birth_name == "Lindgren")
        ).one().withdrawn_on = desk.today()
        work.commit()
    assert set(states(desk).values()) == {"bloque"}


def test_an_unverified_address_is_never_printed(desk: Desk) -> None:
    with desk.vault.work() as work:
        work.session.scalars(select(Organisation).where(Organisation.law_id != "")).one().checked_on = None
        work.commit()
    said = letter(desk)
    assert "1 place de l’Exemple" not in said
    assert "[adresse à vérifier avant l’envoi]" in said


def test_an_unknown_citation_makes_a_draft(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral)).one()
        referral.account += f"\n\nVoir aussi [[piece:{uuid.uuid4()}]]."
        work.commit()
    pack = documents.make_referral(desk, CASE, PLAINTE)
    assert pack.draft
    pdf = next(each.data for each in pack.files if each.name == "01-plainte.pdf")
    assert "[pièce non jointe]" in flat(text_of(pdf))


def test_an_uncited_exhibit_is_said(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral)).one()
        referral.account = re.sub(r", ainsi qu’un enregistrement sonore[^.]*", "", referral.account)
        work.commit()
    remarks = documents.make_referral(desk, CASE, PLAINTE).remarks
    assert "La pièce n°\u00a014 est jointe sans être citée dans le texte." in remarks


def test_one_complainant_alone_speaks_in_the_singular(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral)).one()
        referral.parties = [each for each in referral.parties if each.case.person.birth_name == "Ishag"]
        # no longer a party, so a third party in the exhibits
        for appearance in work.session.scalars(select(EvidencePerson)):
            appearance.clearance = "cleared"
        work.commit()
    said = letter(desk)
    assert "J’ai l’honneur de porter plainte auprès de vous contre X" in said
    assert "Nous demandons" not in said


def test_a_named_person_is_named_with_who_names_them(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral)).one()
        officer = Person(pseudonym="P-2026-0900", sex="m", birth_name="Exemplaire", given_names="Gaspard")
        work.session.add(officer)
        work.session.flush()
        referral.accused.append(
            ReferralAccused(person_id=officer.id, position=0, known_as="ainsi désigné par Mme Vasseur")
        )
        work.commit()
    said = letter(desk)
    assert "une personne désignée comme M. Gaspard Exemplaire : ainsi désigné par Mme Vasseur" in said
    assert "contre X" not in said


def test_a_name_that_was_only_heard_is_no_identity(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral)).one()
        officer = Person(pseudonym="P-2026-0900", sex="m")
        work.session.add(officer)
        work.session.flush()
        heard = "un policier que M. Ishag dit avoir entendu appeler « Michel »"
        referral.accused.append(ReferralAccused(person_id=officer.id, position=0, known_as=heard))
        referral.against_others = True
        work.commit()
    said = letter(desk)
    assert heard in said
    assert "P-2026-0900" not in said
    assert "contre X, et contre la personne désignée ci-après" in said


@pytest.mark.parametrize(
    "name",
    ["given_names", "birth_name", "original_name", "birth", "birth_place", "birth_country", "profession"],
)
def test_each_optional_fact_may_be_missing_without_a_hole(desk: Desk, name: str) -> None:
    with desk.vault.work() as work:
        for person in work.session.scalars(select(Person)):
            setattr(person, name, "")
        work.commit()
    said = letter(desk)
    assert "None" not in said
    assert not re.search(r"\(\s*\)|,\s*,|\s,| \.(?!\.)|« »|:\s*;", said), said


def test_nothing_hangs_when_almost_nothing_is_known(desk: Desk) -> None:
    with desk.vault.work() as work:
        for person in work.session.scalars(select(Person)):
            for name in ("usual_name", "original_name", "birth", "birth_place", "birth_country", "profession"):
                setattr(person, name, "")
            person.contacts, person.addresses, person.languages, person.representations = [], [], [], []
        for referral in work.session.scalars(select(Referral)):
            referral.requests, referral.offences = [], []
        for party in work.session.scalars(select(ReferralParty)):
            assert party.case.person
        work.commit()
    said = letter(desk)
    assert "None" not in said
    assert "Demandes" not in said or "[à compléter" in said


@pytest.mark.parametrize("handwriting", [False, True])
def test_an_observer_with_no_case_gets_an_attestation(desk: Desk, tmp_path: Path, handwriting: bool) -> None:
    written = sending.write_attestation(desk, "T-2026-0003", tmp_path / "sortie", handwriting=handwriting)
    assert written.files == ("01-attestation.pdf", "02-guide.pdf", sending.MANIFEST)
    said = flat(text_of((tmp_path / "sortie" / "01-attestation.pdf").read_bytes()))
    assert "chez Veille des Dunes" in said
    assert ("0990417" in said) is not handwriting
    assert "cerfa" not in said.casefold()


@pytest.mark.parametrize("reference", ["T-2026-0001", "T-2026-0002"])
def test_no_attestation_is_made_of_a_complainants_own_account(desk: Desk, tmp_path: Path, reference: str) -> None:
    with pytest.raises(Fault, match=r"attestation\.refused") as caught:
        sending.write_attestation(desk, reference, tmp_path / "sortie")
    assert "récit" in caught.value.sentence
    assert not (tmp_path / "sortie").exists()


def test_a_statement_by_a_complainant_is_an_account_whatever_it_is_called(desk: Desk, tmp_path: Path) -> None:
    with desk.vault.work() as work:
        work.session.scalars(select(Statement).where(Statement.reference == "T-2026-0001")).one().kind = "attestation"
        work.commit()
    with pytest.raises(Fault, match=r"attestation\.refused"):
        sending.write_attestation(desk, "T-2026-0001", tmp_path / "sortie")


def test_what_leaves_names_neither_program_nor_person_in_its_properties(desk: Desk, tmp_path: Path) -> None:
    import zipfile

    out = tmp_path / "sortie"
    sending.write_referral(desk, CASE, PLAINTE, out)
    with zipfile.ZipFile(out / "01-plainte.docx") as package:
        core = package.read("docProps/core.xml").decode()
    assert not re.search(r"Ishag|Habte|python-docx|creator>[^<]", core)
    for path in out.glob("*.pdf"):
        assert b"/Producer" not in path.read_bytes()
        assert b"/Author" not in path.read_bytes()


def test_a_full_disk_is_said_and_nothing_half_written_stays(desk: Desk, tmp_path: Path) -> None:
    """The control: with room enough the same pack is written to the same disk."""
    with small_disk(1024) as disk:
        with pytest.raises(Fault, match=r"out\.disk") as caught:
            sending.write_referral(desk, CASE, PLAINTE, disk / "sortie")
        assert "plein" in caught.value.sentence
        assert list(disk.iterdir()) == []
    with small_disk(32 * 1024) as disk:
        sending.write_referral(desk, CASE, PLAINTE, disk / "sortie")
        assert (disk / "sortie" / sending.MANIFEST).exists()
    assert not (tmp_path / "sortie").exists()


def test_a_damaged_image_or_pdf_becomes_a_sheet_that_says_so(desk: Desk) -> None:
    """Exhibits are bound whatever their state; the original itself stays as it came."""
    with desk.vault.work() as work:
        for item in work.session.scalars(select(Evidence).where(Evidence.kind == "son")):
            item.media_type = "application/pdf"
        work.commit()
    bundle = flat(text_of(made(desk)["03-pieces.pdf"]))
    assert "Pièce n° 14" in bundle
    assert "SHA-256" in bundle


def test_a_witness_who_refused_blocks_and_one_not_asked_waits(desk: Desk) -> None:
    with desk.vault.work() as work:
        answer = work.session.scalars(
            select(Consent)
            .join(Person, Consent.person_id == Person.id)
            .where(Person.birth_name == "Vasseur", Consent.body == "procureur")
        ).one()
        answer.state = "refuse"
        work.commit()
    assert set(states(desk).values()) == {"bloque"}
    with desk.vault.work() as work:
        work.session.delete(work.session.get(Consent, answer.id))
        # named in her own attestation and identity document, which a person then cleared
        for appearance in work.session.scalars(
            select(EvidencePerson).where(EvidencePerson.person_id == answer.person_id)
        ):
            appearance.clearance = "cleared"
        work.commit()
    found = states(desk)
    assert "bloque" not in found.values()
    assert {found[key] for key in found if key[0] != "Bordereau et pièces"} == {"attend"}
    reasons = [each.code for state in documents.states(desk, CASE, PLAINTE) for each in state.reasons]
    assert "witness_unasked" in reasons
    assert documents.make_referral(desk, CASE, PLAINTE).draft


def test_the_address_of_whoever_lends_it_is_printed(desk: Desk) -> None:
    with desk.vault.work() as work:
        for person in work.session.scalars(select(Person)):
            for address in person.addresses:
                address.lines = address.postcode = address.town = ""
        work.commit()
    said = letter(desk)
    assert said.count("9 chemin de la Vigie-Blanche") >= 3
    assert "chez Veille des Dunes 9 chemin de la Vigie-Blanche 62100 Calais" in said


def test_nothing_is_written_inside_the_vault(desk: Desk) -> None:
    with pytest.raises(Fault, match=r"out\.inside_vault"):
        sending.write_referral(desk, CASE, PLAINTE, desk.vault.folder / "objets" / "x")
    assert not (desk.vault.folder / "objets" / "x").exists()


def test_the_attestation_says_where_and_leaves_what_happened_to_the_witness(desk: Desk, tmp_path: Path) -> None:
    sending.write_attestation(desk, "T-2026-0003", tmp_path / "sortie", handwriting=True)
    said = flat(text_of((tmp_path / "sortie" / "01-attestation.pdf").read_bytes()))
    assert "Faits survenus à Calais" in said
    assert "Expulsion" not in said


def test_a_character_no_font_has_is_said(desk: Desk) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral)).one()
        referral.account += "\n\nIl m’a écrit\u00a0: 😀 😀."
        work.commit()
    pack = documents.make_referral(desk, CASE, PLAINTE)
    said = [each for each in pack.remarks if "😀" in each]
    assert said == ["Ces caractères ne peuvent pas être imprimés et manquent dans le PDF\u00a0: 😀 (U+1F600)."]


def test_every_name_of_the_practice_case_can_be_printed(desk: Desk) -> None:
    pack = documents.make_referral(desk, CASE, PLAINTE)
    assert not any("ne peuvent pas être imprimés" in each for each in pack.remarks)


@pytest.mark.parametrize(
    ("place", "country", "said"),
    [
        ("Keren", "Érythrée", "à Keren (Érythrée)"),
        ("Saint-Denis (La Réunion)", "France", "à Saint-Denis, La Réunion, France"),
        ("Keren", "", "à Keren"),
        ("", "Érythrée", "Érythrée"),
    ],
)
def test_a_place_of_birth_never_has_two_pairs_of_brackets(place: str, country: str, said: str) -> None:
    person = Person(pseudonym="P-2026-0901", sex="f", birth="2001", birth_place=place, birth_country=country)
    assert facts.identity(person)["birth_clause"].value == f"en 2001, {said}"
