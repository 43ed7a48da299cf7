# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever the title of an exhibit names, no file that is handed over bears the name."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import concerned, documents, profiles
from hro_desktop.casework.desk import Desk
from hro_desktop.records.evidence import Evidence, EvidencePerson
from hro_desktop.records.people import Address, Person, Representation
from hro_desktop.records.referrals import Referral, ReferralAccused
from hro_desktop.records.statements import StatementVersion

pytestmark = pytest.mark.usefixtures("qapp")


def somebody(session: Session) -> uuid.UUID:
    """A person with a name short enough, whom nothing ties to the practice case yet."""
    person = Person(pseudonym="FIC-99", given_names="Wei", birth_name="Li", original_name="李伟")
    session.add(person)
    session.flush()
    return person.id


def as_nobody(session: Session, referral: Referral) -> None:
    somebody(session)


def as_accused(session: Session, referral: Referral) -> None:
    referral.accused.append(ReferralAccused(person_id=somebody(session)))


def as_accused_by_words(session: Session, referral: Referral) -> None:
    person = Person(pseudonym="FIC-98")
    session.add(person)
    session.flush()
    referral.accused.append(ReferralAccused(person_id=person.id, known_as="l’agent Li, ou 李伟"))


def as_declarant(session: Session, referral: Referral) -> None:
    referral.declarant_id = somebody(session)


def as_interpreter(session: Session, referral: Referral) -> None:
    interpreters = select(StatementVersion.interpreter_id).where(StatementVersion.interpreter_id.is_not(None))
    for person in session.scalars(select(Person).where(Person.id.in_(interpreters))):
        person.given_names, person.birth_name, person.original_name = "Wei", "Li", "李伟"
        for noted in session.scalars(select(EvidencePerson).where(EvidencePerson.person_id == person.id)):
            session.delete(noted)


def as_representative(session: Session, referral: Referral) -> None:
    person = referral.parties[0].case.person
    person.representations.append(Representation(capacity="parent", representative_person_id=somebody(session)))


def as_host(session: Session, referral: Referral) -> None:
    person = referral.parties[0].case.person
    person.addresses.append(Address(kind="tiers", holder_person_id=somebody(session)))


def as_photographer(session: Session, referral: Referral) -> None:
    film(session).author_id = somebody(session)


def as_described(session: Session, referral: Referral) -> None:
    item = film(session)
    item.people.append(EvidencePerson(described="un ami, Li (李伟)", appears="shown"))


def as_shown_in_what_it_was_made_from(session: Session, referral: Referral) -> None:
    item = film(session)
    source = Evidence(object_id=item.object_id, kind="video", title="Original", deposited_at=item.deposited_at)
    source.people.append(EvidencePerson(person_id=somebody(session), appears="shown"))
    session.add(source)
    session.flush()
    item.derived_from_id, item.derivation_kind = source.id, "extrait"


def film(session: Session) -> Evidence:
    return session.scalars(select(Evidence).where(Evidence.kind == "video")).one()


def names_given(desk: Desk, title: str, tie: Callable[[Session, Referral], None]) -> set[str]:
    """The names the film gets with such a title, in every shape in which exhibits have files of their own."""
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral)).one()
        film(work.session).title = title
        tie(work.session, referral)
        work.commit()
    found = set()
    with desk.read() as session:
        referral = session.scalars(select(Referral)).one()
        said = documents.situation(session, desk, referral).said
        names = concerned.names(session, referral, said)
        for profile in ("avocat", "telerecours_citoyens", "annexe_video"):
            for each in profiles.handed_by(desk, said.numbered, profiles.row_of(desk, profile), names):
                found |= {each.file, each.original} if each.kind == "video" else set()
    return found


@pytest.mark.parametrize("title", ["Vidéo prise par Li", "Video_LI_2", "李伟的视频"])
@pytest.mark.parametrize(
    "tie",
    [
        as_accused,
        as_accused_by_words,
        as_declarant,
        as_interpreter,
        as_representative,
        as_host,
        as_photographer,
        as_described,
        as_shown_in_what_it_was_made_from,
    ],
)
def test_no_file_name_holds_a_name(desk: Desk, title: str, tie: Callable[[Session, Referral], None]) -> None:
    names = names_given(desk, title, tie)
    assert len(names) >= 3
    assert not any("li" in name.casefold().replace("_", " ").replace("-", " ").split() for name in names)
    assert not any("Li" in name or "LI" in name or "李" in name for name in names)
    assert any("video" in name.casefold() for name in names)


def test_a_title_that_names_nobody_is_the_file_name(desk: Desk) -> None:
    """The control: the word is looked for whole, and only for people of the case."""
    names = names_given(desk, "Film de la lisière", as_accused)
    assert "013 - Film de la lisière.mp4" in names


def test_who_is_tied_to_nothing_is_not_looked_for(desk: Desk) -> None:
    assert "013 - Film de Li.mp4" in names_given(desk, "Film de Li", as_nobody)
