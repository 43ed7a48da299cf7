# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the papers may name: anybody of the vault only by their answer to whoever gets them; each with its control."""

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import documents, exhibits, image_documents, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.image_documents import Chosen
from hro_desktop.faults import Fault
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import Evidence, EvidencePerson
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.people import Address, Person, PersonName, Representation
from hro_desktop.records.referrals import Referral, ReferralAccused
from hro_desktop.records.statements import StatementVersion
from tests.casework.test_documents import CASE, PLAINTE
from tests.casework.test_named_in_words import a_referral, into_account, somebody
from tests.casework.test_sending import LUWAM, desk

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("qapp")

ACCOUNT = "l’exposé"
DAY = dt.date(2026, 10, 1)


def reasons(desk: Desk, case: str = CASE, procedure: str = PLAINTE, profile: str = "") -> dict[str, tuple[str, str]]:
    return {
        each.code: (each.label, each.sentence)
        for state in documents.states(desk, case, procedure, profile)
        for each in state.reasons
        if not profile or state.document.startswith("Remise")
    }


NAMED = {"witness_named", "refused_named", "name_perhaps", "name_shared", "identity_in_account"}


def named(desk: Desk, case: str = CASE, procedure: str = PLAINTE, profile: str = "") -> set[str]:
    return NAMED & set(reasons(desk, case, procedure, profile))


def write(desk: Desk, words: str, procedure: str = PLAINTE) -> None:
    with desk.vault.work() as work:
        into_account(work.session, a_referral(work.session, procedure), words)
        work.commit()


def add(desk: Desk, change: Callable[[Session, Referral], object], procedure: str = PLAINTE) -> None:
    with desk.vault.work() as work:
        change(work.session, a_referral(work.session, procedure))
        work.commit()


def party(session: Session) -> Person:
    return a_referral(session).parties[0].case.person


def present(session: Session, referral: Referral, who: Person, role: str = "present") -> None:
    session.add(Involvement(incident_id=referral.incidents[0].incident_id, person_id=who.id, role=role))


def agree(session: Session, who: Person, body: str, purpose: str = "temoignage", state: str = "donne") -> None:
    session.add(Consent(person_id=who.id, purpose=purpose, body=body, state=state, given_on=DAY))


# Somebody nobody asked, and tied to nothing here.


@pytest.mark.parametrize("spelled", ["Saïda Ouédraogo", "OUEDRAOGO Saida", "سعيدة ودراوغو", "saïda ouédraogo"])
def test_a_stranger_of_the_vault_is_not_named_in_full(desk: Desk, spelled: str) -> None:
    add(desk, lambda session, _: somebody(session, answer=""))
    assert not named(desk)  # the control
    write(desk, f"Alors {spelled} est tombée.")
    label, sentence = reasons(desk)["witness_named"]
    assert label == "Attend"
    assert ACCOUNT in sentence
    assert "n’a pas donné son accord" in sentence
    assert documents.make_referral(desk, CASE, PLAINTE).draft


@pytest.mark.parametrize("spelled", ["Saïda", "Saïda Rose", "Dida", "Mme Ouédraogo"])
def test_one_name_of_a_stranger_is_pointed_at_and_nothing_waits(desk: Desk, spelled: str) -> None:
    add(desk, lambda session, _: somebody(session, answer=""))
    write(desk, f"Alors {spelled} est tombée.")
    assert named(desk) == {"name_perhaps"}
    label, sentence = reasons(desk)["name_perhaps"]
    assert label == "À voir"
    assert ACCOUNT in sentence


def test_a_stranger_who_agreed_to_be_named_there_is(desk: Desk) -> None:
    add(desk, lambda session, _: somebody(session, answer="donne"))
    write(desk, "Alors Saïda Ouédraogo est tombée.")
    assert not named(desk)


