# SPDX-License-Identifier: GPL-3.0-or-later
"""Names written as others hear them, and words that are the name of a place or a common word before a name."""

import pytest
from sqlalchemy.orm import Session

from hro_desktop.casework import image_documents
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from tests.casework.test_named_anywhere import MARKED, add, agree, an_incident, named, present, reasons
from tests.casework.test_named_in_words import into_account
from tests.casework.test_sending import desk

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("qapp")


def writes(desk: Desk, name: str, words: str, *, refused: bool = True, near: bool = True) -> set[str]:
    def change(session: Session, referral: Referral) -> None:
        given, family = name.split()
        who = Person(pseudonym="P-9", given_names=given, birth_name=family, sex="m")
        session.add(who)
        session.flush()
        if refused:
            agree(session, who, "procureur", state="refuse")
        if near:
            present(session, referral, who)
        into_account(session, referral, words)

    add(desk, change)
    return named(desk)


@pytest.mark.parametrize(
    ("name", "words", "near", "said"),
    [
        ("Yousef Hussein", "Youssef Hussain criait.", True, {"refused_named"}),
        ("Yousef Hussein", "Youssef Hussain criait.", False, {"refused_named"}),
        ("Mohammed Ibrahim", "M. Ibrahem criait.", True, {"name_perhaps"}),
        ("Karim Ishag", "K. Ishag criait.", True, {"name_perhaps"}),
        ("Arif Renault", "Il y avait un Renault Trafic.", False, {"name_perhaps"}),
        ("Arif Renault", "Il y avait M. Renault.", False, {"refused_named"}),
        ("Philippe Grande", "À Grand-Fort-Philippe, à Grande-Synthe.", True, set()),
    ],
)
def test_who_refused_is_named_by_what_says_them_and_no_other_word(
    desk: Desk, name: str, words: str, said: set[str], *, near: bool
) -> None:
    assert writes(desk, name, words, near=near) == said


def test_a_volunteer_in_the_account_is_said_and_stops_nothing(desk: Desk) -> None:
    assert "volunteer_named" not in reasons(desk)
    writes(desk, "Omar Sow", "Mahaut L. a recueilli ses mots.", refused=False, near=False)
    label, sentence = reasons(desk)["volunteer_named"]
    assert label == "À savoir"
    assert "Mahaut L." in sentence


@pytest.mark.parametrize(
    ("family", "place", "stops"),
    [("Port", "Parking du Port", False), ("Pelletan", "rue Camille Pelletan", False), ("Zedan", "devant Zedan", True)],
)
def test_a_letter_for_images_names_streets(desk: Desk, family: str, place: str, *, stops: bool) -> None:
    writes(desk, f"Arif {family}", "Rien.", refused=False)

    def at(session: Session, referral: Referral) -> None:
        incident = session.get_one(Incident, referral.incidents[0].incident_id)
        incident.site_id, incident.place, incident.commune = None, place, "62193"

    add(desk, at)
    chosen = (type(MARKED)(camera=MARKED.camera),)
    if stops:
        with pytest.raises(Fault, match=r"images\.name"):
            image_documents.make(desk, an_incident(desk), chosen)
    else:
        image_documents.make(desk, an_incident(desk), chosen)
