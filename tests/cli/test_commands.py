# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: the whole work, what goes wrong in one French sentence, and nothing readable left behind."""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select, text

from hro_desktop import bootstrap
from hro_desktop.cli.console import size
from hro_desktop.cli.main import main, parser
from hro_desktop.demo import run
from hro_desktop.faults import ExitCode
from hro_desktop.records.consents import Consent
from tests.support.practice import practice_vault

PHRASE = "sept dunes calmes sous la lune rousse"

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    path = tmp_path / "phrase.txt"
    path.write_text(run.PASSPHRASE + "\n", encoding="utf-8")
    return path


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return practice_vault(tmp_path)


def command(vault: Path, phrase: Path, *arguments: str) -> list[str]:
    return [arguments[0], "--vault", str(vault), "--passphrase-file", str(phrase), *arguments[1:]]


def test_help_names_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for code in ExitCode:
        assert re.search(rf"^  {int(code)}  ", said, re.MULTILINE), code


def test_a_command_badly_written_is_one_french_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["refer"])
    assert ended.value.code == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Commande mal écrite")


def test_the_list_the_case_and_what_is_missing(vault: Path, phrase: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(vault, phrase, "cases", "--json")) == ExitCode.DONE
    listed = json.loads(capsys.readouterr().out)
    assert [each["reference"] for each in listed["cases"]] == ["D-2026-0002", "D-2026-0001"]
    assert main(command(vault, phrase, "cases")) == ExitCode.DONE
    assert "Ishag" not in capsys.readouterr().out
    assert main(command(vault, phrase, "show", "d-2026-0001")) == ExitCode.DONE
    shown = capsys.readouterr().out
    assert "S-2026-0001" in shown
    assert "T-2026-0001" in shown
    assert main(command(vault, phrase, "missing", "D-2026-0001", "plainte_procureur", "--json")) == ExitCode.DONE
    assert {each["state"] for each in json.loads(capsys.readouterr().out)} == {"a_signer", "pret"}


def test_what_is_missing_says_what_the_door_says_of_that_shape(
    vault: Path, phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with bootstrap.open_desk(vault, run.PASSPHRASE) as desk, desk.vault.work() as work:
        for answer in work.session.scalars(select(Consent).where(Consent.purpose == "transmission_avocat")):
            work.session.delete(answer)
        work.commit()
    asked = ["D-2026-0001", "plainte_procureur"]
    assert main(command(vault, phrase, "missing", *asked)) == ExitCode.DONE  # the control
    assert "Remise à l’avocat·e" not in capsys.readouterr().out
    assert main(command(vault, phrase, "missing", *asked, "--profile", "avocat")) == ExitCode.BLOCKED
    said = capsys.readouterr().out
    assert "Remise à l’avocat·e" in said
    out = tmp_path / "sortie"
    refused = command(vault, phrase, "refer", *asked, "--profile", "avocat", "--out", str(out))
    assert main(refused) == ExitCode.BLOCKED
    told = capsys.readouterr().err
    assert "hro-desktop missing D-2026-0001 plainte_procureur --profile avocat" in told
    reason = told.partition("\u00a0: ")[2].partition(" Rien n’est sorti")[0]
    assert reason
    assert reason in said
    assert not out.exists()
    assert main(command(vault, phrase, "missing", *asked, "--profile", "inspections")) == ExitCode.DONE
    assert "Ce profil est fait pour" in capsys.readouterr().out
    assert main(command(vault, phrase, "missing", *asked, "--profile", "fax")) == ExitCode.USAGE


def test_the_bodies_that_may_be_asked(vault: Path, phrase: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(vault, phrase, "bodies", "d-2026-0001")) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "D’après la force rapportée, CRS" in said
    assert "Ishag" not in said
    assert main(command(vault, phrase, "bodies", "D-2026-0001", "--json")) == ExitCode.DONE
    (incident,) = json.loads(capsys.readouterr().out)
    assert {"igpn": "propose", "iggn": "exclu"}.items() <= {
        each["body"]: each["state"] for each in incident["proposals"]
    }.items()
    assert main(command(vault, phrase, "bodies", "D-1999-0001")) == ExitCode.BAD_INPUT


@pytest.mark.parametrize("page", ["0", "2", "99"])
def test_a_page_that_is_not_there_is_said(
    vault: Path, phrase: Path, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(vault, phrase, "cases", "--page", page)) == ExitCode.USAGE
    assert f"La page {page} n’existe pas\u00a0: il n’y en a qu’une." in capsys.readouterr().err


def test_a_file_is_no_folder_to_write_to(
    vault: Path, phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "note.txt").write_text("à garder", encoding="utf-8")
    for out in (tmp_path / "note.txt", tmp_path / "note.txt" / "dedans"):
        assert main(command(vault, phrase, "refer", "D-2026-0001", "plainte_procureur", "--out", str(out))) != 0
        assert "fichier" in capsys.readouterr().err
    assert (tmp_path / "note.txt").read_text(encoding="utf-8") == "à garder"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 octet"),
        (1, "1 octet"),
        (812, "812 octets"),
        (554_842, "555 Ko"),
        (1_240_000, "1,2 Mo"),
        (3_000_000_000, "3 Go"),
    ],
)
def test_sizes_are_said_as_people_say_them(count: int, said: str) -> None:
    assert size(count).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (
            ("--series", "3-2"),
            "«\u00a03-2\u00a0» n’est pas une série de pièces\u00a0: elle commence par son plus petit",
        ),
        (("--series", "1-99999999999"), "elle réunirait 99999999999 pièces."),
        (("--series", "onze"), "écrivez 11-14."),
        (("--lot", "0"), "Un lot de 0\u00a0Mo ne peut rien contenir"),
    ],
)
def test_how_to_group_exhibits_is_one_clear_sentence(
    vault: Path, phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, option: tuple[str, str], said: str
) -> None:
    out = tmp_path / "jeu"
    words = ("refer", "D-2026-0001", "plainte_procureur", "--profile", "avocat", "--out", str(out), *option)
    assert main(command(vault, phrase, *words)) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert said in captured.err
    assert not out.exists()


