# SPDX-License-Identifier: GPL-3.0-or-later
"""Values at boxes of flat pages: turned pages, pages whose corner is not the origin, what does not fit."""

import io
from collections.abc import Mapping, Sequence

import attrs
import pikepdf
import pypdfium2
import pytest

from forms.official.fill import fill
from forms.official.readback import readback
from forms.overlay import Placement
from forms.problems import FormError, Problem
from forms.text import Box, Style
from tests.support.forms import page_texts

pytestmark = pytest.mark.usefixtures("qapp")

WIDTH, HEIGHT = 300, 500


@attrs.frozen
class _Overlaid:
    pdf: bytes
    problems: tuple[Problem, ...]


def overlay(pdf: bytes, places: Sequence[Placement], texts: Mapping[str, str]) -> _Overlaid:
    """Values on a flat PDF, read again: what is said to be whole shows, and nothing stands beside its box."""
    made = fill(pdf, texts, boxes=places)
    reading = readback(pdf, made.pdf, made.outcomes, texts, places)
    assert reading.flat
    told = {outcome.field: outcome.status for outcome in made.outcomes}
    assert {proof.seen for proof in reading.proofs if told[proof.field] in {"whole", "shrunk"}} <= {"visible", "empty"}
    assert not reading.spill
    return _Overlaid(made.pdf, tuple(problem for outcome in made.outcomes for problem in outcome.problems()))


def _blank(box: tuple[float, ...] = (0, 0, WIDTH, HEIGHT), rotate: int = 0, inherited: bool = False) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        page = pdf.pages[0].obj
        page.MediaBox = pikepdf.Array(box)
        page.Contents = pdf.make_stream(b"0.5 0 0 0.5 0 0 cm")  # an official page that leaves its matrix changed
        if rotate:
            (pdf.Root.Pages if inherited else page).Rotate = rotate
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def _ink(pdf: bytes) -> tuple[int, int, int, int]:
    """The box of all that is drawn on the first page as shown, in points from its bottom left corner."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=2).to_pil().convert("L").point(lambda value: 255 if value < 128 else 0)
    document.close()
    box = picture.getbbox()
    assert box is not None
    left, top, right, low = box
    return left // 2, (picture.height - low) // 2, right // 2, (picture.height - top) // 2


@pytest.mark.parametrize(
    ("box", "rotate", "inherited"),
    [
        ((0, 0, WIDTH, HEIGHT), 0, False),
        ((-34, 20, WIDTH - 34, HEIGHT + 20), 0, False),
        ((0, 0, HEIGHT, WIDTH), 90, False),
        ((0, 0, WIDTH, HEIGHT), 180, False),
        ((0, 0, HEIGHT, WIDTH), 270, False),
        ((-34, 20, HEIGHT - 34, WIDTH + 20), 270, True),
    ],
)
def test_a_box_is_where_the_reader_sees_it(box: tuple[float, ...], rotate: int, inherited: bool) -> None:
    place = Placement("name", 0, Box(40, 400, 200, 420), Style(size=12, valign="middle", multiline=False))
    made = overlay(_blank(box, rotate, inherited), [place], {"name": "Éloïse"})
    left, low, right, high = _ink(made.pdf)
    assert 40 <= left <= 44
    assert right < 90
    assert low >= 400
    assert high <= 420
    assert page_texts(made.pdf)[0].strip() == "Éloïse"
    assert made.problems == ()


def test_a_cross_stands_in_its_own_box_only() -> None:
    boxes = [
        Placement("kin", 0, Box(x, 100, x + 10, 110), kind="tick", mark=mark) for x, mark in ((50, "oui"), (90, "non"))
    ]
    left, low, right, high = _ink(overlay(_blank(), boxes, {"kin": "non"}).pdf)
    assert left >= 90
    assert right <= 101
    assert low >= 100
    assert high <= 111


def test_a_comb_has_one_letter_in_each_cell() -> None:
    comb = Placement("code", 0, Box(50, 100, 150, 116), kind="comb", cells=5)
    made = overlay(_blank(), [comb], {"code": "62100"})
    left, _, right, _ = _ink(made.pdf)
    assert 52 <= left <= 62
    assert 138 <= right <= 148
    assert made.problems == ()
    assert [problem.code for problem in overlay(_blank(), [comb], {"code": "621001"}).problems] == ["overflow"]


def test_what_does_not_fit_is_said() -> None:
    place = Placement("name", 0, Box(40, 400, 90, 412), Style(size=10, min_size=8, multiline=False))
    texts = {"name": "Un nom bien trop long pour sa case"}
    codes = {problem.code: problem for problem in overlay(_blank(), [place], texts).problems}
    assert codes["overflow"].severity == "block"
    assert codes["overflow"].facts["characters"]
    assert codes["shrunk"] == Problem("name", "shrunk", "info", {"size": "8.0"})
    (problem,) = overlay(_blank(), [place], {"name": "漢"}).problems
    assert (problem.code, problem.severity, problem.facts["characters"]) == ("no_glyph", "warn", "漢")


def test_one_field_in_several_places_and_none_elsewhere() -> None:
    places = [Placement("name", 0, Box(40, y, 200, y + 20)) for y in (100, 300)]
    text = page_texts(overlay(_blank(), [*places, Placement("other", 0, Box(0, 0, 9, 9))], {"name": "Anna"}).pdf)[0]
    assert text.split() == ["Anna", "Anna"]


def test_the_same_values_give_the_same_bytes() -> None:
    places = [Placement("name", 0, Box(40, 100, 200, 120))]
    blank = _blank()
    assert overlay(blank, places, {"name": "أحمد"}).pdf == overlay(blank, places, {"name": "أحمد"}).pdf


def test_what_cannot_be_written_on() -> None:
    with pytest.raises(FormError, match=r"official\.unreadable"):
        overlay(b"not a PDF", [], {})
    with pytest.raises(FormError, match=r"official\.box_page") as caught:
        overlay(_blank(), [Placement("name", 3, Box(0, 0, 9, 9))], {})
    assert "page 4" in caught.value.sentence
    with pikepdf.open(io.BytesIO(_blank())) as pdf:
        locked = io.BytesIO()
        pdf.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(FormError, match=r"official\.password"):
        overlay(locked.getvalue(), [], {})
