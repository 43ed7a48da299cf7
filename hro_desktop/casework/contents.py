# SPDX-License-Identifier: GPL-3.0-or-later
"""« Ce document contient… »: one report for any file that is about to leave, by what the file is."""

import io
from typing import BinaryIO

from forms import contents as papers
from hro_desktop.media import contents as media
from hro_desktop.media.kinds import detect

__all__ = ["AS_IT_IS", "of_file"]

Contained = tuple[tuple[str, str], ...]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST = 512 * 1024 * 1024
"""Bytes of a PDF that is examined whole in memory."""

AS_IT_IS = (
    "uncleaned",
    "Il part tel quel\u00a0: le programme ne sait nettoyer que les images, les PDF et les .docx.",
)


def of_file(stream: BinaryIO) -> Contained:
    """What a file says besides what it shows: (category, French sentence), never the words themselves.

    A film, a sound or a file of another kind also gets `AS_IT_IS`, since no cleaned copy of it can be made.

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
    return found if media.has_cleaned_copy(stream) else (*found, AS_IT_IS)
