# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file says of itself: dimensions, length, moment, device, place. Claims of the file, not truths.

A clock may be wrong and a position may be forged: whoever shows a fact shows that the file says it.
"""

import datetime as dt
import re
import zoneinfo
from typing import BinaryIO, Final

import attrs
from PIL import Image

from hro_desktop.media import boxes, exif, pictures, sounds
from hro_desktop.media.kinds import Family, Kind, contradicts, kind_of
from hro_desktop.media.source import Source

__all__ = ["Facts", "Note", "Taken", "examine"]

HEADER = 1024 * 1024
_HEADER_FIRST: Final = ("image/jpeg", "image/png")
"""Formats whose pixels come last: a megabyte of the file tells all, and the rest stays unread."""

PARIS: Final = zoneinfo.ZoneInfo("Europe/Paris")

_SENTENCES: Final = {
    "empty": "Le fichier est vide.",
    "unknown": "Le type du fichier n’est pas reconnu.",
    "extension": "L’extension du nom ne correspond pas au contenu du fichier.",
    "runs": "Le fichier contient un programme ou des macros\u00a0: il est conservé, jamais ouvert ni exécuté.",
    "damaged": "Le fichier est endommagé ou incomplet\u00a0: certaines informations n’ont pas pu être lues.",
    "metadata": "Les métadonnées de l’image sont endommagées\u00a0: elles n’ont pas pu être lues.",
    "huge": "L’image est trop grande pour être affichée\u00a0: l’original est conservé intact.",
    "xmp": "L’image porte des métadonnées XMP, qui peuvent nommer des personnes ou des logiciels.",
    "duration": "La durée est inconnue\u00a0: le fichier ne l’indique pas.",
    "utc": "La date vient du conteneur de la vidéo\u00a0: selon la norme elle est en temps universel (UTC), "
    "mais certains appareils y écrivent l’heure locale.",
    "changed": "La date est celle d’une modification, et non de la prise de vue.",
}


@attrs.frozen
class Note:
    """A remark on a file: a stable code for programs, a French sentence for people."""

    code: str
    sentence: str


@attrs.frozen
class Taken:
    """When the file says it was made.

    Attributes:
        text: exactly as the device wrote it (`2026:10:12 08:45:12`), or ISO 8601 out of a container's counter.
        offset: from UTC, `+02:00` or `Z`; empty when not said: then the hour is that of the device's clock.
        meaning: `shot`, `digitized`, `changed` or `container`.
    """

    text: str
    offset: str
    meaning: str


@attrs.frozen
class Facts:
    """What a file says of itself; None or empty when it does not say.

    Attributes:
        width: pixels as shown, rotation applied.
        height: likewise.
        pages: of a PDF; not known here, the document engine counts them.
        duration_s: seconds.
        gps: latitude and longitude in degrees, north and east positive.
        has_exif: the picture carries EXIF, which leaves with every copy that is not cleaned.
    """

    media_type: str
    family: Family
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    duration_s: float | None = None
    taken_at: Taken | None = None
    device: str = ""
    gps: tuple[float, float] | None = None
    has_exif: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def taken_on(self) -> str:
        """The day of the shot, `2026-10-12`; empty when the file leaves a doubt on it.

        A day of modification is none, nor is a container's when its hour in UTC is another day in France.
        """
        if self.taken_at is None or self.taken_at.meaning == "changed":
            return ""
        match = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)", self.taken_at.text)
        try:
            day = dt.date(*map(int, match.groups())) if match else None
            if day and self.taken_at.meaning == "container":
                moment = dt.datetime.fromisoformat(self.taken_at.text).replace(tzinfo=dt.UTC)
                day = day if moment.astimezone(PARIS).date() == day else None
        except ValueError:
            return ""
        return day.isoformat() if day else ""


def examine(stream: BinaryIO, name_hint: str = "") -> Facts:
    """Reads what the file says of itself, whatever state it is in.

    Args:
        stream: seekable; a film is read by its headers only, a picture whole, up to 128 MB.
        name_hint: the received name, for its extension only.

    Raises:
        Fault: `media.read` when the stream itself fails; never for what the file holds.
    """
    source = Source(stream)
    kind = kind_of(source)
    codes = []
    if not source.size:
        codes.append("empty")
    elif kind.media_type == "application/octet-stream":
        codes.append("unknown")
    if source.size and contradicts(kind, name_hint):
        codes.append("extension")
    if kind.runs:
        codes.append("runs")
    facts = Facts(kind.media_type, kind.family, notes=_notes(codes))
    if kind.family == "image":
        return _of_picture(source, kind, facts)
    if kind.media_type in ("video/mp4", "video/quicktime", "video/3gpp", "audio/mp4"):
        return _of_film(source, facts)
    if kind.media_type == "video/vnd.avi":
        seconds, width, height = sounds.avi_facts(source)
        return _timed(attrs.evolve(facts, duration_s=seconds, width=width, height=height))
    if kind.family in ("sound", "video"):
        return _timed(attrs.evolve(facts, duration_s=sounds.sound_duration(source, kind.media_type)))
    return facts


def _of_picture(source: Source, kind: Kind, facts: Facts) -> Facts:
    try:
        size, has_xmp, said, readable = _header(source, kind)
    except pictures.Unreadable as problem:
        return _with(facts, "huge" if problem.reason == "huge" else "damaged")
    width, height = reversed(size) if said.turned else size
    facts = attrs.evolve(
        facts,
        width=width,
        height=height,
        taken_at=Taken(said.moment, said.offset, said.meaning) if said.moment else None,
        device=said.device,
        gps=said.gps,
        has_exif=said.present,
    )
    remarks = {
        "metadata": not readable,
        "huge": width * height > pictures.MAX_PIXELS,
        "xmp": has_xmp,
        "changed": said.meaning == "changed",
    }
    return _with(facts, *(code for code, applies in remarks.items() if applies))


def _header(source: Source, kind: Kind) -> tuple[tuple[int, int], bool, exif.Shot, bool]:
    """Size, presence of XMP, EXIF facts and whether these could be read; out of the first megabyte when it has them."""
    if kind.media_type in _HEADER_FIRST and source.size > HEADER:
        try:
            return _read_header(source.at(0, HEADER), kind)
        except pictures.Unreadable:  # long colour profiles and depth maps may come first
            pass
    return _read_header(pictures.content_of(source), kind)


def _read_header(content: bytes, kind: Kind) -> tuple[tuple[int, int], bool, exif.Shot, bool]:
    with pictures.guarded():
        picture = pictures.open_picture(content, kind)
        size, has_xmp = picture.size, "xmp" in picture.info or "XML:com.adobe.xmp" in picture.info
        return size, has_xmp, *_shot(picture)


def _shot(picture: Image.Image) -> tuple[exif.Shot, bool]:
    """Damaged tags cost the tags, not the dimensions."""
    try:
        return exif.shot(picture), True
    except Exception:  # Pillow's tag reader raises nearly every type there is
        return exif.Shot(present=bool(picture.info.get("exif"))), False


def _of_film(source: Source, facts: Facts) -> Facts:
    film = boxes.film_facts(source)
    sound_only = not film.has_picture and film.duration_s is not None and not film.damaged
    if sound_only and facts.family == "video":
        facts = attrs.evolve(facts, family="sound", media_type="audio/mp4")
        if any(note.code == "extension" for note in facts.notes):
            facts = attrs.evolve(facts, notes=tuple(n for n in facts.notes if n.code != "extension"))
    facts = attrs.evolve(
        facts,
        width=film.width,
        height=film.height,
        duration_s=film.duration_s,
        taken_at=_film_moment(film),
        device=exif.device_name(film.make, film.model),
        gps=boxes.position(film.place),
    )
    if film.damaged:
        facts = _with(facts, "damaged")
    if facts.taken_at and facts.taken_at.meaning == "container":
        facts = _with(facts, "utc")
    return _timed(facts)


def _film_moment(film: boxes.FilmFacts) -> Taken | None:
    """The device's own words when it left some, else the counter of the container."""
    if film.written:
        written = exif.plain_text(film.written)
        ending = re.search(r"([+-]\d\d):?(\d\d)$", written) if "T" in written else None
        if ending:
            return Taken(written[: ending.start()], f"{ending[1]}:{ending[2]}", "shot")
        return Taken(written, "", "shot")
    if film.created:
        return Taken(film.created.strftime("%Y-%m-%dT%H:%M:%S"), "Z", "container")
    return None


def _timed(facts: Facts) -> Facts:
    return facts if facts.duration_s is not None else _with(facts, "duration")


def _notes(codes: list[str]) -> tuple[Note, ...]:
    return tuple(Note(code, _SENTENCES[code]) for code in codes)


def _with(facts: Facts, *codes: str) -> Facts:
    return attrs.evolve(facts, notes=facts.notes + _notes(list(codes)))
