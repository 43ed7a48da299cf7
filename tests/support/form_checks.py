# SPDX-License-Identifier: GPL-3.0-or-later
"""What must never be wrong in a document, whatever it was given. Each check hands back the faults it found, in words.

They look at what a reader has: the text of the `.docx` paragraph by paragraph, the text and the letters of the PDF.
"""

import itertools
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import attrs
import pypdfium2
from lxml import etree

from forms.clean import open_package
from forms.problems import Problem
from tests.support.form_cases import bare

__all__ = [
    "Paragraph",
    "dangling",
    "leftovers",
    "lost_in_docx",
    "lost_in_pdf",
    "outside",
    "paragraphs",
    "poppler_text",
    "structure",
    "typography",
    "white_gap",
]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STEERING: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")

_ONE_WAY: Final = str.maketrans(")]}>»", "([{<«")
"""Readers turn brackets round in a line that runs from right to left, or do not."""

# ---- texts

_LEFTOVERS: Final = re.compile(r"\bNone\b|\bnull\b|\bnan\b|\[\]|\{\{|\}\}|\{%|%\}|\{#|#\}|<w:|&amp;|\ufffd")
_DANGLING: Final = re.compile(
    r"(?:^|(?<=\n)) ?[,;:.)»]"  # a line that begins with what closes another
    "|[ \u00a0]{2}"
    "|[ \u00a0][,.)](?!\\.\\.)"
    r"|,[,;.)]|\.\.(?!\.)|(?<![A-Z])\.,|;[;.,]|:[ \u00a0]*[.,;:)]|\([ \u00a0]*[),;]"
    "|«[ \u00a0]*»|’[ \u00a0]|n°[ \u00a0]*(?:[.,;:)]|$)|[–(«][ \u00a0]?$|[ \u00a0]$",
    re.MULTILINE,
)
_PLAIN_SPACE: Final = re.compile(r" [:;?!»%€]|« |n° ")
_NO_SPACE: Final = re.compile(
    "[^\\W\\d_][;?!»](?=\\s|$)|[^\\W\\d_]:(?=\\s|$)|«(?!\u00a0)|(?<!\u00a0)»|n°(?!\u00a0|\\s|$)", re.MULTILINE
)
_STRAIGHT: Final = re.compile(r"['\"“”\u202f]")


def leftovers(text: str) -> list[str]:
    """What a program leaves behind: « None », brackets of a template, signs of a missing letter."""
    return [f"leftover: {found}" for found in _around(_LEFTOVERS, text)]


def dangling(text: str, model: str = "") -> list[str]:
    """Commas, colons, brackets and spaces that lost the words they belong to.

    Args:
        text: of the document.
        model: that of the same form with everything in it, which a person has read: its lines are right.
    """
    right = set(model.splitlines())
    rest = "\n".join(line for line in text.splitlines() if line not in right)
    return [f"dangling: {found}" for found in _around(_DANGLING, rest)]


def typography(text: str, *, spaces: bool = True) -> list[str]:
    """French typography. Without `spaces` only the signs: some extractions hand a plain space back for any other."""
    rules = (_PLAIN_SPACE, _NO_SPACE, _STRAIGHT) if spaces else (_STRAIGHT,)
    return [f"typography: {found}" for rule in rules for found in _around(rule, text)]


def _around(rule: re.Pattern[str], text: str) -> Iterator[str]:
    for found in rule.finditer(text):
        yield repr(text[max(found.start() - 25, 0) : found.end() + 15])


# ---- the paragraphs of a letter


@attrs.frozen
class Paragraph:
    """A paragraph of the body of a `.docx`.

    Args:
        text: its text.
        numbered: it bears a number or a dash.
        title: it is the title of a part.
        cell: it stands in a table.
    """

    text: str
    numbered: bool
    title: bool
    cell: bool


_END: Final = Paragraph("", numbered=False, title=True, cell=False)
"""What comes after the last paragraph: like a title, it is nothing that could be announced."""


def paragraphs(docx: bytes) -> list[Paragraph]:
    """The paragraphs of the body, in order."""
    parts = open_package(docx)
    styles = {
        style.get(f"{_W}styleId"): style for style in etree.fromstring(parts["word/styles.xml"]).iter(f"{_W}style")
    }

    def has(paragraph: Any, name: str) -> bool:
        chosen = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = styles.get(chosen.get(f"{_W}val")) if chosen is not None else None
        return any(each is not None and each.find(f"{_W}pPr/{_W}{name}") is not None for each in (paragraph, style))

    return [
        Paragraph(
            "".join(_letters(each)),
            has(each, "numPr"),
            has(each, "outlineLvl"),
            any(above.tag == f"{_W}tc" for above in each.iterancestors()),
        )
        for each in etree.fromstring(parts["word/document.xml"]).iter(f"{_W}p")
    ]


def _letters(paragraph: Any) -> Iterator[str]:
    for piece in paragraph.iter(f"{_W}t", f"{_W}br", f"{_W}tab"):
        yield {f"{_W}br": "\n", f"{_W}tab": "\t"}.get(str(piece.tag)) or piece.text or ""


