# SPDX-License-Identifier: GPL-3.0-or-later
"""`hro-desktop forms`: inspect, propose, fill, read again, check; what goes wrong in one French sentence."""

import json
import shutil
from pathlib import Path

import docx
import pytest

from hro_desktop.cli.main import main
from hro_desktop.faults import ExitCode
from tests.forms import odd_forms as odd
from tests.support.forms import TEMPLATES
from tests.support.shared import shared

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    made = odd.Maker()
    made.field("nom", (50, 700, 350, 715), TU=odd.String("Nom de naissance"))
    made.box("accord", (50, 600, 60, 610))
    path = tmp_path / "vierge.pdf"
    path.write_bytes(made.done())
    return path


def test_a_pdf_is_read_filled_and_read_again(blank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "inspect", str(blank)]) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "formulaire à champs, 1 page(s), 2 champ(s)" in said
    assert "Nom de naissance" in said
    values, out = tmp_path / "valeurs.toml", tmp_path / "rempli.pdf"
    values.write_text('nom = "Éloïse Œuvré"\naccord = true\n', "utf-8")
    assert main(["forms", "fill", str(blank), "--values", str(values), "--out", str(out)]) == ExitCode.DONE
    assert "2 champ(s) sur 2" in capsys.readouterr().out
    values.write_text('nom = "Éloïse Œuvré"\n', "utf-8")
    assert main(["forms", "readback", str(blank), str(out), "--values", str(values)]) == ExitCode.DONE
    assert "nom\u00a0: visible" in capsys.readouterr().out
    assert main(["forms", "readback", str(blank), str(blank), "--values", str(values)]) == ExitCode.BAD_INPUT
    assert "nom\u00a0: absent" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rempli.pdf", "valeurs.toml", "vierge.pdf"]


def test_what_was_not_written_is_told(blank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values, out = tmp_path / "valeurs.toml", tmp_path / "rempli.pdf"
    values.write_text('nom = "Anna 漢"\nautre = "x"\n', "utf-8")
    arguments = ["forms", "fill", str(blank), "--values", str(values), "--out", str(out)]
    assert main(arguments) == ExitCode.BAD_INPUT
    assert "漢" in capsys.readouterr().out
    assert main([*arguments, "--json"]) == ExitCode.BAD_INPUT
    told = {each["field"]: each for each in json.loads(capsys.readouterr().out)}
    assert told["autre"]["reason"] == "unknown_field"
    assert told["nom"]["missing"] == ["漢"]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("nom = 12.5\n", ExitCode.DONE, "1 champ(s) sur 1"),
        ("nom = 2026-11-26\n", ExitCode.DONE, "1 champ(s) sur 1"),
        ("page.nom = 'x'\n", ExitCode.BAD_INPUT, "entre guillemets droits"),
        ("nom = [1]\n", ExitCode.BAD_INPUT, "ne peut pas recevoir"),
        ("nom\n", ExitCode.BAD_INPUT, "n’est pas du TOML correct"),
    ],
)
def test_values_come_from_a_file(
    content: str, code: int, said: str, blank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values, out = blank.with_name("valeurs.toml"), blank.with_name("rempli.pdf")
    values.write_text(content, "utf-8")
    assert main(["forms", "fill", str(blank), "--values", str(values), "--out", str(out)]) == code
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert out.exists() is (code == ExitCode.DONE)


def test_a_new_form_is_proposed_checked_and_filled_once_read(
    blank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["forms", "propose", str(blank), "--id", "essai", "--title", "Essai", "--out", str(tmp_path)]
    assert main(arguments) == ExitCode.DONE
    assert main(arguments) == ExitCode.BAD_INPUT  # never over what somebody has corrected
    folder, out = tmp_path / "essai", tmp_path / "rempli.pdf"
    assert main(["forms", "check", str(folder)]) == ExitCode.BAD_INPUT
    assert main(["forms", "fill", str(folder), "--out", str(out)]) == ExitCode.BAD_INPUT
    assert not out.exists()
    assert "relue par personne" in capsys.readouterr().out
    official = folder / "official.toml"
    official.write_text(official.read_text("utf-8").replace("# checked_on = AAAA-MM-JJ", "checked_on = 2026-11-26"))
    assert main(["forms", "check", str(folder)]) == ExitCode.DONE
    assert main(["forms", "fill", str(folder), "--out", str(out)]) == ExitCode.DONE


def test_a_shipped_form_is_known_and_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pdf = shared("forms/pdfs/cerfa_16030-01_attestation_domicile.pdf")
    assert main(["forms", "inspect", str(pdf)]) == ExitCode.DONE
    assert "Édition connue\u00a0: 16030*01" in capsys.readouterr().out
    out = tmp_path / "rempli.pdf"
    assert main(["forms", "fill", "domiciliation_attestation", "--out", str(out)]) == ExitCode.USAGE
    assert "--pdf" in capsys.readouterr().err
    filled = ["forms", "fill", "domiciliation_attestation", "--pdf", str(pdf), "--out", str(out)]
    assert main(filled) == ExitCode.DONE
    assert main(["forms", "propose", str(pdf), "--form", "domiciliation_attestation"]) == ExitCode.DONE
    assert '"noms1"' in capsys.readouterr().out


def test_what_an_official_form_needs_and_was_not_given_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = shared("forms/pdfs/cerfa_16030-01_attestation_domicile.pdf")
    values, out = tmp_path / "valeurs.toml", tmp_path / "rempli.pdf"
    values.write_text("", "utf-8")
    arguments = ["forms", "fill", "domiciliation_attestation", "--pdf", str(pdf), "--out", str(out)]
    assert main([*arguments, "--values", str(values)]) == ExitCode.BAD_INPUT
    assert "il manque" in capsys.readouterr().out
    assert main([*arguments, "--values", str(values), "--json"]) == ExitCode.BAD_INPUT
    told = json.loads(capsys.readouterr().out)
    assert told
    assert {each["status"] for each in told} == {"missing"}
    assert out.exists()  # a draft to complete, said to be one


def test_a_fault_in_a_template_names_paragraph_tag_and_nearest_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(TEMPLATES / "plainte_procureur", tmp_path / "plainte_procureur")
    template = tmp_path / "plainte_procureur" / "template.docx"
    assert main(["forms", "check", str(template)]) == ExitCode.DONE
    document = docx.Document(str(template))
    document.paragraphs[0].insert_paragraph_before("Fait à {{ association.nom }}")
    document.save(str(template))
    capsys.readouterr()
    assert main(["forms", "check", str(template)]) == ExitCode.BAD_INPUT
    said = capsys.readouterr().out
    assert "paragraphe 1" in said
    assert "«\u00a0association.nom\u00a0»" in said
    assert "«\u00a0association.name\u00a0»" in said


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 rien"])
def test_a_bad_file_is_one_sentence(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    assert main(["forms", "inspect", str(path)]) == ExitCode.BAD_INPUT
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert main(["forms", "inspect", str(tmp_path / "absent.pdf")]) == ExitCode.BAD_INPUT
