# SPDX-License-Identifier: GPL-3.0-or-later
"""The import format: its schema comes from the drafts, and whatever is wrong is one sentence that names the place."""

import contextlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.casework import dossier
from hro_desktop.demo import run
from hro_desktop.faults import Fault

HEAD = 'format = 1\nkey = "essai"\n'
ROOT = Path(__file__).resolve().parents[2]


def sentence(text: str) -> str:
    with pytest.raises(Fault) as caught:
        dossier.read((HEAD + text).encode())
    assert str(caught.value) == caught.value.code
    return caught.value.sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[people]]\nnom = 'A'", "people[1]"),
        ("[[people]]\nnom = 'A'", "«\u00a0nom\u00a0» n’existe pas"),
        ("[[people]]\nsex = 'w'", "people[1].sex"),
        ("[[people]]\nsex = 'w'", "m, f, x"),
        ("[[people]]\nbirth = '2001-13'", "n’est pas une date"),
        ("[[cases]]\n", "il manque la clé «\u00a0person\u00a0»"),
        ("[[cases]]\nperson = 'a'", "aucune ligne de «\u00a0people\u00a0» n’a la clé «\u00a0a\u00a0»"),
        ("[[people]]\nkey='a'\n[[people]]\nkey='a'", "sert déjà"),
        ("[[people]]\ngiven_names = 3", "il faut ici un texte"),
        ("[[operations]]\noccurred_on = 'hier'", "n’est pas un jour"),
        ("[[incidents]]\nkind = 'violences'\ntime_from = '25:00'", "n’a pas la forme attendue"),
        ("[[people]\n", "ligne 3"),
        ("people = 3", "il faut ici une liste"),
        ("[[sites]]\nname='S'\nkey='s'\n[[cases]]\nperson='s'", "aucune ligne de «\u00a0people\u00a0»"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    assert said in sentence(text)


def test_a_newer_format_is_refused() -> None:
    with pytest.raises(Fault, match=r"dossier\.invalid") as caught:
        dossier.read(b'format = 2\nkey = "essai"\n')
    assert "format" in caught.value.sentence


def test_text_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(Fault, match=r"dossier\.unreadable"):
        dossier.read('title = "é"'.encode("latin-1"))


@given(st.binary(max_size=300))
def test_no_bytes_at_all_raise_anything_but_a_fault(content: bytes) -> None:
    with contextlib.suppress(Fault):
        dossier.read(content)


def test_a_citation_becomes_the_id_of_its_evidence() -> None:
    read = dossier.read(run.dossier().encode())
    referral = read.drafts["referrals"][0]
    assert f"[[piece:{read.keys['certificat'][1]}]]" in referral.account
    assert "[[piece:certificat]]" not in referral.account


def test_an_unknown_citation_is_refused() -> None:
    said = sentence(
        '[[referrals]]\nprocedure="plainte_procureur"\nauthority="procureur_boulogne"\naccount="[[piece:rien]]"'
    )
    assert "«\u00a0rien\u00a0»" in said


def test_a_known_organisation_is_meant_by_its_name() -> None:
    known = dossier.read((HEAD + "[[organisations]]\nkey='o'\nkind='association'\nname='Asso'").encode())
    already = known.keys["o"][1]
    text = HEAD + "[[organisations]]\nkey='p'\nkind='association'\nname='Asso'"
    again = dossier.read(text.encode(), {("organisation", "Asso"): already})
    assert again.keys["p"][1] == already


def test_the_page_of_the_manual_lists_exactly_the_keys_there_are() -> None:
    assert subprocess.run([sys.executable, ROOT / "scripts" / "import_doc.py", "--check"], check=False).returncode == 0


def test_the_example_of_the_manual_is_a_correct_dossier() -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    example = next(part for part in page.split("```toml\n")[1:] if "[[referrals]]" in part).split("```")[0]
    assert len(dossier.read(example.encode()).drafts["referrals"]) == 1


def test_nested_keys_may_be_meant_as_the_manual_says() -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    example = next(part for part in page.split("```toml\n")[1:] if "[[passages]]" in part).split("```")[0]
    read = dossier.read((HEAD + example).encode())
    assert read.drafts["statements"][0].address_id == read.drafts["people"][0].addresses[0].id
    assert read.drafts["passages"][0].statement_version_id == read.drafts["statements"][0].versions[0].id


def test_a_mark_of_windows_notepad_is_accepted_and_endless_nesting_refused() -> None:
    assert dossier.read(b"\xef\xbb\xbf" + HEAD.encode()).key == "essai"
    assert "emboîte" in sentence("people = " + "[" * 3000)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ('[[people]]\ngiven_names = "Ali\u202eb"\n', "people[1].given_names.*U\\+202E"),
        ('[[people]]\ngiven_names = "Ali\\u0001b"\n', "people[1].given_names.*U\\+0001"),
        ('[[sites]]\nname = "Pré"\nlatitude = inf\n', "sites[1].latitude.*« inf » n’est pas possible"),
        ('[[sites]]\nname = "Pré"\nlatitude = nan\n', "sites[1].latitude.*« nan » n’est pas possible"),
        ('[[sites]]\nname = "Pré"\nlongitude = 181\n', "sites[1].longitude.*n’est pas possible"),
        (
            'association = "m"\n[[organisations]]\nkey = "m"\nkind = "mairie"\nname = "Mairie"\n',
            "« m » n’est pas une association \\(mairie\\)",
        ),
        (
            '[[referrals]]\nprocedure = "plainte_procureur"\nauthority = "procureur_boulogne"\n'
            'account = "voir [[piece:facture."\n',
            "referrals[1].account.*« \\[\\[piece:facture. » n’est pas fermée",
        ),
    ],
)
def test_what_cannot_be_meant_is_named(rest: str, said: str) -> None:
    with pytest.raises(Fault) as caught:
        dossier.read((HEAD + rest).encode())
    sentence = caught.value.sentence.replace("\u00a0", " ")
    assert re.search(said.replace("[1]", r"\[1\]"), sentence), sentence


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("[[consents]]\ngiven_on = 2026-02-31\n", "ligne 4 : le jour « 2026-02-31 » n’existe pas"),
        ("people = [{ birth = 2026-13-01, sex = 'm' }]\n", "ligne 3 : le jour « 2026-13-01 » n’existe pas"),
        ("[[consents]]\ngiven_on = 2026-04-31T10:00:00\n", "ligne 4 : le jour « 2026-04-31 » n’existe pas"),
        (
            "[[operations]]\noccurred_on = '2026-02-31'\n",
            "operations[1].occurred_on : le jour « 2026-02-31 » n’existe pas",
        ),
        # the day is not what is wrong with these lines
        ("[[consents]]\ngiven_on = 2026-02-28 # or 2026-02-31\nnote = = 'a'\n", "n’est pas du TOML correct, ligne 5"),
        ("[[consents]]\ngiven_on = = 2026-02-31\n", "n’est pas du TOML correct, ligne 4"),
    ],
)
def test_a_day_that_does_not_exist_is_said_so(rest: str, said: str) -> None:
    assert said in sentence(rest).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (
            "[[statements]]\nkey='s'\nkind='recit'\nauthor='p'\n[[evidence]]\nkey='e'\nkind='recit'\ntitle='T'\n"
            "statements=[{statement='s', role='signed'}, {statement='s', role='annex'}]\n",
            "evidence[1] (« e »).statements : « s » y est deux fois",
        ),
        (
            "[[referrals]]\nprocedure='plainte_procureur'\nauthority='procureur_boulogne'\n"
            "accused=[{person='p'}, {person='p', known_as='un agent'}]\n",
            "referrals[1].accused : « p » y est deux fois",
        ),
    ],
)
def test_what_the_base_holds_once_is_not_given_twice(rest: str, said: str) -> None:
    assert said in sentence("[[people]]\nkey='p'\n" + rest).replace("\u00a0", " ")


def test_a_key_named_twice_in_one_list_is_meant_once() -> None:
    text = "[[people]]\nkey='p'\n[[incidents]]\nkey='i'\nkind='violences'\n"
    text += "[[statements]]\nkind='recit'\nauthor='p'\nincidents=['i', 'i']\n"
    read = dossier.read((HEAD + text).encode())
    assert read.drafts["statements"][0].incident_ids == (read.keys["i"][1],)


@pytest.mark.parametrize("name", ["نا\u200cما", "Seán", "O\u2019Neil", "محمد\u200f"])
def test_the_joiners_and_marks_of_real_names_stay(name: str) -> None:
    read = dossier.read((HEAD + f'[[people]]\ngiven_names = "{name}"\n').encode())
    assert read.drafts["people"][0].given_names == name
