# SPDX-License-Identifier: GPL-3.0-or-later
"""What a `.docx` says besides the paragraphs of its pages: somebody may be named there whom no page shows.

Every part is read: codes of fields, words drawn as a picture, what describes a table or an object, names of bookmarks,
of controls and of their choices, labels of lists, names of styles and of files.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from lxml import etree

__all__ = ["spelled", "words"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SAID: Final = frozenset(
    {
        *("alt", "altText", "title", "descr", "description", "string", "caption", "tooltip", "href", "src", "instr"),
        *("displayText", "value", "anchor", "docLocation", "tgtFrame", "name", "subject", "author", "initials"),
        *("userId", "providerId", "lastValue", "prefixMappings", "xpath", "tag", "label", "hlinkHref"),
    }
)
"""Attributes that hold words of somebody, on whatever element."""
_NAMED: Final = frozenset({"alias", "tag", "title", "name", "aliases", "tblCaption", "tblDescription", "lvlText"})
"""Elements whose value is such words."""
_NAMED_TOO: Final = frozenset(
    {"helpText", "statusText", "default", "listEntry", "docPart", "docPartCategory", "docVar"}
)
_BUILT_IN: Final = re.compile(
    r"(word|docProps|_rels|\[Content_Types\]|customXml)|(document|styles|settings|webSettings|fontTable|numbering"
    r"|footnotes|endnotes|theme|header|footer|image|core|item|itemProps)\d*"
)
"""Names of parts that every word processor gives."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"[^\W_]+")
_HUMP: Final = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


def words(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Whatever is said in parts that were parsed already without harm, as it stands and as one would spell it."""
    for name in sorted(parts):
        for step in PurePosixPath(name).parts:
            if not _BUILT_IN.fullmatch(step.partition(".")[0]):
                yield from spelled(step.partition(".")[0])
        if name.endswith(".xml") and name.startswith("word/"):
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            for text in _in_part(etree.fromstring(parts[name], parser)):
                yield from spelled(text)


def spelled(text: str) -> Iterator[str]:
    """A text as it stands, then with its words apart where it joins them: « zoe%20dupont », « ZoeDupont »."""
    if _LETTER.search(text):
        yield text
        apart = " ".join(_WORD.findall(_HUMP.sub(" ", unquote(text))))
        if apart != " ".join(_WORD.findall(text)):
            yield apart


def _in_part(root: etree._Element) -> Iterator[str]:
    texts: dict[etree._Element, list[str]] = {}
    for each in root.iter():
        if not isinstance(each.tag, str):
            yield each.text or ""  # a comment of the file itself
            continue
        kind = etree.QName(each).localname
        if kind in ("lsdException", "font", "compatSetting"):
            continue  # names of styles, of letters and of settings that every word processor knows
        if each.tag != f"{_W}style" or each.get(f"{_W}customStyle"):
            yield from _attributes(each, kind)
        if each.text and not _is_shown(each):
            texts.setdefault(_holder(each), []).append(each.text)
        if each.tail and _LETTER.search(each.tail):
            yield each.tail
    for pieces in texts.values():
        yield "".join(pieces)


def _attributes(element: etree._Element, kind: str) -> Iterator[str]:
    known = element.getparent()
    if known is not None and known.tag == f"{_W}style" and not known.get(f"{_W}customStyle"):
        return
    for name, value in element.attrib.items():
        local = str(name).rpartition("}")[2]
        vml = local == "id" and str(element.tag).startswith("{urn:schemas-microsoft-com:")
        said = local in _SAID or vml or (local == "val" and kind in _NAMED | _NAMED_TOO)
        if said or (local == "styleId" and element.get(f"{_W}customStyle")):
            yield str(value)


def _is_shown(element: etree._Element) -> bool:
    """Text of a paragraph of the page, which is read there."""
    holder = next(element.iterancestors(f"{_W}p", f"{_W}pPr"), None)
    return element.tag == f"{_W}t" and holder is not None and holder.tag == f"{_W}p"


def _holder(element: etree._Element) -> etree._Element:
    """What is cut over several runs is read together."""
    for each in element.iterancestors():
        if isinstance(each.tag, str) and etree.QName(each).localname in ("p", "oMath", "txPr"):
            return each
    return element
