# SPDX-License-Identifier: GPL-3.0-or-later
"""The only door out: what may leave, under which agreement, and the line of the ledger it leaves behind."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import departures, documents, exhibits, passages, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Shape
from hro_desktop.casework.image_documents import Chosen
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure
from hro_desktop.records.documents import Document
from hro_desktop.records.evidence import Evidence, EvidencePerson
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules.passages import MASK
from hro_desktop.vault import journal
from tests.casework.test_documents import CASE, PLAINTE, flat, text_of
from tests.support.agreements import reduce_identity
from tests.support.practice import practice_vault
from tests.vault.support import small_disk

ARAM, LUWAM, NOUR = "D-2026-0003", "D-2026-0004", "D-2026-0005"

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The practice vault with all that follows the first complaint."""
    vault = practice_vault(tmp_path, follow_up=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


def papers_in(out: Path) -> str:
    """Every word of a pack, .docx excepted."""
    said = [text_of(path.read_bytes()) for path in sorted(out.rglob("*.pdf"))]
    said += [path.read_text("utf-8-sig") for path in sorted(out.rglob("*.txt"))]
    return flat("\n".join(said))


def actions(desk: Desk) -> list[str]:
    with desk.read() as session:
        return [each["action"] for each in journal.extract(session)]


def test_an_agreement_still_to_be_asked_allows_a_draft(desk: Desk, tmp_path: Path) -> None:
    with desk.vault.work() as work:
        for answer in work.session.scalars(select(Consent).where(Consent.purpose == "plainte")):
            work.session.delete(answer)
        work.commit()
    with pytest.raises(Fault, match=r"referral\.blocked"):
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie")
    draft = sending.write_referral(desk, CASE, PLAINTE, tmp_path / "brouillon", draft=True)
    assert draft.draft
    assert "BROUILLON" in text_of((tmp_path / "brouillon" / "01-plainte.pdf").read_bytes())
    with desk.read() as session:
        (left,) = session.scalars(select(Departure))
        assert (left.draft, left.authority) == (True, "")
        assert {each.ground for each in left.people if each.role == "plaignant"} == {departures.NO_AGREEMENT}


def test_an_exhibit_that_may_not_leave_does_not_leave_as_a_draft(desk: Desk, tmp_path: Path) -> None:
    with desk.vault.work() as work:
        item = work.session.scalars(select(Evidence).where(Evidence.kind == "son")).one()
        item.nobody_appears = False
        item.people.append(EvidencePerson(described="une voisine", appears="audible"))
        work.commit()
    draft = sending.write_referral(desk, CASE, PLAINTE, tmp_path / "brouillon", draft=True)
    said = flat(text_of((tmp_path / "brouillon" / "03-pieces.pdf").read_bytes()))
    assert "Pièce retenue de ce brouillon" in said
    assert any("14" in each and "retenue" in each for each in draft.remarks)
    with desk.read() as session:
        (left,) = session.scalars(select(Departure))
        assert 14 not in {each.exhibit_number for each in left.files}
        assert 13 in {each.exhibit_number for each in left.files}  # the control
    manifest = json.loads((tmp_path / "brouillon" / sending.MANIFEST).read_text(encoding="utf-8"))
    assert 14 not in {each["number"] for each in manifest["exhibits"]}


def test_a_shape_made_for_others_says_so_first_and_in_the_manifest(desk: Desk, tmp_path: Path) -> None:
    written = sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie", shape=Shape(profile="inspections"))
    assert written.remarks[0].startswith("Ce profil est fait pour\u00a0: IGPN, IGGN, Défenseur des droits.")
    manifest = json.loads((tmp_path / "sortie" / sending.MANIFEST).read_text(encoding="utf-8"))
    assert manifest["remarks"] == [written.remarks[0]]
    fitting = sending.write_referral(desk, CASE, PLAINTE, tmp_path / "autre")  # the control
    assert not any("est fait pour" in each for each in fitting.remarks)
    assert "remarks" not in json.loads((tmp_path / "autre" / sending.MANIFEST).read_text(encoding="utf-8"))


def test_the_ledger_holds_every_file_and_everybody(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "sortie"
    sending.write_referral(desk, CASE, PLAINTE, out)
    with desk.read() as session:
        (left,) = session.scalars(select(Departure))
        found = (left.authority, left.channel, left.profile, left.draft)
        assert found == ("procureur_boulogne", "dossier", "papier", False)
        for each in left.files:
            assert hashlib.sha256((out / each.name).read_bytes()).hexdigest() == each.sha256
        assert {each.name for each in left.files} == {path.name for path in out.iterdir()} - {sending.MANIFEST}
        assert [each.exhibit_number for each in left.files if each.exhibit_number] == list(range(1, 16))
        kept = {each.document_id for each in left.files}
        assert set(session.scalars(select(Document.id))) == kept
        roles = [each.role for each in left.people]
        assert roles.count("plaignant") == 2
        assert roles.count("temoin") == 3
        assert {each.clearance for each in left.people if each.role == "tiers"} == {"agent", "cleared"}
        assert all("donné" in each.ground for each in left.people if each.role != "tiers")
        assert departures.altered(session) == ()
    assert actions(desk)[-1] == "departure.recorded"
    head = desk.vault.head()
    assert json.loads((out / sending.MANIFEST).read_text("utf-8"))["journal"] == {"line": head.n, "sha256": head.hash}


def test_what_already_left_is_listed_when_somebody_withdraws(desk: Desk, tmp_path: Path) -> None:
    sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie")
    with desk.vault.work() as work:
        for answer in work.session.scalars(
            select(Consent).join(Person, Consent.person_id == Person.id).where(Person.birth_name == "Habte")
        ):
            answer.withdrawn_on = desk.today()
        work.commit()
    reasons = [each for state in documents.states(desk, CASE, PLAINTE) for each in state.reasons]
    (sentence,) = {each.sentence for each in reasons if each.code == "already_left"}
    assert sentence.startswith("Déjà parti\u00a0: Le ")
    assert "vers Parquet du tribunal judiciaire de Boulogne-sur-Mer" in sentence
    with pytest.raises(Fault, match=r"referral\.blocked"):
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "encore")


def left_about(desk: Desk, name: str) -> set[str]:
    reasons = [each for state in documents.states(desk, CASE, PLAINTE) for each in state.reasons]
    return {each.sentence for each in reasons if each.code == "already_left" and name in each.sentence}


@pytest.mark.parametrize("given", ["Camille", "Rahwa"])
def test_what_already_left_is_listed_for_witnesses_and_who_is_named_in_an_exhibit(
    desk: Desk, tmp_path: Path, given: str
) -> None:
    sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sortie")
    with desk.vault.work() as work:
        who = work.session.scalars(select(Person).where(Person.given_names == given)).one()
        name = who.birth_name or who.usual_name or who.given_names
        assert left_about(desk, name) == set()  # the control
        work.session.add(
            Consent(person_id=who.id, purpose="temoignage", body="procureur", state="refuse", given_on=run.NOW.date())
        )
        work.commit()
    (sentence,) = left_about(desk, name)
    assert sentence.startswith("Déjà parti, sur M")
    assert "vers Parquet du tribunal judiciaire de Boulogne-sur-Mer" in sentence
    assert left_about(desk, "Morvan") == set()


def test_an_agreement_taken_back_while_the_pack_waits_stops_it_at_the_door(desk: Desk, tmp_path: Path) -> None:
    pack = documents.make_referral(desk, CASE, PLAINTE)
    with desk.vault.work() as work:
        for answer in work.session.scalars(select(Consent).where(Consent.purpose == "plainte")):
            answer.withdrawn_on = desk.today()
        work.commit()
    with pytest.raises(Fault, match=r"referral\.opposed"):
        sending.write_pack(desk, pack, tmp_path / "sortie")
    assert not (tmp_path / "sortie").exists()
    assert "departure.recorded" not in actions(desk)


def test_a_pack_whose_exhibits_changed_is_made_anew(desk: Desk, tmp_path: Path) -> None:
    pack = documents.make_referral(desk, CASE, PLAINTE)
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral).where(Referral.procedure == PLAINTE)).first()
        assert referral is not None
        work.session.delete(exhibits.lists(work.session, referral.id)[-1].exhibits[-1])
        work.commit()
    with pytest.raises(Fault, match=r"pack\.stale"):
        sending.write_pack(desk, pack, tmp_path / "sortie")
    sending.write_pack(desk, documents.make_referral(desk, CASE, PLAINTE), tmp_path / "sortie")  # the control


