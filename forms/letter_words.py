# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbered words in the PDF of a letter: found by their links, and written anew so that they can be found again.

Each word becomes as many codes as it has letters, in the order in which they stand on the line. The leftmost code draws
the whole word, exactly as the converter drew it, the others draw nothing; all of them mean their letter. A reader that
puts a line back into reading order then finds the word letter for letter.
"""

import io
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from forms.letter_rtl import ADDRESS, LEFT_MARK

if TYPE_CHECKING:
    import pikepdf

    from forms.text.truetype import Outline

__all__ = ["restore_words"]

_FONT: Final = "/HroRight"
_UNITS: Final = 1000
_AS_IS: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LEFT_TO_RIGHT: Final = re.compile("[0-9\u0660-\u0669\u06f0-\u06f9A-Za-zÀ-ɏ]+(?:[.,:/-][0-9A-Za-z]+)*")

_Step: TypeAlias = "pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage"


@attrs.define
class _Word:
    """One word as found on a page: its box on the page, its text, and what draws it."""

    box: tuple[float, float, float, float]
    text: str
    blocks: list["_Block"] = attrs.field(factory=list)

    def holds(self, block: "_Block") -> bool:
        """Whether a text object belongs to this word. The next word begins where this one ends, to 0.01 point."""
        left, bottom, right, top = self.box
        return left - 0.05 <= block.page_x < right - 0.05 and bottom <= block.page_y <= top


@attrs.define
class _Block:
    """One text object (BT … ET) of a page, and where it stands there; what it draws is read when it is asked for.

    A page has hundreds of them, and a few belong to words.
    """

    start: int
    end: int
    matrix: tuple[float, ...]
    page_x: float
    page_y: float
    steps: Sequence["_Step"]

    @property
    def font(self) -> str:
        """Name and size of the font: those of its one Tf."""
        return str(self._choice().operands[0])

    @property
    def size(self) -> float:
        return float(self._choice().operands[1])

    def glyphs(self) -> list[tuple[int, float, float]]:
        """What it draws, with the shifts from its place."""
        x = y = 0.0
        drawn = []
        for step in self.steps:
            name = str(step.operator)
            if name == "Td":
                right, up = _numbers(step)
                x, y = x + right, y + up
            elif name == "Tj":
                drawn += [(code, x, y) for (code,) in struct.iter_unpack(">H", bytes(step.operands[0]))][:1]
        return drawn

    @property
    def is_short(self) -> bool:
        """Whether it can draw one glyph only: BT, Tf, Tm, Tj and perhaps one more."""
        return len(self.steps) <= 5

    def draws_only(self, code: int | None) -> bool:
        """Whether it draws this glyph alone."""
        shown = [step for step in self.steps if str(step.operator) == "Tj"]
        return len(shown) == 1 and code is not None and bytes(shown[0].operands[0])[:2] == code.to_bytes(2, "big")

    def _choice(self) -> "_Step":
        return next(step for step in self.steps if str(step.operator) == "Tf")


def restore_words(pdf: bytes, words: Sequence[str]) -> bytes:
    """Take the numbered links out of a PDF, and give the shapes of each linked word the codes of its letters.

    Args:
        pdf: what the converter made of `letter_rtl.mark_directions`.
        words: the words by number.
    """
    if not words:
        return pdf
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        book = _Book()
        for page in document.pages:
            found = _found(page, words)
            instructions = list(pikepdf.parse_content_stream(page)) if found else []
            blocks = list(_blocks(instructions))
            _share_out(blocks, found)
            if any(word.blocks for word in found):
                page.Contents = document.make_stream(_rewritten(page, instructions, found, _marks(page, blocks), book))
                page.Resources.Font[_FONT] = book.handle(document)
        book.finish(document)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def _found(page: "pikepdf.Page", words: Sequence[str]) -> list[_Word]:
    """The words of a page with their boxes; the links are removed from the page."""
    import pikepdf

    found: dict[tuple[int, int], _Word] = {}
    links = list(page.get("/Annots", []))
    kept = []
    for link in links:
        address = str(link.A.URI) if "/A" in link and "/URI" in link.A else ""
        if not address.startswith(ADDRESS):
            kept.append(link)
            continue
        left, bottom, right, top = (float(edge) for edge in link.Rect)
        number = int(address.removeprefix(ADDRESS))
        word = found.setdefault((number, round(bottom)), _Word((left, bottom, right, top), words[number]))
        word.box = (min(word.box[0], left), bottom, max(word.box[2], right), top)
    if links and kept:
        page.Annots = pikepdf.Array(kept)
    elif links:
        del page.Annots
    return list(found.values())


def _share_out(blocks: Iterable[_Block], words: Sequence[_Word]) -> None:
    """Give each word the blocks that stand in its box."""
    for block in blocks:
        for word in words:
            if word.holds(block):
                word.blocks.append(block)
                break


def _marks(page: "pikepdf.Page", blocks: Iterable[_Block]) -> list[_Block]:
    """The direction marks that were put in for the converter's sake."""
    codes: dict[str, int | None] = {}
    for name, font in page.Resources.Font.items():
        text = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
        found = re.search(rb"<([0-9A-F]{4})> (?:<[0-9A-F]{4}> )?<%04X>" % ord(LEFT_MARK), text)
        codes[name] = int(found[1], 16) if found else None
    return [block for block in blocks if block.is_short and block.draws_only(codes[block.font])]


