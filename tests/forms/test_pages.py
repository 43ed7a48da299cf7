# SPDX-License-Identifier: GPL-3.0-or-later
"""One exhibit becomes pages: pictures upright and without traces, sheets for what cannot be printed, visible marks."""

import io
import re
import struct
import zlib
from typing import Any

import pikepdf
import pillow_heif
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageChops, ImageCms, ImageStat

from forms.binding.copying import bare_jpeg
from forms.bundle import BundleItem, BundleReport, BundleText, build
from tests.forms import odd_pdfs

pytestmark = pytest.mark.usefixtures("qapp")

FACTS = (
    ("Nom du fichier", "VID_2231.mp4"),
    ("Durée", "0:42"),
    ("Taille", "12,4 Mo"),
    ("SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
)


def bundle(data: bytes, media_type: str, **more: Any) -> tuple[bytes, BundleReport]:
    """A bundle of one exhibit without divider: its pages begin at index 1."""
    given = {"title": "Titre", "date": "12 octobre 2026", "nature": "Photographie"} | more
    exhibit = BundleItem(number=5, media_type=media_type, open=lambda: io.BytesIO(data), **given)
    out = io.BytesIO()
    report = build(out, BundleText("Pièces"), [exhibit], dividers=False, full_size=True)
    return out.getvalue(), report


def pictures(data: bytes) -> list[tuple[dict[str, Any], bytes]]:
    """The pictures a PDF holds: some of their entries, and their bytes as they stand."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for held in pdf.objects:
            if isinstance(held, pikepdf.Stream) and held.get("/Subtype") == "/Image":
                entries = {key: held.get(key) for key in ("/Width", "/Height", "/BitsPerComponent")}
                entries["filter"] = str(held.get("/Filter"))
                found.append((entries, held.read_raw_bytes()))
    return found


def close(one: tuple[int, ...], other: tuple[int, ...], within: int = 12) -> bool:
    return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_stands_as_it_was_taken_and_keeps_no_trace(orientation: int) -> None:
    data, report = bundle(odd_pdfs.camera_jpeg(orientation), "image/jpeg")
    assert report.items[0].pages == 1
    assert report.problems == ()
    page = odd_pdfs.rendered(data, 1)
    assert page.width > page.height  # 60 x 40 lies
    middle = (page.width // 2, page.height // 2)
    assert close(page.getpixel((middle[0] - 20, middle[1] - 12)), (0, 0, 255))  # type: ignore[arg-type]
    assert close(page.getpixel((middle[0] + 20, middle[1] + 12)), (153, 153, 153))  # type: ignore[arg-type]
    held = odd_pdfs.all_bytes(data)
    for trace in (b"CANARI", b"Exif", b"ftyp", b"GPS"):
        assert trace not in held
    ((_, raw),) = pictures(data)
    assert not Image.open(io.BytesIO(raw)).getexif()


def test_all_eight_turns_come_out_upright() -> None:
    upright = odd_pdfs.photo((60, 40))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that brings each about
    for turn, method in undo.items():
        exif = Image.Exif()
        exif[0x0112] = turn
        turned = upright.transpose(Image.Transpose(method))
        data, _ = bundle(odd_pdfs.encoded(turned, "PNG", exif=exif), "image/png")
        ((_, raw),) = pictures(data)
        shown = Image.open(io.BytesIO(raw)).convert("RGB")
        assert shown.size == upright.size
        assert max(ImageStat.Stat(ImageChops.difference(shown, upright)).mean) < 4, turn


def test_large_photos_are_brought_to_300_pixels_an_inch() -> None:
    data, _ = bundle(odd_pdfs.encoded(odd_pdfs.photo((6000, 4000))), "image/jpeg")
    ((entries, raw),) = pictures(data)
    width = entries["/Width"]
    # 300 pixels to the inch over the printed width of 782 points.
    assert 2800 < width <= round(785.89 / 72 * 300)
    assert abs(width / entries["/Height"] - 1.5) < 0.01
    assert len(raw) < 3_000_000


def test_a_small_picture_is_not_blown_up() -> None:
    data, _ = bundle(odd_pdfs.encoded(Image.new("RGB", (50, 80), "red"), "PNG"), "image/png")
    page = odd_pdfs.rendered(data, 1)
    red = sum(1 for pixel in page.get_flattened_data() if close(pixel, (255, 0, 0), 40))
    assert 50 * 80 * 0.95 < red < 50 * 80 * 1.1


def test_each_sheet_of_a_scan_is_a_page() -> None:
    sheets = [Image.new("L", (100, 140), grey) for grey in (0, 100, 200)]
    data, report = bundle(odd_pdfs.encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:]), "image/tiff")
    assert report.items[0].pages == 3
    assert "p.\u00a03/3" in odd_pdfs.page_text(data, 3)
    for number, grey in enumerate((0, 100, 200), start=1):
        page = odd_pdfs.rendered(data, number)
        assert close(page.getpixel((page.width // 2, page.height // 2)), (grey,) * 3)  # type: ignore[arg-type]


def test_black_and_white_stays_so_without_loss() -> None:
    scan = Image.effect_noise((301, 423), 100).convert("1")
    data, _ = bundle(odd_pdfs.encoded(scan, "TIFF", compression="group4"), "image/tiff")
    ((entries, raw),) = pictures(data)
    assert entries["/BitsPerComponent"] == 1
    assert zlib.decompress(raw) == scan.tobytes()


def test_a_fax_keeps_its_proportions() -> None:
    fax = Image.new("1", (1728, 1100), 0)
    data, _ = bundle(odd_pdfs.encoded(fax, "TIFF", dpi=(204.0, 98.0)), "image/tiff")
    page = odd_pdfs.rendered(data, 1).convert("L").crop((0, 30, 595, 812))
    left, top, right, bottom = page.point(lambda value: 255 if value < 100 else 0).getbbox()  # type: ignore[misc]
    assert page.width < page.height
    assert abs((bottom - top) / (right - left) - (1100 / 98) / (1728 / 204)) < 0.02


def _heic(image: Image.Image) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CANARI"
    pillow_heif.from_pillow(image).save(made, quality=90, exif=exif.tobytes())
    return made.getvalue()


@pytest.mark.parametrize("kind", ["HEIC", "WEBP", "BMP", "GIF", "PNG", "AVIF", "JPEG2000"])
def test_kinds_of_pictures(kind: str) -> None:
    image = odd_pdfs.photo((300, 200))
    source = _heic(image) if kind == "HEIC" else odd_pdfs.encoded(image, kind)
    data, report = bundle(source, f"image/{kind.lower()}")
    assert report.problems == ()
    ((_, raw),) = pictures(data)
    shown = Image.open(io.BytesIO(raw)).convert("RGB")
    assert shown.size == (300, 200)
    assert close(shown.getpixel((40, 40)), (0, 0, 255))  # type: ignore[arg-type]
    assert close(shown.getpixel((250, 150)), (153, 153, 153))  # type: ignore[arg-type]
    assert b"CANARI" not in odd_pdfs.all_bytes(data)


def _deep(value: int) -> Image.Image:
    return Image.frombytes("I;16", (40, 40), struct.pack("<H", value) * 1600)


@pytest.mark.parametrize(
    ("image", "kind", "expected"),
    [
        (Image.new("RGBA", (40, 40), (255, 0, 0, 0)), "PNG", (255, 255, 255)),
        (Image.new("RGBA", (40, 40), (0, 0, 0, 128)), "PNG", (127, 127, 127)),
        (Image.new("LA", (40, 40), (0, 0)), "PNG", (255, 255, 255)),
        (Image.new("P", (40, 40)), "GIF", (0, 0, 0)),
        (_deep(32768), "PNG", (128, 128, 128)),
        (_deep(65535), "TIFF", (255, 255, 255)),
        (Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "TIFF", (255, 0, 0)),
        (Image.new("1", (40, 40), 1), "PNG", (255, 255, 255)),
        (Image.new("F", (40, 40), 7.0), "TIFF", (255, 255, 255)),
    ],
)
def test_colours_of_unusual_pictures(image: Image.Image, kind: str, expected: tuple[int, ...]) -> None:
    data, _ = bundle(odd_pdfs.encoded(image, kind), f"image/{kind.lower()}")
    page = odd_pdfs.rendered(data, 1)
    assert close(page.getpixel((page.width // 2, page.height // 2)), expected, 3)  # type: ignore[arg-type]


def test_a_colour_profile_is_applied_and_dropped() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The same profile with red and blue exchanged: what it calls red is blue.
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    exchanged = bytearray(profile)
    exchanged[red : red + 4], exchanged[blue : blue + 4] = b"bXYZ", b"rXYZ"
    source = odd_pdfs.encoded(Image.new("RGB", (40, 40), (255, 0, 0)), "PNG", icc_profile=bytes(exchanged))
    data, _ = bundle(source, "image/png")
    page = odd_pdfs.rendered(data, 1)
    assert close(page.getpixel((page.width // 2, page.height // 2)), (0, 0, 255), 30)  # type: ignore[arg-type]
    assert b"acsp" not in odd_pdfs.all_bytes(data)


def test_an_animation_shows_its_first_picture_and_says_so() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "green", "blue")]
    source = odd_pdfs.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    _, report = bundle(source, "image/gif")
    assert report.items[0].pages == 1
    assert [(p.code, p.severity) for p in report.problems] == [("exhibit.animation", "info")]


def _bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        (_bomb(60000, 60000), "exhibit.too_large", "trop grande"),
        (_bomb(12000, 12000), "exhibit.too_large", "trop grande"),
        (b"", "exhibit.damaged", "endommagé"),
        (b"rien d'une image", "exhibit.damaged", "endommagé"),
        (odd_pdfs.encoded(odd_pdfs.photo())[:700], "exhibit.damaged", "endommagé"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "exhibit.damaged", "endommagé"),
    ],
)
def test_an_unreadable_picture_becomes_a_sheet(source: bytes, code: str, words: str) -> None:
    data, report = bundle(source, "image/png", facts=FACTS)
    assert [p.code for p in report.problems] == [code]
    text = odd_pdfs.page_text(data, 1)
    assert words in text
    assert "VID_2231.mp4" in text
    assert "Original conservé, inchangé." in text


@pytest.mark.parametrize(
    ("media_type", "words"),
    [
        ("video/mp4", "vidéo"),
        ("audio/mp4", "sonore"),
        ("application/zip", "informatique"),
        ("text/plain", "informatique"),
    ],
)
def test_what_cannot_be_printed_gets_a_sheet(media_type: str, words: str) -> None:
    title = "فيديو الإخلاء قرب المستودع"

    def never() -> io.BytesIO:
        raise AssertionError("not needed")

    exhibit = BundleItem(9, title, "12 octobre 2026", "Vidéo", media_type, never, FACTS)
    out = io.BytesIO()
    report = build(out, BundleText("Pièces"), [exhibit], dividers=False, full_size=True)
    text = odd_pdfs.page_text(out.getvalue(), 1)
    assert report.problems == ()
    assert "Pièce n°\u00a09 – p.\u00a01/1" in text
    for part in (words, "Original conservé, inchangé.", "empreinte", "12 octobre 2026", *title.split()):
        assert part in text
    for label, value in FACTS:
        assert label in text
        assert value in text
    assert not re.search("scell|authenti", text, re.IGNORECASE)


def test_many_facts_go_on_over_further_sheets() -> None:
    facts = tuple((f"Fait {n}", f"valeur {n} " * 12) for n in range(40))
    data, report = bundle(b"", "video/mp4", facts=facts)
    assert report.items[0].pages > 1
    text = "".join(odd_pdfs.page_text(data, page) for page in range(1, report.total))
    assert all(f"Fait {n}\r" in text or f"Fait {n} " in text for n in range(40))
    assert "Original conservé" in odd_pdfs.page_text(data, report.total - 1)


class _Failing(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "disk")


@pytest.mark.parametrize("media_type", ["application/pdf", "image/jpeg"])
def test_a_disk_that_fails_is_no_damaged_exhibit(media_type: str) -> None:
    exhibit = BundleItem(1, "T", "", "", media_type, _Failing)
    with pytest.raises(OSError, match="disk"):
        build(io.BytesIO(), BundleText("Pièces"), [exhibit])


class _LateFailure(io.BytesIO):
    """Reads well once, as a vault whose disk fails later."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > 1:
            raise OSError(5, "disk")
        return super().read(size)


def test_a_large_original_is_not_read_at_once_and_its_failures_count() -> None:
    def padded(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Resources["/XObject"] = Dictionary(
            X=pikepdf.Stream(pdf, bytes(34_000_000), Dictionary(Subtype=Name.Form, BBox=Array([0, 0, 1, 1])))
        )

    large = odd_pdfs.changed(odd_pdfs.written(), padded, compress_streams=False)
    data, report = bundle(large, "application/pdf")
    assert report.problems == ()
    assert len(data) > 34_000_000
    with pytest.raises(OSError, match="disk"):
        build(
            io.BytesIO(), BundleText("P"), [BundleItem(1, "T", "", "", "application/pdf", lambda: _LateFailure(large))]
        )


def _marked(annotation: dict[str, Any], form: dict[str, Any] | None = None) -> tuple[bytes, Image.Image]:
    data, report = bundle(odd_pdfs.annotated(annotation, form), "application/pdf")
    assert report.problems == ()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/Annots" not in pdf.pages[1].obj
        assert "/AcroForm" not in pdf.Root
    return data, odd_pdfs.rendered(data, 1)


FIELD: dict[str, Any] = {"Subtype": Name.Widget, "FT": Name.Tx, "T": String("f"), "Rect": Array([100, 700, 400, 720])}


def test_a_mark_is_shown_with_its_own_appearance_stretched_to_its_rectangle() -> None:
    _, page = _marked({"Subtype": Name.Stamp, "Rect": Array([100, 100, 300, 200]), "look": b"1 0 0 rg 0 0 50 20 re f"})
    assert page.getpixel((110, 690)) == (255, 0, 0)
    assert page.getpixel((195, 650)) == (255, 0, 0)
    assert page.getpixel((210, 690)) == (255, 255, 255)


@pytest.mark.parametrize("flags", [2, 32])
def test_hidden_marks_stay_hidden(flags: int) -> None:
    look = b"1 0 0 rg 0 0 100 20 re f"
    _, page = _marked({"Subtype": Name.Stamp, "Rect": Array([100, 100, 300, 200]), "F": flags, "look": look})
    assert page.getpixel((110, 690)) == (255, 255, 255)


@pytest.mark.parametrize("value", ["Éloïse d’Haÿ-Çœur, 12 €", "محمد رضا", "ተስፋይ ኣብርሃም"])
def test_a_value_without_appearance_is_written_in_any_script(value: str) -> None:
    data, _ = _marked(FIELD | {"V": String(value)}, {})
    text = odd_pdfs.page_text(data, 1)
    assert all(word in text for word in re.findall(r"\w+", value))


def test_outdated_appearances_give_way_to_values() -> None:
    stale = {"look": b"1 0 0 rg 0 0 100 20 re f", "V": String("valeur actuelle")}
    data, page = _marked(FIELD | stale, {"NeedAppearances": True})
    assert "valeur actuelle" in odd_pdfs.page_text(data, 1)
    assert page.getpixel((300, 842 - 710)) != (255, 0, 0)
    data, page = _marked(FIELD | stale, {})
    assert "valeur actuelle" not in odd_pdfs.page_text(data, 1)
    assert page.getpixel((300, 842 - 710)) == (255, 0, 0)


def test_a_list_shows_its_label_a_comb_its_letters_and_a_secret_nothing() -> None:
    options = Array([Array([String("fr"), String("Français")]), Array([String("ti"), String("Tigrinya")])])
    data, _ = _marked(FIELD | {"FT": Name.Ch, "V": String("ti"), "Opt": options}, {})
    assert "Tigrinya" in odd_pdfs.page_text(data, 1)
    data, _ = _marked(FIELD | {"V": String("62100"), "Ff": 1 << 24, "MaxLen": 5}, {})
    assert re.sub(r"\s", "", odd_pdfs.page_text(data, 1)).count("62100") == 1
    data, _ = _marked(FIELD | {"V": String("secret"), "Ff": 1 << 13}, {})
    assert "secret" not in odd_pdfs.page_text(data, 1)


def test_a_box_that_is_on_gets_a_cross() -> None:
    box = {"Subtype": Name.Widget, "FT": Name.Btn, "T": String("c"), "Rect": Array([100, 100, 120, 120])}
    _, on = _marked(box | {"V": Name.Oui, "AS": Name.Oui}, {})
    _, off = _marked(box | {"V": Name.Off, "AS": Name.Off}, {})
    assert on.crop((100, 720, 120, 742)).convert("L").getextrema()[0] < 80  # type: ignore[operator]
    assert off.crop((100, 720, 120, 742)).convert("L").getextrema()[0] == 255


def test_a_state_named_in_bytes_that_are_no_text_is_found() -> None:
    def boxed(pdf: pikepdf.Pdf) -> None:
        look = pikepdf.Stream(pdf, b"1 0 0 rg 0 0 20 20 re f", Dictionary(BBox=Array([0, 0, 20, 20])))
        mark = pikepdf.Object.parse(
            b"<< /Type /Annot /Subtype /Widget /FT /Btn /Rect [100 100 120 120] /AS /fran#e7aise /V /fran#e7aise >>"
        )
        mark.AP = Dictionary(N=Dictionary())
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(mark)])
        mark = pdf.pages[0].obj.Annots[0]
        mark.AP.N["/x"] = look
        pdf.Root.AcroForm = Dictionary(Fields=Array([mark]))

    made = odd_pdfs.changed(odd_pdfs.written(), boxed, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert made.count(b"/N << /x ") == 1
    # The name is written in Latin-1, as old programs did.
    renamed = made.replace(b"/N << /x ", b"/N << /fran#e7aise ")
    data, _ = bundle(renamed, "application/pdf")
    assert odd_pdfs.rendered(data, 1).getpixel((110, 732)) == (255, 0, 0)


def test_a_turned_field_is_written_along_its_rectangle() -> None:
    upright = FIELD | {"Rect": Array([300, 300, 320, 500]), "V": String("debout"), "MK": Dictionary(R=90)}
    _, page = _marked(upright, {})
    ink = page.crop((295, 330, 325, 545)).convert("L").point(lambda value: 255 if value < 128 else 0)
    left, top, right, bottom = ink.getbbox()  # type: ignore[misc]
    assert bottom - top > 2 * (right - left)


QUADS = Array([100, 220, 300, 220, 100, 200, 300, 200])


@pytest.mark.parametrize(
    ("annotation", "place"),
    [
        ({"Subtype": Name.Highlight, "QuadPoints": QUADS, "C": Array([1, 0, 0])}, (200, 632)),
        ({"Subtype": Name.Underline, "QuadPoints": QUADS, "C": Array([1, 0, 0])}, (200, 641)),
        ({"Subtype": Name.StrikeOut, "QuadPoints": QUADS, "C": Array([1, 0, 0])}, (200, 631)),
        ({"Subtype": Name.Square, "IC": Array([1, 0, 0]), "C": Array([0, 0, 0])}, (200, 632)),
        ({"Subtype": Name.Circle, "IC": Array([1, 0, 0])}, (200, 632)),
        ({"Subtype": Name.Line, "L": Array([100, 210, 300, 210]), "C": Array([1, 0, 0])}, (200, 631)),
        ({"Subtype": Name.Ink, "InkList": Array([Array([100, 210, 300, 210])]), "C": Array([1, 0, 0])}, (200, 631)),
        (
            {"Subtype": Name.Polygon, "Vertices": Array([100, 200, 300, 200, 200, 222]), "IC": Array([1, 0, 0])},
            (200, 632),
        ),
    ],
)
def test_remarks_without_appearance_are_drawn(annotation: dict[str, Any], place: tuple[int, int]) -> None:
    thick = {"BS": Dictionary(W=3)} if "IC" not in annotation else {}
    _, page = _marked(annotation | thick | {"Rect": Array([100, 200, 300, 222])})
    around = [page.getpixel((place[0], place[1] + shift)) for shift in (-1, 0, 1)]
    assert any(close(pixel, (255, 0, 0), 130) and pixel != (255, 255, 255) for pixel in around)  # type: ignore[arg-type]


def test_a_written_note_is_kept() -> None:
    data, _ = _marked({"Subtype": Name.FreeText, "Rect": Array([100, 100, 300, 150]), "Contents": String("à vérifier")})
    assert "à vérifier" in odd_pdfs.page_text(data, 1)


def test_values_given_as_references_to_numbers_and_strings_with_brackets_survive() -> None:
    def tangled(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        page.Resources["/Properties"] = Dictionary(
            P=pdf.make_indirect(
                Dictionary(A=String("a (b) \\ ) 7 0 R ("), B=String(b"\x00\xff(9 0 R)"), C=Name("/x y#("))
            )
        )

    source = odd_pdfs.changed(odd_pdfs.written(), tangled, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    data, _ = bundle(source, "application/pdf")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        kept = pdf.pages[1].obj.Resources.XObject.X.Resources.Properties.P
        assert str(kept.A) == "a (b) \\ ) 7 0 R ("
        assert bytes(kept.B) == b"\x00\xff(9 0 R)"
        assert kept.C.unparse() == b"/x#20y#23#28"


def test_a_jpeg_is_bared_without_touching_the_picture() -> None:
    source = odd_pdfs.camera_jpeg()
    bare = bytes(bare_jpeg(source))
    assert b"CANARI" in source
    assert b"CANARI" not in bare
    assert bare.endswith(b"\xff\xd9")
    before, after = Image.open(io.BytesIO(source)), Image.open(io.BytesIO(bare))
    assert ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox() is None
    assert bytes(bare_jpeg(bare)) == bare
    progressive = odd_pdfs.encoded(odd_pdfs.photo(), progressive=True, comment=b"CANARI") + b"CANARI"
    kept = bytes(bare_jpeg(progressive))
    assert b"CANARI" not in kept
    shown = Image.open(io.BytesIO(kept)).convert("RGB")
    assert ImageChops.difference(shown, Image.open(io.BytesIO(progressive)).convert("RGB")).getbbox() is None


@pytest.mark.parametrize(
    "junk", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"\xff\xd8" + bytes(50), b"\xff\xd8\xff\xda"]
)
def test_what_is_no_whole_jpeg_is_left_alone(junk: bytes) -> None:
    assert bytes(bare_jpeg(junk)) == junk


@pytest.mark.parametrize("wrap", ["/ASCII85Decode", "/FlateDecode"])
def test_a_jpeg_wrapped_once_more_in_a_pdf_is_bared_too(wrap: str) -> None:
    import base64

    jpeg = odd_pdfs.camera_jpeg(note=b"CANARI")
    wrapped = base64.a85encode(jpeg) + b"~>" if "85" in wrap else zlib.compress(jpeg)

    def placed(pdf: pikepdf.Pdf) -> None:
        picture = pikepdf.Stream(
            pdf,
            wrapped,
            Dictionary(
                Type=Name.XObject, Subtype=Name.Image, Width=60, Height=40, BitsPerComponent=8,
                ColorSpace=Name.DeviceRGB, Filter=Array([Name(wrap), Name.DCTDecode]),
            ),
        )  # fmt: skip
        pdf.pages[0].Resources["/XObject"] = Dictionary(Im=picture)
        pdf.pages[0].contents_add(b"q 200 0 0 200 50 50 cm /Im Do Q")

    source = odd_pdfs.changed(odd_pdfs.written(), placed)
    data, _ = bundle(source, "application/pdf")
    assert b"CANARI" not in odd_pdfs.all_bytes(data)
    ((entries, _),) = pictures(data)
    assert entries["filter"] == "/DCTDecode"
    before, after = odd_pdfs.rendered(source, 0), odd_pdfs.rendered(data, 1)
    area = (50, 595, 250, 790)
    assert ImageChops.difference(before.crop(area), after.crop(area)).getbbox() is None
