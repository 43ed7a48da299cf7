# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that go with a package: media beside the paper, the inventory of grouped exhibits, the schedule as a table."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO, Final

import attrs

from forms import listing, schedule_csv
from hro_desktop.casework.handed import Handed
from hro_desktop.casework.packages import OutFile

__all__ = ["NEUTRAL", "inventory", "media_list", "table"]

NEUTRAL: Final = "le nom du fichier ne reprend pas l’intitulé, qui nomme une personne"
_MEDIA: Final = (
    listing.Column("N°", 0.06),
    listing.Column("Intitulé", 0.3),
    listing.Column("Fichier", 0.24),
    listing.Column("Durée", 0.11),
    listing.Column("Taille (octets)", 0.13),
    listing.Column("Empreinte SHA-256", 0.26),
)
_INVENTORY: Final = (
    listing.Column("N°", 0.07),
    listing.Column("Intitulé", 0.4),
    listing.Column("Date", 0.16),
    listing.Column("Fichier", 0.29),
    listing.Column("Pages", 0.1),
)


def media_list(
    out: BinaryIO, media: Sequence[Handed], places: Mapping[int, str], text: listing.ListText, *, joined: bool
) -> int:
    """Films, sounds and other files without pages, with what proves a copy.

    Args:
        out: takes the PDF.
        media: the exhibits.
        places: name of the copy of each that is handed over, by number, with its folder.
        text: what stands around the list.
        joined: the files go along; otherwise they are handed over apart.
    """
    note = (
        "Les fichiers sont joints, inchangés."
        if joined
        else "Ces fichiers ne sont pas dans le PDF des pièces\u00a0: ils sont conservés inchangés et remis à part, "
        "sur demande."
    )
    proof = "L’empreinte SHA-256 permet de vérifier qu’une copie est identique, octet par octet, à l’original."
    rows = [
        (str(each.number), each.title, each.withheld, "", "", "")
        if each.withheld
        else (
            str(each.number),
            each.title,
            places.get(each.number, each.original),
            each.duration,
            f"{each.size:,}".replace(",", "\u00a0"),
            each.sha256,
        )
        for each in media
    ]
    return listing.list_pdf(out, attrs.evolve(text, notes=(note, proof)), _MEDIA, rows)


def inventory(
    out: BinaryIO,
    handed: Sequence[Handed],
    places: Mapping[int, OutFile],
    spans: Mapping[int, tuple[int, int]],
    text: listing.ListText,
) -> int:
    """Every exhibit in the order of the files, and where it stands in its file.

    Args:
        out: takes the PDF.
        handed: all exhibits in the order of their numbers.
        places: the file of each, by number.
        spans: first and last page of each in its file, by number.
        text: what stands around the list.
    """
    rows = []
    for each in handed:
        first, last = spans[each.number]
        pages = str(first) if first == last else f"{first} à {last}"
        rows.append((str(each.number), each.title, each.date, places[each.number].name, pages))
    return listing.list_pdf(out, text, _INVENTORY, rows)


def table(handed: Sequence[Handed], places: Mapping[int, OutFile], pages: Mapping[int, int]) -> bytes:
    """The schedule for a spreadsheet.

    Args:
        handed: all exhibits, with their true titles.
        places: the file of each, by number.
        pages: how many each has, by number.
    """

    def line(each: Handed) -> schedule_csv.Line:
        file = places.get(each.number)
        notes = [each.withheld] if each.withheld else [NEUTRAL] * each.neutral
        return schedule_csv.Line(
            number=each.number,
            title=each.title,
            date=each.date,
            nature=each.nature,
            pages=str(pages[each.number]) if each.number in pages else "",
            file=file.name if file else "",
            sha256=file.sha256 if file else "",
            note=" ; ".join(notes),
        )

    return schedule_csv.schedule_csv(line(each) for each in handed)