def test_refer_writes_the_pack(vault: Path, phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sortie"
    assert main(command(vault, phrase, "refer", "D-2026-0001", "plainte_procureur", "--out", str(out))) == ExitCode.DONE
    assert "01-plainte.pdf" in capsys.readouterr().out
    assert (out / "03-pieces.pdf").read_bytes().startswith(b"%PDF-")


def test_attest_writes_the_attestation(vault: Path, phrase: Path, tmp_path: Path) -> None:
    out = tmp_path / "sortie"
    assert main(command(vault, phrase, "attest", "T-2026-0004", "--out", str(out))) == ExitCode.DONE
    assert (out / "02-guide.pdf").exists()


def test_verify_and_doctor_find_a_sound_vault_sound(
    vault: Path, phrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(vault, phrase, "verify")) == ExitCode.DONE
    assert main(["doctor", "--vault", str(vault)]) == ExitCode.DONE
    assert "Ishag" not in capsys.readouterr().out


def test_doctor_mends_the_search(vault: Path, phrase: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(vault, phrase, "doctor", "--search")) == ExitCode.DONE
    assert "rien n’était à refaire" in capsys.readouterr().out
    with bootstrap.open_desk(vault, run.PASSPHRASE) as desk, desk.vault.work() as work:
        work.session.execute(text("DELETE FROM search_words"))
        work.commit()
    assert main(command(vault, phrase, "verify")) == ExitCode.DONE
    assert "doctor --search" in capsys.readouterr().out
    assert main(command(vault, phrase, "doctor", "--search")) == ExitCode.DONE
    assert "Recherche refaite" in capsys.readouterr().out
    assert main(command(vault, phrase, "verify")) == ExitCode.DONE
    assert "doctor --search" not in capsys.readouterr().out


def test_doctor_makes_the_copies_of_the_header_anew(
    vault: Path, phrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = vault / "coffre.json.2"
    copy.write_bytes(b"")
    assert main(["doctor", "--vault", str(vault)]) == ExitCode.DONE
    assert "doctor --header" in capsys.readouterr().out
    assert main(command(vault, phrase, "doctor", "--header")) == ExitCode.DONE
    assert "ont été refaits" in capsys.readouterr().out
    assert copy.read_bytes() == (vault / "coffre.json").read_bytes()
    assert main(command(vault, phrase, "doctor", "--header")) == ExitCode.DONE
    assert "rien n’était à refaire" in capsys.readouterr().out


def test_doctor_opens_to_say_what_shows_only_inside(
    vault: Path, phrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(vault, phrase, "doctor", "--open", "--json")) == ExitCode.DONE
    report = json.loads(capsys.readouterr().out)
    assert report["sound"]
    assert report["checked"]["Lignes du journal"] > 0
    assert {each["code"] for each in report["findings"]} <= {"disk.no_reserve", "disk.little_room"}
    with bootstrap.open_desk(vault, run.PASSPHRASE) as desk, desk.vault.database.raw() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert main(command(vault, phrase, "doctor")) == ExitCode.DONE
    assert main(command(vault, phrase, "doctor", "--open")) == ExitCode.VAULT
    assert "version plus récente" in capsys.readouterr().err


def test_verify_names_a_changed_object(vault: Path, phrase: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = max((vault / "objets").rglob("*.age"), key=lambda path: path.stat().st_size)
    content = bytearray(item.read_bytes())
    content[len(content) // 2] ^= 1
    item.write_bytes(content)
    assert main(command(vault, phrase, "verify")) == ExitCode.DAMAGED
    assert item.stem[:6] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "D-1999-0001"], ExitCode.BAD_INPUT),
        (["missing", "D-2026-0001", "plainte_au_roi"], ExitCode.USAGE),
        (["refer", "D-1999-0001", "plainte_procureur", "--out", "x"], ExitCode.BAD_INPUT),
        (["attest", "T-1999-0001", "--out", "x"], ExitCode.BAD_INPUT),
        (["attest", "T-2026-0001", "--out", "x"], ExitCode.BLOCKED),
        (["import", "nulle-part"], ExitCode.BAD_INPUT),
        (["images", "F-2026-0001", "--camera", "camera_cellule", "--out", "x"], ExitCode.BLOCKED),
        (
            ["images", "F-2026-0001", "--camera", "camera_cellule", "--custody-end", "hier", "--out", "x"],
            ExitCode.USAGE,
        ),
    ],
)
def test_what_is_unknown_or_refused_is_one_sentence(  # noqa: PLR0917 - fixtures
    vault: Path,
    phrase: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: ExitCode,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main(command(vault, phrase, *arguments)) == code
    said = capsys.readouterr().err.strip()
    assert said.endswith(".")
    assert "\n" not in said
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_wrong_passphrase_is_refused(vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "autre.txt"
    wrong.write_text("ce n’est pas la bonne phrase\n", encoding="utf-8")
    assert main(command(vault, wrong, "cases")) == ExitCode.ACCESS
    assert "Traceback" not in capsys.readouterr().err


def test_a_passphrase_file_that_is_not_there_is_said_so(
    vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty file is something else: it is there, and gives nothing."""
    for name in ("cases", "doctor"):
        assert main(command(vault, tmp_path / "absent.txt", name)) == ExitCode.USAGE
        said = capsys.readouterr().err
        assert "absent.txt\u00a0», qui doit donner la phrase de passe, est introuvable" in said
        (tmp_path / "vide.txt").write_bytes(b"")
        assert main(command(vault, tmp_path / "vide.txt", name)) == ExitCode.USAGE
        assert "ne donne pas de phrase de passe" in capsys.readouterr().err


def test_no_vault_at_all_is_said(phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(tmp_path / "rien", phrase, "cases")) == ExitCode.VAULT
    assert capsys.readouterr().err.strip().endswith(".")


def test_every_command_has_its_function() -> None:
    from hro_desktop.cli.commands import COMMANDS

    choices = next(action.choices for action in parser()._actions if action.dest == "command")
    assert set(choices) == set(COMMANDS)  # type: ignore[arg-type]


# ---- nothing readable is left behind

EXPECTED = ("init", "import", "cases", "show", "statements", "missing", "refer", "attest", "verify", "doctor")


def canaries() -> dict[str, str]:
    """Unique strings for the words a searcher would look for."""
    return {
        name: f"{name}{secrets.token_hex(6)}"
        for name in ("Prenom", "Nom", "Alias", "Rue", "Site", "Recit", "Titre", "Mdp", "Fichier", "Note")
    }


DOSSIER = """
format = 1
key = "{Titre}"
association = "a"
[[organisations]]
key = "a"
kind = "association"
name = "Association d’essai"
[[organisations]]
kind = "procureur"
law_id = "procureur_boulogne"
name = "Tribunal"
lines = "1 rue {Rue}"
checked_on = 2026-10-01
[[people]]
key = "p"
given_names = "{Prenom}"
birth_name = "{Nom}"
sex = "f"
birth = "1990"
names = [{{ text = "{Alias}" }}]
contacts = [{{ kind = "telephone", value = "06 12 34 56 78", note = "{Note}" }}]
[[people]]
key = "t"
given_names = "Témoin"
birth_name = "{Alias}T"
birth = "1980"
profession = "essai"
[[cases]]
key = "c"
person = "p"
[[sites]]
key = "s"
name = "{Site}"
commune = "62193"
[[incidents]]
key = "i"
kind = "violences"
site = "s"
occurred = "2026-10-12"
[[statements]]
key = "r"
kind = "attestation"
author = "t"
incidents = ["i"]
versions = [{{ french_text = "J’ai vu {Recit}.", sealed = true }}]
[[evidence]]
key = "e"
file = "{Fichier}.txt"
kind = "autre"
title = "{Titre}"
[[consents]]
person = "p"
purpose = "plainte"
body = "procureur"
state = "donne"
given_on = 2026-10-14
[[referrals]]
procedure = "plainte_procureur"
authority = "procureur_boulogne"
place = "Calais"
dated_on = 2026-10-16
incidents = ["i"]
parties = [{{ case = "c" }}]
exhibits = [{{ evidence = "e" }}]
account = "Récit de {Recit} ([[piece:e]])."
"""


def dossier_with(words: Mapping[str, str], folder: Path) -> None:
    folder.mkdir()
    (folder / f"{words['Fichier']}.txt").write_text(f"note de {words['Nom']}", encoding="utf-8")
    (folder / "dossier.toml").write_text(DOSSIER.format_map(words), encoding="utf-8")


def found_in(folders: Iterable[Path], words: Iterable[str]) -> list[tuple[str, str]]:
    """Which words stand in clear in which files, as UTF-8, UTF-16, or in a name."""
    hits = []
    for folder in folders:
        for path in folder.rglob("*"):
            hits += [(str(path), word) for word in words if word in path.name]
            if path.is_file():
                content = path.read_bytes()
                hits += [
                    (str(path), word)
                    for word in words
                    if word.encode() in content or word.encode("utf-16-le") in content
                ]
    return hits


@pytest.mark.slow
def at_home(home: Path, temp: Path) -> dict[str, str]:
    """The environment of somebody whose every folder is under our eyes."""
    return {
        **os.environ,
        **{name: str(home / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")},
        "HOME": str(home),
        "TMPDIR": str(temp),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def test_the_whole_journey_leaves_no_canary_in_clear(tmp_path: Path) -> None:
    words = canaries()
    home, temp, out, source = (tmp_path / name for name in ("home", "temp", "sortie", "source"))
    for folder in (home, temp, out):
        folder.mkdir()
    dossier_with(words, source)
    secret = tmp_path / "phrase.txt"
    secret.write_text(f"{words['Mdp']} {PHRASE}\n", encoding="utf-8")
    vault = home / "coffre"
    environment = at_home(home, temp)
    errors = []

    def step(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "hro_desktop.cli.main", *command(vault, secret, *arguments)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        errors.append(done.stderr)
        return done.stdout

    paper_code = step("init").split("\n")[3].strip()
    step("import", str(source))
    listed = step("cases")
    step("show", "D-2026-0001")
    step("statements")
    step("missing", "D-2026-0001", "plainte_procureur")
    step("refer", "D-2026-0001", "plainte_procureur", "--out", str(out / "plainte"))
    step("attest", "T-2026-0001", "--out", str(out / "attestation"))
    step("verify")
    doctor = subprocess.run(
        [sys.executable, "-m", "hro_desktop.cli.main", "doctor", "--vault", str(vault)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = [*words.values(), "06 12 34 56 78", paper_code]
    assert found_in([home, temp], wanted) == []
    said = listed + doctor.stdout + doctor.stderr + "".join(errors)
    assert [word for word in wanted if word in said] == []
    # The control: what the user asked for does hold them, and a word planted in clear is found.
    assert any(word in "".join(path.name for path in source.iterdir()) for word in wanted)
    (home / "oubli.txt").write_text(words["Nom"], encoding="utf-8")
    assert found_in([home, temp], wanted) == [(str(home / "oubli.txt"), words["Nom"])]


@pytest.mark.slow
def test_demo_writes_everything_and_leaves_no_vault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "demo"
    assert main(["demo", "--out", str(out), "--json"]) == ExitCode.DONE
    said = json.loads(capsys.readouterr().out)
    assert {"plainte/01-plainte.pdf", "plainte/03-pieces.pdf"} < set(said["files"])
    assert said["vault"] == ""
    assert not (out / "coffre").exists()
    assert main(["demo", "--out", str(out)]) == ExitCode.USAGE
    shutil.rmtree(out)
    assert main(["demo", "--out", str(out), "--keep"]) == ExitCode.DONE
    assert (out / "coffre" / "coffre.json").exists()
