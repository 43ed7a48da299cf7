# SPDX-License-Identifier: GPL-3.0-or-later
"""Exhibits as they are handed over: under which title, in a file of which name, with or without whom they name."""

import functools
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import BinaryIO, Final

import attrs

from forms import listing
from forms.bundle import BundleItem, ItemPages
from forms.file_names import Naming, file_name
from forms.values import Filled, Values
from hro_desktop.casework import evidence, referral_facts
from hro_desktop.casework.referral_facts import Numbered
from hro_desktop.law import vocabulary
from hro_desktop.law.names import name_words
from hro_desktop.law.profiles import Profile
from hro_desktop.law.tables import fold
from hro_desktop.media.kinds import suffix_of
from hro_desktop.rules import grammar
from hro_desktop.vault.vault import Vault

__all__ = ["Handed", "bundle_item", "hand_over", "in_papers", "names_someone", "naming"]


# Words of a name that are words of any title, beside the particles of the law table.
_ANY_TITLE: Final = frozenset(("das", "do", "dos", "un", "une"))
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{3,}")
# Where one word ends without a space: « AttestationAli », « Ali2 ».
_SEAM: Final = re.compile("(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[^\\W\\d_])(?=\\d)|(?<=\\d)(?=[^\\W\\d_])")
NOT_JOINED: Final = "non\u00a0jointe"
_INSIDE: Final = 4  # letters from which a name is found inside a longer word: « AttestationMorvan »


@attrs.frozen(kw_only=True)
class Handed:
    """One exhibit without its records: usable after the session is closed.

    Args:
        number: in the list.
        title: as lists show it.
        date: as lists show it.
        nature: original, copy…
        kind: list `evidence_kinds`.
        media_type: of the original.
        duration: of a film, as lists show it.
        size: of the original, bytes.
        sha256: of the original.
        stored: name and key of the object in the store.
        printable: it becomes pages; otherwise a sheet stands for it and the original goes beside.
        withheld: why it is not included, a sheet says so in its place; empty for what is.
        neutral: its file name does not repeat its title, which names somebody.
        file: name of its own file of pages.
        original: name of the copy of the original, for what has no pages.
    """

    number: int
    title: str
    date: str
    nature: str
    kind: str
    media_type: str
    duration: str
    size: int
    sha256: str
    stored: tuple[str, bytes] = attrs.field(repr=False)
    printable: bool
    withheld: str
    neutral: bool
    file: str
    original: str


def naming(row: Profile) -> Naming:
    """How a profile names files."""
    return Naming(row.name_pattern, row.ascii_only, row.longest.value)


def hand_over(
    numbered: Sequence[Numbered],
    own: Naming,
    originals: Naming,
    *,
    names: Collection[str] = (),
) -> tuple[Handed, ...]:
    """The exhibits with their file names.

    Args:
        numbered: as the referral has them, in their order.
        own: names the files of pages.
        originals: names the copies of originals.
        names: of all people known for the case; a title that holds one of them gives no file name.
    """
    made: list[Handed] = []
    for each in numbered:
        neutral = names_someone(each.title, names)
        fresh = _handed(each, neutral=neutral)
        kind = vocabulary.label("evidence_kinds", fresh.kind)
        compact = _compact(each.evidence.taken)
        file, original = (
            file_name(
                pattern,
                fresh.number,
                _neutral(kind, fresh.date, pattern) if neutral else fresh.title,
                suffix,
                date=compact,
                fallback=_neutral(kind, fresh.date, pattern),
                taken=taken,
            )
            for pattern, suffix, taken in (
                (own, ".pdf", {other.file for other in made}),
                (originals, suffix_of(fresh.media_type), {other.original for other in made}),
            )
        )
        made.append(attrs.evolve(fresh, file=file, original=original))
    return tuple(made)


def _handed(each: Numbered, *, neutral: bool) -> Handed:
    item = each.evidence
    return Handed(
        number=each.number,
        title=each.title,
        date=each.date,
        nature=each.nature,
        kind=item.kind,
        media_type=item.media_type,
        duration=referral_facts.duration(item.duration_s),
        size=item.stored.size,
        sha256=item.stored.sha256,
        stored=(item.stored.name, item.stored.private_key),
        printable=item.media_type.startswith("image/") or item.media_type == "application/pdf",
        withheld=each.withheld,
        neutral=neutral,
        file="",
        original="",
    )


def names_someone(title: str, names: Collection[str]) -> bool:
    """Whether a title holds a word of somebody's name, whatever its case, accents or neighbours.

    It may find a name where there is none: then a file is called by its kind and date, which harms nobody.
    """
    words = _words(title)
    said, glued = f" {' '.join(words)} ", "".join(words)
    alone = {*words, *_words(_SEAM.sub(" ", title))}
    for name in names:
        parts = _words(name)
        if parts and f" {' '.join(parts)} " in said:
            return True
        if any(_stands(part, alone, glued) for part in parts):
            return True
    return False


@functools.cache
def _close() -> re.Pattern[str]:
    """A word of a script without spaces: it is found inside whatever stands around it."""
    return re.compile(f"[{name_words().unspaced}]+")


def _words(text: str) -> list[str]:
    """The words of a text, folded; signs that nobody sees hide no name."""
    return fold("".join(each for each in text if unicodedata.category(each) != "Cf")).split()


