# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken, huge and hostile PDFs: a clear sentence or a clean result, in bounded time, in a process apart."""

import io
import os
import random
import re
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from forms.official import wire
from forms.official.engine import HERE, Apart
from forms.official.fill import fill
from forms.problems import FormError
from tests.forms import odd_forms as odd

pytestmark = pytest.mark.usefixtures("qapp")

BOX = (50, 700, 350, 715)
FUZZED = int(os.environ.get("HRO_FUZZ", "150"))
"""Mutated files in each run; HRO_FUZZ=5000 for a long one."""
SECONDS = 10.0


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with Apart(seconds=SECONDS) as made:
        yield made


def _form() -> bytes:
    made = odd.Maker()
    made.field("name", BOX, TU=String("Nom"), MaxLen=30)
    made.field("code", (50, 650, 350, 665), Ff=odd.COMB, MaxLen=5)
    made.field("facts", (50, 550, 350, 600), Ff=odd.MULTILINE)
    made.box("tick", (50, 500, 60, 510))
    made.parent("sex", {b"1": (50, 480, 60, 490), b"\xe9": (70, 480, 80, 490)}, FT=Name.Btn, Ff=odd.RADIO)
    made.field("country", (50, 450, 350, 465), **odd.choice(odd.COMBO, ("fr", "France"), "Belgique"))
    return made.done()


VALUES: dict[str, Any] = {
    "name": "Éloïse Œuvré",
    "code": "62100",
    "facts": "mot " * 60,
    "tick": True,
    "sex": "1",
    "country": "France",
}


def test_a_process_apart_says_the_same(apart: Apart) -> None:
    blank = _form()
    assert apart.read(blank) == HERE.read(blank)
    for keep in (False, True):
        here = fill(blank, VALUES, keep_fields=keep, continued={"facts": "Faits"}, mark="BROUILLON")
        there = apart.fill(blank, VALUES, keep_fields=keep, continued={"facts": "Faits"}, mark="BROUILLON")
        assert there.outcomes == here.outcomes
        assert there.pdf == here.pdf
    texts = {name: str(value) for name, value in VALUES.items()}
    assert apart.readback(blank, here.pdf, here.outcomes, texts) == HERE.readback(blank, here.pdf, here.outcomes, texts)
    with pytest.raises(FormError, match=r"official\.unreadable"):
        apart.read(b"no PDF")


def test_a_broken_message_is_refused() -> None:
    for data in (b"\0\0", b"\0" * 7 + b"\x09{}", wire.packed({}) + b"x"):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it
            wire.unpacked(data)


def test_what_is_made_of_a_repaired_file_can_be_opened(apart: Apart) -> None:
    """The library that repairs it forgets the size of a file, and then writes one that it cannot open itself."""
    broken = _loose(_form()).replace(b"/Root 1 0 R", b"/Rxxt 1 0 R").replace(b"/Size", b"/Sxze")
    made = apart.fill(broken, VALUES)
    texts = {name: str(value) for name, value in VALUES.items()}
    seen = {proof.seen for proof in apart.readback(broken, made.pdf, made.outcomes, texts).proofs}
    assert seen <= {"visible", "partly"}


def test_two_thousand_pages(apart: Apart) -> None:
    made = odd.Maker(*[(0, 0, 200, 200)] * 2000)
    for page in range(0, 2000, 100):
        made.field(f"f{page}", (10, 10, 190, 30), page)
    blank = made.done()
    start = time.monotonic()
    filled = apart.fill(blank, {f"f{page}": "Anna" for page in range(0, 2000, 100)})
    assert {outcome.status for outcome in filled.outcomes} == {"whole"}
    assert time.monotonic() - start < SECONDS


def _nested(pdf: pikepdf.Pdf) -> None:
    node = Dictionary(T=String("x"))
    for _ in range(5000):
        node = pdf.make_indirect(Dictionary(T=String("x"), Parent=node))
    pdf.pages[0].obj.Annots.append(
        pdf.make_indirect(Dictionary(Subtype=Name.Widget, Rect=Array([0, 0, 50, 50]), FT=Name.Tx, Parent=node))
    )


def _bomb(pdf: pikepdf.Pdf) -> None:
    squeezed = zlib.compress(zlib.compress(b"q " * 150_000_000, 1), 9)
    stream = pikepdf.Stream(pdf, squeezed)
    stream.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    pdf.pages[0].obj.Contents = stream