def test_a_namesake_elsewhere_who_agreed_does_not_undo_a_refusal(desk: Desk) -> None:
    def two(session: Session, referral: Referral) -> None:
        present(session, referral, somebody(session, answer="refuse"))
        other = Person(pseudonym="P-3", given_names="Saïda", birth_name="Ouédraogo")
        session.add(other)
        session.flush()
        agree(session, other, "procureur")
        into_account(session, referral, "Alors Saïda Ouédraogo est tombée.")

    add(desk, two)
    assert named(desk) == {"refused_named"}


def test_a_namesake_elsewhere_who_agreed_is_who_is_named_rather_than_another_stranger(desk: Desk) -> None:
    def two(session: Session, referral: Referral) -> None:
        somebody(session, answer="")
        other = Person(pseudonym="P-3", given_names="Saïda", birth_name="Ouédraogo")
        session.add(other)
        session.flush()
        agree(session, other, "procureur")
        into_account(session, referral, "Alors Saïda Ouédraogo est tombée.")

    add(desk, two)
    assert not named(desk)


def test_ordinary_words_of_strangers_names_are_not_said(desk: Desk) -> None:
    def add_them(session: Session, referral: Referral) -> None:
        for given, family in (("Rose", "Blanc"), ("Tente", "Route"), ("Jean", "Calais")):
            session.add(Person(pseudonym=family, given_names=given, birth_name=family))
        into_account(session, referral, "Tente après tente, un fourgon blanc sur la route, à Calais. Route fermée.")

    add(desk, add_them)
    assert not named(desk)


# What the lawyer gets.


def test_a_typed_name_is_read_against_the_answers_for_the_lawyer(desk: Desk) -> None:
    def willing(session: Session, referral: Referral) -> None:
        who = somebody(session, answer="donne")
        present(session, referral, who)
        into_account(session, referral, "Alors Mme Ouédraogo est tombée.")

    before = reasons(desk, profile="avocat")
    add(desk, willing)
    assert not named(desk)
    after = reasons(desk, profile="avocat")
    assert after["witness_named"][0] == "Attend"
    assert "l’avocat·e" in after["witness_named"][1]
    assert "witness_named" not in before

    def also(session: Session, _: Referral) -> None:
        agree(session, session.scalars(select(Person).where(Person.pseudonym == "P-1")).one(), "avocat")

    add(desk, also)
    assert not named(desk, profile="avocat")


def test_who_refused_the_lawyer_is_not_named_to_the_lawyer(desk: Desk, tmp_path: Path) -> None:
    def unwilling(session: Session, referral: Referral) -> None:
        who = somebody(session, answer="donne")
        agree(session, who, "avocat", "transmission_avocat", "refuse")
        into_account(session, referral, "Alors Mme Ouédraogo est tombée.")

    add(desk, unwilling)
    assert reasons(desk, profile="avocat")["refused_named"][0] == "Bloque"
    shape = documents.Shape(profile="avocat")
    with pytest.raises(Fault, match=r"referral\.opposed"):
        sending.write_referral(desk, CASE, PLAINTE, tmp_path / "avocat", shape=shape, draft=True)
    assert "refused_named" not in reasons(desk)


def test_a_witness_who_is_only_listed_answers_for_the_lawyer_too(desk: Desk) -> None:
    def listed(session: Session, referral: Referral) -> None:
        present(session, referral, somebody(session, answer="donne"), "temoin")

    add(desk, listed)
    assert not named(desk)
    label, sentence = reasons(desk, profile="avocat")["witness_named"]
    assert label == "Attend"
    assert "la liste des témoins" in sentence


# Letters that ask for images.


MARKED = Chosen(camera="camera_fixe", place="rond-point d’exercice", mark="devant la tente de Saïda Ouédraogo")


def an_incident(desk: Desk) -> str:
    with desk.read() as session:
        incident = session.get_one(Incident, a_referral(session).incidents[0].incident_id)
        return incident.reference


