# SPDX-License-Identifier: GPL-3.0-or-later
"""« Ce document contient… »: what a `.docx` or a PDF says besides what it shows, told before it leaves.

Only kinds of things are told, never what they say: a remark of this module can be shown, kept and logged.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from forms.clean import open_package
from forms.problems import FormError

if TYPE_CHECKING:
    import pikepdf

__all__ = ["Contained", "of_docx", "of_pdf"]

Contained = tuple[tuple[str, str], ...]
"""Category and French sentence, in the order of `SENTENCES`."""

SENTENCES: Final = {
    "unread": "Le fichier n’a pas pu être examiné\u00a0: il est abîmé, protégé, ou va chercher quelque chose ailleurs.",
    "author": "Il nomme qui l’a écrit, modifié ou commenté, ou une organisation.",
    "date": "Il dit quand il a été écrit, modifié ou imprimé.",
    "software": "Il dit avec quel logiciel il a été fait.",
    "template": "Il nomme le modèle dont il vient.",
    "path": "Il contient le chemin d’un fichier ou d’un dossier d’un ordinateur.",
    "comment": "Il contient des commentaires ou des annotations.",
    "change": "Il contient des mots supprimés ou ajoutés en suivi des modifications.",
    "hidden": "Il contient du texte caché ou des calques que l’on peut ne pas voir.",
    "embedded": "Il contient d’autres fichiers.",
    "program": "Il contient un programme, des macros ou une action automatique.",
    "picture": "Une de ses images porte des métadonnées\u00a0: appareil, date, lieu ou logiciel.",
    "history": "Il garde des traces de ses versions précédentes, ou qui relient deux fichiers à une même machine.",
    "property": "Il porte des propriétés ou des données ajoutées, comme un sujet ou des mots-clés.",
}

_PATH: Final = re.compile(
    r"(?:\b[A-Za-z]:\\[\w .-]|\\\\[\w.-]+\\[\w.$-]|/(?:home|Users|root|tmp|var|mnt|media|private)/[\w.-]|\bfile:/)"
)
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""What a .docx says when it says no date."""


def _told(found: Iterable[str]) -> Contained:
    known = set(found)
    return tuple((code, sentence) for code, sentence in SENTENCES.items() if code in known)


def _has_path(text: str) -> bool:
    return _PATH.search(text) is not None


