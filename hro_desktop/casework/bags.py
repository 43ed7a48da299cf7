# SPDX-License-Identifier: GPL-3.0-or-later
"""The annex on a stick: originals that do not print, as a bag (BagIt 1.0, RFC 8493) that can be checked without us.

`sha256sum -c manifest-sha256.txt` says whether a copy is whole, in fifty years too. The tag files name no person, no
program and no folder of ours; `index.html` lists what is there for whoever opens the stick.
"""

import datetime as dt
import html
from collections.abc import Sequence
from typing import Final

import attrs

from hro_desktop.casework.handed import Handed
from hro_desktop.casework.packages import OutFile, from_bytes, from_store
from hro_desktop.vault.vault import Vault

__all__ = ["BagText", "bag"]

_TEXT: Final = "text/plain"
_DECLARATION: Final = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #777;padding:.4rem;text-align:left;"
    "vertical-align:top}code{font-size:.8rem;overflow-wrap:anywhere}"
)


@attrs.frozen
class BagText:
    """What the index says above the list.

    Args:
        title: its heading.
        subtitle_lines: under it.
        practice: made in a practice vault.
        draft: incomplete.
    """

    title: str
    subtitle_lines: tuple[str, ...] = ()
    practice: bool = False
    draft: bool = False


def bag(vault: Vault, media: Sequence[Handed], text: BagText, on: dt.date) -> tuple[OutFile, ...]:
    """The files of the bag, in the order they are written: originals first, what proves them last.

    Args:
        vault: holds the originals.
        media: exhibits without pages; one that is withheld is listed, and not there.
        text: what the index says above the list.
        on: day it is made.
    """
    payload = tuple(
        from_store(
            f"data/{each.original}",
            vault,
            each.stored,
            sha256=each.sha256,
            size=each.size,
            media_type=each.media_type,
            number=each.number,
        )
        for each in media
        if not each.withheld
    )
    info = (
        f"Bagging-Date: {on.isoformat()}\n"
        f"Payload-Oxum: {sum(each.size for each in payload)}.{len(payload)}\n"
        "External-Description: Fichiers d'origine joints aux pieces\n"
    )
    tags = (
        from_bytes("bagit.txt", _DECLARATION.encode(), _TEXT),
        from_bytes("bag-info.txt", info.encode(), _TEXT),
        from_bytes("index.html", _index(media, text).encode(), "text/html"),
        from_bytes("manifest-sha256.txt", _manifest(payload), _TEXT),
    )
    return (*payload, *tags, from_bytes("tagmanifest-sha256.txt", _manifest(tags), _TEXT))


def _manifest(files: Sequence[OutFile]) -> bytes:
    """Hash and name of each file, as `sha256sum` writes and reads them."""
    return "".join(f"{each.sha256}  {_spelled(each.name)}\n" for each in files).encode()


def _spelled(name: str) -> str:
    """RFC 8493 § 2.1.3: a line break or a percent sign in a name is spelled out."""
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _index(media: Sequence[Handed], text: BagText) -> str:
    """A page without scripts and without anything from elsewhere."""
    marks = ["EXERCICE"] * text.practice + ["BROUILLON"] * text.draft
    head = [*(f"<p><strong>{mark}</strong></p>" for mark in marks), f"<h1>{html.escape(text.title)}</h1>"]
    head += [f'<p dir="auto">{html.escape(line)}</p>' for line in text.subtitle_lines]
    names = ("Pièce n°", "Intitulé", "Date", "Durée", "Taille (octets)", "Fichier", "Empreinte SHA-256")
    headings = "".join(f'<th scope="col">{name}</th>' for name in names)
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{html.escape(text.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(head)
        + f"\n<table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n"
        + "\n".join(_row(each) for each in media)
        + "\n</tbody>\n</table>\n"
        "<p>Les fichiers sont les originaux, inchangés. L’empreinte SHA-256 permet de vérifier qu’une copie est "
        "identique, octet par octet\u00a0: sous Linux ou macOS, <code>sha256sum -c manifest-sha256.txt</code>\u00a0; "
        "sous Windows, <code>certutil -hashfile</code>, le nom du fichier, puis <code>SHA256</code>.</p>\n"
        "</body>\n</html>\n"
    )


def _row(each: Handed) -> str:
    title = f'<td dir="auto">{html.escape(each.title)}</td>'
    begin = f"<tr><td>{each.number}</td>{title}<td>{html.escape(each.date)}</td>"
    if each.withheld:
        return f'{begin}<td colspan="4">{html.escape(each.withheld)}</td></tr>'
    name = html.escape(each.original)
    return (
        f"{begin}<td>{html.escape(each.duration)}</td><td>{each.size}</td>"
        f'<td><a href="data/{name}">{name}</a></td><td><code>{each.sha256}</code></td></tr>'
    )