def test_a_letter_for_images_names_nobody_of_the_vault(desk: Desk) -> None:
    reference = an_incident(desk)
    image_documents.make(desk, reference, (MARKED,))  # the control: nobody is called so
    add(desk, lambda session, _: somebody(session, answer="donne"))
    with pytest.raises(Fault, match=r"images\.name") as caught:
        image_documents.make(desk, reference, (MARKED,))
    assert "devant la tente" in caught.value.sentence
    pack = image_documents.make(desk, reference, (attrs.evolve(MARKED, mark="devant la tente de Dida"),))
    assert any("peut-être le nom d’une personne" in each for each in pack.remarks)


def test_a_letter_for_images_says_the_name_of_no_site_either(desk: Desk) -> None:
    def of_the_site(session: Session, referral: Referral) -> None:
        somebody(session, answer="")
        incident = session.get_one(Incident, referral.incidents[0].incident_id)
        assert incident.site is not None
        incident.site.name = "Chez Saïda Ouédraogo"

    reference = an_incident(desk)
    add(desk, of_the_site)
    with pytest.raises(Fault, match=r"images\.name"):
        image_documents.make(desk, reference, (attrs.evolve(MARKED, mark=""),))


def test_a_letter_for_images_is_read_again_at_the_door(desk: Desk, tmp_path: Path) -> None:
    pack = image_documents.make(desk, an_incident(desk), (MARKED,))
    sending.write_pack(desk, pack, tmp_path / "avant")  # the control
    add(desk, lambda session, _: somebody(session, answer=""))
    with pytest.raises(Fault, match=r"images\.name"):
        sending.write_pack(desk, pack, tmp_path / "apres")
    assert not (tmp_path / "apres").exists()


# Who is named in one place only.


@pytest.mark.parametrize(
    ("agreed", "ended", "waits"),
    [(DAY, None, False), (DAY, dt.date(2026, 9, 1), True), (None, None, False)],
    ids=["host", "former host", "host who was not asked"],
)
def test_who_lends_an_address_is_named_in_it_only(
    desk: Desk, agreed: dt.date | None, ended: dt.date | None, *, waits: bool
) -> None:
    def hosted(session: Session, referral: Referral) -> None:
        who = somebody(session, answer="")
        for each in party(session).addresses:
            each.ended_on = dt.date(2026, 9, 1)
        party(session).addresses.append(
            Address(
                kind="tiers",
                lines="chez Mme Saïda Ouédraogo\n2 rue de l’Exemple",
                town="Calais",
                holder_person_id=who.id,
                consent_on=agreed,
                declared_on=DAY,
                ended_on=None,
            )
        )

    add(desk, hosted)
    assert "witness_named" not in named(desk)  # without their agreement the address is not written at all

    def again(session: Session, referral: Referral) -> None:
        party(session).addresses[-1].ended_on = ended
        into_account(session, referral, "Mme Ouédraogo est tombée.")

    add(desk, again)
    assert named(desk) == {"witness_named"}
    where = reasons(desk)["witness_named"][1]
    assert ACCOUNT in where
    assert ("l’identité de la personne plaignante" in where) is (waits and not ended)


def test_who_represents_somebody_is_named_where_that_is_said_only(desk: Desk) -> None:
    def represented(session: Session, referral: Referral) -> None:
        who = somebody(session, answer="")
        party(session).representations.append(Representation(capacity="parent", representative_person_id=who.id))

    add(desk, represented)
    assert not named(desk)  # the control: the line of the program
    write(desk, "Saïda Ouédraogo a tout vu.")
    assert named(desk) == {"witness_named"}


# Names that several people bear.


def ishag(session: Session, referral: Referral, *, answer: str, given: str = "Nour", sex: str = "f") -> Person:
    """A relative of the complainant, who was there."""
    who = Person(pseudonym="P-2", given_names=given, birth_name=party(session).birth_name, sex=sex)
    session.add(who)
    session.flush()
    present(session, referral, who)
    if answer:
        agree(session, who, "procureur", state=answer)
    return who