def test_an_attestation_withdrawn_while_it_waits_stays(desk: Desk, tmp_path: Path) -> None:
    pack = documents.make_attestation(desk, "T-2026-0003")
    with desk.vault.work() as work:
        work.session.scalars(
            select(Statement).where(Statement.reference == "T-2026-0003")
        ).one().withdrawn_on = desk.today()
        work.commit()
    with pytest.raises(Fault, match=r"attestation\.refused"):
        sending.write_pack(desk, pack, tmp_path / "sortie")


def test_a_disk_that_fails_leaves_its_line(desk: Desk) -> None:
    with small_disk(1024) as disk, pytest.raises(Fault, match=r"out\.disk"):
        sending.write_referral(desk, CASE, PLAINTE, disk / "sortie")
    assert actions(desk)[-2:] == ["departure.recorded", "departure.failed"]
    with desk.read() as session:
        younes = session.scalars(select(Person).where(Person.birth_name == "Ishag")).one()
        (gone,) = departures.of_person(session, younes.id)
        assert "mais l’écriture a échoué" in gone.sentence


@pytest.mark.parametrize(
    "name", ["é" * 128, "x" * 256, "/".join(["d" * 250] * 17), "/".join(["d" * 200] * 20 + ["s" * 4])]
)
def test_a_folder_of_too_long_a_name_is_one_sentence(desk: Desk, tmp_path: Path, name: str) -> None:
    """The last one fits itself, and the files in it do not."""
    pack = documents.make_attestation(desk, "T-2026-0003")
    before, out = sorted(path.name for path in tmp_path.iterdir()), tmp_path / name
    while name.endswith("ssss") and len(str(out)) < 4085:
        out = out.with_name(f"{out.name}s")
    with pytest.raises(Fault, match=r"out\.place") as caught:
        sending.write_pack(desk, pack, out)
    assert "trop long" in caught.value.sentence
    assert len(caught.value.sentence) < 300
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert "departure.recorded" not in actions(desk)
    sending.write_pack(desk, pack, tmp_path / ("x" * 200))  # the control


