# SPDX-License-Identifier: GPL-3.0-or-later
import io
import zipfile

import pytest
from PIL import Image

from hro_desktop.faults import Fault
from hro_desktop.media.kinds import contradicts, detect, suffix_of


def saved(form: str, **options: object) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (40, 30), "#3060a0").save(output, form, **options)
    return output.getvalue()


def zipped(*members: tuple[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return output.getvalue()


def brand(main: bytes, *others: bytes) -> bytes:
    body = b"ftyp" + main + bytes(4) + b"".join(others)
    return (len(body) + 4).to_bytes(4, "big") + body + bytes(100)


DOCX = (("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
ODT = "application/vnd.oasis.opendocument.text"

CASES = [
    (saved("JPEG"), "image/jpeg", "image"),
    (saved("PNG"), "image/png", "image"),
    (saved("GIF"), "image/gif", "image"),
    (saved("BMP"), "image/bmp", "image"),
    (saved("TIFF"), "image/tiff", "image"),
    (saved("WEBP"), "image/webp", "image"),
    (saved("AVIF"), "image/avif", "image"),
    (brand(b"heic"), "image/heic", "image"),
    (brand(b"mif1", b"mif1", b"heic"), "image/heic", "image"),
    (brand(b"mif1", b"mif1", b"avif"), "image/avif", "image"),
    (brand(b"isom"), "video/mp4", "video"),
    (brand(b"XAVC"), "video/mp4", "video"),
    (brand(b"qt  "), "video/quicktime", "video"),
    (brand(b"3gp5"), "video/3gpp", "video"),
    (brand(b"M4A "), "audio/mp4", "sound"),
    (b"\0\0\0\x08wide\0\0\x10\0mdat" + bytes(50), "video/quicktime", "video"),
    (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm", "video"),
    (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "video/matroska", "video"),
    (b"RIFF\x10\0\0\0WAVEfmt ", "audio/vnd.wave", "sound"),
    (b"RIFF\x10\0\0\0AVI LIST", "video/vnd.avi", "video"),
    (b"ID3\x03\0\0\0\0\0\x0a" + bytes(30), "audio/mpeg", "sound"),
    (b"\xff\xfb\x90\x64" + bytes(400), "audio/mpeg", "sound"),
    (b"\xff\xf1\x50\x80" + bytes(100), "audio/aac", "sound"),
    (b"OggS" + bytes(24) + b"OpusHead", "audio/ogg", "sound"),
    (b"OggS" + bytes(24) + b"\x80theora", "video/ogg", "video"),
    (b"fLaC\0\0\0\x22" + bytes(34), "audio/flac", "sound"),
    (b"#!AMR\n" + bytes(32), "audio/amr", "sound"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf", "pdf"),
    (b"\r\n\r\nMIME-ligne\r\n%PDF-1.4\n\0\x01", "application/pdf", "pdf"),
    (zipped(*DOCX), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document"),
    (zipped(("mimetype", ODT.encode()), ("content.xml", b"<x/>")), ODT, "document"),
    (zipped(("notes.txt", b"bonjour")), "application/zip", "other"),
    (b"{\\rtf1\\ansi bonjour}", "application/rtf", "document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "application/x-ole-storage", "document"),
    ("Témoignage recueilli à Calais.".encode(), "text/plain", "text"),
    ("Témoignage recueilli à Calais.".encode("cp1252"), "text/plain", "text"),
    ("شهادة يونس".encode("utf-16"), "text/plain", "text"),
    (("é" * 40_000).encode(), "text/plain", "text"),
    (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "text/vcard", "text"),
    (b"<!DOCTYPE html><p>x", "text/html", "text"),
    (b"<?xml version='1.0'?><svg onload='x()'/>", "image/svg+xml", "other"),
    (b"7z\xbc\xaf\x27\x1c" + bytes(60), "application/x-7z-compressed", "other"),
    (b"MZ\x90\0" + bytes(60), "application/vnd.microsoft.portable-executable", "other"),
    (b"\x00\x01\x02\x03" * 20, "application/octet-stream", "other"),
    (b"", "application/x-empty", "other"),
]


@pytest.mark.parametrize(("content", "media_type", "family"), CASES, ids=[f"{n}-{c[1]}" for n, c in enumerate(CASES)])
def test_type_comes_from_the_content(content: bytes, media_type: str, family: str) -> None:
    kind = detect(io.BytesIO(content))
    assert (kind.media_type, kind.family) == (media_type, family)


def test_content_that_runs_is_told() -> None:
    with_macro = zipped(*DOCX, ("word/vbaProject.bin", b"\0"))
    assert detect(io.BytesIO(with_macro)).runs
    assert not detect(io.BytesIO(zipped(*DOCX))).runs
    assert detect(io.BytesIO(b"\x7fELF" + bytes(60))).runs
    assert detect(io.BytesIO(b"<html><SCRIPT>x()</SCRIPT>")).runs


@pytest.mark.parametrize(
    ("name", "lies"),
    [
        ("photo.jpg", False),
        ("PHOTO.JPEG", False),
        ("photo.png", True),
        ("photo.pdf", True),
        ("photo", False),
        ("", False),
        (".jpg", False),
        ("photo.exe", True),
        ("C:\\images\\photo.jpg", False),
        ("photo.jpg. ", False),
    ],
)
def test_extension_is_compared_with_the_content(name: str, lies: bool) -> None:
    assert contradicts(detect(io.BytesIO(saved("JPEG"))), name) is lies


def test_unknown_content_under_a_known_extension_contradicts() -> None:
    kind = detect(io.BytesIO(b"\x00\x01\x02\x03" * 20))
    assert contradicts(kind, "certificat.pdf")
    assert not contradicts(kind, "sauvegarde.bin")


def test_usual_extensions() -> None:
    assert suffix_of("image/jpeg") == ".jpg"
    assert suffix_of("video/quicktime") == ".mov"
    assert suffix_of("application/octet-stream") == ""


class Failing(io.BytesIO):
    """A stick pulled out: the file can be measured and not read."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_failing_disk_is_not_a_strange_file() -> None:
    with pytest.raises(Fault) as caught:
        detect(Failing(b"%PDF-1.7"))
    assert caught.value.code == "media.read"
    assert "disque" in caught.value.sentence


class Slow(io.RawIOBase):
    """A raw stream that gives one byte at a time, as it may."""

    def __init__(self, content: bytes) -> None:
        self.inner = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self.inner.seek(offset, whence)

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        piece = self.inner.read(1)
        buffer[: len(piece)] = piece
        return len(piece)


def test_short_reads_are_continued() -> None:
    assert detect(Slow(zipped(*DOCX))).family == "document"  # type: ignore[arg-type]
