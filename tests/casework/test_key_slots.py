# SPDX-License-Identifier: GPL-3.0-or-later
from collections.abc import Iterator
from pathlib import Path

import pytest

from hro_desktop import bootstrap
from hro_desktop.casework import editing, key_slots
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.key_slots import KeySlot
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.vault import age, bech32
from tests.support.practice import practice_vault
from tests.vault.support import to_first_format

PHRASE = "une autre personne, une autre phrase"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return practice_vault(tmp_path)


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    with bootstrap.open_desk(folder, run.PASSPHRASE) as made:
        yield made


def volunteer(desk: Desk, name: str = "Alix Nouveau") -> KeySlot | object:
    draft = editing.blank("volunteer", name=name)
    return desk.run(editing.write, "volunteer", draft).value.id


def test_new_vault_says_that_one_phrase_is_not_enough(desk: Desk) -> None:
    assert [each.kind for each in key_slots.listed(desk)] == ["Phrase de passe", "Code papier"]
    assert [each.present for each in key_slots.listed(desk)] == [True, False]
    assert key_slots.single(desk) is key_slots.ONE_PHRASE


def test_volunteer_gets_an_access_that_opens_and_is_named(desk: Desk, folder: Path) -> None:
    someone = volunteer(desk)
    result = key_slots.add_passphrase(desk, someone, PHRASE)
    assert ("volunteer", someone) in result.changes
    assert key_slots.single(desk) is None
    (mine,) = [each for each in key_slots.listed(desk) if each.slot_id == result.value]
    assert (mine.name, mine.personal, mine.present) == ("Alix Nouveau", True, False)
    desk.vault.close()
    with bootstrap.open_desk(folder, PHRASE) as again, again.read() as session:
        assert key_slots.actors(session)[again.vault.slot_id] == "Alix Nouveau"


def test_nobody_gets_a_second_one_nor_somebody_elses(desk: Desk) -> None:
    someone = volunteer(desk)
    key_slots.add_passphrase(desk, someone, PHRASE)
    for phrase, code in ((PHRASE + " encore", "access.named"),):
        with pytest.raises(Fault) as caught:
            key_slots.add_passphrase(desk, someone, phrase)
        assert caught.value.code == code
    with pytest.raises(Fault) as caught:
        key_slots.add_passphrase(desk, volunteer(desk, "Sam Autre"), PHRASE)
    assert caught.value.code == "access.used"
    assert len(key_slots.listed(desk)) == 3


def test_access_changes_hands_and_is_nobodys(desk: Desk) -> None:
    mine = desk.vault.slot_id
    one, other = volunteer(desk), volunteer(desk, "Sam Autre")
    for wanted, name in ((one, "Alix Nouveau"), (other, "Sam Autre"), (None, "")):
        desk.run(key_slots.whose, mine, wanted)
        assert key_slots.listed(desk)[0].name == name


def test_third_party_is_an_access_too(desk: Desk) -> None:
    recipient = bech32.recipient(age.public_key(age.generate_key()))
    key_slots.add_escrow(desk, f" {recipient}\n")
    assert key_slots.listed(desk)[-1].kind == "Tiers de confiance"
    assert key_slots.single(desk) is None
    with pytest.raises(Fault) as caught:
        key_slots.add_escrow(desk, "age1faux")
    assert caught.value.code == "access.recipient"


def test_removal_is_told_then_done_and_the_journal_keeps_the_name(desk: Desk, folder: Path) -> None:
    someone = volunteer(desk)
    slot = key_slots.add_passphrase(desk, someone, PHRASE).value
    sentences = " ".join(key_slots.removal(desk, slot))
    assert "phrase de passe de Alix Nouveau" in sentences
    assert "code papier (accès" in sentences
    assert "Personne n’est nommé" in sentences  # the first phrase is nobody's yet
    assert "Partent aussi" not in sentences
    steps: list[tuple[int, int]] = []
    result = key_slots.remove(desk, slot, lambda done, total: steps.append((done, total)))
    assert ("volunteer", someone) in result.changes
    assert steps
    assert slot not in [each.slot_id for each in key_slots.listed(desk)]
    with desk.read() as session:
        assert key_slots.actors(session)[slot] == "Alix Nouveau"
    again = key_slots.add_passphrase(desk, someone, PHRASE + " nouvelle").value  # who left may come back
    desk.vault.close()
    with pytest.raises(Fault) as caught, bootstrap.open_desk(folder, PHRASE):
        pass
    assert caught.value.code == "access.refused"
    with bootstrap.open_desk(folder, PHRASE + " nouvelle") as desk_, desk_.read() as session:
        assert desk_.vault.slot_id == again
        assert {again, slot} <= key_slots.actors(session).keys()


def test_accesses_of_the_first_format_are_named_before_they_go(desk: Desk, folder: Path) -> None:
    slot = key_slots.add_passphrase(desk, volunteer(desk), PHRASE).value
    other = key_slots.add_passphrase(desk, volunteer(desk, "Sam Autre"), PHRASE + " deux").value
    desk.vault.close()
    paper = "0000-0000"
    to_first_format(folder, (run.PASSPHRASE, paper, PHRASE, PHRASE + " deux"))
    with bootstrap.open_desk(folder, run.PASSPHRASE) as again:
        said = " ".join(key_slots.removal(again, slot))
        assert f"phrase de passe de Sam Autre (accès {other[:4]})" in said.partition("Partent aussi")[2]
        assert "code papier" in said.partition("Partent aussi")[2]
        assert "ouvrez le coffre une fois avec chacun" in said
        key_slots.remove(again, slot)
        assert [each.present for each in key_slots.listed(again)] == [True]
        with again.read() as session:
            assert {slot, other} <= key_slots.actors(session).keys()
        code = key_slots.add_paper(again)
    with bootstrap.open_desk(folder, code) as again:
        assert len(key_slots.listed(again)) == 2


def test_an_access_is_found_by_its_beginning(desk: Desk) -> None:
    mine = desk.vault.slot_id
    assert key_slots.found(desk, mine[:6].upper()).slot_id == mine
    for beginning in ("", "zz"):
        with pytest.raises(Fault) as caught:
            key_slots.found(desk, beginning)
        assert caught.value.code == "access.unknown"
