# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file is, told by its content. The extension is what somebody wrote on the box: compared, never believed."""

import re
from pathlib import PurePosixPath
from typing import BinaryIO, Final, Literal

import attrs
import puremagic

from hro_desktop.media.source import Source

__all__ = ["Family", "Kind", "contradicts", "detect", "suffix_of"]

Family = Literal["image", "video", "sound", "pdf", "document", "text", "other"]

HEAD = 64 * 1024
TAIL = 128 * 1024
"""Bytes looked at: enough for every signature, and for the directory of an office document."""


@attrs.frozen
class Kind:
    """A file's type.

    Attributes:
        media_type: as registered with IANA, `application/octet-stream` when unknown.
        family: how the program shows it.
        runs: a program or a document that carries macros: kept and handed on, never opened.
    """

    media_type: str
    family: Family
    runs: bool = False


EMPTY: Final = Kind("application/x-empty", "other")
UNKNOWN: Final = Kind("application/octet-stream", "other")
PDF: Final = Kind("application/pdf", "pdf")

_STARTS: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"\xff\xd8\xff", Kind("image/jpeg", "image")),
    (b"\x89PNG\r\n\x1a\n", Kind("image/png", "image")),
    (b"GIF87a", Kind("image/gif", "image")),
    (b"GIF89a", Kind("image/gif", "image")),
    (b"II*\0", Kind("image/tiff", "image")),
    (b"MM\0*", Kind("image/tiff", "image")),
    (b"%PDF-", PDF),
    (b"fLaC", Kind("audio/flac", "sound")),
    (b"#!AMR", Kind("audio/amr", "sound")),
    (b"ID3", Kind("audio/mpeg", "sound")),
    (b"{\\rtf", Kind("application/rtf", "document")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind("application/x-ole-storage", "document")),
    (b"MZ", Kind("application/vnd.microsoft.portable-executable", "other", runs=True)),
    (b"\x7fELF", Kind("application/x-executable", "other", runs=True)),
    (b"#!/", Kind("text/x-shellscript", "other", runs=True)),
    (b"L\0\0\0\x01\x14\x02\0", Kind("application/x-ms-shortcut", "other", runs=True)),
)

_RIFF: Final = {
    b"WAVE": Kind("audio/vnd.wave", "sound"),
    b"AVI ": Kind("video/vnd.avi", "video"),
    b"WEBP": Kind("image/webp", "image"),
}

# The second word of a file in boxes: its main brand.
_BRANDS: Final[dict[bytes, Kind]] = {
    **dict.fromkeys((b"avif", b"avis"), Kind("image/avif", "image")),
    **dict.fromkeys(
        (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), Kind("image/heic", "image")
    ),
    **dict.fromkeys((b"M4A ", b"M4B ", b"F4A "), Kind("audio/mp4", "sound")),
    b"qt  ": Kind("video/quicktime", "video"),
}
_OLD_QUICKTIME: Final = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")

_OFFICE: Final = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)

_EXTENSIONS: Final[dict[str, tuple[str, ...]]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/tiff": (".tif", ".tiff", ".dng"),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif", ".hif"),
    "image/avif": (".avif",),
    "image/bmp": (".bmp", ".dib"),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov", ".qt"),
    "video/3gpp": (".3gp", ".3gpp", ".3g2"),
    "video/webm": (".webm",),
    "video/matroska": (".mkv", ".mka"),
    "video/vnd.avi": (".avi",),
    "audio/vnd.wave": (".wav", ".wave"),
    "audio/mpeg": (".mp3",),
    "audio/ogg": (".ogg", ".oga", ".opus", ".spx"),
    "video/ogg": (".ogv", ".ogg"),
    "audio/mp4": (".m4a", ".m4b", ".mp4", ".aac"),
    "audio/flac": (".flac",),
    "audio/amr": (".amr", ".3ga"),
    "audio/aac": (".aac",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx", ".docm", ".dotx"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx", ".xlsm", ".xltx"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx", ".pptm", ".ppsx"),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
    "application/vnd.oasis.opendocument.presentation": (".odp",),
    "application/rtf": (".rtf", ".doc"),
    "application/x-ole-storage": (".doc", ".xls", ".ppt", ".msg"),
    "application/zip": (".zip",),
    "text/plain": (".txt", ".text", ".md", ".csv", ".log", ".srt", ".vtt", ".json", ".toml", ".xml", ".eml"),
    "text/html": (".html", ".htm", ".xhtml"),
    "text/vcard": (".vcf",),
}


def detect(stream: BinaryIO) -> Kind:
    """What the stream holds. Reads its two ends only.

    Raises:
        Fault: `media.read` when the stream itself fails.
    """
    return kind_of(Source(stream))


def kind_of(source: Source) -> Kind:
    """As `detect`, for a source already open."""
    head = source.at(0, HEAD)
    if not head:
        return EMPTY
    return _certain(head, source) or _text(head, complete=source.size <= HEAD) or _guess(head) or UNKNOWN


