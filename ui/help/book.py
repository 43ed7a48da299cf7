# SPDX-License-Identifier: GPL-3.0-or-later
"""The help as pages: read from the Markdown files beside this module, which are the one source of every form of it.

A file begins with a few lines of TOML between two lines `+++`: `title`, and for a page of the window `page` (its name
in `ui.pages.ROUTES`), `hint` (one sentence for whoever comes there for the first time), `done` (tables of the vault:
once one of them changed there, the hint has done its work) and `picture` (its picture in the printed guide, by its
name in `build/screenshots`; of the page itself when nothing is said). Links between pages are file names.
"""

import functools
import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Final

import attrs

from hro_desktop.law.tables import fold

__all__ = ["CONTENTS", "DOOR", "HelpPage", "found", "help_of", "page", "pages", "read_page"]

CONTENTS: Final = "sommaire"
"""The page that leads to all the others."""
DOOR: Final = "porte"
"""What is to be known before a vault is open."""
_FENCE: Final = "+++\n"
_MARKUP: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*`#>|]+|^\s*(?:-|\d+\.)\s+", re.MULTILINE)
_BLANK: Final = re.compile("[ \n]+")
"""What separates words: a space that does not break is a part of one."""
_AROUND: Final = 70
"""Letters of text shown with a page that was found."""


@attrs.frozen(kw_only=True)
class HelpPage:
    """One page of the help.

    Args:
        name: of its file, without `.md`.
        title: what it is called.
        body: its text in Markdown, without the title.
        page: of the window it is about; empty for a general one.
        hint: what to say to whoever comes to that page of the window for the first time; may be empty.
        done: tables of the vault; once somebody changed one of them there, the hint is not needed any more.
        picture: of the printed guide; empty for none.
    """

    name: str
    title: str
    body: str
    page: str = ""
    hint: str = ""
    done: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    picture: str = attrs.field()

    @picture.default
    def _picture(self) -> str:
        return self.page

    @property
    def text(self) -> str:
        """What it says, on one line and without marks."""
        return _BLANK.sub(" ", _MARKUP.sub(lambda match: match[1] or "", self.body)).strip()


def read_page(name: str, source: str) -> HelpPage:
    """A page from its file.

    Raises:
        ValueError: the lines before the text are missing or not understood.
    """
    parts = source.split(_FENCE, 2)
    if len(parts) != 3 or parts[0]:
        raise ValueError(f"{name}: the lines before the text are missing")
    return HelpPage(name=name, body=parts[2].strip() + "\n", **tomllib.loads(parts[1]))


@functools.cache
def pages() -> Sequence[HelpPage]:
    """Every page, by name."""
    files = (each for each in (resources.files("ui") / "help").iterdir() if each.name.endswith(".md"))
    read = (read_page(each.name.removesuffix(".md"), each.read_text("utf-8")) for each in files)
    return tuple(sorted(read, key=lambda each: each.name))


def page(name: str) -> HelpPage | None:
    """A page by its name."""
    return next((each for each in pages() if each.name == name), None)


def help_of(shown: str) -> HelpPage | None:
    """The help of a page of the window, by its name in `ui.pages.ROUTES`."""
    return next((each for each in pages() if each.page == shown), None)


def found(words: str) -> Sequence[tuple[HelpPage, str]]:
    """The pages that hold every word, in any case and accents, each with some text around the first of them.

    Those that hold them in their title come first, then those that say them most.
    """
    wanted = fold(words).split()
    if not wanted:
        return ()
    matches = []
    for each in pages():
        title = fold(each.title)
        everything = f"{title} {fold(each.text)}"
        if all(word in everything for word in wanted):
            said = sum(everything.count(word) for word in wanted)
            matches.append((not all(word in title for word in wanted), -said, each.title, each))
    return tuple((each, _around(each.text, wanted[0])) for *_, each in sorted(matches, key=lambda match: match[:3]))


def _around(text: str, word: str) -> str:
    """Whole words of a text from a little before the first one that holds a word."""
    said = text.split(" ")
    at = next((at for at, each in enumerate(said) if word in fold(each)), 0)
    first = last = max(0, at - 3)
    while last < len(said) and sum(map(len, said[first : last + 1])) + last - first < _AROUND:
        last += 1
    return f"{'… ' if first else ''}{' '.join(said[first:last])}{' …' if last < len(said) else ''}"
