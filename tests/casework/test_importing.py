# SPDX-License-Identifier: GPL-3.0-or-later
"""A dossier enters whole, once, or not at all."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hro_desktop.casework import documents, evidence, importing
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.records.base import Base
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.vault import checks
from tests.casework.test_documents import flat, text_of


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("source") / "dossier"
    with run.dossier_folder() as folder:
        shutil.copytree(folder, target)
    return target


@pytest.fixture
def folder(source: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(source, tmp_path / "dossier"))


def state(desk: Desk) -> tuple[dict[str, int], set[str], list[Path]]:
    """What a vault holds: rows per table, names of objects, and files in staging."""
    with desk.read() as session:
        rows = {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
    staging = [path for path in (desk.vault.folder / "sas").rglob("*") if path.is_file()]
    return rows, desk.vault.objects.names(), staging


def test_a_whole_dossier_comes_in(empty: Desk, folder: Path) -> None:
    before = state(empty)
    seen: list[tuple[int, int]] = []
    done = importing.import_folder(empty, folder, lambda done, total: seen.append((done, total))).value
    assert done.cases == ("D-2026-0001", "D-2026-0002")
    assert done.files == 17
    assert seen[-1][0] == seen[-1][1] == done.size
    rows, objects, staging = state(empty)
    assert rows["evidence"] - before[0]["evidence"] == 17
    assert len(objects) == 17
    assert staging == []
    assert checks.verify(empty.vault).sound


def test_every_byte_of_every_file_is_the_one_that_was_given(empty: Desk, folder: Path) -> None:
    importing.import_folder(empty, folder)
    with empty.read() as session:
        for item in session.scalars(select(Evidence)):
            with evidence.open_original(empty.vault, item) as stream:
                assert stream.read() == (folder / item.original_name).read_bytes()


def test_the_same_dossier_twice_enters_once(empty: Desk, folder: Path) -> None:
    importing.import_folder(empty, folder)
    before = state(empty)
    assert importing.import_folder(empty, folder).value.already
    assert state(empty) == before


def test_a_changed_dossier_under_the_same_key_is_refused(empty: Desk, folder: Path) -> None:
    importing.import_folder(empty, folder)
    before = state(empty)
    description = folder / "dossier.toml"
    description.write_text(description.read_text(encoding="utf-8") + "\n# autre\n", encoding="utf-8")
    with pytest.raises(Fault, match=r"dossier\.changed"):
        importing.import_folder(empty, folder)
    assert state(empty) == before


def test_a_second_dossier_with_the_same_files_shares_their_bytes(empty: Desk, folder: Path) -> None:
    importing.import_folder(empty, folder)
    objects = empty.vault.objects.names()
    description = folder / "dossier.toml"
    text = description.read_text(encoding="utf-8").replace("exercice-yellow-crane", "autre-cle")
    description.write_text(text, encoding="utf-8")
    importing.import_folder(empty, folder)
    assert empty.vault.objects.names() == objects
    assert checks.verify(empty.vault).sound


@pytest.mark.parametrize("broken", ["absent file", "outside", "link outside", "bad draft", "no description"])
def test_a_refused_dossier_leaves_the_vault_as_it_was(empty: Desk, folder: Path, broken: str) -> None:
    before = state(empty)
    description = folder / "dossier.toml"
    text = description.read_text(encoding="utf-8")
    match broken:
        case "absent file":
            (folder / "certificat.pdf").unlink()
        case "outside":
            description.write_text(text.replace('"certificat.pdf"', '"../certificat.pdf"'), encoding="utf-8")
        case "link outside":
            (folder / "certificat.pdf").unlink()
            (folder / "certificat.pdf").symlink_to("/etc/hostname")
        case "bad draft":
            description.write_text(text.replace('kind = "certificat"', 'kind = "grimoire"'), encoding="utf-8")
        case "no description":
            description.unlink()
    with pytest.raises(Fault) as caught:
        importing.import_folder(empty, folder)
    assert caught.value.sentence.endswith(".")
    assert state(empty) == before


def test_a_failure_while_recording_leaves_neither_rows_nor_objects(
    empty: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last thing recorded fails: what came before must go too. Control: without the fault everything is there."""
    before = state(empty)
    real = evidence.save
    seen = []

    def failing(*args: object) -> object:
        seen.append(1)
        if len(seen) == 17:
            raise OSError(28, "No space left on device")
        return real(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(evidence, "save", failing)
        with pytest.raises((Fault, OSError)):
            importing.import_folder(empty, folder)
    assert len(seen) == 17
    assert state(empty) == before
    importing.import_folder(empty, folder)
    assert state(empty) != before


def test_a_damaged_picture_is_kept_all_the_same(empty: Desk, folder: Path) -> None:
    photo = folder / "IMG_20261012_091512.jpg"
    photo.write_bytes(photo.read_bytes()[:2000])
    assert importing.import_folder(empty, folder).value.files == 17


def test_who_was_recorded_is_journalled_without_a_name(empty: Desk, folder: Path) -> None:
    importing.import_folder(empty, folder)
    with empty.read() as session:
        lines = session.scalars(select(JournalLine)).all()
        people = session.scalars(select(Person)).all()
        assert session.scalar(select(func.count()).select_from(Case)) == 2
        assert session.scalar(select(func.count()).select_from(Referral)) == 1
    text = " ".join(f"{line.action} {line.object} {line.actor}" for line in lines)
    assert "dossier.imported" in text
    assert not any(person.birth_name in text for person in people if len(person.birth_name) > 3)


@pytest.mark.parametrize(
    ("parties", "accused", "code"),
    [
        ('[{ case = "dossier-younes" }, { case = "dossier-younes" }]', "[]", "referral.party_twice"),
        ('[{ case = "dossier-younes" }]', '[{ person = "younes" }]', "referral.own_accused"),
    ],
)
def test_parties_that_cannot_be_are_refused(empty: Desk, folder: Path, parties: str, accused: str, code: str) -> None:
    before = state(empty)
    description = folder / "dossier.toml"
    old = 'parties = [{ case = "dossier-younes" }, { case = "dossier-selam" }]'
    text = description.read_text(encoding="utf-8")
    assert old in text
    description.write_text(text.replace(old, f"parties = {parties}\naccused = {accused}"), encoding="utf-8")
    with pytest.raises(Fault, match=code.replace(".", r"\.")):
        importing.import_folder(empty, folder)
    assert state(empty) == before


def test_an_empty_file_is_refused_by_its_place(empty: Desk, folder: Path) -> None:
    (folder / "certificat.pdf").write_bytes(b"")
    with pytest.raises(Fault, match=r"dossier\.file_empty") as caught:
        importing.import_folder(empty, folder)
    assert "evidence[3]" in caught.value.sentence


@pytest.mark.parametrize(
    ("ties", "why"),
    [
        ({"photo-tente": "photo-tente"}, "d’elle-même"),
        ({"photo-tente": "photo-terrain", "photo-terrain": "photo-tente"}, "d’elle-même"),
        ({"photo-tente": "photo-terrain"}, "celui de l’original"),
    ],
)
def test_an_item_made_from_itself_is_refused(empty: Desk, folder: Path, ties: dict[str, str], why: str) -> None:
    toml = folder / "dossier.toml"
    said = toml.read_text(encoding="utf-8")
    for key, source in ties.items():
        tie = f'key = "{key}"\nderived_from = "{source}"\nderivation_kind = "occultation"\n'
        said = said.replace(f'key = "{key}"\n', tie)
    toml.write_text(said, encoding="utf-8")
    if "original" in why:
        shutil.copyfile(folder / "IMG_20261012_091512.jpg", folder / "IMG_20261012_091731.jpg")
    before = state(empty)
    with pytest.raises(Fault, match=r"evidence\.derived") as caught:
        importing.import_folder(empty, folder)
    assert why in caught.value.sentence
    assert state(empty) == before


def test_a_birth_in_the_future_is_refused_and_nothing_stays(empty: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "avenir"
    folder.mkdir()
    text = 'format = 1\nkey = "avenir"\n[[people]]\ngiven_names = "Ali"\nbirth = "{}"\n'
    (folder / "dossier.toml").write_text(text.format("2001~"), encoding="utf-8")
    importing.import_folder(empty, folder)
    (folder / "dossier.toml").write_text(text.format("2090").replace("avenir", "apres"), encoding="utf-8")
    with pytest.raises(Fault, match=r"person\.birth_future"):
        importing.import_folder(empty, folder)
    with empty.read() as session:
        assert len(session.scalars(select(Person)).all()) == 1


@pytest.mark.usefixtures("qapp")
def test_two_harms_of_one_person_in_one_role_enter_and_the_letter_says_both(empty: Desk, folder: Path) -> None:
    description = folder / "dossier.toml"
    text = description.read_text(encoding="utf-8")
    line = '{ person = "selam", role = "plaignant", harm = "biens_pris", harm_note = "son sac, avec son '
    assert line in text
    second = '{ person = "selam", role = "plaignant", harm = "physique", harm_note = "une douleur au poignet" },\n  '
    description.write_text(text.replace(line, second + line), encoding="utf-8")
    importing.import_folder(empty, folder)
    pack = documents.make_referral(empty, "D-2026-0001", "plainte_procureur")
    letter = flat(text_of(next(each.data for each in pack.files if each.name == "01-plainte.pdf")))
    assert "une douleur au poignet" in letter
    assert "son sac, avec son téléphone et ses vêtements" in letter
