# SPDX-License-Identifier: GPL-3.0-or-later
"""What a camera wrote into a picture: when, with what, where. Called inside `pictures.guarded`."""

import math
import re
from collections.abc import Mapping
from typing import Final

import attrs
from PIL import Image
from PIL.ExifTags import IFD, Base

__all__ = ["Shot", "device_name", "plain_text", "shot"]

TEXT_LIMIT = 100

# Moments in the order of what they are worth, with the field of their offset from UTC (EXIF 2.31).
_MOMENTS: Final = (
    (Base.DateTimeOriginal, Base.OffsetTimeOriginal, "shot"),
    (Base.DateTimeDigitized, Base.OffsetTimeDigitized, "digitized"),
    (Base.DateTime, Base.OffsetTime, "changed"),
)
_NEVER_SET: Final = re.compile(r"[\s0:]*")


@attrs.frozen
class Shot:
    """The EXIF facts; empty or None when absent.

    Attributes:
        moment: as written by the device, `2026:10:12 08:45:12`.
        offset: from UTC as written, `+02:00`, empty when the device did not say.
        meaning: `shot`, `digitized` or `changed`: what the moment is the moment of.
        device: make and model.
        gps: latitude and longitude in degrees, north and east positive.
        present: the picture carries EXIF at all.
        turned: width and height are exchanged when the picture is shown.
    """

    moment: str = ""
    offset: str = ""
    meaning: str = ""
    device: str = ""
    gps: tuple[float, float] | None = None
    present: bool = False
    turned: bool = False


def shot(picture: Image.Image) -> Shot:
    """Reads the tags of a picture just opened. Raises whatever Pillow raises on damaged ones."""
    tags = picture.getexif()
    details = tags.get_ifd(IFD.Exif)
    moment, offset, meaning = _moment({**tags, **details})
    position = _position(tags.get_ifd(IFD.GPSInfo))
    device = device_name(plain_text(tags.get(Base.Make)), plain_text(tags.get(Base.Model)))
    return Shot(
        moment=moment,
        offset=offset,
        meaning=meaning,
        device=device,
        gps=position,
        present=bool(picture.info.get("exif") or moment or device or position),
        turned=tags.get(Base.Orientation) in (5, 6, 7, 8),
    )


def _moment(tags: Mapping[int, object]) -> tuple[str, str, str]:
    for field, offset_field, meaning in _MOMENTS:
        moment = plain_text(tags.get(field))
        if not _NEVER_SET.fullmatch(moment):
            offset = plain_text(tags.get(offset_field))
            return moment, offset if re.fullmatch(r"[+-]\d\d:\d\d", offset) else "", meaning
    return "", "", ""


def device_name(make: str, model: str) -> str:
    """« Apple iPhone 13 », and not « Canon Canon EOS 80D »."""
    return model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()


def plain_text(value: object) -> str:
    """Printable text out of whatever a tag holds, cut at the first NUL and at 100 characters."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return "".join(c for c in value.split("\0", 1)[0] if c.isprintable())[:TEXT_LIMIT].strip()


def _position(gps: Mapping[int, object]) -> tuple[float, float] | None:
    latitude = _degrees(gps.get(2), gps.get(1), "S", 90)
    longitude = _degrees(gps.get(4), gps.get(3), "W", 180)
    if latitude is None or longitude is None or latitude == longitude == 0.0:  # 0, 0: no fix
        return None
    return latitude, longitude


def _degrees(value: object, hemisphere: object, negative: str, most: int) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3 or not plain_text(hemisphere):
        return None
    degrees, minutes, seconds = (float(part) for part in value)
    total = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(total) or not 0 <= total <= most:
        return None
    return round(-total if plain_text(hemisphere).upper().startswith(negative) else total, 7)
