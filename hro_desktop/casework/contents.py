# SPDX-License-Identifier: GPL-3.0-or-later
"""« Ce document contient… »: one report for any file that is about to leave, by what the file is."""

import io
from typing import BinaryIO

from forms import contents as papers
from hro_desktop.faults import Fault
from hro_desktop.media import contents as media
from hro_desktop.media.blanked import blanked
from hro_desktop.media.kinds import detect

__all__ = ["AS_IT_IS", "CLEANABLE", "of_file"]

Contained = tuple[tuple[str, str], ...]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST = 512 * 1024 * 1024
"""Bytes of a PDF that is examined whole in memory."""

AS_IT_IS = (
    "uncleaned",
    "Il part tel quel, ce fichier garde ses métadonnées\u00a0: le programme ne sait pas en faire une copie sans elles.",
)
CLEANABLE = (
    "cleanable",
    "«\u00a0Copie sans métadonnées\u00a0» en fait une pièce qui n’en a pas\u00a0: joignez-la à la place de celle-ci.",
)


def of_file(stream: BinaryIO) -> Contained:
    """What a file says besides what it shows: (category, French sentence), never the words themselves.

    A film or a sound that says something also gets `CLEANABLE` when a copy that does not can be made of it; what no
    such copy can be made of gets `AS_IT_IS`.

    Args:
        stream: seekable.

    Raises:
        Fault: `media.read` when the stream itself fails; never for what the file holds.
    """
    kind = detect(stream)
    if kind.family == "text":
        return ()
    if kind.media_type in ("application/pdf", DOCX):
        size = stream.seek(0, io.SEEK_END)
        if size > LARGEST:
            return (("unread", papers.SENTENCES["unread"]),)
        stream.seek(0)
        data = stream.read(size)
        return papers.of_pdf(data) if kind.media_type == "application/pdf" else papers.of_docx(data)
    found = media.of_media(stream)
    if media.has_cleaned_copy(stream):
        return found
    try:
        blanked(stream)
    except Fault as fault:
        if fault.code != "media.kept":
            raise
        return (*found, AS_IT_IS)
    return (*found, CLEANABLE) if found else ()
