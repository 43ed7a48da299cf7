# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence files of the practice case: made when asked for, always the same bytes, nobody real in any of them."""

import array
import io
import math
import sys
import wave
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from PIL import ImageDraw

from hro_desktop.demo import film, ink, paper, scenes, words

__all__ = ["FILES", "OUTING_FILES", "SUITE_FILES", "files"]

PLACE: Final = (50.9571, 1.9013)
"""Degrees: open ground east of Calais, where no place of living is known."""

CREATED: Final = 3_874_632_415
"""12 October 2026, 06:46:55 UTC, in seconds since 1904: 8 h 46 in Calais."""

_FAIRPHONE: Final = partial(scenes.Camera, "Fairphone", "FP5")
_SAMSUNG: Final = partial(scenes.Camera, "samsung", "SM-A546B")


def moving_lorry() -> bytes:
    """Three seconds of a tipper crossing the field, ten pictures a second."""
    still = scenes.backdrop((480, 272), seed=13)
    scenes.tent(still, (110, 190), 90, "#2f6fb0", seed=51)
    scenes.tent(still, (380, 180), 80, "#3f8a4c", seed=52)
    pen = ImageDraw.Draw(still)
    pen.text((240, 258), "VIDÉO D’EXERCICE — DESSIN", font=ink.font("bold", 15), fill="white", anchor="mm")
    pictures = []
    for number in range(30):
        picture = still.copy()
        scenes.lorry(picture, 20 + number * 8, 236, 1.1)
        pictures.append(picture)
    clip = film.Clip(CREATED, f"+{PLACE[0]:07.4f}+{PLACE[1]:08.4f}/", "Fairphone", "FP5")
    return film.mp4(pictures, clip)


def tones() -> bytes:
    """Four seconds of sound: an engine's drone under three calls of a signal. No voice."""
    rate = 16_000
    samples = array.array("h")
    for index in range(4 * rate):
        moment = index / rate
        drone = 0.18 * math.sin(math.tau * 62 * moment) + 0.08 * math.sin(math.tau * 124 * moment)
        inside = moment % 1.3
        call = 0.4 * math.sin(math.pi * inside / 0.6) * math.sin(math.tau * 660 * moment) if inside < 0.6 else 0.0
        samples.append(int(32_000 * (drone + call)))
    if sys.byteorder == "big":
        samples.byteswap()
    output = io.BytesIO()
    with wave.open(output, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples.tobytes())
    return output.getvalue()


FILES: Final[dict[str, Callable[[], bytes]]] = {
    "IMG_20261012_091512.jpg": partial(scenes.field, _FAIRPHONE("2026:10:12 09:15:12", PLACE)),
    "IMG_20261012_091731.jpg": partial(scenes.close_up, _FAIRPHONE("2026:10:12 09:17:31", PLACE, 6)),
    "20261013_113805.jpg": partial(scenes.arm, _SAMSUNG("2026:10:13 11:38:05")),
    "Screenshot_20261012-093012.png": scenes.messages,
    "VID_20261012_084655.mp4": moving_lorry,
    "Enregistrement 12 oct. à 08.48.wav": tones,
    "certificat.pdf": paper.certificate,
    "scan0012.jpg": partial(paper.attestation, "camille"),
    "scan0013.jpg": partial(paper.attestation, "tobias"),
    "scan0014.jpg": partial(paper.attestation, "alix"),
    "identite-camille.jpg": partial(paper.identity, "camille"),
    "identite-tobias.jpg": partial(paper.identity, "tobias"),
    "identite-alix.jpg": partial(paper.identity, "alix"),
    "شهادة يونس.pdf": paper.signed_account_arabic,
    "IMG-20261014-WA0007.jpg": paper.signed_account_tigrinya,
    "accords-14-10-2026.pdf": paper.consent_sheets,
    "Arrete_2026-EX-017.pdf": paper.order,
}
"""Each file of the first dossier by its name, as somebody would send it."""

SUITE_FILES: Final[dict[str, Callable[[], bytes]]] = {
    name: partial(paper.text_pdf, [[paper.BANNER.replace("—", "-"), *text.splitlines()]])
    for name, text in words.SUITES.items()
}
"""Those of the second."""

OUTING_FILES: Final[dict[str, Callable[[], bytes]]] = {
    "IMG_20261015_081403.jpg": partial(scenes.field, _FAIRPHONE("2026:10:15 08:14:03", PLACE)),
}
"""Those of the outing."""


def files(made_by: Mapping[str, Callable[[], bytes]] = FILES) -> dict[str, bytes]:
    """All the files of a dossier, by name; for the first about 3 MB, in about two seconds."""
    with ThreadPoolExecutor(2) as pool:  # Pillow works outside the interpreter's lock
        made = pool.map(lambda make: make(), made_by.values())
        return dict(zip(made_by, made, strict=True))
