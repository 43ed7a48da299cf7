# SPDX-License-Identifier: GPL-3.0-or-later
"""The drawn photographs of the practice case: a field, torn tents, a lorry, an arm, a telephone's screen. Nobody."""

import io
import random
from typing import Final

import attrs
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from hro_desktop.demo.ink import font, grain, jpeg

__all__ = ["Camera", "arm", "backdrop", "close_up", "field", "lorry", "messages"]

Point = tuple[float, float]

TENT_COLOURS: Final = ("#2f6fb0", "#3f8a4c", "#d98a2b", "#6b7a86", "#b5483f")
LABEL = "IMAGE D’EXERCICE — DESSIN"


@attrs.frozen
class Camera:
    """What a telephone writes into its photographs.

    Attributes:
        moment: local time, `2026:10:12 08:45:12`.
        place: latitude and longitude in degrees; None when the telephone's position was off.
        orientation: EXIF code: 1 upright, 6 to be turned a quarter to the right.
    """

    make: str
    model: str
    moment: str
    place: tuple[float, float] | None = None
    orientation: int = 1

    def exif(self) -> Image.Exif:
        """The tags, as a telephone of 2026 writes them."""
        tags = Image.Exif()
        tags.update({0x010F: self.make, 0x0110: self.model, 0x0112: self.orientation, 0x0131: "Appareil d’exercice"})
        tags[0x0132] = self.moment
        details = tags.get_ifd(0x8769)
        details.update({0x9003: self.moment, 0x9004: self.moment, 0x9010: "+02:00", 0x9011: "+02:00"})
        if self.place:
            latitude, longitude = self.place
            position = tags.get_ifd(0x8825)
            position.update({1: "N" if latitude >= 0 else "S", 2: _sexagesimal(latitude)})
            position.update({3: "E" if longitude >= 0 else "W", 4: _sexagesimal(longitude)})
        return tags


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(abs(degrees) * 60, 60)
    minutes = int(rest)
    return whole, float(minutes), round((rest - minutes) * 60, 3)


