# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter that comes back from a word processor: read without trust, cleaned, its text told paragraph by paragraph.

Whatever could run, be fetched, or hide words from whoever checks them is refused. What only says who wrote and when
goes; tracked changes are accepted, and that is told.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import attrs
from lxml import etree

from forms import unseen
from forms.clean import clean_docx, open_package, write_package
from forms.drawn import DRAFT_MARK, PRACTICE_MARK
from forms.problems import FormError

__all__ = ["Edited", "Paragraph", "read", "with_marks"]

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a letter; most are under fifty thousand."""
MOST_XML: Final = 16 * 1024 * 1024
"""Bytes of its parts once unpacked; those of the longest letter are under two million."""
MOST_PARAGRAPHS: Final = 3000
MOST_CHARACTERS: Final = 1_000_000

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VML: Final = "urn:schemas-microsoft-com:vml"
_OFFICE: Final = "{urn:schemas-microsoft-com:office:office}"
_MACROS: Final = re.compile(r".*(vbaProject|vbaData|macrosheets).*", re.IGNORECASE)
_OBJECTS: Final = re.compile(r"word/(embeddings|activeX|charts|diagrams|ink|afchunk|webextensions)\b.*", re.IGNORECASE)
_PLACES: Final = {
    f"{_W}document": "corps de la lettre",
    f"{_W}hdr": "en-tête",
    f"{_W}ftr": "pied de page",
    f"{_W}footnotes": "notes",
    f"{_W}endnotes": "notes",
}
"""What is printed, by what a part is: it may have any name."""
_FETCHES: Final = re.compile(
    r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|RD|DATABASE|MACROBUTTON|AUTOTEXT|FILLIN|ASK)\b",
    re.IGNORECASE,
)
_LINKS: Final = re.compile(r"\s*HYPERLINK\b", re.IGNORECASE)
_COUNTED: Final = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_LOST: Final = re.compile(
    r"Erreur\s*[!:]\s*(?:Source|Signet|Liaison|Nom)[^.\n]{0,60}|Error! [^.\n]{0,60}|\{\{[^}\n]{0,80}\}?\}?"
    r"|\{%[^}\n]{0,80}%?\}?",
    re.IGNORECASE,
)


@attrs.frozen
class Paragraph:
    """One paragraph and where it stands: « corps de la lettre », « pied de page »."""

    place: str
    text: str


@attrs.frozen(kw_only=True)
class Edited:
    """A letter that came back.

    Args:
        docx: cleaned, without the mark of a draft.
        paragraphs: those with a text, in order.
        links: addresses of links, outside and in fields.
        beside: whatever else is read nowhere on the page but goes along: names of bookmarks and of controls, codes of
            fields, words drawn as a picture, what describes an object.
        broken: fields of the word processor that show nothing, an error, or a tag of a template.
        changes: tracked changes that were accepted.
        comments: that were taken out.
        pictures: it holds.
        hidden: some words are set not to be seen.
    """

    docx: bytes = attrs.field(repr=False)
    paragraphs: tuple[Paragraph, ...] = attrs.field(repr=False)
    links: tuple[str, ...] = attrs.field(default=(), repr=False)
    beside: tuple[str, ...] = attrs.field(default=(), repr=False)
    broken: tuple[str, ...] = attrs.field(default=(), repr=False)
    changes: int = 0
    comments: int = 0
    pictures: int = 0
    hidden: bool = False

    @property
    def shown(self) -> str:
        """What its pages say, a line to a paragraph."""
        return "\n".join(each.text for each in self.paragraphs)

    @property
    def text(self) -> str:
        """Everything that can be read in it, whether its pages show it or not."""
        return "\n".join([self.shown, *self.links, *self.beside])


def _refused(code: str, sentence: str) -> FormError:
    return FormError(code, f"Ce fichier .docx n’est pas repris\u00a0: {sentence} Rien n’a été changé.")


def read(data: bytes, *, title: str) -> Edited:
    """Read and clean a letter.

    Args:
        data: the file as it came.
        title: the only property it keeps; never a person's name.

    Raises:
        FormError: `docx.large`, `docx.macros`, `docx.objects`, `docx.fetches`, `docx.long`, `docx.strict`, or those of
            `clean`.
    """
    if len(data) > LARGEST:
        raise _refused("docx.large", "il dépasse 20\u00a0Mo.")
    parts = open_package(data)
    if sum(len(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))) > MOST_XML:
        raise _refused("docx.long", "il est bien plus long qu’une lettre.")
    _refuse(parts)
    places = {name: place for name, part in parts.items() if (place := _place(name, part))}
    roots = {name: _parsed(parts[name]) for name in places}
    changes = sum(1 for root in roots.values() for _ in root.iter(*(f"{_W}{each}" for each in _TRACKED)))
    cleaned = _without_traces(clean_docx(data, title=title))
    kept = open_package(cleaned)
    broken: list[str] = []
    found: list[Paragraph] = []
    for name in sorted(roots, key=lambda each: (each != "word/document.xml", each)):
        found += [Paragraph(places[name], text) for text in _texts(_parsed(kept[name]), broken) if text]
    if len(found) > MOST_PARAGRAPHS or sum(len(each.text) for each in found) > MOST_CHARACTERS:
        raise _refused("docx.long", "il est bien plus long qu’une lettre.")
    broken += [match[0] for each in found for match in _LOST.finditer(each.text)]
    return Edited(
        docx=cleaned,
        paragraphs=tuple(found),
        links=tuple(dict.fromkeys(_links(kept))),
        beside=tuple(dict.fromkeys(unseen.words(kept))),
        broken=tuple(dict.fromkeys(broken)),
        changes=changes,
        comments=_comments(parts),
        pictures=sum(name.startswith("word/media/") for name in kept),
        hidden=any(each.get(f"{_W}val") not in _OFF for root in roots.values() for each in root.iter(f"{_W}vanish")),
    )


def _place(name: str, part: bytes) -> str:
    """Where on the page a part is printed; nothing for one that is not."""
    return _PLACES.get(str(_parsed(part).tag), "") if name.startswith("word/") and name.endswith(".xml") else ""


_TRACKED: Final = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")
_OFF: Final = frozenset({"0", "false", "off"})


def _refuse(parts: Mapping[str, bytes]) -> None:
    """Refuse what runs, what is fetched, and what holds words nobody would read."""
    if _parsed(parts["word/document.xml"]).tag != f"{_W}document":
        raise _refused(
            "docx.strict", "il est d’un autre format. Enregistrez-le en «\u00a0Document Word (.docx)\u00a0»."
        )
    types = parts["[Content_Types].xml"]
    if any(_MACROS.fullmatch(name) for name in parts) or b"macroEnabled" in types:
        raise _refused("docx.macros", "il contient des macros. Enregistrez-le en «\u00a0Document Word (.docx)\u00a0».")
    if any(_OBJECTS.fullmatch(name) for name in parts):
        raise _refused("docx.objects", "il contient un tableau, un schéma ou un objet incorporé qui ne peut être relu.")
    for name, part in parts.items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        if b"altChunk" in part or b"subDoc" in part:
            raise _refused("docx.objects", "il contient un autre document.")
        if b"instrText" in part or b"fldSimple" in part:
            _refuse_fetching(_parsed(part))


def _refuse_fetching(root: etree._Element) -> None:
    if any(_FETCHES.match(each) for each in _codes(root)):
        raise _refused("docx.fetches", "un de ses champs va chercher un fichier ailleurs ou lance une commande.")


def _codes(root: etree._Element) -> Iterator[str]:
    """What the fields of a part do. A code may be cut over several runs: all of a paragraph are read together."""
    for each in root.iter(f"{_W}fldSimple"):
        yield str(each.get(f"{_W}instr", ""))
    for paragraph in root.iter(f"{_W}p"):
        code = ""
        for each in paragraph.iter(f"{_W}fldChar", f"{_W}instrText"):
            if each.tag == f"{_W}instrText":
                code += each.text or ""
            else:
                yield code
                code = ""
        yield code


def _parsed(part: bytes) -> etree._Element:
    try:
        return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError:
        raise _refused("docx.broken", "une de ses parties est abîmée.") from None


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _comments(parts: Mapping[str, bytes]) -> int:
    part = parts.get("word/comments.xml")
    return sum(1 for _ in _parsed(part).iter(f"{_W}comment")) if part is not None else 0


def _links(parts: Mapping[str, bytes]) -> Iterator[str]:
    for name in sorted(parts):
        if name.startswith("word/_rels/"):
            for each in _parsed(parts[name]):
                if each.get("TargetMode") == "External":
                    yield from unseen.spelled(each.get("Target", ""))
        elif _place(name, parts[name]):
            for code in _codes(_parsed(parts[name])):
                if _LINKS.match(code):
                    yield from unseen.spelled(code)


# ---- text


def _texts(root: etree._Element, broken: list[str]) -> Iterator[str]:
    """The text of each paragraph; numbers of pages, which each program counts anew, are left out."""
    pieces: dict[etree._Element, list[str]] = {each: [] for each in root.iter(f"{_W}p")}
    fields: list[list[str]] = []  # code, and « shown » once its result begins
    for each in root.iter():
        if not isinstance(each.tag, str):
            continue
        name = etree.QName(each).localname
        if name == "fldChar":
            _step(each.get(f"{_W}fldCharType", ""), fields, broken)
        elif name == "instrText" and fields:
            fields[-1][0] += each.text or ""
        elif name in _SIGNS or name == "t":
            text = _SIGNS.get(name) or each.text or ""
            counted = text.strip().isdigit() and (
                any(_COUNTED.match(code) and shown for code, shown in fields) or _in_counted(each)
            )
            owner = None if counted else _owner(each)
            if owner is not None:
                pieces[owner].append(text)
    broken += [code.strip() or "champ sans fin" for code, _ in fields]
    for lines in pieces.values():
        yield "".join(lines).strip()


_SIGNS: Final = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}


def _step(kind: str, fields: list[list[str]], broken: list[str]) -> None:
    if kind == "begin":
        fields.append(["", ""])
    elif not fields:
        broken.append("champ sans début")
    elif kind == "separate":
        fields[-1][1] = "shown"
    elif kind == "end":
        fields.pop()


def _in_counted(element: etree._Element) -> bool:
    return any(_COUNTED.match(each.get(f"{_W}instr", "")) for each in element.iterancestors(f"{_W}fldSimple"))


def _owner(element: etree._Element) -> etree._Element | None:
    """The paragraph something stands in; none for tab stops."""
    for each in element.iterancestors(f"{_W}p", f"{_W}pPr"):
        return each if each.tag == f"{_W}p" else None
    return None


# ---- marks and traces


def _without_traces(docx: bytes) -> bytes:
    """Without the mark of a draft, and without the file names and descriptions of pictures."""
    parts = open_package(docx)
    for name, part in parts.items():
        if not (name.startswith("word/") and name.endswith(".xml")):
            continue
        root = _parsed(part)
        for each in root.iter():
            if isinstance(each.tag, str):
                _undescribed(each)
        if root.tag in _PLACES:
            for paragraph in root.iter(f"{_W}p"):
                if _plain(paragraph) == DRAFT_MARK:
                    for text in paragraph.iter(f"{_W}t"):
                        text.text = ""
        parts[name] = _written(root)
    return write_package(parts)


def _undescribed(element: etree._Element) -> None:
    """A word processor names a picture after its file, and keeps what somebody wrote of it for who cannot see it."""
    kind = etree.QName(element)
    if kind.localname in ("docPr", "cNvPr"):
        for attribute in ("descr", "title"):
            element.attrib.pop(attribute, None)
        element.set("name", "image")
    elif kind.namespace == _VML:
        for attribute in ("alt", "title", f"{_OFFICE}title"):
            element.attrib.pop(attribute, None)


def _plain(paragraph: etree._Element) -> str:
    return "".join(each.text or "" for each in paragraph.iter(f"{_W}t")).strip()


def with_marks(docx: bytes, *, draft: bool, practice: bool) -> bytes:
    """A letter marked as a draft and as an exercise on each page that has a header, on its first page at least.

    Args:
        docx: what `read` cleaned.
        draft: « BROUILLON » is written at the head.
        practice: so is the mark of an exercise, unless it still stands where the program wrote it.
    """
    parts = open_package(docx)
    wanted = [DRAFT_MARK] if draft else []
    if practice and not _says(parts, PRACTICE_MARK):
        wanted.append(PRACTICE_MARK)
    if not wanted:
        return docx
    document = _parsed(parts["word/document.xml"])
    headers = [name for name in parts if re.fullmatch(r"word/header\d*\.xml", name)]
    if not headers or document.find(f".//{_W}headerReference") is None:
        headers = ["word/document.xml"]
    for name in headers:
        root = document if name == "word/document.xml" else _parsed(parts[name])
        into = root.find(f"{_W}body") if name == "word/document.xml" else root
        for mark in reversed(wanted):
            assert into is not None
            into.insert(0, _mark(mark))
        parts[name] = _written(root)
    return write_package(parts)


def _says(parts: Mapping[str, bytes], mark: str) -> bool:
    feet = [part for name, part in parts.items() if re.fullmatch(r"word/(header|footer)\d*\.xml", name)]
    return any(mark in _plain(each) for part in feet for each in _parsed(part).iter(f"{_W}p"))


def _mark(text: str) -> etree._Element:
    made = etree.Element(f"{_W}p")
    shape = etree.SubElement(made, f"{_W}pPr")
    etree.SubElement(shape, f"{_W}jc", {f"{_W}val": "center"})
    run = etree.SubElement(made, f"{_W}r")
    dress = etree.SubElement(run, f"{_W}rPr")
    etree.SubElement(dress, f"{_W}b")
    etree.SubElement(dress, f"{_W}sz", {f"{_W}val": "28"})
    etree.SubElement(run, f"{_W}t").text = text
    return made
