# SPDX-License-Identifier: GPL-3.0-or-later
"""« Ce fichier contient… »: what a picture, a film or a sound says besides what it shows, told before it leaves.

Only kinds of things are told, never what they say: a remark of this module can be shown, kept and logged.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, Final

from PIL import Image
from PIL.ExifTags import IFD, Base

from hro_desktop.media import exif, pictures
from hro_desktop.media.kinds import Kind, kind_of
from hro_desktop.media.source import Source

__all__ = ["Contained", "has_cleaned_copy", "of_media"]

Contained = tuple[tuple[str, str], ...]
"""Category and French sentence, in the order of `SENTENCES`."""

SENTENCES: Final = {
    "unread": "Le fichier n’a pas pu être examiné, ou il est d’un type que le programme ne sait pas examiner.",
    "author": "Il nomme qui l’a fait, ou à qui appartient l’appareil.",
    "date": "Il dit quand il a été fait ou modifié.",
    "place": "Il dit où il a été fait.",
    "device": "Il dit avec quel appareil il a été fait.",
    "software": "Il dit avec quel logiciel il a été fait ou modifié.",
    "comment": "Il porte un titre, un commentaire ou une description.",
    "path": "Il contient le nom d’un fichier ou le chemin d’un dossier d’un ordinateur.",
    "hidden": "Il contient d’autres images que celle que l’on voit\u00a0: vignette, pages, image de profondeur.",
    "data": "Il contient une piste ou un bloc de données de l’appareil, qui peut dire un trajet.",
    "history": "Il garde des données d’un logiciel de retouche ou d’un échange\u00a0: XMP, IPTC.",
}

CLEANED: Final = frozenset({"image"})
"""Families of which `cleaned.clean` makes a copy that says nothing."""

_PATH: Final = re.compile(r"[A-Za-z]:\\\w|/(?:home|Users|root|tmp|var|storage|media|private)/\w|\bfile:/")


def has_cleaned_copy(stream: BinaryIO) -> bool:
    """Whether a cleaned copy of its pixels can be made; of films and sounds, see `blanked`."""
    return kind_of(Source(stream)).family in CLEANED


def of_media(stream: BinaryIO) -> Contained:
    """What a file says besides what it shows.

    Args:
        stream: seekable; a film is read by its headers only, a picture whole.

    Returns:
        The kinds of things it says. `unread` when it cannot be examined, never nothing by mistake.

    Raises:
        Fault: `media.read` when the stream itself fails; never for what the file holds.
    """
    source = Source(stream)
    kind = kind_of(source)
    readers: dict[str, Callable[[Source], Iterable[str]]] = {
        **dict.fromkeys(("video/mp4", "video/quicktime", "video/3gpp", "audio/mp4"), _film),
        "audio/vnd.wave": _wave,
        "audio/mpeg": _mpeg,
    }
    if kind.family == "image":
        return _told(_picture(source, kind))
    reader = readers.get(kind.media_type)
    return _told(reader(source) if reader else ["unread"])


def _told(found: Iterable[str]) -> Contained:
    known = set(found)
    return tuple((code, sentence) for code, sentence in SENTENCES.items() if code in known)


# ---- pictures

_TAGS: Final[dict[int, str]] = {
    Base.Artist: "author",
    Base.Copyright: "author",
    Base.XPAuthor: "author",
    Base.CameraOwnerName: "author",
    Base.DateTime: "date",
    Base.DateTimeOriginal: "date",
    Base.DateTimeDigitized: "date",
    Base.GPSInfo: "place",
    Base.Make: "device",
    Base.Model: "device",
    Base.MakerNote: "device",
    Base.LensModel: "device",
    Base.BodySerialNumber: "device",
    Base.ImageUniqueID: "device",
    Base.Software: "software",
    Base.HostComputer: "software",
    Base.ProcessingSoftware: "software",
    Base.ImageDescription: "comment",
    Base.UserComment: "comment",
    Base.XPTitle: "comment",
    Base.XPComment: "comment",
    Base.XPKeywords: "comment",
    Base.XPSubject: "comment",
    Base.DocumentName: "path",
    Base.PageName: "comment",
}
_HOLDS: Final = {
    **dict.fromkeys(("xmp", "XML:com.adobe.xmp", "photoshop"), "history"),
    **dict.fromkeys(("comment",), "comment"),
    **dict.fromkeys(("mp", "depth_images", "aux"), "hidden"),
}
_PNG_TEXT: Final = {
    **dict.fromkeys(("author", "copyright"), "author"),
    **dict.fromkeys(("creation time", "date:create", "date:modify"), "date"),
    **dict.fromkeys(("software", "source"), "software"),
}


def _picture(source: Source, kind: Kind) -> list[str]:
    try:
        content = pictures.content_of(source)
        with pictures.guarded():
            picture = pictures.open_picture(content, kind)
            found = [*_exif(picture), *_info(picture)]
    except pictures.Unreadable:
        return ["unread"]
    if kind.media_type == "image/jpeg" and not content.rstrip(b"\0").endswith(b"\xff\xd9"):
        found.append("data")
    return found


def _exif(picture: Image.Image) -> Iterator[str]:
    tags = picture.getexif()
    thumbnail = tags.get_ifd(IFD.IFD1)
    for number, value in {**tags, **tags.get_ifd(IFD.Exif)}.items():
        said = bool(exif.plain_text(value)) if isinstance(value, str) else True
        if said and number in _TAGS:
            yield _TAGS[number]
        if isinstance(value, str) and _PATH.search(value):
            yield "path"
    if tags.get_ifd(IFD.GPSInfo):
        yield "place"
    if thumbnail:
        yield "hidden"


def _info(picture: Image.Image) -> Iterator[str]:
    info: dict[Any, Any] = picture.info
    yield from (_HOLDS[key] for key, value in info.items() if key in _HOLDS and value)
    if info.get("thumbnails") or int(getattr(picture, "n_frames", 1)) > 1:
        yield "hidden"
    words: dict[str, Any] = getattr(picture, "text", None) or {}
    for key, value in words.items():
        yield _PNG_TEXT.get(str(key).casefold(), "history" if "xmp" in str(key).casefold() else "comment")
        if _PATH.search(str(value)):
            yield "path"


# ---- films and sounds in boxes

_BOX_LIMIT = 4000
_FOLDERS: Final = frozenset(
    (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"meta", b"ilst", b"moof", b"traf", b"edts")
)
_LEAVES: Final = {
    **dict.fromkeys((b"\xa9xyz", b"loci"), "place"),
    **dict.fromkeys((b"\xa9day", b"date"), "date"),
    **dict.fromkeys((b"\xa9mak", b"\xa9mod", b"manu", b"modl", b"CNTH", b"SDLN", b"smrd", b"LENS", b"CAME"), "device"),
    **dict.fromkeys((b"\xa9too", b"\xa9swr", b"\xa9enc", b"FIRM"), "software"),
    **dict.fromkeys((b"\xa9ART", b"\xa9aut", b"aART", b"auth", b"cprt", b"\xa9cpy"), "author"),
    **dict.fromkeys((b"\xa9nam", b"\xa9cmt", b"\xa9des", b"titl", b"dscp", b"desc"), "comment"),
    **dict.fromkeys((b"uuid", b"XMP_"), "history"),
    **dict.fromkeys((b"gpmd", b"mebx", b"camm", b"GPMF"), "data"),
    b"covr": "hidden",
}
_KEYS: Final = {
    b"location": "place",
    b"creationdate": "date",
    **dict.fromkeys((b"make", b"model", b"manufacturer", b"android.version", b"identifier"), "device"),
    **dict.fromkeys((b"software", b"encoder"), "software"),
    **dict.fromkeys((b"author", b"artist", b"copyright"), "author"),
    **dict.fromkeys((b"title", b"comment", b"description", b"displayname"), "comment"),
}
_TRACKS_OF_DATA: Final = frozenset((b"meta", b"text", b"sbtl", b"camm", b"gpmd"))


def _film(source: Source) -> list[str]:
    found: list[str] = []
    left = _BOX_LIMIT

    def walk(start: int, end: int, depth: int) -> None:
        nonlocal left
        while start + 8 <= end:
            left -= 1
            header = source.at(start, 16)
            size, name, body = int.from_bytes(header[:4], "big"), header[4:8], start + 8
            if size == 1:
                size, body = int.from_bytes(header[8:16], "big"), start + 16
            stop = end if size == 0 else start + size
            if left < 0 or stop > end or stop < body:
                found.append("unread")
                return
            if name in _FOLDERS and depth < 10:
                skip = 4 if name == b"meta" and source.at(body + 4, 4) != b"hdlr" else 0
                walk(body + skip, stop, depth + 1)
            else:
                found.extend(_leaf(name, source.at(body, min(stop - body, 64 * 1024))))
            start = stop

    walk(0, source.size, 0)
    if not source.size:
        found.append("unread")
    return found


def _leaf(name: bytes, content: bytes) -> Iterator[str]:
    if name in (b"mvhd", b"tkhd", b"mdhd"):
        wide = 8 if content[:1] == b"\x01" else 4
        if any(content[4 : 4 + 2 * wide]):
            yield "date"
    elif name == b"hdlr":
        if content[8:12] in _TRACKS_OF_DATA:
            yield "data"
    elif name == b"keys":
        yield from (meaning for key, meaning in _KEYS.items() if key in content.lower())
    elif name == b"stsd":
        yield from ("data" for mark in (b"gpmd", b"mebx", b"camm") if mark in content[:256])
    elif name in _LEAVES and content.strip(b"\0"):
        yield _LEAVES[name]


# ---- sounds

_RIFF_INFO: Final = {
    **dict.fromkeys((b"IART", b"IENG", b"ITCH", b"ICOP", b"ICMS"), "author"),
    **dict.fromkeys((b"ICRD", b"IDIT"), "date"),
    b"ISFT": "software",
    b"ISRF": "device",
    b"IARL": "path",
}
_RIFF_CHUNKS: Final[dict[bytes, tuple[str, ...]]] = {
    b"bext": ("author", "date", "device"),
    b"iXML": ("device", "date"),
    b"_PMX": ("history",),
    b"cart": ("author", "comment"),
    b"id3 ": ("comment",),
    b"ID3 ": ("comment",),
}
_WAVE_ITSELF: Final = frozenset((b"fmt ", b"data", b"fact", b"JUNK", b"PAD ", b"FLLR", b"PEAK"))


def _wave(source: Source) -> Iterator[str]:
    at, left = 12, _BOX_LIMIT
    while at + 8 <= source.size:
        left -= 1
        header = source.at(at, 12)
        name, size = header[:4], int.from_bytes(header[4:8], "little")
        if left < 0:
            yield "unread"
            return
        if name == b"LIST" and header[8:12] == b"INFO":
            yield from _list_info(source.at(at + 12, min(size, 64 * 1024)))
        elif name not in _WAVE_ITSELF:
            yield from _RIFF_CHUNKS.get(name, ("data",))
        at += 8 + size + size % 2


def _list_info(content: bytes) -> Iterator[str]:
    at = 0
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at + 8 : at + 8 + size].strip(b"\0 "):
            yield _RIFF_INFO.get(name, "comment")
        at += 8 + size + size % 2


_ID3: Final = {
    **dict.fromkeys((b"TPE1", b"TPE2", b"TCOM", b"TOWN", b"TCOP", b"TP1"), "author"),
    **dict.fromkeys((b"TDRC", b"TYER", b"TDAT", b"TDEN", b"TDTG", b"TYE"), "date"),
    **dict.fromkeys((b"TSSE", b"TENC", b"TSS"), "software"),
    **dict.fromkeys((b"APIC", b"PIC"), "hidden"),
    **dict.fromkeys((b"GEOB", b"PRIV", b"UFID"), "data"),
    b"TOFN": "path",
}


def _mpeg(source: Source) -> Iterator[str]:
    if source.tail(128).startswith(b"TAG"):
        yield "comment"
    if b"APETAGEX" in source.tail(160 + 32):
        yield "comment"
    head = source.at(0, 10)
    if not head.startswith(b"ID3"):
        return
    size = 0
    for byte in head[6:10]:  # seven bits to a byte
        size = size << 7 | byte & 0x7F
    content = source.at(10, min(size, 1024 * 1024))
    name_length = 3 if head[3] == 2 else 4
    known = [name for name in _ID3 if len(name) == name_length and name in content]
    yield from (_ID3[name] for name in known)
    if content.strip(b"\0") and not known:
        yield "comment"