def suffix_of(media_type: str) -> str:
    """The usual extension, with its dot; empty when there is none to speak of."""
    return _EXTENSIONS.get(media_type, ("",))[0]


def contradicts(kind: Kind, name: str) -> bool:
    """Does the name's extension announce another type than the content shows?

    A name without extension, or a type whose extensions are not known here, contradicts nothing.
    """
    extension = PurePosixPath(name.replace("\\", "/").rstrip(". ")).suffix.lower()
    known = _EXTENSIONS.get(kind.media_type)
    if not extension:
        return False
    if known is None:
        return any(extension in others for others in _EXTENSIONS.values())
    return extension not in known


def _certain(head: bytes, source: Source) -> Kind | None:
    for start, known in _STARTS:
        if head.startswith(start):
            return known
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _brand(head)
    for look in (_old_quicktime, _ebml, _ogg, _bitmap, _sound_frames):
        if kind := look(head):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(head, source)
    if b"%PDF-" in head[:1024]:  # mail gateways put their own lines before the file
        return PDF
    return None


def _brand(head: bytes) -> Kind:
    main = head[8:12]
    length = min(int.from_bytes(head[:4], "big"), 256)
    if main in (b"mif1", b"msf1") and b"avif" in head[16:length]:
        return _BRANDS[b"avif"]
    if main.startswith((b"3gp", b"3g2")):
        return Kind("video/3gpp", "video")
    return _BRANDS.get(main, Kind("video/mp4", "video"))


def _old_quicktime(head: bytes) -> Kind | None:
    """Cameras of before 2005 wrote no `ftyp`."""
    plausible = head[4:8] in _OLD_QUICKTIME and int.from_bytes(head[:4], "big") != 2
    return Kind("video/quicktime", "video") if plausible and head[0] < 0x20 else None


def _ebml(head: bytes) -> Kind | None:
    if not head.startswith(b"\x1aE\xdf\xa3"):
        return None
    webm = b"webm" in head[:64]
    return Kind("video/webm" if webm else "video/matroska", "video")


def _ogg(head: bytes) -> Kind | None:
    if not head.startswith(b"OggS"):
        return None
    moving = b"\x80theora" in head[:256]
    return Kind("video/ogg", "video") if moving else Kind("audio/ogg", "sound")


def _bitmap(head: bytes) -> Kind | None:
    known_header = head[14:18] in (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    return Kind("image/bmp", "image") if head.startswith(b"BM") and known_header else None


def _sound_frames(head: bytes) -> Kind | None:
    """MPEG sound without a tag begins with a frame: eleven bits set, then no reserved value."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer, rate, frequency = head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if layer == 0 and head[1] & 0xF6 == 0xF0 and (head[2] >> 2 & 0xF) < 13:
        return Kind("audio/aac", "sound")
    sound = layer in (1, 2) and head[1] >> 3 & 3 != 1 and rate not in (0, 15) and frequency != 3
    return Kind("audio/mpeg", "sound") if sound else None


def _zipped(head: bytes, source: Source) -> Kind:
    """An office document is a zip file: told by its first member or by its directory, never unpacked here."""
    if head[30:38] == b"mimetype" and (match := re.match(rb"application/[a-z.\-]{1,100}", head[38:150])):
        media_type = match[0].decode("ascii").removesuffix("PK")
        if media_type.startswith("application/vnd.oasis.opendocument."):
            return Kind(media_type, "document", runs=b"Basic/script-lc.xml" in source.tail(TAIL))
    seen = head + source.tail(TAIL)
    if b"[Content_Types].xml" in seen:
        for folder, media_type in _OFFICE:
            if folder in seen:
                return Kind(media_type, "document", runs=b"vbaProject.bin" in seen)
    return Kind("application/zip", "other")


def _text(head: bytes, *, complete: bool) -> Kind | None:
    text = _decoded(head, complete=complete)
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n")[:400].lower()
    if start.startswith(("<!doctype html", "<html")):
        return Kind("text/html", "text", runs="<script" in text.lower())
    if "<svg" in start:
        return Kind("image/svg+xml", "other")  # a page with scripts more than a picture
    if start.startswith("begin:vcard"):
        return Kind("text/vcard", "text")
    return Kind("text/plain", "text")


def _decoded(head: bytes, *, complete: bool) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8", "cp1252")
    for encoding in encodings:
        for cut in range(1 if complete else 4):  # the last character may be cut in two
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return None if re.search("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", text) else text
    return None


def _guess(head: bytes) -> Kind | None:
    """What a large table of signatures says, when it says it on four bytes at least; shown as "other"."""
    try:
        matches = puremagic.magic_string(head)
    except puremagic.PureError:
        return None
    for match in matches:
        if match.mime_type and len(match.byte_match) >= 4 and match.offset == 0:
            return Kind(str(match.mime_type), "other")
    return None
