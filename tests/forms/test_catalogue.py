# SPDX-License-Identifier: GPL-3.0-or-later
"""Where forms are found, and that a user's folder never stands in for a shipped form."""

from pathlib import Path

import pytest

from forms.catalogue import Catalogue
from forms.problems import FormError

FORM = """
id = "{id}"
title = "{title}"
kind = "drawn"
edition = "1"
source = "Code de procédure civile, article 202"
checked_on = 2026-11-23
"""


def _folder(root: Path, name: str, title: str = "Un formulaire", form_id: str | None = None) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(FORM.format(id=form_id or name, title=title), encoding="utf-8")
    (folder / "layout.toml").write_text("# vide\n", encoding="utf-8")
    return folder


def test_shipped_forms_come_first_and_are_verified(tmp_path: Path) -> None:
    _folder(tmp_path / "shipped", "plainte", "La plainte")
    _folder(tmp_path / "user", "a_nous", "Notre lettre")
    forms = Catalogue(tmp_path / "shipped", tmp_path / "user")
    assert forms.ids() == ("plainte", "a_nous")
    assert forms.get("plainte").verified
    assert not forms.get("a_nous").verified
    assert forms.get("a_nous").file("layout") == b"# vide\n"


def test_a_user_folder_never_replaces_a_shipped_form(tmp_path: Path) -> None:
    _folder(tmp_path / "shipped", "plainte", "La plainte")
    _folder(tmp_path / "user", "plainte", "Une autre plainte")
    forms = Catalogue(tmp_path / "shipped", tmp_path / "user")
    assert forms.ids() == ("plainte",)
    assert forms.get("plainte").definition.title == "La plainte"
    assert forms.shadowed == ("plainte",)


def test_a_broken_form_does_not_hide_the_others_and_is_named(tmp_path: Path) -> None:
    _folder(tmp_path, "bonne")
    (_folder(tmp_path, "mauvaise") / "form.toml").write_text("id = [", encoding="utf-8")
    forms = Catalogue(tmp_path)
    assert forms.get("bonne").definition.id == "bonne"
    with pytest.raises(FormError) as caught:
        forms.get("mauvaise")
    assert caught.value.code == "form.syntax"
    assert "mauvaise" in caught.value.sentence
    assert "form.toml" in caught.value.sentence


def test_the_id_is_the_name_of_the_folder(tmp_path: Path) -> None:
    _folder(tmp_path, "ici", form_id="ailleurs")
    with pytest.raises(FormError, match=r"form\.value") as caught:
        Catalogue(tmp_path).get("ici")
    assert "ailleurs" in caught.value.sentence


def test_an_unknown_form_and_an_absent_folder(tmp_path: Path) -> None:
    forms = Catalogue(tmp_path / "nowhere", tmp_path / "nowhere too")
    assert forms.ids() == ()
    with pytest.raises(FormError, match=r"form\.unknown"):
        forms.get("plainte")


def test_a_file_out_of_all_proportion_is_refused(tmp_path: Path) -> None:
    with (_folder(tmp_path, "lourde") / "enorme.bin").open("wb") as stream:
        stream.truncate(33 * 1024 * 1024)
    with pytest.raises(FormError, match=r"form\.too_large") as caught:
        Catalogue(tmp_path).get("lourde")
    assert "enorme.bin" in caught.value.sentence


def test_hidden_and_temporary_files_are_not_read(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "propre")
    (folder / "~$template.docx").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    assert set(Catalogue(tmp_path).get("propre").files) == {"form.toml", "layout.toml"}