def of_docx(data: bytes) -> Contained:
    """What a `.docx` says besides its text; `unread` when it cannot be examined, never nothing by mistake."""
    try:
        parts = open_package(data)
        found = {code for name, part in parts.items() for code in _part(name, part)}
    except (FormError, etree.XMLSyntaxError):
        return _told(["unread"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.comment or any(info.date_time != _EARLIEST for info in archive.infolist()):
            found.add("date" if not archive.comment else "property")
    return _told(found)


_DOCX_PARTS: Final = (
    (re.compile(r"word/(comments|commentsIds|commentsExtended|commentsExtensible)\w*\.xml"), "comment"),
    (re.compile(r"word/people\w*\.xml"), "author"),
    (re.compile(r"word/(embeddings|glossary)/.*"), "embedded"),
    (re.compile(r"word/activeX/.*|.*vbaProject.*|word/vbaData\.xml"), "program"),
    (re.compile(r"customXml/.*|docProps/custom\.xml|word/printerSettings/.*"), "property"),
    (re.compile(r"docProps/thumbnail.*"), "embedded"),
    (re.compile(r"_xmlsignatures/.*"), "author"),
)
_CORE: Final = {
    **dict.fromkeys(("creator", "lastModifiedBy", "contentStatus"), "author"),
    **dict.fromkeys(("created", "modified", "lastPrinted"), "date"),
    **dict.fromkeys(("description", "subject", "keywords", "category", "identifier", "version"), "property"),
    "revision": "history",
}
_APP: Final = {
    **dict.fromkeys(("Application", "AppVersion"), "software"),
    **dict.fromkeys(("Company", "Manager"), "author"),
    "Template": "template",
    "TotalTime": "history",
    "HyperlinkBase": "path",
}
_WORD: Final = {
    **dict.fromkeys(("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "cellIns", "cellDel"), "change"),
    **dict.fromkeys(("rsid", "rsids", "docId"), "history"),
    **dict.fromkeys(("commentReference", "commentRangeStart"), "comment"),
    **dict.fromkeys(("docVars", "mailMerge"), "property"),
    "attachedTemplate": "template",
    "vanish": "hidden",
}


def _part(name: str, part: bytes) -> Iterator[str]:
    yield from (code for pattern, code in _DOCX_PARTS if pattern.fullmatch(name))
    if name.startswith("word/media/"):
        if _picture_says(part):
            yield "picture"
        return
    if not name.endswith((".xml", ".rels")):
        return
    root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    if _has_path(part.decode("utf-8", "replace")):
        yield "path"
    known = {"docProps/core.xml": _CORE, "docProps/app.xml": _APP}.get(name)
    if known is not None:
        yield from (
            known[tag]
            for element, tag in _named(root)
            if tag in known and (element.text or "").strip() not in ("", "0")
        )
    elif name.startswith("word/"):
        yield from _words(root)


def _words(root: etree._Element) -> Iterator[str]:
    for element, tag in _named(root):
        if tag in _WORD and (tag != "vanish" or _is_on(element)):
            yield _WORD[tag]
        for key in element.attrib:
            local = str(key).rpartition("}")[2]
            if local.startswith("rsid") or local in ("paraId", "textId"):
                yield "history"
            elif local in ("author", "initials") and element.get(key):
                yield "author"


def _named(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    return ((each, etree.QName(each).localname) for each in root.iter() if isinstance(each.tag, str))


def _is_on(element: etree._Element) -> bool:
    value = next((each for key, each in element.attrib.items() if str(key).endswith("}val")), "1")
    return value not in ("0", "false", "off")


def _picture_says(data: bytes) -> bool:
    """Whether a JPEG or a PNG holds more than pixels; a picture that cannot be read may hold anything."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as picture:
            said = set(picture.info) & {
                "exif",
                "xmp",
                "XML:com.adobe.xmp",
                "comment",
                "photoshop",
                "Raw profile type exif",
            }
            return bool(said or getattr(picture, "text", None))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return True


def of_pdf(data: bytes) -> Contained:
    """What a PDF says besides its pages; `unread` when it cannot be examined, never nothing by mistake."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            found = {*_information(pdf), *_structure(pdf), *_objects(pdf)}
            if data.count(b"startxref") > (2 if pdf.is_linearized else 1):
                found.add("history")
            return _told(found)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError, etree.XMLSyntaxError):
        return _told(["unread"])


_INFO: Final = {
    **dict.fromkeys(("/Author", "/Company", "/Manager"), "author"),
    **dict.fromkeys(("/Creator", "/Producer"), "software"),
    **dict.fromkeys(("/CreationDate", "/ModDate", "/SourceModified"), "date"),
    "/Title": "",  # what the window of a reader shows; a path in it is looked for all the same
    "/Trapped": "",
}
_XMP: Final = {
    **dict.fromkeys(("creator", "Author", "rights", "Authors", "LastModifiedBy"), "author"),
    **dict.fromkeys(("CreatorTool", "Producer", "producer", "softwareAgent"), "software"),
    **dict.fromkeys(("CreateDate", "ModifyDate", "MetadataDate", "date", "when"), "date"),
    **dict.fromkeys(("DocumentID", "InstanceID", "OriginalDocumentID", "History", "DerivedFrom"), "history"),
    **dict.fromkeys(("subject", "description", "Keywords"), "property"),
}


def _information(pdf: "pikepdf.Pdf") -> Iterator[str]:
    if "/Info" in pdf.trailer:
        for key, value in pdf.trailer.Info.items():
            if str(value).strip():
                yield _INFO.get(key, "property")
    if "/Metadata" in pdf.Root:
        yield from _xmp(pdf.Root.Metadata)


def _xmp(stream: "pikepdf.Object") -> Iterator[str]:
    raw = stream.read_bytes()
    if _has_path(raw.decode("utf-8", "replace")):
        yield "path"
    root = etree.fromstring(raw.strip(), etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    if root is None:
        yield "property"
        return
    for element, tag in _named(root):
        yield from (
            _XMP[name] for name in (tag, *(str(key).rpartition("}")[2] for key in element.attrib)) if name in _XMP
        )


def _structure(pdf: "pikepdf.Pdf") -> Iterator[str]:
    root = pdf.Root
    names: Any = root.get("/Names", {})
    where = {
        "embedded": "/AF" in root or "/EmbeddedFiles" in names,
        "program": "/OpenAction" in root or "/AA" in root or "/JavaScript" in names,
        "hidden": "/OCProperties" in root,
        "history": "/PieceInfo" in root or any("/PieceInfo" in page.obj for page in pdf.pages),
        "picture": any("/Thumb" in page.obj for page in pdf.pages),
        "date": any("/LastModified" in page.obj for page in pdf.pages),
    }
    yield from (code for code, there in where.items() if there)
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        if contents is not None and _writes_unseen(page.obj):
            yield "hidden"


_UNSEEN: Final = re.compile(rb"(?<![\d.])3\s+Tr\b")
"""Text in rendering mode 3 is searched and copied, and never drawn: what a scanner read lies there."""
_LINKS: Final = ("/Link", "/Widget")


def _writes_unseen(page: "pikepdf.Object") -> bool:
    import pikepdf

    contents = page["/Contents"]
    streams = list(contents.as_list()) if isinstance(contents, pikepdf.Array) else [contents]
    return any(isinstance(each, pikepdf.Stream) and _UNSEEN.search(each.read_bytes()) for each in streams)


def _objects(pdf: "pikepdf.Pdf") -> Iterator[str]:
    """What stands in the objects themselves: marks on the pages, attached files, pictures, paths."""
    import pikepdf

    for each in pdf.objects:
        if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            continue
        subtype, kind = str(each.get("/Subtype", "")), str(each.get("/Type", ""))
        if kind == "/Annot" or ("/Rect" in each and subtype):
            yield from _annotation(each, subtype)
        if kind == "/EmbeddedFile" or (kind == "/Filespec" and "/EF" in each):
            yield "embedded"
        if "/AA" in each or any(_runs(action) for action in (each, each.get("/A"))):
            yield "program"
        if isinstance(each, pikepdf.Stream):
            yield from _stream(each, subtype, kind)
        if any(_has_path(text) for text in _texts(each, 4)):
            yield "path"


def _runs(action: "pikepdf.Object | None") -> bool:
    import pikepdf

    known = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm")
    return isinstance(action, pikepdf.Dictionary | pikepdf.Stream) and str(action.get("/S", "")) in known


def _annotation(each: "pikepdf.Object", subtype: str) -> Iterator[str]:
    if subtype == "/FileAttachment":
        yield "embedded"
    elif subtype not in _LINKS:
        yield "comment"
        if str(each.get("/T", "")).strip():
            yield "author"


def _stream(each: "pikepdf.Object", subtype: str, kind: str) -> Iterator[str]:
    if subtype == "/Image":
        filters = str(each.get("/Filter", ""))
        if filters == "/DCTDecode" and _picture_says(each.read_raw_bytes()):
            yield "picture"
        if "/Metadata" in each:
            yield "picture"
    elif subtype == "/Form" and _UNSEEN.search(each.read_bytes()):
        yield "hidden"
    elif kind == "/Metadata":
        yield from _xmp(each)


def _texts(each: "pikepdf.Object", depth: int) -> Iterator[str]:
    """The strings of an object and of what stands in it directly."""
    import pikepdf

    if isinstance(each, pikepdf.String):
        yield str(each)
    elif depth and isinstance(each, pikepdf.Array):
        for inner in each.as_list():
            if not inner.is_indirect if isinstance(inner, pikepdf.Object) else False:
                yield from _texts(inner, depth - 1)
    elif depth and isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        for _, inner in each.items():
            if isinstance(inner, pikepdf.Object) and not inner.is_indirect:
                yield from _texts(inner, depth - 1)
