# SPDX-License-Identifier: GPL-3.0-or-later
"""Arabic, Persian, Pashto, Urdu and Sorani words inside a letter: set the right way, and found again in the PDF.

Two things are asked of a name in its own script: that it is read right on paper, and that a search for it finds it.
The first is a matter of marks in the `.docx` (which words run from right to left, which paragraphs do). The second is
not: the converter writes shapes into the PDF, a letter may be drawn as a skeleton and dots, and nothing says which
letters they were. So each such word goes to the converter inside a link that carries its number; the links come back
with the place of each word, are taken away, and the word's shapes get the codes of its letters (`letter_words`).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from forms.clean import Parts

__all__ = ["ADDRESS", "LEFT_MARK", "mark_directions", "set_directions", "with_links"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
ADDRESS: Final = "word:"
"""What the link of a word begins with; its number follows."""
_TEXT_PART: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")

_IS_RIGHT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ETHIOPIC: Final = re.compile("[\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f]")
_MIRRORED: Final = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_PAIRS: Final = {")": "(", "]": "[", "}": "{", "»": "«", "›": "‹"}
_STRONG: Final = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}
_MARKED_PARAGRAPHS: Final = etree.XPath(
    "//w:p[w:r/w:rPr/w:rtl or w:pPr/w:bidi]", namespaces={"w": _W.strip("{}")}, smart_strings=False
)
LEFT_MARK: Final = "\u200e"
"""Put after a word so that a number following it stays behind it."""
_ARABIC_FONT: Final = "Noto Sans Arabic"
_ETHIOPIC_FONT: Final = "Noto Sans Ethiopic"
# Where a child of <w:rPr> goes, in the order of the format's schema.
_RTL_BEFORE: Final = frozenset({"cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath"})
_BIDI_AFTER: Final = frozenset(
    {
        *(
            "pStyle",
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "framePr",
            "widowControl",
            "numPr",
            "pBdr",
            "shd",
            "tabs",
        ),
        *("suppressLineNumbers", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct"),
        *("autoSpaceDE", "autoSpaceDN"),
    }
)


def set_directions(parts: Parts) -> Parts:
    """Mark the right-to-left words and paragraphs of a `.docx`, so that every word processor sets them right."""
    marked = dict(parts)
    for name, part in parts.items():
        if _TEXT_PART.fullmatch(name) and _needs_work(part):
            root = etree.fromstring(part)
            for paragraph in root.iter(f"{_W}p"):
                _direct(paragraph)
            marked[name] = _bytes(root)
    return marked


def _needs_work(part: bytes) -> bool:
    text = part.decode("utf-8", "replace")
    return bool(_IS_RIGHT.search(text) or _ETHIOPIC.search(text) or "&#" in text)


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _direct(paragraph: etree._Element) -> None:
    runs = [run for run in paragraph.iter(f"{_W}r") if run.find(f"{_W}t") is not None]
    text = "".join(part.text or "" for run in runs for part in run.iter(f"{_W}t"))
    if _reads_right(text):
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            properties = etree.Element(f"{_W}pPr")
            paragraph.insert(0, properties)
        if properties.find(f"{_W}bidi") is None:
            place = sum(etree.QName(child).localname in _BIDI_AFTER for child in properties)
            properties.insert(place, etree.Element(f"{_W}bidi"))
    for run in runs:
        for part in list(run.iter(f"{_W}t")):
            _split(run, part)


def _reads_right(text: str) -> bool:
    """The direction of a paragraph is that of its first letter (Unicode Bidirectional Algorithm, P2)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """A text in stretches of one kind: `rtl`, `ethiopic` or `plain`."""
    place = 0
    for start, end in _stretches(text):
        yield from _pieces_left(text[place:start])
        yield "rtl", text[start:end]
        place = end
    yield from _pieces_left(text[place:])


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """From each first to last right-to-left letter with no left-to-right letter between, closing brackets included."""
    kinds = [unicodedata.bidirectional(character) for character in text]
    place = 0
    while place < len(text):
        if kinds[place] not in {"R", "AL"}:
            place += 1
            continue
        start = place
        end = next((index for index in range(start, len(text)) if kinds[index] == "L"), len(text))
        last = max(index for index in range(start, end) if kinds[index] in {"R", "AL", "AN"}) + 1
        while last < end and (kinds[last] == "NSM" or _closes(text, start, last)):
            last += 1
        yield start, last
        place = end