def _wide(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.MediaBox = Array([0, 0, 1e12, 1e12])
    pdf.pages[0].obj.UserUnit = 1e9
    pdf.pages[0].obj.Annots[0].Rect = Array([-1e30, 5, 1e30, 1e30])


def _said(apart: Apart, blank: bytes, values: dict[str, Any], **how: Any) -> str:
    """What becomes of a file: « filled », or the name of what is told in one sentence."""
    try:
        made = apart.fill(blank, values, **how)
    except FormError as error:
        return error.code if error.sentence.endswith(".") else ""
    return "filled" if made.outcomes else ""


def test_a_circle_of_pages_ends(apart: Apart) -> None:
    circle = re.sub(rb"(\d+) 0 obj\n<< /Count 1 /Kids \[ ", rb"\g<0>\1 0 R ", _loose(_form()))
    assert circle != _loose(_form())
    assert _said(apart, circle, VALUES) in {"filled", "official.unreadable"}


@pytest.mark.parametrize("harm", [_nested, _bomb, _wide])
def test_hostile_files_end_in_time(apart: Apart, harm: Any) -> None:
    made = odd.Maker()
    made.field("name", BOX)
    blank = made.done(harm)
    start = time.monotonic()
    assert _said(apart, blank, {"name": "Anna"})
    assert time.monotonic() - start < SECONDS + 5
    # The next file is served as if nothing had been.
    assert apart.fill(_form(), VALUES).outcomes


def test_a_file_too_large_is_refused_before_it_is_opened(apart: Apart) -> None:
    with pytest.raises(FormError, match=r"official\.too_large"):
        apart.read(b"%PDF" + bytes(65 * 1024 * 1024))


def test_more_fields_than_any_form_has() -> None:
    made = odd.Maker()
    one = made.widget(BOX, T=String("x"), FT=Name.Tx)
    made.pdf.pages[0].obj.Annots = Array([Dictionary(one) for _ in range(20_001)])
    with pytest.raises(FormError, match=r"official\.widgets"):
        HERE.read(made.done())


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """A file with some bytes changed, taken out, doubled, or words of the format exchanged."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(made))
        match chance.randrange(5):
            case 0:
                made[place] = chance.randrange(256)
            case 1:
                del made[place : place + chance.randrange(40)]
            case 2:
                made[place:place] = made[place : place + chance.randrange(60)]
            case 3:
                old, new = chance.sample(_WORDS, 2)
                found = made.find(old, place)
                if found >= 0:
                    made[found : found + len(old)] = new
            case _:
                made[place:place] = chance.choice(_WORDS)
        if not made:
            return b"%PDF"
    return bytes(made)


_WORDS = [
    *(b"/Parent", b"/Kids", b"/Rect", b"/AP", b"/N", b"/V", b"/FT", b"/Tx", b"/Btn", b"/Ch", b"/Ff", b"/MaxLen"),
    *(b"/Annots", b"/AcroForm", b"/Fields", b"/MK", b"/DA", b"/Opt", b"/Q", b"null", b"true", b"-1", b"99999999999"),
    *(b"<<", b">>", b"[", b"]", b"()", b"1 0 R", b"3 0 R", b"5 0 R", b"(x)", b"/Rotate 90", b"/MediaBox", b"1e9"),
    *(b"/Resources", b"/Contents", b"/BBox", b"/Subtype", b"/Widget", b"endobj", b"stream", b"/Length 9"),
]


def _loose(data: bytes) -> bytes:
    """The same file with every object readable, so that a mutation means something."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return target.getvalue()


def test_mutated_files_never_hang_and_never_raise_what_nobody_foresaw(apart: Apart) -> None:
    chance = random.Random(20261126)
    blank = _loose(_form())
    said: list[str] = []
    for number in range(FUZZED):
        mutated = _mutated(blank, chance)
        said.append(_said(apart, mutated, VALUES, keep_fields=number % 3 == 0, continued={"facts": "Faits"}))
        if number % 5 == 0 and said[-1] == "filled":
            made = apart.fill(mutated, VALUES)
            texts = {name: str(value) for name, value in VALUES.items()}
            apart.readback(mutated, made.pdf, made.outcomes, texts)
    foreseen = {"filled", "official.unreadable", "official.pages", "official.password", "official.dynamic_xfa"}
    assert set(said) <= foreseen, [(number, code) for number, code in enumerate(said) if code not in foreseen]
    assert said.count("filled") > FUZZED // 4
