# SPDX-License-Identifier: GPL-3.0-or-later
"""What shows of a page's fields and remarks, as drawings to lay over the page.

A field or remark with an appearance of its own is shown with it. One without (or whose form declares its appearances
out of date) is drawn here from its value, with our own text engine: any script prints right.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Final, Literal

import attrs
import pikepdf
from pikepdf import Array, Dictionary, Object, Stream

from forms.binding.assembly import Assembly, number_text
from forms.binding.copying import Copier
from forms.text import Box, Canvas, Style

__all__ = ["Marks", "groups", "hidden_layers", "numbers", "rectangle"]

_HIDDEN: Final = 1 << 1
_NO_VIEW: Final = 1 << 5
_MULTILINE: Final = 1 << 12
_PASSWORD: Final = 1 << 13
_PRINT: Final = 1 << 2
_PUSH: Final = 1 << 16
_COMB: Final = 1 << 24
_DEPTH: Final = 16  # of a tree of fields; deeper ones are loops
_ESCAPE: Final = re.compile(rb"#([0-9a-fA-F]{2})")
_SIZE: Final = re.compile(rb"([0-9.]+)\s+Tf")
_ALIGN: Final[dict[int, Literal["center", "right"]]] = {1: "center", 2: "right"}
_PAINT: Final = {1: b"g", 3: b"rg", 4: b"k"}
_ARC: Final = 0.5523  # of a quarter circle drawn as one curve

_Rect = tuple[float, float, float, float]


def numbers(value: object) -> list[float]:
    """The numbers of an array; none when it holds anything else."""
    if not isinstance(value, Array):
        return []
    try:
        return [float(entry) for entry in value]
    except (TypeError, ValueError):
        return []


def rectangle(value: object) -> _Rect | None:
    """Left, bottom, right, top of a rectangle given by any two opposite corners."""
    sides = numbers(value)
    if len(sides) != 4:
        return None
    left, right = sorted((sides[0], sides[2]))
    bottom, top = sorted((sides[1], sides[3]))
    return left, bottom, right, top


def hidden_layers(source: pikepdf.Pdf) -> frozenset[tuple[int, int]]:
    """The layers (optional content groups) a reader does not show when it opens the file."""
    properties = source.Root.get("/OCProperties")
    if not isinstance(properties, Dictionary):
        return frozenset()
    default = properties.get("/D")
    if not isinstance(default, Dictionary):
        return frozenset()
    off = set(groups(default.get("/OFF")))
    if default.get("/BaseState") == "/OFF":
        off |= set(groups(properties.get("/OCGs"))) - set(groups(default.get("/ON")))
    return frozenset(off)


def groups(value: object) -> Iterator[tuple[int, int]]:
    """The layers of a list, by their places in the file."""
    if isinstance(value, Array):
        for group in value:
            if isinstance(group, Object) and group.is_indirect:
                yield group.objgen


def inherited(field: Object, key: str) -> Object | None:
    """An entry of a field or of one of its ancestors."""
    for _ in range(_DEPTH):
        value = field.get(key)
        if value is not None:
            return value
        parent = field.get("/Parent")
        if not isinstance(parent, Dictionary):
            return None
        field = parent
    return None


def _integer(value: object) -> int:
    return int(value) if isinstance(value, int) else 0


@attrs.define
class _Shown:
    """The drawings of one page, in the order they are laid over it."""

    operators: list[bytes] = attrs.field(factory=list)
    drawings: dict[str, int] = attrs.field(factory=dict)

    def add(self, number: int, matrix: tuple[float, ...] | None = None) -> None:
        name = f"M{len(self.drawings)}"
        self.drawings[name] = number
        place = b"" if matrix is None else b" ".join(map(number_text, matrix)) + b" cm "
        self.operators.append(b"q %b/%b Do Q" % (place, name.encode("ascii")))


class Marks:
    """The fields and remarks of one source.

    Args:
        source: an open PDF.
        copier: takes the appearances over.
        target: receives what is drawn here.
    """

    def __init__(self, source: pikepdf.Pdf, copier: Copier, target: Assembly) -> None:
        self._copier = copier
        self._target = target
        self._hidden = hidden_layers(source)
        form = source.Root.get("/AcroForm")
        self._form = form if isinstance(form, Dictionary) else None
        self._outdated = self._form is not None and bool(self._form.get("/NeedAppearances", False))
        self.canvas: Canvas | None = None
        self.drawn: list[int] = []

    def of(self, page: Object) -> tuple[bytes, dict[str, int]]:
        """The operators that show the marks of a page, and the drawings they name."""
        shown = _Shown()
        annotations = page.get("/Annots")
        if isinstance(annotations, Array):
            for mark in annotations:
                if isinstance(mark, Dictionary) and self._visible(mark):
                    self._show(mark, shown)
        return b"\n".join(shown.operators), shown.drawings

    def _visible(self, mark: Object) -> bool:
        if _integer(mark.get("/F")) & (_HIDDEN | _NO_VIEW) or mark.get("/Subtype") == "/Popup":
            return False
        button = inherited(mark, "/FT") == "/Btn" and _integer(inherited(mark, "/Ff")) & _PUSH
        if button and not _integer(mark.get("/F")) & _PRINT:  # « Imprimer », « Effacer »: for the screen only
            return False
        layer = mark.get("/OC")
        return not (isinstance(layer, Object) and layer.is_indirect and layer.objgen in self._hidden)

    def _show(self, mark: Object, shown: _Shown) -> None:
        area = rectangle(mark.get("/Rect"))
        if area is None:
            return
        widget = mark.get("/Subtype") == "/Widget"
        look = _appearance(mark)
        value = self._field_text(mark) if widget and (look is None or self._outdated) else None
        if value:
            self._write(mark, area, value, shown)
        elif look is not None:
            self._lay(look, area, widget, shown)
        elif widget:
            self._tick(mark, area, shown)
        else:
            self._sketch(mark, area, shown)

    def _lay(self, look: Stream, area: _Rect, widget: bool, shown: _Shown) -> None:
        """Lay an appearance into its rectangle (PDF 32000-1, 12.5.5, algorithm 8.1)."""
        box = rectangle(look.get("/BBox"))
        matrix = numbers(look.get("/Matrix"))
        if box is None:
            return
        a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
        left, right = min(x for x, _ in corners), max(x for x, _ in corners)
        low, high = min(y for _, y in corners), max(y for _, y in corners)
        if right - left <= 0 or high - low <= 0:
            return
        across, up = (area[2] - area[0]) / (right - left), (area[3] - area[1]) / (high - low)
        entries = look.stream_dict
        entries["/Type"] = pikepdf.Name.XObject
        entries["/Subtype"] = pikepdf.Name.Form
        if widget and "/Resources" not in entries and self._form is not None and "/DR" in self._form:
            entries["/Resources"] = self._form["/DR"]
        number = self._copier.take(look)
        shown.add(number, (across, 0, 0, up, area[0] - left * across, area[1] - low * up))

    def _field_text(self, mark: Object) -> str | None:
        """The text a field holds; `None` for a field without one, or one that is not for reading."""
        kind = inherited(mark, "/FT")
        if kind not in ("/Tx", "/Ch") or _integer(inherited(mark, "/Ff")) & _PASSWORD:
            return None
        value = inherited(mark, "/V")
        if kind == "/Ch":
            return _chosen(value, inherited(mark, "/Opt"))
        if isinstance(value, Stream):
            return value.read_bytes().decode("latin-1")
        return str(value) if isinstance(value, pikepdf.String) else None

    def _page(self, area: _Rect, turn: int, shown: _Shown) -> tuple[Canvas, Box]:
        """A new drawing of the size of a rectangle, turned counterclockwise as the field asks."""
        self.canvas = self.canvas or Canvas()
        wide, high = max(area[2] - area[0], 1.0), max(area[3] - area[1], 1.0)
        matrices = {
            0: (1, 0, 0, 1, area[0], area[1]),
            90: (0, 1, -1, 0, area[2], area[1]),
            180: (-1, 0, 0, -1, area[2], area[3]),
            270: (0, -1, 1, 0, area[0], area[3]),
        }
        if turn in {90, 270}:
            wide, high = high, wide
        self.canvas.add_page(wide, high)
        number = self._target.reserve()
        self.drawn.append(number)
        shown.add(number, matrices.get(turn, matrices[0]))
        return self.canvas, Box(0, 0, wide, high)

    def _write(self, mark: Object, area: _Rect, value: str, shown: _Shown) -> None:
        flags = _integer(inherited(mark, "/Ff"))
        look = mark.get("/MK")
        turn = _integer(look.get("/R")) % 360 if isinstance(look, Dictionary) else 0
        canvas, box = self._page(area, turn, shown)
        several = bool(flags & _MULTILINE) and inherited(mark, "/FT") == "/Tx"
        size = self._size(mark) or (10.0 if several else max(4.0, min(12.0, 0.7 * box.height)))
        align = _integer(inherited(mark, "/Q"))
        style = Style(
            size=size,
            min_size=min(size, 4.0),
            multiline=several,
            align=_ALIGN.get(align, "start"),
            valign="top" if several else "middle",
        )
        cells = _integer(inherited(mark, "/MaxLen"))
        if flags & _COMB and 0 < cells <= 500:
            canvas.comb(box, value, cells, style)
        else:
            canvas.text(Box(2, min(1, box.height / 4), max(box.width - 2, 3), box.height), value, style)

    def _size(self, mark: Object) -> float | None:
        """The size of print a field or remark asks for; `None` when it leaves it open."""
        asked = inherited(mark, "/DA")
        if asked is None and self._form is not None:
            asked = self._form.get("/DA")
        found = _SIZE.search(bytes(asked)) if isinstance(asked, pikepdf.String) else None
        try:
            size = float(found[1]) if found else 0.0
        except ValueError:
            return None
        return size if 0 < size <= 200 else None

    def _tick(self, mark: Object, area: _Rect, shown: _Shown) -> None:
        """A box that is on but has no picture of it."""
        state = mark.get("/AS") or inherited(mark, "/V")
        if inherited(mark, "/FT") == "/Btn" and isinstance(state, pikepdf.Name) and state != "/Off":
            canvas, box = self._page(area, 0, shown)
            canvas.tick(box)

    def _sketch(self, mark: Object, area: _Rect, shown: _Shown) -> None:
        """A remark without an appearance: highlighted, underlined or struck text, a shape, a written note."""
        kind = mark.get("/Subtype")
        if kind == "/FreeText":
            words = mark.get("/Contents")
            if isinstance(words, pikepdf.String) and str(words).strip():
                canvas, box = self._page(area, 0, shown)
                size = self._size(mark) or 10.0
                canvas.text(Box(2, 0, box.width - 2, box.height - 2), str(words), Style(size=size, min_size=4.0))
            return
        operators = _shape(kind.unparse().decode("latin-1"), mark, area) if isinstance(kind, pikepdf.Name) else b""
        if operators:
            blend = b"/BM /Multiply " if kind == "/Highlight" else b""
            shade = number_text(*(numbers(Array([mark.get("/CA", 1)])) or [1.0]))
            state = b"/ExtGState << /G << %b/ca %b /CA %b >> >>" % (blend, shade, shade)
            room = b" ".join(number_text(side) for side in (area[0] - 9, area[1] - 9, area[2] + 9, area[3] + 9))
            entries = b"/Type /XObject /Subtype /Form /BBox [%b] /Resources << %b >>" % (room, state)
            shown.add(self._target.stream(entries, b"/G gs " + operators))


def _appearance(mark: Object) -> Stream | None:
    """The normal appearance of a mark, for the state it is in."""
    looks = mark.get("/AP")
    normal = looks.get("/N") if isinstance(looks, Dictionary) else None
    if isinstance(normal, Stream):
        return normal
    if isinstance(normal, Dictionary):
        state = mark.get("/AS") or inherited(mark, "/V")
        if isinstance(state, pikepdf.Name):
            # The name of a state may hold any byte, in any encoding or none: bytes are compared.
            wanted = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), state.unparse())
            for key, look in normal.items():
                if key.encode("utf-8", "surrogateescape") == wanted and isinstance(look, Stream):
                    return look
    return None


def _chosen(value: object, options: object) -> str | None:
    """What a list shows for its value: the label, where labels and values differ."""
    chosen = list(value) if isinstance(value, Array) else [value]
    labels: dict[str, str] = {}
    if isinstance(options, Array):
        for option in options:
            if isinstance(option, Array) and len(option) == 2:
                labels[str(option[0])] = str(option[1])
    shown = [labels.get(str(entry), str(entry)) for entry in chosen if isinstance(entry, pikepdf.String)]
    return ", ".join(shown) or None


def _colour(value: object, paint: bool) -> bytes | None:
    """The operator that sets a colour, for filling or for lines."""
    parts = numbers(value)
    operator = _PAINT.get(len(parts))
    if operator is None:
        return None
    return b" ".join(map(number_text, parts)) + b" " + (operator if paint else operator.upper())


def _shape(kind: str, mark: Object, area: _Rect) -> bytes:
    """The operators of a simple remark in the coordinates of the page; none for a kind that has no shape."""
    if kind in {"/Highlight", "/Underline", "/Squiggly", "/StrikeOut"}:
        return _over_text(kind, mark)
    line = _colour(mark.get("/C"), paint=False)
    inner = _colour(mark.get("/IC"), paint=True)
    paths = list(_paths(kind, mark, area, _border(mark)))
    if not paths or (line is None and inner is None):
        return b""
    closed = kind in {"/Square", "/Circle", "/Polygon"}
    end = b"S"
    if closed:
        end = b"b" if line and inner else (b"f" if inner else b"s")
    start = b" ".join(part for part in (line, inner if closed else None) if part)
    return b"%b %b w %b %b" % (start, number_text(_border(mark)), b" ".join(paths), end)


def _border(mark: Object) -> float:
    """The width of its lines."""
    style = mark.get("/BS")
    given = [style.get("/W", 1)] if isinstance(style, Dictionary) else numbers(mark.get("/Border"))[2:3]
    width = numbers(Array(given))
    return max(0.0, min(50.0, width[0])) if width else 1.0


def _over_text(kind: str, mark: Object) -> bytes:
    corners = numbers(mark.get("/QuadPoints"))
    fill = kind == "/Highlight"
    colour = _colour(mark.get("/C"), paint=fill) or (b"1 1 0 rg" if fill else b"0 G")
    drawn = []
    for start in range(0, len(corners) - 7, 8):
        x1, y1, x2, y2, x3, y3, x4, y4 = corners[start : start + 8]
        if fill:
            drawn.append(_path([x1, y1, x2, y2, x4, y4, x3, y3]) + b" f")
        elif kind == "/StrikeOut":
            drawn.append(_path([(x1 + x3) / 2, (y1 + y3) / 2, (x2 + x4) / 2, (y2 + y4) / 2]) + b" S")
        else:
            drawn.append(_path([x3, y3, x4, y4]) + b" S")
    return colour + b" " + b" ".join(drawn) if drawn else b""


def _paths(kind: str, mark: Object, area: _Rect, width: float) -> Iterator[bytes]:
    half = width / 2
    left, low, right, high = area[0] + half, area[1] + half, area[2] - half, area[3] - half
    if kind == "/Square":
        yield _path([left, low, right, low, right, high, left, high])
    elif kind == "/Circle":
        yield _ellipse(left, low, right, high)
    elif kind == "/Line":
        yield _path(numbers(mark.get("/L")))
    elif kind in {"/PolyLine", "/Polygon"}:
        yield _path(numbers(mark.get("/Vertices")))
    elif kind == "/Ink":
        strokes = mark.get("/InkList")
        for stroke in strokes if isinstance(strokes, Array) else ():
            yield _path(numbers(stroke))


def _path(points: list[float]) -> bytes:
    places = [b"%b %b" % (number_text(x), number_text(y)) for x, y in zip(points[::2], points[1::2], strict=False)]
    return b" ".join(place + (b" l" if index else b" m") for index, place in enumerate(places))


def _ellipse(left: float, low: float, right: float, high: float) -> bytes:
    x, y, across, up = (left + right) / 2, (low + high) / 2, (right - left) / 2, (high - low) / 2
    bits = [b"%b %b m" % (number_text(x + across), number_text(y))]
    turns = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 0))
    for (x0, y0), (x1, y1) in itertools.pairwise(turns):
        curve = (
            x + across * (x0 + _ARC * x1), y + up * (y0 + _ARC * y1),
            x + across * (x1 + _ARC * x0), y + up * (y1 + _ARC * y0),
            x + across * x1, y + up * y1,
        )  # fmt: skip
        bits.append(b" ".join(map(number_text, curve)) + b" c")
    return b" ".join(bits)