def _rewritten(
    page: "pikepdf.Page",
    instructions: Sequence[_Step],
    words: Sequence[_Word],
    marks: Sequence[_Block],
    book: "_Book",
) -> bytes:
    """The content of a page in which each word is one text object of ours, and the marks are gone."""
    import pikepdf

    dropped = [*marks, *(block for word in words for block in word.blocks)]
    gone = {index for block in dropped for index in range(block.start, block.end + 1)}
    put = {word.blocks[0].start: word for word in words if word.blocks}
    out: list[bytes] = []
    kept = 0
    for index in sorted(gone):
        if index > kept:
            out.append(pikepdf.unparse_content_stream(instructions[kept:index]))
        if index in put:
            out.append(book.written(put[index], page.Resources.Font))
        kept = index + 1
    return b"\n".join([*out, pikepdf.unparse_content_stream(instructions[kept:])])


def _blocks(instructions: Sequence[_Step]) -> Iterator[_Block]:
    """All text objects of a content stream, as this converter writes them: one Tf, one Tm, then Td and Tj."""
    import pikepdf

    stack = [pikepdf.Matrix()]
    start: int | None = None
    for index, step in enumerate(instructions):
        name = str(step.operator)
        if name == "q":
            stack.append(stack[-1])
        elif name == "Q" and len(stack) > 1:
            stack.pop()
        elif name == "cm":
            stack[-1] = pikepdf.Matrix(*_numbers(step)) @ stack[-1]
        elif name == "BT":
            start = index
        elif name == "ET" and start is not None:
            # One that stands off the page has been emptied.
            if index > start + 1:
                yield _block(instructions, start, index, stack[-1])
            start = None


def _numbers(step: _Step) -> list[float]:
    return [float(operand) for operand in step.operands]


def _block(instructions: Sequence[_Step], start: int, end: int, page: "pikepdf.Matrix") -> _Block:
    import pikepdf

    steps = instructions[start:end]
    matrix: tuple[float, ...] = next((tuple(_numbers(step)) for step in steps if str(step.operator) == "Tm"), _AS_IS)
    place = pikepdf.Matrix(*matrix) @ page
    return _Block(start, end, matrix, place.e, place.f, steps)


class _Book:
    """The font made for the words of one PDF: its codes, and the outlines they draw."""

    def __init__(self) -> None:
        self._codes: dict[tuple[Outline, int, str], int] = {}
        self._fonts: list[pikepdf.Object] = []
        self._handle: pikepdf.Object | None = None

    def handle(self, document: "pikepdf.Pdf") -> "pikepdf.Object":
        """The font object, filled by `finish`."""
        import pikepdf

        if self._handle is None:
            self._handle = document.make_indirect(pikepdf.Dictionary())
        return self._handle

    def written(self, word: _Word, fonts: "pikepdf.Object") -> bytes:
        """The text object that stands for all the blocks of a word."""
        first = min(word.blocks, key=lambda block: block.page_x)
        scale = _UNITS / first.size
        outline = tuple(
            (
                self._number(fonts[block.font]),
                glyph,
                round((block.page_x - first.page_x + x) * scale),
                round(y * scale),
            )
            for block in sorted(word.blocks, key=lambda block: block.page_x)
            for glyph, x, y in block.glyphs()
        )
        letters = _in_line_order(word.text)
        width = round((word.box[2] - word.box[0]) * scale / len(letters))
        codes = b"".join(
            self._code(outline if place == 0 else (), width, letter).to_bytes(2, "big")
            for place, letter in enumerate(letters)
        )
        matrix = " ".join(f"{part:.4f}" for part in first.matrix)
        return f"BT\n{_FONT} {first.size:g} Tf\n{matrix} Tm\n<{codes.hex()}> Tj\nET".encode()

    def _number(self, font: "pikepdf.Object") -> int:
        for number, known in enumerate(self._fonts):
            if known.objgen == font.objgen:
                return number
        self._fonts.append(font)
        return len(self._fonts) - 1

    def _code(self, outline: "Outline", width: int, letter: str) -> int:
        return self._codes.setdefault((outline, width, letter), len(self._codes) + 1)

    def finish(self, document: "pikepdf.Pdf") -> None:
        """Write the font: the outlines out of the fonts the converter embedded, the widths, the letters."""
        if self._handle is None or not self._codes:
            return
        from forms.text.codes import Drawn, font
        from forms.text.truetype import bounds, parse, subset

        descriptors = [each.DescendantFonts[0].FontDescriptor for each in self._fonts]
        sources = [parse(descriptor.FontFile2.read_bytes()) for descriptor in descriptors]
        keys = list(self._codes)
        data, glyphs = subset(sources, [outline for outline, _, _ in keys])
        drawn = Drawn(
            name="HROWRD+HroSans",
            data=data,
            glyphs=glyphs,
            widths=[width for _, width, _ in keys],
            means=[letter for _, _, letter in keys],
            box=bounds(sources),
            ascent=max(source.ascent for source in sources),
            descent=min(source.descent for source in sources),
            cap_height=sources[0].cap_height,
            stem=80,
        )
        self._handle.update(font(document, drawn))


def _in_line_order(word: str) -> str:
    """The letters from left to right: the word reversed, save the numbers and Latin letters in it."""
    turned = word[::-1]
    return re.sub(
        r"[0-9\u0660-\u0669\u06f0-\u06f9A-Za-zÀ-ɏ]+(?:[.,:/-][0-9A-Za-z]+)*", lambda found: found[0][::-1], turned
    )