def structure(made: Sequence[Paragraph], model: Sequence[Paragraph]) -> list[str]:
    """Empty numbered paragraphs, titles and colons that nothing follows, more empty paragraphs in a row than a model.

    Args:
        made: the paragraphs of the document.
        model: those of the same form with everything in it, which a person has read.
    """
    body = [each for each in made if not each.cell]
    found = [
        f"empty numbered paragraph {place}" for place, each in enumerate(made) if each.numbered and not _full(each)
    ]
    full = [each for each in body if _full(each)]
    for here, following in itertools.pairwise([*full, _END]):
        if here.title and following.title:
            found.append(f"title without content: {here.text!r}")
    known = _announcements(model)
    found += [f"announces nothing: {text!r}" for text in _announcements(made) - known]
    commas = {each.text for each in model}
    found += [
        f"ends with a comma: {each.text!r}"
        for each in body
        # How the reader is greeted is the one line that ends so.
        if each.text.endswith(",") and each.text not in commas and not re.match("Madame|Monsieur", each.text)
    ]
    most = _emptiness(model)
    if _emptiness(made) > most:
        found.append(f"{_emptiness(made)} empty paragraphs in a row, {most} in the complete document")
    return found


def _full(paragraph: Paragraph) -> bool:
    return bool(paragraph.text.strip())


def _announcements(made: Sequence[Paragraph]) -> set[str]:
    """The paragraphs that end with a colon and are followed by a title, or by the end."""
    full = [each for each in made if _full(each)]
    return {here.text for here, then in itertools.pairwise([*full, _END]) if here.text.endswith(":") and then.title}


def _emptiness(made: Sequence[Paragraph]) -> int:
    longest = row = 0
    for each in made:
        row = 0 if _full(each) or each.cell else row + 1
        longest = max(longest, row)
    return longest


# ---- nothing is lost


def lost_in_docx(docx_text: str, shown: Iterable[str]) -> list[str]:
    """The values that are not whole in the text of a `.docx`, letter for letter save line ends and kinds of spaces."""

    def flat(text: str) -> str:
        return re.sub("[\n\r\t\u2028\u2029]", "", text).replace("\u00a0", " ")

    whole = flat(docx_text)
    return [f"lost in the docx: {value!r}" for value in shown if flat(value) not in whole]


def lost_in_pdf(texts: Sequence[str], shown: Iterable[str], problems: Iterable[Problem]) -> list[str]:
    """The words of values that no reader finds in the PDF, save the characters said to have no shape.

    Args:
        texts: the text of the PDF as several readers extract it; each word must be whole for one of them at least,
            since a reader may hand back words of another script in their order on the line.
        shown: the values.
        problems: what was reported; a character that is neither found nor reported is lost.
    """
    told = {sign for problem in problems if problem.code == "no_glyph" for sign in str(problem.facts["characters"])}
    wholes = [bare(text).translate(_ONE_WAY) for text in texts]
    lost = []
    for value in shown:
        for word in re.sub(f"[{re.escape(''.join(told))}]" if told else "(?!)", " ", value).split():
            # a line, and with it a page, may end after a dash: then its two halves stand apart
            parts = [bare(part).translate(_ONE_WAY) for part in re.split("(?<=[–-])", word)]
            if not any(
                all(part in whole or part[::-1] in whole for part in wanted)
                for whole in wholes
                for wanted in (["".join(parts)], parts)
            ):
                lost.append(f"lost in the PDF: {word!r} of {value!r}")
    return lost


def poppler_text(pdf: bytes) -> str:
    """The text of a PDF as poppler's `pdftotext` extracts it, without the marks it adds for direction."""
    command = shutil.which("pdftotext")
    assert command is not None, "pdftotext is not installed: scripts/system_packages.sh run test"
    done = subprocess.run([command, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return _STEERING.sub("", done.stdout.decode())


# ---- the sheet


def outside(pdf: bytes, margin: float) -> list[str]:
    """Letters that stand in the margin at the left or right, or off the sheet above or below.

    Args:
        pdf: the document.
        margin: what must stay white on both sides, in points.
    """
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, start=1):
        width, height = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            if not letter.strip():
                continue
            left, low, right, high = text.get_charbox(index)
            if left < margin - 1 or right > width - margin + 1 or low < 0 or high > height:
                found.append(f"page {number}: {letter!r} at {left:.0f}–{right:.0f}, {low:.0f}–{high:.0f}")
    document.close()
    return found


def white_gap(pdf: bytes) -> float:
    """The largest white stripe between two things on a page, in points; that above the foot lines is not counted."""
    largest = 0
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        rows = page.render(scale=1).to_pil().convert("L")
        inked = [row for row in range(rows.height) if rows.crop((0, row, rows.width, row + 1)).getextrema()[0] < 200]
        gaps = [gap for here, then in itertools.pairwise(inked) if (gap := then - here - 1) > 0]
        # The last stripe may belong to a page that ends early: what follows it had to stay together.
        largest = max([largest, *gaps[:-1]])
    document.close()
    return float(largest)
