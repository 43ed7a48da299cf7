# SPDX-License-Identifier: GPL-3.0-or-later
"""An official PDF read into fields: what each takes, where it stands, and what kind of file this is.

The widgets are found on the pages, never in the list of the form: damaged files have lost that list, and the widgets
are what a reader shows.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import attrs
import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from forms.official.nodes import (
    DEPTH,
    Entries,
    boxed,
    child,
    entries,
    inherited,
    integer,
    items,
    keyed,
    name_text,
    page_turn,
    states,
    text,
)
from forms.official.scripts import Format, recognised
from forms.official.shape import FileClass, Kind, OfficialField, Option, PdfForm, Widget
from forms.problems import FormError

__all__ = [
    "Spot",
    "described",
    "opened",
    "read",
    "shown_text",
    "walk",
]

MOST_PAGES: Final = 5000
MOST_WIDGETS: Final = 20_000
_MOST_OPTIONS: Final = 2000
_MOST_CELLS: Final = 1000

# Flags of a field (PDF 32000-1, tables 221, 226, 228, 230) and of an annotation (table 165).
_READ_ONLY: Final = 1 << 0
_REQUIRED: Final = 1 << 1
_MULTILINE: Final = 1 << 12
_PASSWORD: Final = 1 << 13
_RADIO: Final = 1 << 15
_PUSH: Final = 1 << 16
_COMBO: Final = 1 << 17
_EDIT: Final = 1 << 18
_FILE: Final = 1 << 20
_MULTIPLE: Final = 1 << 21
_COMB: Final = 1 << 24
_RICH: Final = 1 << 25
_HIDDEN: Final = 1 << 1
_NO_VIEW: Final = 1 << 5
_PRINTED: Final = 1 << 2


@attrs.frozen(eq=False)
class Spot:
    """A widget with the objects of the file it was read from.

    Args:
        name: of its field.
        widget: what was read.
        annotation: its object.
        nodes: that object and those above it.
        chain: what it held when it was read, and what those above it held together, the nearest before the others.
        looks: the appearances of a box or radio button, by the bytes of their states.
    """

    name: str
    widget: Widget
    annotation: pikepdf.Object
    nodes: Sequence[pikepdf.Object]
    chain: Sequence[Entries]
    looks: Mapping[bytes, Stream]


def opened(pdf: bytes) -> pikepdf.Pdf:
    """Open a PDF, repaired when it is damaged.

    Raises:
        FormError: `official.password`, `official.unreadable`, `official.pages`.
    """
    try:
        found = pikepdf.open(io.BytesIO(pdf))
        count = len(found.pages)
        # A repaired file may lack what readers know it by; without its size, what is written of it cannot be opened.
        found.Root.Type = Name.Catalog
        found.Root.Pages.Type = Name.Pages
        if "/Size" not in found.trailer:
            found.trailer.Size = len(found.objects)
    except pikepdf.PasswordError:
        raise FormError(
            "official.password",
            "Ce PDF ne s’ouvre qu’avec un mot de passe\u00a0: ouvrez-le dans un lecteur avec ce mot de passe, "
            "enregistrez-en une copie sans protection, et donnez cette copie.",
        ) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, OverflowError, RecursionError, AttributeError, TypeError):
        raise FormError(
            "official.unreadable",
            "Ce fichier n’est pas un PDF lisible\u00a0: téléchargez-le de nouveau depuis le site officiel.",
        ) from None
    if not 0 < count <= MOST_PAGES:
        raise FormError(
            "official.pages",
            f"Ce PDF compte {count} pages\u00a0: un formulaire en compte au moins une et au plus {MOST_PAGES}. "
            "Vérifiez que c’est le bon fichier.",
        )
    return found


def read(pdf: bytes) -> PdfForm:
    """Read a PDF into fields.

    Raises:
        FormError: `official.password`, `official.unreadable`, `official.pages`, `official.widgets`.
    """
    with opened(pdf) as file:
        return described(file, walk(file), lambda: shown_text(pdf))


def described(file: pikepdf.Pdf, spots: Sequence[Spot], shown: Callable[[], str]) -> PdfForm:
    """What a file that is open says, once its widgets were found; `shown` gives its text when that is needed."""
    fields: dict[str, list[Spot]] = {}
    for spot in spots:
        fields.setdefault(spot.name, []).append(spot)
    return PdfForm(
        kind=_class(file, bool(spots), shown),
        pages=len(file.pages),
        fields=tuple(_field(name, found) for name, found in fields.items()),
        locked=file.is_encrypted,
    )


def walk(file: pikepdf.Pdf) -> list[Spot]:
    """Every widget of every page, each once.

    Raises:
        FormError: `official.widgets`: more than any form has.
    """
    spots: list[Spot] = []
    seen: set[tuple[int, int]] = set()
    radios: dict[str, int] = {}
    known: dict[tuple[int, int], _Above] = {}
    for index, page in enumerate(file.pages):
        turn = page_turn(page.obj)
        for annotation in items(child(page.obj, "/Annots", Array), MOST_WIDGETS + 1):
            mark = annotation.objgen
            if mark in seen or text(keyed(annotation, "/Subtype")) != "Widget":
                continue
            if mark != (0, 0):
                seen.add(mark)
            spots.append(_spot(annotation, index, turn, radios, known))
        if len(spots) > MOST_WIDGETS:
            raise FormError(
                "official.widgets",
                f"Ce PDF a plus de {MOST_WIDGETS} champs\u00a0: ce n’est pas un formulaire. Vérifiez le fichier.",
            )
    return spots


def _spot(
    annotation: pikepdf.Object,
    page: int,
    turned: int,
    radios: dict[str, int],
    known: dict[tuple[int, int], "_Above"],
) -> Spot:
    own = entries(annotation)
    above = _above(annotation, own.get("/Parent"), known)
    chain = (own, above.entries)
    box = boxed(own.get("/Rect"))
    where = f"{box.x0:.0f}.{box.y0:.0f}" if box else str(annotation.objgen[0])
    last = text(own.get("/T"))
    name = f"{above.name}.{last}" if above.name and last else above.name or last or f"#page{page + 1}.{where}"
    look = child(own, "/MK", Dictionary)
    turn = keyed(look, "/R") if look is not None else None
    flags = integer(keyed(own, "/F"))
    hidden = bool(flags & _HIDDEN) or bool(flags & _NO_VIEW and not flags & _PRINTED)
    state = ""
    looks: dict[bytes, Stream] = {}
    if text(inherited(chain, "/FT")) == "Btn" and not integer(inherited(chain, "/Ff")) & _PUSH:
        looks = states(own)
        found = [raw for raw in looks if raw != b"Off"]
        radios[name] = radios.get(name, 0) + 1
        # A radio button that has lost its appearances is known by its rank.
        state = name_text(found[0]) if found else str(radios[name])
    degrees = integer(turn, -1) if turn is not None else turned
    widget = Widget(
        page=page,
        box=box,
        turn=degrees % 360 if degrees % 90 == 0 else 0,
        state=state,
        hidden=hidden,
        label=text(keyed(own, "/TU")).strip(),
    )
    return Spot(name, widget, annotation, (annotation, *above.nodes), chain, looks)


class _Above(NamedTuple):
    """What stands above a widget: the nodes, the nearest first; what they say together; their name."""

    nodes: tuple[pikepdf.Object, ...]
    entries: Entries
    name: str
    marks: frozenset[tuple[int, int]]


_NOTHING_ABOVE: Final = _Above((), {}, "", frozenset())


def _above(annotation: pikepdf.Object, parent: object, known: dict[tuple[int, int], _Above]) -> _Above:
    """What stands above a widget, read once for all widgets of a parent; a circle ends where it closes."""
    if not isinstance(parent, Dictionary):
        return _NOTHING_ABOVE
    mark = parent.objgen
    found = known.get(mark)
    if found is None:
        found = _climbed(parent, frozenset())
        if mark != (0, 0):
            known[mark] = found
    own = annotation.objgen
    return _climbed(parent, frozenset({own})) if own in found.marks else found


def _climbed(parent: pikepdf.Object, below: frozenset[tuple[int, int]]) -> _Above:
    nodes: list[pikepdf.Object] = []
    chain: list[Entries] = []
    seen = set(below)
    current: object = parent
    while isinstance(current, Dictionary) and len(nodes) < DEPTH:
        mark = current.objgen
        if mark in seen:
            break
        if mark != (0, 0):
            seen.add(mark)
        found = entries(current)
        nodes.append(current)
        chain.append(found)
        current = found.get("/Parent")
    said = {key: value for node in reversed(chain) for key, value in node.items() if value is not None}
    name = ".".join(part for node in reversed(chain) if (part := text(node.get("/T"))))
    return _Above(tuple(nodes), said, name, frozenset(seen - below))


def _field(name: str, spots: Sequence[Spot]) -> OfficialField:
    chain = spots[0].chain
    flags = integer(inherited(chain, "/Ff"))
    limit = integer(inherited(chain, "/MaxLen"), -1)
    kind = _kind(text(inherited(chain, "/FT")), flags, limit)
    ticked = kind in {"checkbox", "radio"}
    return OfficialField(
        name=name,
        kind=kind,
        label=text(inherited(chain, "/TU")).strip(),
        widgets=tuple(spot.widget for spot in spots),
        states=tuple(dict.fromkeys(spot.widget.state for spot in spots)) if ticked else (),
        options=_options(inherited(chain, "/Opt"), spots, ticked=ticked),
        max_length=limit if limit >= 0 and kind in {"text", "multiline", "comb", "rich"} else None,
        editable=bool(flags & _EDIT) and kind == "combo",
        multiple=bool(flags & _MULTIPLE) and kind == "list",
        read_only=bool(flags & _READ_ONLY),
        required=bool(flags & _REQUIRED),
        format=_format(chain),
        value=_value(inherited(chain, "/V")),
    )


def _kind(kind: str, flags: int, limit: int) -> Kind:
    if kind == "Tx":
        return _text_kind(flags, limit)
    if kind == "Btn":
        return "button" if flags & _PUSH else "radio" if flags & _RADIO else "checkbox"
    if kind == "Ch":
        return "combo" if flags & _COMBO else "list"
    return "signature" if kind == "Sig" else "unknown"


def _text_kind(flags: int, limit: int) -> Kind:
    if flags & _PASSWORD:
        return "password"
    if flags & _FILE:
        return "file"
    if flags & _MULTILINE:
        return "multiline"
    # A comb without a number of cells is a plain field.
    if flags & _COMB and 0 < limit <= _MOST_CELLS:
        return "comb"
    return "rich" if flags & _RICH else "text"


def _options(found: object, spots: Sequence[Spot], *, ticked: bool) -> tuple[Option, ...]:
    if not isinstance(found, Array):
        return ()
    made = []
    for index in range(min(len(found), _MOST_OPTIONS)):
        entry = _entry(found, index)
        if isinstance(entry, Array) and len(entry) >= 2:
            made.append(Option(text(_entry(entry, 0)), text(_entry(entry, 1))))
        else:
            made.append(Option(text(entry), text(entry)))
    if not ticked:
        return tuple(made)
    # The export value of a box stands at its rank; its state is what the file needs.
    return tuple(Option(spot.widget.state, option.label) for spot, option in zip(spots, made, strict=False))


def _entry(found: Array, index: int) -> object:
    try:
        return found[index]
    except (ValueError, IndexError, pikepdf.PdfError):
        return None


def _value(found: object) -> str:
    if isinstance(found, Array):
        return "\n".join(text(_entry(found, index)) for index in range(min(len(found), _MOST_OPTIONS)))
    return text(found)


def _format(chain: Sequence[Entries]) -> Format | None:
    actions = inherited(chain, "/AA")
    if not isinstance(actions, Dictionary):
        return None
    for key in ("/F", "/K"):
        action = keyed(actions, key)
        if isinstance(action, Dictionary) and not isinstance(action, Stream):
            found = recognised(text(keyed(action, "/JS")))
            if found is not None:
                return found
    return None


# ---- what sort of file

_NOTICES: Final = (
    "please wait",
    "later version of the pdf viewer",
    "veuillez patienter",
    "version ultérieure",
    "adobe",
)


def _class(file: pikepdf.Pdf, widgets: bool, shown: Callable[[], str]) -> FileClass:
    form = child(file.Root, "/AcroForm", Dictionary)
    if form is not None and keyed(form, "/XFA") is not None:
        if keyed(file.Root, "/NeedsRendering") is True:
            return "dynamic_xfa"
        if widgets:
            return "hybrid"
        words = shown().casefold()
        return "dynamic_xfa" if len(words) < 1500 and any(notice in words for notice in _NOTICES) else "xfa_only"
    if not widgets:
        return "flat"
    listed = child(form, "/Fields", Array) if form is not None else None
    return "acroform" if listed is not None and len(listed) else "orphan"


def shown_text(pdf: bytes) -> str:
    """The text its pages show, or nothing when they cannot be read."""
    from forms.preview import text_of

    try:
        return text_of(pdf)
    except FormError:
        return ""
