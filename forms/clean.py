# SPDX-License-Identifier: GPL-3.0-or-later
"""What a `.docx` or a PDF must not carry when it leaves: who wrote it, when, with what, and what was changed.

Office files and PDFs remember the author of their template, revision identifiers that tie two files to one machine,
comments, deleted words, the camera of a picture. A document is rebuilt from the parts it needs, with fixed dates, so
that equal content gives equal bytes.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from lxml import etree

from forms.problems import FormError

if TYPE_CHECKING:
    import pikepdf

__all__ = ["Parts", "clean_docx", "clean_parts", "clean_pdf", "open_package", "write_package"]

_LARGEST: Final = 64 * 1024 * 1024
_RATIO: Final = 100
"""Beyond this, what is announced is a bomb: text shrinks 10 to 30 times."""
_ENTRIES: Final = 2000

_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an encrypted `.docx` and an old `.doc` begin: neither is an archive."""

_CONTENT_TYPES: Final = "[Content_Types].xml"
_CORE: Final = "docProps/core.xml"
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_CORE_TYPE: Final = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION: Final = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"

# What a letter is made of; anything else a program put beside it goes.
_KEPT: Final = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|word/.*\.(xml|rels)|word/media/.*")
# Parts that hold persons, machines, history or programs.
_DROPPED: Final = re.compile(
    r"docProps/.*|word/(comments|people|commentsIds|commentsExtended|commentsExtensible)\w*\.xml"
    r"|word/_rels/comments.*|customXml/.*|word/(printerSettings|activeX|embeddings|glossary)/.*|.*vbaProject.*"
    r"|word/(vbaData|tasks|intelligence\d*)\.xml|word/documenttasks/.*|_xmlsignatures/.*|.*\.DS_Store|__MACOSX/.*"
)
_DROPPED_ROOTS: Final = frozenset({"comments", "commentsEx", "commentsIds", "people", "glossaryDocument"})
"""The same, by what a part is: it may have any name."""
_DROPPED_SETTINGS: Final = frozenset(
    {
        *("rsids", "attachedTemplate", "docVars", "trackRevisions", "mailMerge", "proofState", "documentType"),
        *("saveThroughXslt", "activeWritingStyle", "revisionView", "stylePaneFormatFilter"),
        *("stylePaneSortMethod", "embedTrueTypeFonts", "embedSystemFonts", "saveSubsetFonts"),
    }
)
_DROPPED_TAGS: Final = frozenset(
    {
        *("rsid", "nsid", "tmpl"),
        *("del", "moveFrom", "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef"),
        *("proofErr", "permStart", "permEnd", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange"),
        *("tblGridChange", "tcPrChange", "trPrChange", "tblPrExChange", "numberingChange"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
        *("lastRenderedPageBreak", "cellIns", "cellDel", "cellMerge"),
        *("embedRegular", "embedBold", "embedItalic", "embedBoldItalic"),
    }
)
_UNWRAPPED_TAGS: Final = frozenset(
    {
        *("ins", "moveTo", "smartTag", "customXml"),
    }
)
_FIXED: Final = (1980, 1, 1, 0, 0, 0)
_PICTURES: Final = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}


Parts = dict[str, bytes]
"""The parts of a `.docx` by their names."""


def _broken(code: str, reason: str) -> FormError:
    return FormError(code, f"Le fichier .docx ne peut pas être utilisé\u00a0: {reason}.")


def open_package(data: bytes) -> Parts:
    """Read the parts of a `.docx`, refusing what could hurt the machine or send a signal out.

    Raises:
        FormError: `docx.broken`, `docx.protected`, `docx.odt`, `docx.bomb`, `docx.names`, `docx.entities`,
            `docx.external`, `docx.not_a_letter`.
    """
    if data.startswith(_COMPOUND):
        raise _broken(
            "docx.protected",
            "il est protégé par un mot de passe, ou à l’ancien format .doc\u00a0; enregistrez-le sans"
            " mot de passe, en «\u00a0Document Word (.docx)\u00a0»",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive.infolist(), len(data))
            parts = {info.filename: _member(archive, info) for info in archive.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise _broken("docx.broken", "il est abîmé, chiffré, ou n’est pas un document .docx") from None
    if "content.xml" in parts and "mimetype" in parts:
        raise _broken(
            "docx.odt",
            "c’est un document .odt sous un autre nom\u00a0; enregistrez-le en «\u00a0Document Word (.docx)\u00a0»",
        )
    if "word/document.xml" not in parts or _CONTENT_TYPES not in parts:
        raise _broken("docx.not_a_letter", "il n’est pas un document de traitement de texte")
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in part:
            raise _broken("docx.entities", "il contient des définitions interdites dans un document .docx")
    for name, part in parts.items():
        if name.endswith(".rels"):
            _refuse_external(_xml(part))
    return parts


def _check_sizes(infos: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(info.file_size for info in infos)
    if total > _LARGEST or total > max(packed * _RATIO, 1024 * 1024) or len(infos) > _ENTRIES:
        raise _broken("docx.bomb", "son contenu annoncé est démesuré")
    names = [info.filename.casefold() for info in infos]
    if len(set(names)) != len(names) or any(_odd(info.filename) for info in infos):
        raise _broken("docx.names", "les noms de ses parties sont incorrects")


def _odd(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts or ":" in name


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as stream:
        return stream.read(info.file_size + 1)[: info.file_size]


def _refuse_external(rels: etree._Element) -> None:
    """Links a person may click stay; a picture or a template fetched from outside tells who opens the letter."""
    for rel in rels:
        if rel.get("TargetMode") == "External" and not _is_harmless(rel.get("Type", "")):
            raise _broken("docx.external", "il va chercher une image ou un fichier ailleurs")


def _is_harmless(kind: str) -> bool:
    return kind.endswith(("/hyperlink", "/attachedTemplate"))


def _xml(part: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        raise _broken("docx.broken", "une de ses parties est abîmée") from None


def write_package(parts: Mapping[str, bytes]) -> bytes:
    """Write parts as a `.docx`, in a fixed order with fixed dates: equal parts give equal bytes."""
    out = io.BytesIO()
    first = [name for name in (_CONTENT_TYPES, "_rels/.rels") if name in parts]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in [*first, *sorted(set(parts) - set(first))]:
            info = zipfile.ZipInfo(name, _FIXED)
            info.create_system = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    return out.getvalue()


def clean_docx(data: bytes, *, title: str = "") -> bytes:
    """Rebuild a `.docx` without what it must not carry.

    Inserted words stay, deleted words and comments go. The only property left is the title.

    Args:
        data: the document.
        title: what the property « titre » says; never a person's name.

    Raises:
        FormError: as `open_package`.
    """
    return write_package(clean_parts(open_package(data), title=title))


def clean_parts(parts: Parts, *, title: str = "") -> Parts:
    """The same for parts that are already read."""
    kept = {name: part for name, part in parts.items() if _is_kept(name, part)}
    for name in list(kept):
        if name.endswith(".rels"):
            kept[name] = _clean_rels(kept[name], name, kept)
        elif name == _CONTENT_TYPES:
            kept[name] = _clean_types(kept[name], kept)
        elif name.startswith("word/") and name.endswith(".xml"):
            kept[name] = _clean_word(kept[name])
        elif name.startswith("word/media/"):
            kept[name] = _clean_picture(kept[name], name)
    kept[_CORE] = _core(title)
    return kept


def _is_kept(name: str, part: bytes) -> bool:
    if _DROPPED.fullmatch(name) or not _KEPT.fullmatch(name):
        return False
    if not name.startswith("word/") or not name.endswith(".xml"):
        return True
    return etree.QName(_xml(part)).localname not in _DROPPED_ROOTS


def _core(title: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>fr-FR</dc:language></cp:coreProperties>"
    ).encode()


def _clean_rels(part: bytes, name: str, kept: Mapping[str, bytes]) -> bytes:
    root = _xml(part)
    base = PurePosixPath(name).parent.parent
    for rel in list(root):
        target = rel.get("Target", "")
        if rel.get("TargetMode") == "External":
            gone = not rel.get("Type", "").endswith("/hyperlink")
        else:
            gone = _resolved(base, target) not in kept
        if gone:
            root.remove(rel)
    if name == "_rels/.rels":
        etree.SubElement(root, f"{{{_RELS}}}Relationship", Id="rIdTitle", Type=_CORE_RELATION, Target=_CORE)
    return _written(root)


def _resolved(base: PurePosixPath, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    steps: list[str] = []
    for step in (base / target).parts:
        if step == "..":
            del steps[-1:]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def _clean_types(part: bytes, kept: Mapping[str, bytes]) -> bytes:
    root = _xml(part)
    for entry in list(root):
        name = entry.get("PartName")
        if name is not None and name.lstrip("/") not in kept:
            root.remove(entry)
    etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{_CORE}", ContentType=_CORE_TYPE)
    return _written(root)


def _accept_deletions(root: etree._Element) -> None:
    """Rows, cells and ends of paragraphs whose deletion was tracked: the rest of a paragraph joins the next one."""
    for row in list(root.iter(f"{{{_W}}}tr")):
        for cell in [each for each in row.findall(f"{{{_W}}}tc") if _has(each, "tcPr/cellDel")]:
            row.remove(cell)
        table = row.getparent()
        if _has(row, "trPr/del") or row.find(f"{{{_W}}}tc") is None:
            _remove(row)
            if table is not None and table.tag == f"{{{_W}}}tbl" and table.find(f"{{{_W}}}tr") is None:
                _remove(table)
    for paragraph in reversed(list(root.iter(f"{{{_W}}}p"))):
        following = paragraph.getnext()
        if _has(paragraph, "pPr/rPr/del") and following is not None and following.tag == paragraph.tag:
            place = 1 if _has(following, "pPr") else 0
            kept = [each for each in paragraph if each.tag != f"{{{_W}}}pPr"]
            for offset, each in enumerate(kept):
                following.insert(place + offset, each)
            _remove(paragraph)


def _has(element: etree._Element, path: str) -> bool:
    return element.find("/".join(f"{{{_W}}}{step}" for step in path.split("/"))) is not None


def _clean_word(part: bytes) -> bytes:
    root = _xml(part)
    _accept_deletions(root)
    # Where the cursor last stood.
    cursor = {
        mark.get(f"{{{_W}}}id")
        for mark in root.iter(f"{{{_W}}}bookmarkStart")
        if mark.get(f"{{{_W}}}name") == "_GoBack"
    }
    for element in list(_elements(root)):
        kind = etree.QName(element)
        for attribute in [str(key) for key in element.attrib]:
            local = attribute.rpartition("}")[2]
            if local.startswith("rsid") or local in {"paraId", "textId"}:
                del element.attrib[attribute]
        word = kind.namespace == _W
        if kind.localname == "docId" or (word and _is_dropped(element, kind.localname, root, cursor)):
            _remove(element)
        elif word and kind.localname in _UNWRAPPED_TAGS:
            _unwrap(element)
    return _written(root)


def _is_dropped(element: etree._Element, name: str, root: etree._Element, cursor: set[str | None]) -> bool:
    if root.tag == f"{{{_W}}}settings":
        return name in _DROPPED_SETTINGS
    if name in {"bookmarkStart", "bookmarkEnd"}:
        return element.get(f"{{{_W}}}id") in cursor
    return name in _DROPPED_TAGS


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: etree._Element) -> None:
    """Put the content of a mark (an accepted insertion) in its place; inside properties, the mark alone goes."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for offset, child in enumerate(list(element)):
        if not etree.QName(child).localname.endswith("Pr"):
            parent.insert(place + offset, child)
    parent.remove(element)


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _clean_picture(data: bytes, name: str) -> bytes:
    """Paint a picture anew: what the camera or the drawing program wrote into it stays behind.

    Raises:
        FormError: `docx.picture`: a kind of picture that cannot be cleaned, or a damaged one.
    """
    from PIL import Image

    kind = _PICTURES.get(PurePosixPath(name).suffix.lower())
    try:
        if kind is None:
            raise ValueError
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            picture.load()
            bare = Image.new(picture.mode, picture.size)
            if picture.mode == "P" and (palette := picture.getpalette()):
                bare.putpalette(palette)
            bare.paste(picture)
            out = io.BytesIO()
            bare.save(out, kind, **({"quality": 92} if kind == "JPEG" else {"optimize": False}))
            return out.getvalue()
    except (OSError, ValueError, Image.DecompressionBombError):
        raise _broken(
            "docx.picture", "une de ses images est abîmée, ou n’est ni une image PNG ni une image JPEG"
        ) from None


def clean_pdf(data: bytes, *, title: str = "") -> bytes:
    """Rewrite a PDF without author, program, dates, metadata stream, attached files, scripts and private data.

    Args:
        data: the PDF, not encrypted.
        title: what the window of a reader shows; never a person's name.

    Raises:
        FormError: `pdf.broken`.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _bare(pdf, title)
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return out.getvalue()
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError):
        raise FormError("pdf.broken", "Le fichier PDF ne peut pas être lu\u00a0: il est abîmé ou protégé.") from None


_DOCUMENT_KEYS: Final = (
    *("/Metadata", "/PieceInfo", "/OpenAction", "/AA", "/Perms"),
    *("/SpiderInfo", "/AF", "/ViewerPreferences"),
)
_PAGE_KEYS: Final = ("/Metadata", "/PieceInfo", "/AA", "/Thumb", "/LastModified")


def _bare(pdf: "pikepdf.Pdf", title: str) -> None:
    from pikepdf import Dictionary, String

    root = pdf.Root
    _without(pdf.trailer, ("/Info", "/ID"))
    _without(root, _DOCUMENT_KEYS)
    if "/Names" in root:
        _without(root.Names, ("/EmbeddedFiles", "/JavaScript"))
    for page in pdf.pages:
        _without(page.obj, _PAGE_KEYS)
    root.Lang = String("fr-FR")
    if title:
        pdf.trailer.Info = pdf.make_indirect(Dictionary(Title=String(title)))
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _without(holder: "pikepdf.Object", keys: Iterable[str]) -> None:
    for key in keys:
        if key in holder:
            del holder[key]
