#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide for paper and the web, `docs/guide/`: the pages of the help, each with its picture.

Text and pictures are made from what the program shows (`ui/help/`, the practice vault), so that the guide cannot say
something else. Pictures are taken at 1366×768 in light, and kept with few colours.

    python scripts/guide.py [--text | --check] [DOSSIER]
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image

from ui.help import book
from ui.help.book import CONTENTS, HelpPage

GUIDE: Final = Path(__file__).resolve().parents[1] / "docs" / "guide"
PICTURES: Final = "images"
INDEX: Final = "README.md"
COLOURS: Final = 96
"""In a picture: letters stay sharp, a photograph gets a little coarse."""
SIZE: Final = (1366, 768)
_ABOUT: Final = (
    "Ce guide est l’aide du programme (`F1`), avec des images du coffre d’exercice\u00a0: les personnes y sont "
    "inventées. Il est fait par `make guide` à partir de `ui/help/`\u00a0: c’est là qu’on le corrige."
)


def texts() -> Mapping[str, str]:
    """The text of each file of the guide, by its name."""
    made = {}
    for page in book.pages():
        name = INDEX if page.name == CONTENTS else f"{page.name}.md"
        made[name] = text_of(page).replace(f"({CONTENTS}.md)", f"({INDEX})")
    return made


def text_of(page: HelpPage) -> str:
    """A page of the help with its title, its picture, and the way back."""
    first, _, rest = page.body.partition("\n\n")
    if page.name == CONTENTS:
        return f"# Guide\n\n{_ABOUT}\n\n{rest}"
    picture = f"![{page.title}]({PICTURES}/{page.name}.png)\n\n" if page.picture else ""
    return f"# {page.title}\n\n{first}\n\n{picture}{rest}\n[Sommaire]({INDEX})\n"


def _pictured() -> list[HelpPage]:
    return [page for page in book.pages() if page.picture]


def write_texts(guide: Path) -> None:
    """Every text, and none that no page makes any more."""
    guide.mkdir(parents=True, exist_ok=True)
    made = texts()
    for old in guide.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (guide / name).write_text(text, encoding="utf-8")


def write_pictures(guide: Path) -> None:
    """Walk through the window once, and keep the pictures the help asks for."""
    from PySide6.QtWidgets import QApplication
    from screenshots import Photographer, practice  # beside this script

    from ui.theme import Scheme, Theme

    app = QApplication(sys.argv[:1])
    out = guide / PICTURES
    with tempfile.TemporaryDirectory() as folder:
        vault, taken = Path(folder) / "coffre", Path(folder) / "images"
        taken.mkdir()
        Photographer(app, taken, practice(vault)).walk(Theme(Scheme.LIGHT), SIZE)
        wanted = {page.name: taken / f"{page.picture}-light-{SIZE[0]}x{SIZE[1]}-100.png" for page in _pictured()}
        missing = [path.name for path in wanted.values() if not path.is_file()]
        if missing:
            sys.exit(f"no such picture: {', '.join(missing)}")
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        for name, source in wanted.items():
            small(source, out / f"{name}.png")


def small(source: Path, target: Path) -> None:
    """A picture in eight bits a point."""
    with Image.open(source) as picture:
        few = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(target, optimize=True)


def wrong(guide: Path) -> list[str]:
    """What stands in the guide and is not what the help makes, or the other way round."""
    made = texts()
    there = {path.name: path.read_text("utf-8") for path in guide.glob("*.md")}
    found = [name for name in sorted(made.keys() | there.keys()) if made.get(name) != there.get(name)]
    wanted = {f"{page.name}.png" for page in _pictured()}
    pictures = {path.name for path in (guide / PICTURES).iterdir()} if (guide / PICTURES).is_dir() else set()
    return [*found, *sorted(wanted ^ pictures)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", action="store_true", help="only the texts")
    parser.add_argument("--check", action="store_true", help="say what is not as it should be, write nothing")
    parser.add_argument("folder", nargs="?", type=Path, default=GUIDE, metavar="DOSSIER")
    options = parser.parse_args()
    guide = options.folder
    if options.check:
        found = wrong(guide)
        sys.exit(f"docs/guide: make guide refait {', '.join(found)}" if found else 0)
    write_texts(guide)
    if not options.text:
        write_pictures(guide)
    size = sum(path.stat().st_size for path in guide.rglob("*.png"))
    print(f"{guide}: {len(texts())} pages, {size // 1024} Kio d’images")


if __name__ == "__main__":
    main()