@pytest.mark.parametrize(
    ("answer", "sex", "written", "code"),
    [
        ("refuse", "f", "Mme {} est tombée", "refused_named"),
        ("", "f", "Mme {} est tombée", "witness_named"),
        ("refuse", "m", "M. {} est tombé", "name_shared"),
        ("", "m", "M. {} est tombé", ""),
        ("refuse", "f", "M. {} est tombé", ""),
        ("refuse", "f", "il y avait {}", ""),
    ],
)
def test_a_title_before_a_shared_name_says_whose_it_is(
    desk: Desk, answer: str, sex: str, written: str, code: str
) -> None:
    def relative(session: Session, referral: Referral) -> None:
        assert party(session).sex == "m"
        ishag(session, referral, answer=answer, sex=sex)

    with desk.read() as session:
        family = party(session).birth_name
    add(desk, lambda _, referral: setattr(referral, "account", "Des policiers sont venus."))
    add(desk, relative)
    assert not named(desk)  # the control
    write(desk, f"Alors {written.format(family)}.")
    assert named(desk) == ({code} if code else set())
    if code == "name_shared":
        assert reasons(desk)[code][0] == "Attend"


def test_a_usual_name_and_an_alias_count(desk: Desk) -> None:
    def relative(session: Session, referral: Referral) -> None:
        party(session).names.append(PersonName(text="Toto"))
        who = ishag(session, referral, answer="refuse", sex="m")
        who.names.append(PersonName(text="Toto"))
        who.usual_name = "Kaboré"

    add(desk, relative)
    write(desk, "Alors M. Toto est tombé.")
    assert named(desk) == {"name_shared"}
    write(desk, "Alors M. Kaboré est tombé.")
    assert named(desk) == {"refused_named"}


def test_a_homonym_who_refused_is_pointed_at_and_does_not_block_for_ever(desk: Desk) -> None:
    def homonym(session: Session, referral: Referral) -> None:
        ishag(session, referral, answer="refuse", given=party(session).given_names, sex="m")

    add(desk, homonym)
    assert named(desk) == {"name_perhaps"}  # the account of the practice vault says « M. Ishag »
    with desk.read() as session:
        name = f"{party(session).given_names} {party(session).birth_name}"
    write(desk, f"{name} est tombé.")
    assert named(desk) == {"name_perhaps"}
    label, sentence = reasons(desk)["name_perhaps"]
    assert label == "À voir"
    assert ACCOUNT in sentence
    assert "l’identité de la personne plaignante" not in sentence
    write(desk, f"Mme Toto {name.split(maxsplit=1)[1]} est tombée.")
    assert named(desk) == {"name_perhaps"}


@pytest.mark.parametrize("written", ["Mme S. O.", "S.O.", "M. S. O."])
def test_initials_of_somebody_who_refused_are_pointed_at(desk: Desk, written: str) -> None:
    add(desk, lambda session, _: somebody(session, answer="refuse"))
    assert not named(desk)
    write(desk, f"Alors {written} est tombée.")
    assert reasons(desk)["name_perhaps"][0] == "À voir"


def test_initials_of_somebody_whose_identity_is_reduced_are_pointed_at(desk: Desk) -> None:
    def reduced(session: Session, referral: Referral) -> None:
        luwam = referral.parties[0].case.person
        for answer in session.scalars(select(Consent).where(Consent.purpose == "saisine_ddd")):
            session.delete(answer)
        session.add(
            ConsentException(
                person_id=luwam.id,
                body="ddd",
                referral_id=referral.id,
                code="accord_impossible",
                reason="Partie sans laisser de moyen de la joindre.",
                identity_reduced=True,
                decided_on=dt.date(2026, 10, 15),
            )
        )
        referral.account = "Des policiers ont entouré une jeune femme."

    add(desk, reduced, "saisine_ddd")
    assert not named(desk, LUWAM, "saisine_ddd")
    write(desk, "Alors Mme L. T. est tombée.", "saisine_ddd")
    assert named(desk, LUWAM, "saisine_ddd") == {"name_perhaps"}
    write(desk, "Alors Lu-wam est tombée.", "saisine_ddd")
    assert named(desk, LUWAM, "saisine_ddd") == {"identity_in_account"}