@pytest.mark.parametrize("name", [".sortie.en-cours", ".envoi-ancien.en-cours"])
def test_what_stands_beside_is_told_and_never_removed(desk: Desk, tmp_path: Path, name: str) -> None:
    place = tmp_path / "envois"
    first = sending.write_attestation(desk, "T-2026-0003", place / "avant")
    assert not any("interrompu" in each for each in first.remarks)
    (place / name).mkdir()
    (place / name / "à moi.txt").write_text("rien à voir", encoding="utf-8")
    told = sending.write_attestation(desk, "T-2026-0003", place / "sortie")
    assert [name in each for each in told.remarks if "interrompu" in each] == [True]
    assert (place / name / "à moi.txt").read_text(encoding="utf-8") == "rien à voir"
    assert sorted(path.name for path in place.iterdir()) == [name, "avant", "sortie"]


@pytest.mark.parametrize(("case", "procedure"), [(LUWAM, "saisine_igpn"), (LUWAM, "saisine_ddd")])
def test_a_witness_nobody_asked_is_in_no_paper_of_an_inspection(
    desk: Desk, tmp_path: Path, case: str, procedure: str
) -> None:
    written = sending.write_referral(desk, case, procedure, tmp_path / "sortie")
    said = papers_in(tmp_path / "sortie")
    assert "Okbay" not in said
    assert "Attestation (identité du témoin non communiquée)" in said
    assert "Pièce non jointe : l’accord du témoin" in said
    assert any(each.startswith("Pièces n°\u00a02\u00a0: pièce non jointe") for each in written.remarks)
    with desk.vault.work() as work:  # the control: with an agreement for that body the paper goes along
        saba = work.session.scalars(select(Person).where(Person.birth_name == "Okbay")).one()
        body = procedure.removeprefix("saisine_")
        work.session.add(
            Consent(person_id=saba.id, purpose="temoignage", body=body, state="donne", given_on=run.NOW.date())
        )
        work.commit()
    sending.write_referral(desk, case, procedure, tmp_path / "avec")
    assert "Attestation de Mme Saba Okbay" in papers_in(tmp_path / "avec")


