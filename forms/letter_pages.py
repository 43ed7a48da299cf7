# SPDX-License-Identifier: GPL-3.0-or-later
"""What a letter holds together on one page, and what is too long for that.

A template keeps a name with its rubrics, or the cells of a row. Held so, a text longer than a page is cut off by the
converter without a word. So what is long is let go: it begins where the page has room, and goes on over the next ones.
The converter does not split every row, though: so the last letter of a long cell goes to it as a link, and a letter
whose link does not come back is refused.
"""

import io
from collections.abc import Collection
from typing import Final

from lxml import etree

from forms.clean import Parts
from forms.letter_rtl import ADDRESS, with_links
from forms.problems import FormError

__all__ = ["check_ends", "let_go", "mark_ends"]

_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_END: Final = "end:"
"""What the link of an end begins with; its number follows."""
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST: Final = 25
"""Lines, by estimate, beyond which a paragraph or a row need not stay whole. A page holds fifty: there is room for
lines that end early because a word did not fit."""
_LETTER: Final = 9.0
"""Width of a wide letter, in points: no text may prove longer than its estimate."""
_LINE: Final = 465.0
"""Width of a line of a letter, in points."""


def let_go(body: etree._Element) -> None:
    """Let long paragraphs and long table rows of a document body go over the page."""
    for row in body.iter(f"{_W}tr"):
        if any(_lines_of_cell(cell) > _MOST for cell in row.iterchildren(f"{_W}tc")):
            for whole in row.findall(f"{_W}trPr/{_W}cantSplit"):
                whole.getparent().remove(whole)
    for paragraph in body.iterchildren(f"{_W}p"):
        if _lines(paragraph, _LINE) > _MOST:
            _loosen(paragraph)


def _loosen(paragraph: etree._Element) -> None:
    from docx.text.paragraph import Paragraph

    shape = Paragraph(paragraph, paragraph.getparent()).paragraph_format
    shape.keep_with_next = shape.keep_together = False


def _lines_of_cell(cell: etree._Element) -> float:
    given = cell.find(f"{_W}tcPr/{_W}tcW")
    width = float(given.get(f"{_W}w", "0")) / 20 if given is not None else _LINE
    return sum(_lines(paragraph, width) for paragraph in cell.iter(f"{_W}p"))


def _lines(paragraph: etree._Element, width: float) -> float:
    """About how many lines a paragraph takes."""
    letters = sum(len(part.text or "") for part in paragraph.iter(f"{_W}t"))
    return 1 + letters * _LETTER / max(width, _LETTER) + sum(1 for _ in paragraph.iter(f"{_W}br"))


def mark_ends(parts: Parts) -> tuple[Parts, tuple[str, ...]]:
    """A copy for the converter in which the last letter of each long cell is a link.

    Args:
        parts: what `letter_rtl.mark_directions` made.

    Returns:
        the copy, and the addresses of the links.
    """
    if b"<w:tc>" not in parts["word/document.xml"]:
        return parts, ()
    root = etree.fromstring(parts["word/document.xml"])
    ends: list[str] = []
    for cell in root.iter(f"{_W}tc"):
        runs = [run for run in cell.iter(f"{_W}r") if (run.findtext(f"{_W}t") or "").strip()]
        if runs and _lines_of_cell(cell) > _MOST:
            ends.append(_end(runs[-1], len(ends)))
    if not ends:
        return parts, ()
    rels = "word/_rels/document.xml.rels"
    body = bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
    links = with_links(parts.get(rels), {f"rIdEnd{number}": f"{_END}{number}" for number in range(len(ends))})
    return {**parts, "word/document.xml": body, rels: links}, tuple(ends)


def _end(run: etree._Element, number: int) -> str:
    """Make the last letter of a run a link; a word that is one already will do."""
    around = run.getparent()
    if around.tag == f"{_W}hyperlink":
        return f"{ADDRESS}{around.get(f'{_R}id').removeprefix('rIdWord')}"
    last = run.findall(f"{_W}t")[-1]
    text = (last.text or "").rstrip()
    link = etree.Element(f"{_W}hyperlink")
    link.set(f"{_R}id", f"rIdEnd{number}")
    alone = etree.SubElement(link, f"{_W}r")
    dress = run.find(f"{_W}rPr")
    if dress is not None:
        alone.append(etree.fromstring(etree.tostring(dress)))
    etree.SubElement(alone, f"{_W}t").text = text[-1:]
    last.text = text[:-1]
    run.addnext(link)
    return f"{_END}{number}"


def check_ends(pdf: bytes, ends: Collection[str]) -> bytes:
    """Make sure that the end of each long cell stands on a page, and take its link away.

    Raises:
        FormError: `letter.cut`.
    """
    if not ends:
        return pdf
    import pikepdf

    missing = set(ends)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            kept = []
            for link in page.get("/Annots", []):
                address = str(link.A.URI) if "/A" in link and "/URI" in link.A else ""
                if float(link.Rect[1]) >= 0:
                    missing.discard(address)
                if not address.startswith(_END):
                    kept.append(link)
            page.Annots = pikepdf.Array(kept)
        if missing:
            raise FormError(
                "letter.cut",
                "La lettre n’a pas été faite\u00a0: un texte trop long pour sa place, dans un tableau, y serait coupé. "
                "Raccourcissez-le.",
            )
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()