def backdrop(size: tuple[int, int], seed: int) -> Image.Image:
    """A grey morning: sky, far sheds, bare trees, wet grass."""
    width, height = size
    horizon = int(height * 0.42)
    picture = Image.new("RGB", size)
    sky = Image.linear_gradient("L").resize((width, horizon))
    picture.paste(Image.composite(Image.new("RGB", sky.size, "#dfe3e6"), Image.new("RGB", sky.size, "#9fb0bf"), sky))
    ground = Image.linear_gradient("L").resize((width, height - horizon))
    near, far = Image.new("RGB", ground.size, "#5d6b3a"), Image.new("RGB", ground.size, "#8d936a")
    picture.paste(Image.composite(near, far, ground), (0, horizon))
    grass = grain((width // 6, (height - horizon) // 3), seed, 0.35).resize(ground.size, Image.Resampling.BICUBIC)
    field_part = picture.crop((0, horizon, width, height))
    picture.paste(ImageChops.add(field_part, Image.merge("RGB", (grass, grass, grass)), 1, -128), (0, horizon))
    _far_things(picture, horizon, seed)
    return picture


def _far_things(picture: Image.Image, horizon: int, seed: int) -> None:
    pen, dice, width = ImageDraw.Draw(picture), random.Random(seed), picture.width  # noqa: S311 - a drawing
    for left, wide, tall, colour in (
        (0.04, 0.3, 0.1, "#8b929a"),
        (0.36, 0.18, 0.07, "#7d858c"),
        (0.7, 0.27, 0.12, "#959b9f"),
    ):
        top = horizon - int(picture.height * tall)
        pen.rectangle((width * left, top, width * (left + wide), horizon), fill=colour)
        pen.polygon(
            ((width * left, top), (width * (left + wide / 2), top - 14), (width * (left + wide), top)), fill=colour
        )
    mast = int(width * 0.6)  # the yellow crane that gives the place its name
    top = horizon - int(picture.height * 0.3)
    pen.line((mast, horizon, mast, top), fill="#c9a227", width=max(3, width // 220))
    pen.line((mast - width * 0.05, top + 12, mast + width * 0.17, top + 12), fill="#c9a227", width=max(2, width // 320))
    pen.line((mast, top, mast + width * 0.15, top + 12), fill="#c9a227", width=1)
    for _ in range(26):
        x = dice.uniform(0, width)
        tall = dice.uniform(0.02, 0.08) * picture.height
        pen.line((x, horizon + 2, x + dice.uniform(-4, 4), horizon - tall), fill="#5a5348", width=2)


def tent(picture: Image.Image, centre: Point, width: float, colour: str, seed: int, *, torn: bool = True) -> None:
    """A dome tent; a torn one gapes from top to bottom and leans."""
    pen, dice = ImageDraw.Draw(picture), random.Random(seed)  # noqa: S311 - a drawing
    x, y = centre
    tall = width * (0.42 if torn else 0.55)
    lean = dice.uniform(-0.12, 0.12) * width if torn else 0
    top = (x + lean, y - tall)
    outline = [(x - width / 2, y)]
    outline += [_bend((x - width / 2, y), top, t / 12, -tall * 0.35) for t in range(13)]
    outline += [_bend(top, (x + width / 2, y), t / 12, -tall * 0.35) for t in range(13)]
    pen.ellipse((x - width * 0.56, y - width * 0.05, x + width * 0.56, y + width * 0.07), fill="#47502f")
    pen.polygon(outline, fill=colour)
    shadow = [top, *(_bend(top, (x + width / 2, y), t / 12, -tall * 0.35) for t in range(13)), (x + width * 0.12, y)]
    pen.polygon(shadow, fill=_darker(colour, 0.8))
    pen.line([top, (x + width * 0.12, y)], fill=_darker(colour, 0.55), width=max(2, int(width / 120)))
    if not torn:
        pen.polygon(
            ((x - width * 0.24, y), (x - width * 0.02, y - tall * 0.7), (x + width * 0.02, y)),
            fill=_darker(colour, 0.5),
        )
        return
    for start, length in ((-0.16, 0.85), (0.2, 0.6)):
        _slit(pen, (x + lean + start * width, y - tall * 0.86), (width * 0.06, length * tall), dice, colour)
    for _ in range(5):  # strips of cloth on the grass
        left, low = x + dice.uniform(-0.7, 0.6) * width, y + dice.uniform(0.02, 0.16) * width
        pen.polygon(
            ((left, low), (left + width * 0.12, low - 6), (left + width * 0.17, low + 8), (left + 8, low + 12)),
            fill=_darker(colour, dice.uniform(0.75, 1.0)),
        )


def _bend(start: Point, end: Point, t: float, lift: float) -> Point:
    arch = 4 * t * (1 - t) * lift
    return start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t + arch * 0.6


def _slit(pen: ImageDraw.ImageDraw, top: Point, size: Point, dice: random.Random, colour: str) -> None:
    width, length = size
    left, right = [top], []
    for step in range(1, 9):
        y = top[1] + length * step / 8
        spread = width * (0.3 + 0.7 * step / 8)
        left.append((top[0] - spread * dice.uniform(0.3, 1.0), y))
        right.append((top[0] + spread * dice.uniform(0.3, 1.0), y))
    pen.polygon([*left, *reversed(right)], fill="#20221e")
    pen.line(left, fill=_darker(colour, 1.35), width=2)


def _darker(colour: str, factor: float) -> str:
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{min(255, int(part * factor)):02x}" for part in parts)


def field(camera: Camera) -> bytes:
    """The whole place after the operation: five tents, four of them torn."""
    picture = backdrop((1600, 1200), seed=11)
    places = (((360, 640), 240), ((860, 610), 200), ((1260, 690), 280), ((560, 860), 380), ((1120, 1000), 430))
    for index, (centre, width) in enumerate(places):
        tent(picture, centre, width, TENT_COLOURS[index], seed=20 + index, torn=index != 1)
    pen, dice = ImageDraw.Draw(picture), random.Random(5)  # noqa: S311 - a drawing
    for _ in range(26):
        x, y, size = dice.uniform(0, 1600), dice.uniform(700, 1180), dice.uniform(5, 22)
        pen.ellipse(
            (x, y, x + size * 1.6, y + size * 0.6), fill=dice.choice(("#d9d6cc", "#77706a", "#324a6b", "#a33b36"))
        )
    return _photograph(picture, camera, seed=31)


def close_up(camera: Camera) -> bytes:
    """One torn tent, the telephone held upright: the pixels lie on their side and the tag says how to turn them."""
    picture = backdrop((1050, 1400), seed=12)
    tent(picture, (520, 1020), 860, TENT_COLOURS[1], seed=41)
    ImageDraw.Draw(picture).rectangle((200, 1160, 420, 1215), fill="#84888f")
    return _photograph(picture, camera, seed=32)


def arm(camera: Camera) -> bytes:
    """A drawn forearm on a sheet with a ruler, and a trace on it."""
    picture = Image.new("RGB", (1400, 1050), "#d7dde0")
    pen = ImageDraw.Draw(picture)
    pen.polygon(((0, 330), (760, 380), (1010, 400), (1010, 640), (760, 665), (0, 780)), fill="#8a5f45")
    pen.polygon(((0, 620), (760, 590), (1010, 580), (1010, 640), (760, 665), (0, 780)), fill="#7a523b")
    pen.polygon(((980, 395), (1130, 400), (1290, 440), (1300, 560), (1180, 640), (980, 645)), fill="#8a5f45")
    for finger in range(4):
        top = 425 + finger * 52
        pen.rounded_rectangle((1230, top, 1390 - abs(1 - finger) * 22, top + 44), 22, fill="#8a5f45")
    trace = Image.new("L", picture.size)
    spot = ImageDraw.Draw(trace)
    spot.polygon(((400, 470), (640, 420), (690, 470), (450, 560)), fill=150)
    spot.ellipse((470, 440, 640, 530), fill=210)
    trace = trace.resize((350, 262)).filter(ImageFilter.GaussianBlur(6)).resize(picture.size, Image.Resampling.BICUBIC)
    picture.paste(Image.new("RGB", picture.size, "#56304a"), mask=trace)
    pen.rectangle((250, 860, 1150, 930), fill="#f3efdf", outline="#8b8778")
    for centimetre in range(31):
        x = 265 + centimetre * 29
        pen.line((x, 860, x, 895 if centimetre % 5 else 910), fill="#3a3a3a", width=2)
        if centimetre % 5 == 0:
            pen.text((x, 918), str(centimetre), font=font("latin", 16), fill="#3a3a3a", anchor="mm")
    return _photograph(picture, camera, seed=33)


def lorry(picture: Image.Image, left: float, base: float, scale: float) -> None:
    """A tipper with tents in its skip, seen from the side, driving to the right."""
    pen = ImageDraw.Draw(picture)

    def box(x0: float, y0: float, x1: float, y1: float, fill: str) -> None:
        pen.rectangle((left + x0 * scale, base - y1 * scale, left + x1 * scale, base - y0 * scale), fill=fill)

    for x, y, colour in ((12, 46, "#2f6fb0"), (34, 50, "#d98a2b"), (56, 47, "#3f8a4c"), (76, 49, "#6b7a86")):
        at = (left + x * scale, base - y * scale)
        pen.ellipse((at[0], at[1], at[0] + 26 * scale, at[1] + 20 * scale), fill=colour)
    box(4, 12, 104, 40, "#c26a1c")
    for rib in range(8, 104, 16):
        box(rib, 12, rib + 2, 40, "#9a5213")
    box(108, 10, 140, 50, "#e6e8e9")
    box(122, 30, 138, 46, "#6f8896")
    box(0, 8, 142, 12, "#3b3d3f")
    for x in (22, 84, 124):
        wheel = (left + (x - 9) * scale, base - 15 * scale, left + (x + 9) * scale, base + 3 * scale)
        pen.ellipse(wheel, fill="#202224")


def messages() -> bytes:
    """A telephone's screen with the team's messages: a PNG as screenshots are, without EXIF."""
    picture = Image.new("RGB", (720, 1280), "#efe7dd")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 720, 130), fill="#20615b")
    pen.text((30, 18), "09:30", font=font("latin", 22), fill="white")
    pen.text((30, 62), "Veille matin — équipe (exercice)", font=font("bold", 32), fill="white")
    lines = (
        ("08:26", "Camille", "Sommes à l’entrée de Yellow Crane", False),
        ("08:38", "Camille", "7 fourgons + camion-benne, ils entrent", False),
        ("08:41", "Moi", "J’arrive par le chemin", True),
        ("08:47", "Tobias", "Sur le talus. Un homme vient d’être frappé", False),
        ("08:52", "Camille", "N° lu : 0990417", False),
        ("09:12", "Moi", "Ils repartent. Je photographie les tentes", True),
    )
    y = 180
    for moment, who, text, mine in lines:
        wide = max(font("latin", 27).getlength(text), 260) + 50
        left = 690 - wide if mine else 30
        pen.rounded_rectangle((left, y, left + wide, y + 118), 18, fill="#d6f2c4" if mine else "#ffffff")
        pen.text((left + 24, y + 12), who, font=font("bold", 22), fill="#20615b")
        pen.text((left + 24, y + 44), text, font=font("latin", 27), fill="#222222")
        pen.text((left + wide - 84, y + 84), moment, font=font("latin", 20), fill="#77777c")
        y += 150
    pen.text((360, 1235), LABEL, font=font("bold", 24), fill="#8a8378", anchor="mm")
    output = io.BytesIO()
    picture.save(output, "PNG", optimize=True)
    return output.getvalue()


def _photograph(picture: Image.Image, camera: Camera, seed: int) -> bytes:
    """Softens the drawing, adds the sensor's grain and the words that say it is a drawing, and writes the tags."""
    noise = grain(picture.size, seed, 0.07)
    picture = picture.filter(ImageFilter.SMOOTH)
    picture = ImageChops.add(picture, Image.merge("RGB", (noise, noise, noise)), 1, -128)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, picture.height - 46, picture.width, picture.height), fill="#1c1c1c")
    pen.text((picture.width / 2, picture.height - 23), LABEL, font=font("bold", 26), fill="white", anchor="mm")
    if camera.orientation == 6:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    return jpeg(picture, 82, exif=camera.exif())