def test_an_exception_reduces_the_identity_in_every_paper(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "sortie"
    assert not sending.write_referral(desk, NOUR, "saisine_ddd", out).draft
    said = papers_in(out)
    assert "N. X" in said
    for word in ("Nour", "Barzani", "Irak", "irakien", "2013"):
        assert word not in said
    assert "mineur" in said
    assert "intérêt supérieur d’un enfant" in said
    with desk.read() as session:
        (left,) = session.scalars(select(Departure))
        (child,) = [each for each in left.people if each.role == "plaignant"]
        assert child.ground.startswith("exception notée le 14\u00a0octobre 2026")


@pytest.mark.parametrize("change", [{"decided_on": None}, {"reason": "urgent"}, {"identity_reduced": False}])
def test_an_exception_that_is_not_one_makes_a_draft_only(desk: Desk, change: dict[str, object]) -> None:
    with desk.vault.work() as work:
        noted = work.session.scalars(select(ConsentException)).one()
        for name, value in change.items():
            setattr(noted, name, value)
        work.commit()
    states = documents.states(desk, NOUR, "saisine_ddd")
    assert {state.state for state in states} == {"attend"}
    assert documents.make_referral(desk, NOUR, "saisine_ddd").draft


def test_a_reduced_identity_is_not_named_in_the_account(desk: Desk, tmp_path: Path) -> None:
    with desk.vault.work() as work:
        referral = work.session.scalars(
            select(Referral).where(Referral.procedure == "saisine_ddd").order_by(Referral.reference.desc())
        ).first()
        assert referral is not None
        referral.account += " Il s’appelle Barzani."
        work.commit()
    assert {state.state for state in documents.states(desk, NOUR, "saisine_ddd")} >= {"bloque"}
    with pytest.raises(Fault, match=r"referral\.blocked"):
        sending.write_referral(desk, NOUR, "saisine_ddd", tmp_path / "sortie")


def test_an_exception_never_covers_who_appears_in_an_exhibit(desk: Desk) -> None:
    assert not any(state.blocked for state in documents.states(desk, LUWAM, "saisine_ddd"))
    with desk.vault.work() as work:
        referral = work.session.scalars(
            select(Referral).where(Referral.procedure == "saisine_ddd").order_by(Referral.reference)
        ).first()
        assert referral is not None
        reduce_identity(work.session, referral)
        work.commit()
    codes = {each.code for state in documents.states(desk, LUWAM, "saisine_ddd") for each in state.reasons}
    assert {"third_party", "identity_in_account"} <= codes


@pytest.mark.parametrize(
    ("profile", "holds"),
    [
        ("avocat", "02-bordereau.csv"),
        ("telerecours_citoyens", "00_requete.pdf"),
        ("inspections", "03-pieces.pdf"),
        ("annexe_video", "bagit.txt"),
    ],
)
def test_a_referral_leaves_in_every_shape(desk: Desk, tmp_path: Path, profile: str, holds: str) -> None:
    out = tmp_path / "sortie"
    written = sending.write_referral(desk, CASE, PLAINTE, out, shape=Shape(profile=profile))
    assert holds in written.files
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert there == set(written.files)
    with desk.read() as session:
        (left,) = session.scalars(select(Departure))
        assert left.profile == profile
        assert {each.name for each in left.files} == there - {sending.MANIFEST}


def test_an_original_that_leaves_as_it_is_is_reported(desk: Desk, tmp_path: Path) -> None:
    written = sending.write_referral(desk, CASE, PLAINTE, tmp_path / "cle", shape=Shape(profile="annexe_video"))
    (film,) = [each for each in written.contains if each.file.endswith(".mp4")]
    assert any("où il a été fait" in sentence for sentence in film.sentences)
    assert any(film.file in remark for remark in written.remarks)
    paper = sending.write_referral(desk, CASE, PLAINTE, tmp_path / "papier")
    assert paper.contains == ()


def image_letters(desk: Desk, out: Path, *cameras: str, **options: bool) -> sending.Written:
    chosen = tuple(Chosen(camera=each) for each in cameras)
    return sending.write_image_letters(desk, "F-2026-0001", chosen, out, **options)


def test_letters_for_images_leave_the_same_day_and_name_nobody(desk: Desk, tmp_path: Path) -> None:
    desk = attrs.evolve(desk, clock=lambda: dt.datetime(2026, 10, 12, 16, 0, tzinfo=dt.UTC))
    written = image_letters(desk, tmp_path / "images", "camera_fixe", "camera_individuelle")
    assert written.files[:2] == ("01-procureur.docx", "01-procureur.pdf")
    assert any(name.startswith("02-") for name in written.files)
    said = papers_in(tmp_path / "images")
    for word in ("Ishag", "Habte", "Vasseur", "Lindgren", "Morvan"):
        assert word not in said
    with desk.read() as session:
        (left,) = session.scalars(select(Departure))
        assert left.incident_id == session.scalars(select(Incident).order_by(Incident.reference)).first().id  # type: ignore[union-attr]
        assert session.scalars(select(Document).where(Document.incident_id.is_not(None))).all()


def test_images_that_are_gone_make_no_letter(desk: Desk, tmp_path: Path) -> None:
    late = attrs.evolve(desk, clock=lambda: dt.datetime(2026, 11, 24, 16, 0, tzinfo=dt.UTC))
    with pytest.raises(Fault, match=r"images\.none"):
        image_letters(late, tmp_path / "images", "camera_fixe")
    assert not (tmp_path / "images").exists()


def test_a_letter_that_would_name_somebody_is_not_made(desk: Desk, tmp_path: Path) -> None:
    with desk.vault.work() as work:
        incident = work.session.scalars(select(Incident).order_by(Incident.reference)).first()
        assert incident is not None
        incident.place = "devant la tente de Selam Habte"
        work.commit()
    soon = attrs.evolve(desk, clock=lambda: dt.datetime(2026, 10, 12, 16, 0, tzinfo=dt.UTC))
    with pytest.raises(Fault, match=r"images\.name"):
        image_letters(soon, tmp_path / "images", "camera_fixe")


def test_facts_nobody_knows_are_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"incident\.unknown"):
        sending.write_image_letters(desk, "F-2026-9999", (Chosen(camera="camera_fixe"),), tmp_path / "images")


