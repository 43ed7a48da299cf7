# SPDX-License-Identifier: GPL-3.0-or-later
"""Official forms with every oddity met in real ones, made on the spot."""

import io
import re
import warnings
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

A4 = (0.0, 0.0, 595.0, 842.0)
TEXT: dict[str, Any] = {"FT": Name.Tx, "DA": String("/Helv 10 Tf 0 g")}
MULTILINE = 1 << 12
PASSWORD = 1 << 13
RADIO = 1 << 15
PUSH = 1 << 16
COMBO = 1 << 17
EDIT = 1 << 18
FILE = 1 << 20
MULTIPLE = 1 << 21
COMB = 1 << 24
RICH = 1 << 25
HIDDEN = 2


class Maker:
    """A form under way: pages, fields, then whatever a test changes."""

    def __init__(self, *boxes: tuple[float, float, float, float]) -> None:
        self.pdf = Pdf.new()
        for box in boxes or (A4,):
            self.pdf.add_blank_page(page_size=(box[2] - box[0], box[3] - box[1]))
            self.pdf.pages[-1].obj.MediaBox = Array(list(box))
            self.pdf.pages[-1].obj.Annots = Array()
        self.pdf.Root.AcroForm = self.pdf.make_indirect(Dictionary(Fields=Array()))

    def field(self, name: str, box: tuple[float, ...], page: int = 0, **entries: Any) -> pikepdf.Object:
        """A field that is its own widget; one of text unless the entries say otherwise."""
        made = self.widget(box, page, T=String(name), **{**TEXT, **entries})
        self.pdf.Root.AcroForm.Fields.append(made)
        return made

    def widget(self, box: tuple[float, ...], page: int = 0, **entries: Any) -> pikepdf.Object:
        base: dict[str, Any] = {"Type": Name.Annot, "Subtype": Name.Widget, "Rect": Array(list(box)), "F": 4}
        made = self.pdf.make_indirect(Dictionary(**{**base, **entries}))
        self.pdf.pages[page].obj.Annots.append(made)
        return made

    def box(self, name: str, box: tuple[float, ...], state: bytes = b"Oui", **entries: Any) -> pikepdf.Object:
        """A box to tick, its tick in a font that the file does not hold."""
        made = self.field(name, box, FT=Name.Btn, AS=Name.Off, **entries)
        made.AP = self.looks(state)
        return made

    def parent(self, name: str, boxes: dict[bytes, tuple[float, ...]], **entries: Any) -> pikepdf.Object:
        """A field with a kid for each state."""
        made = self.pdf.make_indirect(Dictionary(T=String(name), Kids=Array(), **entries))
        for state, box in boxes.items():
            kid = self.widget(box, Parent=made, AS=Name.Off)
            kid.AP = self.looks(state)
            made.Kids.append(kid)
        self.pdf.Root.AcroForm.Fields.append(made)
        return made

    def looks(self, state: bytes) -> pikepdf.Object:
        """Appearances of a box; the state is any bytes, even none."""
        on = self.look(b"q BT /ZaDb 10 Tf 2 2 Td (4) Tj ET Q")
        on.Resources = Dictionary(Font=Dictionary(ZaDb=Dictionary(Type=Name.Font, Subtype=Name.Type1)))
        on.Resources.Font.ZaDb.BaseFont = Name.ZapfDingbats
        off = self.look(b"")
        plain = state.isalnum() and state.isascii()
        name = f"/{state.decode()}" if plain else f"/RAW{state.hex()}RAW"
        return self.pdf.make_indirect(Dictionary(N=Dictionary({name: on, "/Off": off})))

    def look(self, commands: bytes) -> Stream:
        made = Stream(self.pdf, commands)
        made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, Array([0, 0, 12, 12])
        return made

    def done(self, change: Callable[[Pdf], Any] | None = None, **save: Any) -> bytes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pikepdf.exceptions.PageCopyWarning)  # lost widgets are the point
            return self._saved(change, save)

    def _saved(self, change: Callable[[Pdf], Any] | None, save: dict[str, Any]) -> bytes:
        if change is not None:
            change(self.pdf)
        target = io.BytesIO()
        self.pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        # Names of any bytes: the library writes none itself, but reads and keeps them.
        raw = re.sub(
            rb"/RAW([0-9a-f]*)RAW",
            lambda found: b"/" + b"".join(b"#%02x" % byte for byte in bytes.fromhex(found[1].decode())),
            target.getvalue(),
        )
        kept = io.BytesIO()
        with pikepdf.open(io.BytesIO(raw)) as pdf:
            pdf.save(kept, **save)
        return kept.getvalue()


def script(code: str) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(code))


def choice(flags: int, *options: object) -> dict[str, Any]:
    entries = [Array([String(o[0]), String(o[1])]) if isinstance(o, tuple) else String(str(o)) for o in options]
    return {"FT": Name.Ch, "Ff": flags, "Opt": Array(entries)}