# What is no reason to wait.


@pytest.mark.parametrize(("clearance", "waits"), [("", False), ("cleared", False), ("pending", True), ("masked", True)])
def test_a_doctor_quoted_by_a_certificate_may_be_named(desk: Desk, clearance: str, *, waits: bool) -> None:
    def doctor(session: Session, referral: Referral) -> None:
        who = somebody(session, answer="")
        incident = session.get_one(Incident, referral.incidents[0].incident_id)
        fact = next(each for each in incident.assertions if each.kind == "itt")
        assert fact.evidence_id is not None
        fact.said_by_id, fact.statement_id = who.id, None
        item = session.get_one(Evidence, fact.evidence_id)
        assert item.kind == "certificat"
        if clearance:
            item.people.append(EvidencePerson(person_id=who.id, appears="named", clearance=clearance))
        into_account(session, referral, "Le docteur Ouédraogo l’a vu.")

    add(desk, doctor)
    assert ("witness_named" in named(desk)) is waits


def test_a_doctor_who_refused_is_not_named(desk: Desk) -> None:
    def doctor(session: Session, referral: Referral) -> None:
        who = somebody(session, answer="refuse")
        incident = session.get_one(Incident, referral.incidents[0].incident_id)
        next(each for each in incident.assertions if each.kind == "itt").said_by_id = who.id
        into_account(session, referral, "Le docteur Ouédraogo l’a vu.")

    add(desk, doctor)
    assert "refused_named" in named(desk)


@pytest.mark.parametrize(("clearance", "waits"), [("cleared", False), ("pending", True)])
def test_an_interpreter_cleared_in_an_exhibit_may_be_named(desk: Desk, clearance: str, *, waits: bool) -> None:
    def interpreter(session: Session, referral: Referral) -> None:
        helped = select(StatementVersion.interpreter_id).where(StatementVersion.interpreter_id.is_not(None))
        going = [each.evidence_id for one in exhibits.lists(session, referral.id) for each in one.exhibits]
        noted = session.scalars(
            select(EvidencePerson).where(EvidencePerson.evidence_id.in_(going), EvidencePerson.person_id.in_(helped))
        ).first()
        assert noted is not None
        noted.clearance, noted.appears = clearance, "audible"
        who = session.get_one(Person, noted.person_id)
        for answer in session.scalars(select(Consent).where(Consent.person_id == who.id)):
            session.delete(answer)
        who.birth_name = "Ouédraogo"
        into_account(session, referral, "Mme Ouédraogo a traduit.")

    add(desk, interpreter)
    assert ("witness_named" in named(desk)) is waits


def test_a_name_that_was_heard_of_somebody_accused_stops_nothing(desk: Desk) -> None:
    def officer(session: Session, referral: Referral) -> None:
        who = somebody(session, answer="refuse")
        who.given_names, who.birth_name = "Michel", "Delmotte-Exemple"
        present(session, referral, who)
        agent = Person(pseudonym=uuid.uuid4().hex[:12], sex="m")
        session.add(agent)
        session.flush()
        heard = "un agent que l’on a entendu appeler «\u00a0Michel\u00a0»"
        referral.accused.append(ReferralAccused(person_id=agent.id, position=0, known_as=heard))
        into_account(session, referral, "Alors Michel a frappé.")

    add(desk, officer)
    assert not named(desk)
    write(desk, "Michel Delmotte-Exemple était là.")
    assert named(desk) == {"refused_named"}