def test_a_dangerous_passage_is_decided_before_an_attestation_is_made(desk: Desk, tmp_path: Path) -> None:
    words = "Je l’ai noté aussitôt sur mon téléphone."
    with desk.read() as session:
        statement = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one()
        version = statement.versions[-1]
        assert words in version.french_text
        volunteer = session.scalars(select(Volunteer)).first()
        assert volunteer is not None
    draft = passages.PassageDraft(statement_version_id=version.id, quoted=words, reason="autre")
    marked = desk.run(passages.mark, draft).value
    with pytest.raises(Fault, match=r"attestation\.refused") as caught:
        sending.write_attestation(desk, "T-2026-0003", tmp_path / "attend")
    assert "attend une décision" in caught.value.sentence
    for decision, stands in (("garder", True), ("masquer", False)):
        desk.run(passages.decide, marked, decision, decided_by_id=volunteer.id, decided_on=desk.today())
        sending.write_attestation(desk, "T-2026-0003", tmp_path / decision)
        said = papers_in(tmp_path / decision)
        assert (words in said) is stands
        assert (MASK[:30] in said) is not stands  # the page may end within it


def test_a_lawyer_gets_nothing_without_an_agreement_of_its_own(desk: Desk, tmp_path: Path) -> None:
    shape = Shape(profile="avocat")
    sending.write_referral(desk, CASE, PLAINTE, tmp_path / "avec", shape=shape)  # the control
    with desk.read() as session:
        (left,) = session.scalars(select(Departure))
        assert (left.authority, left.recipient) == ("", "l’avocat·e")
        assert all("avocat" in each.ground for each in left.people if each.role == "plaignant")
    with desk.vault.work() as work:
        for answer in work.session.scalars(select(Consent).where(Consent.purpose == "transmission_avocat")):
            answer.withdrawn_on = desk.today()
        work.commit()
    with pytest.raises(Fault, match=r"referral\.blocked"):
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "sans", shape=shape)
    sending.write_referral(desk, CASE, PLAINTE, tmp_path / "procureur")  # the agreement to the complaint stands