def _closes(text: str, start: int, place: int) -> bool:
    """Whether the character closes a bracket opened inside the stretch (Unicode Bidirectional Algorithm, N0)."""
    opening = _PAIRS.get(text[place])
    return opening is not None and text.count(opening, start, place) > text.count(text[place], start, place)


def _pieces_left(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    for found in re.finditer(f"{_ETHIOPIC.pattern}(?:.*{_ETHIOPIC.pattern})?", text):
        if found.start() > place:
            yield "plain", text[place : found.start()]
        yield "ethiopic", found[0]
        place = found.end()
    if place < len(text):
        yield "plain", text[place:]


def _split(run: etree._Element, part: etree._Element) -> None:
    """Give the stretches of one text of a run their own runs, when it holds more than plain words.

    What follows the text stays in the run, in which the caller goes on.
    """
    pieces = list(_pieces(part.text or ""))
    if all(kind == "plain" for kind, _ in pieces):
        return
    parent = _parent(run)
    before = _emptied(run)
    for child in [child for child in run if child.tag != f"{_W}rPr"]:
        if child is part:
            run.remove(child)
            break
        before.append(child)
    made = [before] if _has_content(before) else []
    made += [_run(run, text, kind) for kind, text in pieces]
    place = parent.index(run)
    for offset, element in enumerate(made):
        parent.insert(place + offset, element)
    if not _has_content(run):
        parent.remove(run)


def _has_content(run: etree._Element) -> bool:
    return any(child.tag != f"{_W}rPr" for child in run)


def _emptied(run: etree._Element) -> etree._Element:
    made = etree.Element(f"{_W}r", nsmap=run.nsmap)
    properties = run.find(f"{_W}rPr")
    if properties is not None:
        made.append(etree.fromstring(etree.tostring(properties)))
    return made


def _run(model: etree._Element, text: str, kind: str) -> etree._Element:
    made = _emptied(model)
    if kind != "plain":
        _dress(made, kind)
    content = etree.SubElement(made, f"{_W}t")
    content.text = text
    content.set(_SPACE, "preserve")
    return made


def _dress(run: etree._Element, kind: str) -> None:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        properties = etree.Element(f"{_W}rPr")
        run.insert(0, properties)
    fonts = properties.find(f"{_W}rFonts")
    if fonts is None:
        fonts = etree.Element(f"{_W}rFonts")
        properties.insert(1 if properties.find(f"{_W}rStyle") is not None else 0, fonts)
    family = _ARABIC_FONT if kind == "rtl" else _ETHIOPIC_FONT
    for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(f"{_W}{slot}", family)
    if kind == "rtl" and properties.find(f"{_W}rtl") is None:
        late = [index for index, child in enumerate(properties) if etree.QName(child).localname in _RTL_BEFORE]
        properties.insert(late[0] if late else len(properties), etree.Element(f"{_W}rtl"))


# ---- the copy that goes to the converter


def mark_directions(parts: Parts) -> tuple[Parts, tuple[str, ...]]:
    """A copy for the converter in which each right-to-left word is a numbered link.

    Brackets are turned round in it, because the converter does not; the words handed back keep theirs.

    Returns:
        the copy, and the words by number.
    """
    parts = dict(parts)
    words: list[str] = []
    for name in list(parts):
        if not _TEXT_PART.fullmatch(name) or b"rtl" not in parts[name]:
            continue
        root = etree.fromstring(parts[name])
        start = len(words)
        for paragraph in _MARKED_PARAGRAPHS(root):
            _mark(paragraph, words)
        if len(words) > start:
            folder, _, file = name.rpartition("/")
            rels = f"{folder}/_rels/{file}.rels"
            numbers = range(start, len(words))
            parts[rels] = with_links(parts.get(rels), {f"rIdWord{number}": f"{ADDRESS}{number}" for number in numbers})
            parts[name] = _bytes(root)
    return parts, tuple(words)


def with_links(part: bytes | None, links: Mapping[str, str]) -> bytes:
    """The relations of a part with some links more, by their ids."""
    root = etree.fromstring(part) if part else etree.Element(f"{{{_RELS}}}Relationships", nsmap={None: _RELS})
    for name, address in links.items():
        etree.SubElement(root, f"{{{_RELS}}}Relationship", Id=name, Type=_LINK, Target=address, TargetMode="External")
    return _bytes(root)


def _mark(paragraph: etree._Element, words: list[str]) -> None:
    runs = [run for run in paragraph.findall(f"{_W}r") if _is_text(run)]
    texts = ["".join(part.text or "" for part in run.iter(f"{_W}t")) for run in runs]
    right = _paragraph_is_right(paragraph)
    drawn = _mirrored("".join(texts)) if right else ""
    place = 0
    for run, text in zip(runs, texts, strict=True):
        is_rtl = run.find(f"{_W}rPr/{_W}rtl") is not None
        if right:
            _number(run, text, drawn[place : place + len(text)], words)
        elif is_rtl:
            _number(run, text, text.translate(_MIRRORED), words)
        place += len(text)


def _is_text(run: etree._Element) -> bool:
    """Whether a run holds words and nothing else: no tab, no picture, no field."""
    return all(child.tag in {f"{_W}rPr", f"{_W}t"} for child in run) and run.find(f"{_W}t") is not None


def _mirrored(text: str) -> str:
    """A right-to-left paragraph with its brackets turned round, save between two Latin words (rules N0 to N2)."""
    kinds = [_STRONG.get(unicodedata.bidirectional(character)) for character in text]
    made = []
    for place, character in enumerate(text):
        before = next((kind for kind in reversed(kinds[:place]) if kind), "R")
        after = next((kind for kind in kinds[place + 1 :] if kind), "R")
        made.append(character if before == after == "L" else character.translate(_MIRRORED))
    return "".join(made)


def _number(run: etree._Element, text: str, drawn: str, words: list[str]) -> None:
    """Put a link around each right-to-left word of a run."""
    parent = _parent(run)
    lead = text != "" and not _paragraph_is_right(parent) and _number_follows(run)
    made = []
    for found in re.finditer(r"\s+|\S+", text):
        shown = drawn[found.start() : found.end()]
        inner = _run(run, shown, "plain")
        if _IS_RIGHT.search(shown):
            made.append(_link(inner, len(words)))
            words.append(found[0])
        else:
            made.append(inner)
    if lead:
        made.append(_run_without_rtl(run, LEFT_MARK))  # taken out of the PDF again
    place = parent.index(run)
    parent.remove(run)
    for offset, element in enumerate(made):
        parent.insert(place + offset, element)


def _link(run: etree._Element, number: int) -> etree._Element:
    link = etree.Element(f"{_W}hyperlink")
    link.set(f"{_R}id", f"rIdWord{number}")
    link.append(run)
    return link


def _run_without_rtl(model: etree._Element, text: str) -> etree._Element:
    made = _run(model, text, "plain")
    for mark in list(made.iter(f"{_W}rtl")):
        _parent(mark).remove(mark)
    return made


def _number_follows(run: etree._Element) -> bool:
    """Whether the next letter or digit of the paragraph is a digit: drawn before an Arabic word otherwise."""
    for following in run.itersiblings():
        for part in following.iter(f"{_W}t"):
            for character in part.text or "":
                kind = unicodedata.bidirectional(character)
                if kind in {"L", "R", "AL", "EN", "AN"}:
                    return kind == "EN"
    return False


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent


def _paragraph_is_right(paragraph: etree._Element) -> bool:
    mark = paragraph.find(f"{_W}pPr/{_W}bidi")
    return mark is not None and mark.get(f"{_W}val", "1") not in {"0", "false", "off"}
