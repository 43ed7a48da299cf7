# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of a letter in which the converter ends lines and pages where a word processor does.

Left alone it differs in five ways, each of them put right in the copy only:

- the space above a paragraph stays at the head of a page, where word processors drop it;
- a line above a paragraph, and the space between the two, take no room;
- what is held together must have room for the space below it too, which word processors let go at the foot of a page;
- a word is broken when it is longer than the first line, and not when it is longer than the others, which an indent
  makes shorter: it then reaches into the margin;
- a line may end after the hyphen of « 40-4-1 ».
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

import attrs
from lxml import etree

from forms.clean import Parts
from forms.letter_fonts import NO_BREAK_HYPHEN

__all__ = ["set_like_a_word_processor"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_NUMBER: Final = re.compile("(?<=[0-9])-(?=[0-9])")
_LONG: Final = re.compile(r"\S{36,}")
"""What may be longer than a line: 36 of the widest letters are."""
_OFF: Final = frozenset({"0", "false", "off"})


@attrs.frozen
class _Shape:
    """What concerns us of the format of a paragraph; spaces in twentieths of a point."""

    before: int = 0
    after: int = 0
    keep: bool = False
    hangs: bool = False
    line: int = 0
    """Room for a line above the paragraph."""

    def changed(self, properties: etree._Element | None) -> "_Shape":
        """This shape as a style or a paragraph changes it."""
        if properties is None:
            return self
        spaces = _attributes(properties, "spacing")
        indent = _attributes(properties, "ind")
        keep = properties.find(f"{_W}keepNext")
        hangs = int(indent.get("hanging", "0")) > 0 if {"hanging", "firstLine"} & indent.keys() else self.hangs
        return _Shape(
            before=int(spaces.get("before", self.before)),
            after=int(spaces.get("after", self.after)),
            keep=self.keep if keep is None else keep.get(f"{_W}val") not in _OFF,
            hangs=hangs,
            line=_room(properties, self.line),
        )


def _attributes(properties: etree._Element, name: str) -> dict[str, str]:
    found = properties.find(f"{_W}{name}")
    return {} if found is None else {etree.QName(key).localname: str(value) for key, value in found.attrib.items()}


def _room(properties: etree._Element, inherited: int) -> int:
    line = properties.find(f"{_W}pBdr/{_W}top")
    if line is None:
        return inherited
    if line.get(f"{_W}val") in {"none", "nil"}:
        return 0
    # The width is written in eighths of a point, the space in points.
    return round(int(line.get(f"{_W}sz", "0")) * 2.5) + int(line.get(f"{_W}space", "0")) * 20


class _Styles:
    """The paragraph styles of a document."""

    def __init__(self, part: bytes) -> None:
        root = etree.fromstring(part)
        self._all = {str(each.get(f"{_W}styleId")): each for each in root.iterchildren(f"{_W}style")}
        usual = (name for name, each in self._all.items() if each.get(f"{_W}type") == "paragraph" and _is_default(each))
        self._usual = next(usual, "")
        self._first = _Shape().changed(root.find(f"{_W}docDefaults/{_W}pPrDefault/{_W}pPr"))
        self._known: dict[str, _Shape] = {}

    def shape(self, paragraph: etree._Element) -> _Shape:
        """The shape of a paragraph: that of its style, and what it changes itself."""
        named = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = self._usual if named is None else str(named.get(f"{_W}val"))
        return self._of(name).changed(paragraph.find(f"{_W}pPr"))

    def _of(self, name: str) -> _Shape:
        if name not in self._known:
            made = self._all.get(name)
            self._known[name] = self._first  # a style based on itself ends here
            if made is not None:
                based = made.find(f"{_W}basedOn")
                parent = self._first if based is None else self._of(str(based.get(f"{_W}val")))
                self._known[name] = parent.changed(made.find(f"{_W}pPr"))
        return self._known[name]


def _is_default(style: etree._Element) -> bool:
    return style.get(f"{_W}default", "0") not in _OFF


def set_like_a_word_processor(parts: Parts) -> Parts:
    """The copy of a letter that goes to the converter.

    Args:
        parts: what `letter_pages.mark_ends` made.
    """
    from docx.oxml import parse_xml

    root = parse_xml(parts["word/document.xml"])
    styles = _Styles(parts["word/styles.xml"]) if "word/styles.xml" in parts else None
    for text in root.iter(f"{_W}t"):
        text.text = _NUMBER.sub(NO_BREAK_HYPHEN, text.text or "")
    if styles is not None:
        for paragraph in root.iter(f"{_W}p"):
            if styles.shape(paragraph).hangs:
                _let_break(paragraph)
        body = root.find(f"{_W}body")
        if body is not None:
            _space_out(body, styles)
    body = bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
    return {**parts, "word/document.xml": body}


# ---- long words


def _let_break(paragraph: etree._Element) -> None:
    """Give each letter of a long word a run of its own: the converter may end a line between two of them."""
    for run in list(paragraph.iterchildren(f"{_W}r")):
        texts = [child for child in run if child.tag != f"{_W}rPr"]
        if len(texts) != 1 or texts[0].tag != f"{_W}t" or not _LONG.search(texts[0].text or ""):
            continue
        for piece in _pieces(texts[0].text or ""):
            alone = etree.Element(f"{_W}r")
            dress = run.find(f"{_W}rPr")
            if dress is not None:
                alone.append(etree.fromstring(etree.tostring(dress)))
            part = etree.SubElement(alone, f"{_W}t")
            part.text = piece
            part.set(_SPACE, "preserve")
            run.addprevious(alone)
        paragraph.remove(run)


def _pieces(text: str) -> Iterator[str]:
    """A text cut between the letters of its long words; a mark stays with its letter."""
    place = 0
    for word in _LONG.finditer(text):
        for cut in range(word.start() + 1, word.end()):
            if _may_part(text[cut - 1], text[cut]):
                yield text[place:cut]
                place = cut
    yield text[place:]


def _may_part(left: str, right: str) -> bool:
    """Whether a line may end between two signs: not before a mark, not within a joined sign or a joined script."""
    kinds = unicodedata.category(left)[0] + unicodedata.category(right)[0]
    return kinds[0] in "LMNP" and kinds[1] in "LNP" and unicodedata.bidirectional(right) not in {"R", "AL"}


# ---- space above and below


def _space_out(body: etree._Element, styles: _Styles) -> None:
    """Put the space between two paragraphs into an empty line, where the converter would misplace it."""
    blocks = [child for child in body if child.tag in {f"{_W}p", f"{_W}tbl"}]
    shapes = [styles.shape(block) if block.tag == f"{_W}p" else _Shape() for block in blocks]
    for place, (block, shape) in enumerate(zip(blocks, shapes, strict=True)):
        last = place + 1 == len(blocks)
        following = _Shape() if last else shapes[place + 1]
        ends_held = shape.after > 0 and not shape.keep and place > 0 and shapes[place - 1].keep
        if not (ends_held or following.before or following.line):
            continue
        if shape.after:
            _spaced(block, "after")
        if not last:
            if following.before:
                _spaced(blocks[place + 1], "before")
            if following.line:
                block.addnext(_empty_line(following.line, 0, keep=True))
            block.addnext(_empty_line(1, max(shape.after, following.before), keep=shape.keep))


def _spaced(paragraph: etree._Element, side: str) -> None:
    """Take the space above or below a paragraph away."""
    from docx.text.paragraph import Paragraph

    shape = Paragraph(paragraph, paragraph.getparent()).paragraph_format
    setattr(shape, f"space_{side}", 0)


def _empty_line(height: int, after: int, *, keep: bool) -> etree._Element:
    line = etree.Element(f"{_W}p")
    properties = etree.SubElement(line, f"{_W}pPr")
    if keep:
        etree.SubElement(properties, f"{_W}keepNext")
    values = {"before": "0", "after": str(after), "line": str(height), "lineRule": "exact"}
    etree.SubElement(properties, f"{_W}spacing", {f"{_W}{name}": value for name, value in values.items()})
    etree.SubElement(etree.SubElement(properties, f"{_W}rPr"), f"{_W}sz", {f"{_W}val": "2"})
    return line
