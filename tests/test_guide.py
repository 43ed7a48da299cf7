# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide that is kept is the one that the help makes, small enough to be kept."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "guide"
MOST = 3 * 1024 * 1024
TARGET = re.compile(r"\]\(([^)]+)\)")


def check(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "guide.py", "--check", folder], check=False, capture_output=True, text=True
    )
    return done.returncode, done.stderr


def test_the_guide_is_what_the_help_makes() -> None:
    assert check(GUIDE) == (0, "")


@pytest.mark.parametrize("spoilt", ["accueil.md", "README.md", "images/accueil.png"])
def test_a_guide_that_is_not_is_seen(tmp_path: Path, spoilt: str) -> None:
    copy = Path(shutil.copytree(GUIDE, tmp_path / "guide"))
    path = copy / spoilt
    if path.suffix == ".md":
        path.write_text(path.read_text("utf-8") + "Une phrase de plus.\n", encoding="utf-8")
    else:
        path.unlink()
    code, said = check(copy)
    assert code == 1
    assert path.name in said


def test_every_link_of_the_guide_leads_to_a_file() -> None:
    for path in GUIDE.glob("*.md"):
        for target in TARGET.findall(path.read_text("utf-8")):
            assert (GUIDE / target).is_file(), f"{path.name}: {target}"


def test_pictures_are_small() -> None:
    pictures = sorted((GUIDE / "images").iterdir())
    assert sum(path.stat().st_size for path in pictures) <= MOST
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert picture.mode == "P"
            assert picture.size == (1366, 768)
