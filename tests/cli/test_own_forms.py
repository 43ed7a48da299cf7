# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms of the association’s own: a folder beside the vault, listed with the shipped ones and told as not verified."""

import json
import shutil
from pathlib import Path

import docx
import pytest

from forms.letter import text_of
from hro_desktop import bootstrap
from hro_desktop.cli.main import main
from hro_desktop.faults import ExitCode
from tests.forms import odd_forms as odd
from tests.support.forms import TEMPLATES, page_texts

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HRO_FORMULAIRES", str(tmp_path / "formulaires"))
    return tmp_path / "formulaires"


def _template(path: Path, *texts: str) -> Path:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(str(path))
    return path


SOUND = ("Je soussigné {{ who.name }}.", "{%p for line in lines %}", "- {{ line.text }}", "{%p endfor %}")


def test_they_are_beside_the_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HRO_FORMULAIRES", raising=False)
    monkeypatch.setenv("HRO_VAULT", str(tmp_path / "coffre"))
    assert bootstrap.default_forms() == tmp_path / "formulaires"


def test_a_letter_becomes_a_form_found_by_its_name(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = _template(tmp_path / "modele.docx", *SOUND)
    assert main(["forms", "propose", str(template), "--id", "mandat", "--title", "Mandat"]) == ExitCode.DONE
    assert "non vérifié" in capsys.readouterr().out
    assert (own / "mandat" / "template.docx").read_bytes() == template.read_bytes()
    assert main(["forms", "check", "mandat"]) == ExitCode.DONE
    assert "formulaire personnel, non vérifié" in capsys.readouterr().err
    values, out = tmp_path / "valeurs.toml", tmp_path / "lettre.docx"
    values.write_text('who = { name = "Éloïse" }\nlines = [{ text = "un" }, { text = "سلام" }]\n', "utf-8")
    arguments = ["forms", "fill", "mandat", "--values", str(values), "--out"]
    assert main([*arguments, str(out)]) == ExitCode.DONE
    assert "formulaire personnel, non vérifié" in capsys.readouterr().err
    assert text_of(out.read_bytes()).split() == ["Je", "soussigné", "Éloïse.", "-", "un", "-", "سلام"]
    assert main([*arguments, str(tmp_path / "lettre.pdf")]) == ExitCode.DONE
    assert "Éloïse" in "".join(page_texts((tmp_path / "lettre.pdf").read_bytes())[0].split())
    values.write_text('lines = [{ text = "un" }]\n', "utf-8")
    assert main([*arguments, str(tmp_path / "moins.docx")]) == ExitCode.BAD_INPUT
    assert "who name" in capsys.readouterr().err
    assert main([*arguments, str(tmp_path / "moins.docx"), "--draft"]) == ExitCode.DONE
    assert "[à compléter" in text_of((tmp_path / "moins.docx").read_bytes())


def test_a_pdf_becomes_a_form_found_by_its_name_once_read(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = odd.Maker()
    made.field("nom", (50, 700, 350, 715), TU=odd.String("Nom de naissance"))
    blank = tmp_path / "vierge.pdf"
    blank.write_bytes(made.done())
    assert main(["forms", "propose", str(blank), "--id", "essai"]) == ExitCode.DONE
    out = tmp_path / "rempli.pdf"
    assert main(["forms", "fill", "essai", "--out", str(out)]) == ExitCode.BAD_INPUT
    assert not out.exists()
    official = own / "essai" / "official.toml"
    text = official.read_text("utf-8").replace("# checked_on = AAAA-MM-JJ", "checked_on = 2026-11-26")
    official.write_text(text, "utf-8")
    capsys.readouterr()
    assert main(["forms", "fill", "essai", "--out", str(out), "--draft"]) == ExitCode.DONE
    assert "formulaire personnel, non vérifié" in capsys.readouterr().err
    text = page_texts(out.read_bytes())[0]
    assert "exemple" in text
    assert "BROUILLON" in text
    assert main(["forms", "inspect", str(blank)]) == ExitCode.DONE
    said = capsys.readouterr()
    assert "Édition connue" in said.out
    assert "non vérifié" in said.err


def test_broken_ones_are_told_and_stop_nothing(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = _template(tmp_path / "modele.docx", *SOUND)
    for name in ("bon", "casse", "plainte"):
        assert main(["forms", "propose", str(template), "--id", name]) == ExitCode.DONE
    assert main(["forms", "list"]) == ExitCode.DONE
    capsys.readouterr()
    (own / "casse" / "form.toml").write_text("id = ", "utf-8")
    (own / "plainte").rename(own / "plainte_procureur")
    assert main(["forms", "list"]) == ExitCode.BAD_INPUT
    said = capsys.readouterr()
    rows = {line.split()[0]: line for line in said.out.splitlines()}
    assert rows["bon"].endswith("non vérifié")
    assert rows["attestation_202"].endswith("  vérifié")
    assert "casse" not in rows
    assert len(said.err.splitlines()) == 2
    assert "Formulaire «\u00a0casse\u00a0»" in said.err
    assert "renommez-le" in said.err
    assert main(["forms", "list", "--json"]) == ExitCode.BAD_INPUT
    told = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    assert told["casse"]["fault"]
    assert not told["bon"]["verified"]
    assert told["plainte_procureur"]["verified"]
    assert main(["forms", "check", "bon"]) == ExitCode.DONE
    assert main(["forms", "check", "casse"]) == ExitCode.BAD_INPUT


def test_a_folder_named_by_its_path_is_verified_only_where_it_was_shipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(TEMPLATES / "attestation_202", tmp_path / "attestation_202")
    assert main(["forms", "check", str(TEMPLATES / "attestation_202")]) == ExitCode.DONE
    assert "non vérifié" not in capsys.readouterr().err
    assert main(["forms", "check", str(tmp_path / "attestation_202")]) == ExitCode.DONE
    assert "non vérifié" in capsys.readouterr().err
    out = tmp_path / "page.pdf"
    assert main(["forms", "fill", "attestation_202", "--out", str(out)]) == ExitCode.DONE
    assert page_texts(out.read_bytes())


@pytest.mark.parametrize(
    ("texts", "name", "said"),
    [
        (("Bonjour",), "essai", "ne contient aucune balise"),
        (("{{ prénom }}",), "essai", "il faut un chemin"),
        (("{{ nom",), "essai", "balise incorrecte"),
        (SOUND, "../x", "ne peut pas nommer"),
        (SOUND, "bordereau", "s’appelle déjà"),
    ],
)
def test_what_cannot_become_a_form_is_one_sentence(
    texts: tuple[str, ...], name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template, home = _template(tmp_path / "modele.docx", *texts), tmp_path / "formulaires"
    asked = ["forms", "propose", str(template), "--id", name, "--out", str(home)]
    assert main(asked) in {ExitCode.BAD_INPUT, ExitCode.USAGE}
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert not home.exists()
