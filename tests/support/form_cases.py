# SPDX-License-Identifier: GPL-3.0-or-later
"""What a form may be given, derived from its own example: all of it, the least of it, and far more than expected.

A case knows which texts must be found in the document. What the reviewed `expected.txt` of a folder shows of the
example must be shown of everything made from the example: nothing here names a form or a field.
"""

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from forms.catalogue import Form
from forms.definition import Field, example
from forms.formats import written
from forms.text.faces import ignorable
from forms.values import Filled, Node, Scalar, Values
from tests.support.forms import changed, expected_name

__all__ = [
    "MANY",
    "SIGNS",
    "SOUND",
    "Case",
    "bare",
    "complete",
    "endless",
    "extreme",
    "least",
    "leaves",
    "removable",
    "required_only",
    "signs",
    "without",
]

MANY: Final = 40

LONG_NAME: Final = (
    "Marie-Antoinette-Philomène-Éléonore de La Rochefoucauld-Montmorency-Beauharnais-Saint-Exupéry "
    "d’Haÿ-les-Roses-Çœur ép. Nguyễn-Iñárritu-Szczepański"
)
ENDLESS: Final = " ".join(f"mot{number}" for number in range(900))
LONG_WORD: Final = "anticonstitutionnellement" * 12

SOUND: Final = (
    LONG_NAME,
    "أحمد محمد الخالدي",
    "Croix-Rouge & Cie < 3 > 2, l’«\u00a0Écluse\u00a0»",
    "عبدالله څېړونکی ژوندون",
    LONG_WORD,
    "ڕێبین حەمە ئەمین گۆران",
    "première ligne\ndeuxième ligne\ntroisième ligne",
    "ገብረመድህን ተስፋይ",
    "œil 👁 et signe 𓂀 inconnu 李",
)
"""Added to the values in turn: set as French is set, so that a fault of typography is one of the form's own."""

SIGNS: Final = (
    "l'ami \"cité\" “là” 'ici'",
    "{{ 7*7 }} {% if x %} {# rien #} [] None",
    "a <b>gras</b> &amp; &#38; <w:t>faux</w:t> ]]>",
    "😀 👩🏽‍⚖️ 🇫🇷 e\u0301 ﬁ \\n %s {0}",
    "deux  espaces , et ; un : de trop !",
    "tabulation\tet\r\nfin de ligne\u2028encore",
)
"""Added to the values in turn: what people paste. It must come out as it went in."""

UNKNOWN_DAY: Final = "entre le 12 et le 13 octobre 2026, jour incertain"


@attrs.frozen
class Case:
    """Values for a form.

    Args:
        name: what the case is about.
        values: the tree the form reads.
        shown: the texts that must be found in the document, as they were given.
    """

    name: str
    values: Values
    shown: tuple[str, ...]


def bare(text: str) -> str:
    """A text without what is not drawn, and without what a line end may add or take away; letters composed."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(sign for sign in composed if not (sign.isspace() or sign in "-\ufffe\x02" or ignorable(sign)))


def leaves(node: Node, path: str = "") -> Iterator[tuple[str, Filled]]:
    """Every value of a tree with its path; lists are written with `[]`."""
    if isinstance(node, Filled):
        yield path, node
    elif isinstance(node, Mapping):
        for name, inner in node.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    else:
        for inner in node:
            yield from leaves(inner, f"{path}[]")


def text_of_value(value: Scalar | None, field: Field | None) -> str:
    """How a value reads in the document; empty when it is not read as a text."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, dt.date):
        numeric = field is not None and field.format == "date_numeric"
        return written("date_numeric" if numeric else "date_long", value)
    if field is not None and field.format in {"upper", "one_line", "number"}:
        return written(field.format, value)
    return str(value)


def _is_word(path: str) -> bool:
    """Whether a value comes from the closed list of words that agree in gender and number."""
    return "words" in path.replace("[]", "").split(".")


def _fields(form: Form) -> dict[str, Field]:
    return {field.path: field for field in form.definition.fields if field.path}


class _Said:
    """Which values of the example the document shows: those found in its reviewed text.

    A text that several values have must be found as often; else nobody can tell which of them it is.
    """

    def __init__(self, form: Form, mode: str) -> None:
        self.fields = _fields(form)
        self.reviewed = bare(form.files[expected_name(mode)].decode())
        self.mode = mode
        given = example(form.files)
        self.times = Counter(bare(text_of_value(leaf.value, self.fields.get(path))) for path, leaf in leaves(given))

    def __call__(self, path: str, value: Scalar | None) -> bool:
        field = self.fields.get(path)
        # Words that agree in gender and number are said where a sentence has a use for them.
        if _is_word(path) or field is None or not field.is_printed(self.mode):  # type: ignore[arg-type]
            return False
        text = bare(text_of_value(value, field))
        return bool(text) and self.reviewed.count(text) >= self.times[text]


def _shown(said: _Said, values: Values) -> tuple[str, ...]:
    found = (
        text_of_value(leaf.value, said.fields.get(path)) for path, leaf in leaves(values) if said(path, leaf.value)
    )
    return tuple(dict.fromkeys(found))


def complete(form: Form, mode: str) -> Case:
    """The folder's own example."""
    values = example(form.files)
    return Case("complete", values, _shown(_Said(form, mode), values))


# ---- less