def _stands(part: str, alone: Collection[str], glued: str) -> bool:
    """Whether one word of a name stands in a title: alone, or inside another word when it is long enough to be sure."""
    if _close().fullmatch(part):  # of a long name in Han, two signs are the given name
        pairs = [part[at : at + 2] for at in range(len(part) - 1)] if _HAN.fullmatch(part) else [part]
        return any(each in glued for each in pairs)
    if part in _ANY_TITLE or part in name_words().particles or len(part) < 2:
        return False
    return part in alone or (len(part) >= _INSIDE and part in glued)


def _neutral(kind: str, date: str, pattern: Naming) -> str:
    """Kind and date: what a file is called when its title cannot be used."""
    return kind if "{date}" in pattern.pattern or not date else f"{kind} {date}"


def _compact(taken: str) -> str:
    """The date as digits, when one is known: 20261012, 202610, 2026."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", taken.strip())
    return "".join(filter(None, found.groups())) if found else ""


def bundle_item(each: Handed, vault: Vault) -> BundleItem:
    """The exhibit for the machinery of the bundle; of one that is withheld, the sheet in its place."""
    if each.withheld:
        return BundleItem(
            number=each.number,
            title=each.title,
            date=each.date,
            nature=NOT_JOINED,
            media_type="application/pdf",
            open=lambda: _withheld(each),
            absent=True,
        )
    facts = (
        ("Nature", vocabulary.label("evidence_kinds", each.kind)),
        ("Nom du fichier", each.original),
        ("Durée", each.duration),
        ("Taille", f"{each.size:,} octets".replace(",", "\u00a0")),
        ("Empreinte SHA-256", each.sha256),
    )
    return BundleItem(
        number=each.number,
        title=each.title,
        date=each.date,
        nature=each.nature,
        media_type=each.media_type,
        open=lambda: evidence.open_object(vault, *each.stored),
        facts=tuple((label, value) for label, value in facts if value),
    )


HANDED: Final = ("exhibits", "media", "enclosures", "list")
"""Values that depend on how the exhibits are handed over, and not on the facts alone."""


def in_papers(values: Values, bound: Sequence[ItemPages], handed: Sequence[Handed]) -> Values:
    """What letter and schedule say of the exhibits, once it is known how these are handed over.

    Args:
        values: as the referral publishes them.
        bound: where each stands in the merged file, when there is one.
        handed: all exhibits: a recording is listed under the name of its file; what is withheld stays in its place and
            is not counted.
    """
    places = {place.number: place for place in bound}
    files = {each.number: each.original for each in handed if not each.withheld}
    apart = [each.number for each in handed if each.withheld]
    folder = values["list"]
    assert isinstance(folder, Mapping)
    # What the exhibits hold, without the contents, the dividers between them and the sheets that stand for others.
    pages = sum(place.last - place.first + 1 for place in bound if place.number in files)
    source = _filled(folder, "continues").source
    counts = {
        "page_count": pages or None,
        "joined": len(files) or None,
        "withheld": _apart(apart) or None,
    }
    return {
        **values,
        "exhibits": tuple(_marked(_paged(each, places), apart) for each in _rows(values, "exhibits")),
        "media": tuple(_filed(each, files) for each in _rows(values, "media") if _number(each) in files),
        "enclosures": tuple(_enclosed(values, apart)),
        "list": {**folder, **{name: Filled(value, source) for name, value in counts.items()}},
    }


def _rows(values: Values, name: str) -> Sequence[Values]:
    rows = values[name]
    assert isinstance(rows, Sequence)
    return rows


def _filled(values: Values, name: str) -> Filled:
    found = values[name]
    assert isinstance(found, Filled)
    return found


def _number(row: Values) -> int:
    number = _filled(row, "number").value
    assert isinstance(number, int)
    return number


def _paged(exhibit: Values, places: Mapping[int, ItemPages]) -> Values:
    place = places.get(_number(exhibit))
    pages = "" if place is None else f"{place.first}" + (f"-{place.last}" if place.last > place.first else "")
    return {**exhibit, "pages": Filled(pages or None, _filled(exhibit, "number").source)}


def _marked(exhibit: Values, apart: Collection[int]) -> Values:
    """The exhibit, said not to be joined when it is not."""
    if _number(exhibit) not in apart:
        return exhibit
    source = _filled(exhibit, "number").source
    return {**exhibit, "nature": Filled(NOT_JOINED, source), "is_media": Filled(False, source)}


def _apart(numbers: Sequence[int]) -> str:
    """« pièce n° 5 non jointe », « pièces n° 5 et 6 non jointes »."""
    many = "s" if len(numbers) > 1 else ""
    listed = grammar.joined([str(number) for number in numbers])
    return f"pièce{many} n°\u00a0{listed} {NOT_JOINED}{many}" if numbers else ""


def _enclosed(values: Values, apart: Collection[int]) -> Iterator[Values]:
    """The lines a platform shows for the exhibits, in their order."""
    for exhibit, each in zip(_rows(values, "exhibits"), _rows(values, "enclosures"), strict=True):
        line = _filled(each, "line")
        yield {"line": Filled(f"{line.value} ({NOT_JOINED})", line.source)} if _number(exhibit) in apart else each


def _filed(media: Values, files: Mapping[int, str]) -> Values:
    return {**media, "name": Filled(files.get(_number(media)), _filled(media, "number").source)}


def _withheld(each: Handed) -> BinaryIO:
    out = io.BytesIO()
    said = f"{each.withheld[:1].upper()}{each.withheld[1:]}."
    lines = tuple(filter(None, (each.title, each.date)))
    listing.sheet_pdf(out, listing.ListText(f"Pièce n°\u00a0{each.number}", lines, (said,)))
    out.seek(0)
    return out