def required_only(form: Form, mode: str) -> Case:
    """What the form requires, be it that a person may decide to do without."""
    return _only(form, mode, {"block", "warn"}, "minimal")


def least(form: Form, mode: str) -> Case:
    """What a document cannot leave without."""
    return _only(form, mode, {"block"}, "least")


def _only(form: Form, mode: str, kept: set[str], name: str) -> Case:
    fields = _fields(form)

    def keep(path: str) -> bool:
        return path in fields and fields[path].required in kept

    values = _pruned(example(form.files), "", lambda path, _: keep(path))
    # Only what stands by itself: a value may be said within a sentence that another value opens.
    said = _Said(form, mode)
    blocking = {path for path, field in fields.items() if field.required == "block"}
    shown = [
        text_of_value(leaf.value, fields.get(path))
        for path, leaf in leaves(values)
        if path in blocking and said(path, leaf.value)
    ]
    return Case(name, values, tuple(dict.fromkeys(shown)))


def _pruned(node: Any, path: str, keep: Callable[[str, Filled], bool]) -> Any:
    """A tree with some leaves; a list whose items are all empty is empty."""
    if isinstance(node, Filled):
        return node if keep(path, node) else None
    if isinstance(node, Mapping):
        inner = {name: _pruned(each, f"{path}.{name}" if path else name, keep) for name, each in node.items()}
        return {name: each for name, each in inner.items() if each not in (None, {}, [])}
    return [item for each in node if (item := _pruned(each, f"{path}[]", keep))]


def without(form: Form, values: Values, path: str) -> Iterator[tuple[str, Values]]:
    """The values without one leaf: everywhere, in the first item of its list alone, and without the whole list."""
    yield path, changed(values, {path: ...})
    head, many, rest = path.partition("[]")
    if not many:
        return
    items = _at(values, head)
    if isinstance(items, Sequence) and len(items) > 1:
        first = changed({"item": items[0]}, {f"item{rest}": ...})["item"]
        yield f"{path}, first", changed(values, {head: [first, *items[1:]]})
    together = [field for field in form.definition.fields if field.path and field.path.startswith(f"{head}[]")]
    if all(field.required != "block" for field in together):
        yield f"{head}[]", changed(values, {head: []})


def _at(values: Values, path: str) -> Any:
    node: Any = values
    for step in path.split("."):
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


# ---- more


def extreme(form: Form, mode: str, *, many: int = MANY, added: Sequence[str] = SOUND, name: str = "extreme") -> Case:
    """Every text with an addition to it, every list with forty items, every day unknown."""
    growth = _Growth(_Said(form, mode), many, added)
    values = growth.branch(example(form.files), "", many)
    return Case(name, values, tuple(growth.shown))


def endless(form: Form, mode: str) -> Case:
    """Every text as long as two pages."""
    return extreme(form, mode, many=0, added=(ENDLESS,), name="endless")


def removable(form: Form) -> list[str]:
    """What may be taken away by itself: single values, and whole lists, that no document is blocked without."""
    fields = [field for field in form.definition.fields if field.path]
    found = []
    for field in fields:
        path = field.path or ""
        head, many, _ = path.partition("[]")
        together = [each for each in fields if (each.path or "").startswith(f"{head}[]")] if many else [field]
        if all(each.required != "block" for each in together):
            found.append(head if many else path)
    return list(dict.fromkeys(found))


def signs(form: Form, mode: str) -> Case:
    """Every text with signs that mean something to a machine."""
    return extreme(form, mode, many=0, added=SIGNS, name="signs")


class _Growth:
    """Makes a tree larger, and remembers what the document must show of it."""

    def __init__(self, said: _Said, many: int, added: Sequence[str]) -> None:
        self.said, self.many, self.added = said, many, added
        self.count = 0
        self.shown: list[str] = []

    def branch(self, node: Any, path: str, many: int) -> Any:
        if isinstance(node, Filled):
            return self.leaf(node, path)
        if isinstance(node, Mapping):
            return {name: self.branch(each, f"{path}.{name}" if path else name, many) for name, each in node.items()}
        return self.items(node, path, many)

    def items(self, node: Sequence[Any], path: str, many: int) -> list[Any]:
        """Forty items; of the lists inside them, that of the first item alone has forty too."""
        count = max(many, len(node))
        models = [node[place % len(node)] for place in range(count)] if node else []
        made = [self.branch(each, f"{path}[]", many if place == 0 else 0) for place, each in enumerate(models)]
        for place, item in enumerate(made):
            if "number" in item:
                shift = place + 1 - len(node) if place >= len(node) else 0
                last = node[min(place, len(node) - 1)]["number"]
                item["number"] = attrs.evolve(last, value=last.value + shift)
        return made

    def leaf(self, leaf: Filled, path: str) -> Filled:
        said = self.said(path, leaf.value)
        made = attrs.evolve(leaf, value=self.grown(leaf.value, path))
        if said:
            self.shown.append(text_of_value(made.value, self.said.fields.get(path)))
        return made

    def grown(self, value: Scalar | None, path: str) -> Scalar | None:
        """One value; a number that ends it makes it unlike any other."""
        if isinstance(value, dt.date):
            return UNKNOWN_DAY
        if not isinstance(value, str) or _is_word(path):
            return value
        self.count += 1
        return f"{value} {self.added[self.count % len(self.added)]} q{self.count}z"
