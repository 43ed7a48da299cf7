# SPDX-License-Identifier: GPL-3.0-or-later
"""The template language of letters, cut down to reading plain data.

A letter template is a file somebody may have received by mail. In the language it is written in, a template can run
any program; a sandbox narrows that and has been broken before. So this environment knows words only: a name, a dotted
path, `if`, `for`, comparisons. No call, no filter but `length`, no arithmetic, no attribute of any Python object.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from forms.formats import written

__all__ = ["Blank", "MissingValueError", "PlainEnvironment", "bind", "paths"]

Data: TypeAlias = Any
"""What a template may see: mappings, lists, scalars and `Blank`. Jinja itself is untyped here."""

_NODES: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
    nodes.CondExpr,
    nodes.Filter,
)
_LOOP: Final = frozenset({"index", "first", "last", "length"})


class MissingValueError(Exception):
    """The template prints a value that is asked for and not known; `path` names it (`complainants[].birth_on`)."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@attrs.frozen
class Blank:
    """A value asked for and not known: false in an `if`, and never printed as nothing."""

    path: str

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Data]:
        return iter(())

    def __str__(self) -> str:
        raise MissingValueError(self.path)

    __html__ = __str__


def bind(context: Mapping[str, object], known: Iterable[str]) -> dict[str, Data]:
    """A copy of a context in which each unknown value has become a `Blank` that knows its path.

    Args:
        context: plain data; `None` means asked for and not known.
        known: the paths the form may read; where the context holds nothing, a `Blank` or an empty list stands.

    Raises:
        TypeError: something in it is neither a mapping, a list, a text, a number, a truth value nor a date.
    """
    shape: dict[str, Data] = {}
    for path in known:
        level = shape
        for step in path.split("."):
            level = level.setdefault(step, {})
    return _bind_branch(context, shape, "")


def _bind_branch(branch: Mapping[str, object], shape: Mapping[str, Data], path: str) -> dict[str, Data]:
    bound: dict[str, Data] = {}
    for step, inner in shape.items():
        name = step.removesuffix("[]")
        if branch.get(name) is None:
            below = f"{path}.{name}" if path else name
            bound[name] = [] if step != name else _bind_branch({}, inner, below) if inner else Blank(below)
    for name, value in branch.items():
        if name not in bound:
            many = isinstance(value, list | tuple)
            inner = shape.get(f"{name}[]" if many else name, {})
            bound[name] = _bind(value, inner, f"{path}.{name}" if path else name)
    return bound


def _bind(value: object, shape: Mapping[str, Data], path: str) -> Data:
    if value is None:
        return Blank(path)
    if isinstance(value, Mapping):
        return _bind_branch(value, shape, path)
    if isinstance(value, list | tuple):
        return [_bind(item, shape, f"{path}[]") for item in value]
    if isinstance(value, str | bool | int) or type(value) is dt.date:
        return value
    raise TypeError(f"{path}: {type(value).__name__}")


class PlainEnvironment(ImmutableSandboxedEnvironment):
    """The environment all letters are filled in.

    Args:
        labels: French name of each value by its path; given for a draft, in which an unknown value prints as
            « [à compléter : …] ». Without it, printing one raises `MissingValueError`.

    Attributes:
        printed: each text that went into the document, for the check that none was lost on the way.
    """

    def __init__(self, labels: Mapping[str, str] | None = None) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=self._show)
        self._labels = labels
        self.printed: list[str] = []
        self.globals = {}
        self.tests = {}
        self.filters = {"length": len}

    def call(self, *_: Data, **__: Data) -> Data:
        """Refuse every call, whatever the object."""
        raise SecurityError("call")

    def getattr(self, obj: Data, attribute: str) -> Data:
        """Read a key of a mapping. Nothing else has attributes, save the counters of a loop."""
        if isinstance(obj, Mapping):
            if attribute in obj:
                return obj[attribute]
        elif isinstance(obj, Blank):
            return Blank(f"{obj.path}.{attribute}")
        elif isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Data, argument: Data) -> Data:
        """Refuse: templates have no subscripts."""
        raise SecurityError("subscript")

    def compile(self, source: Data, *arguments: Data, **named: Data) -> Data:
        """Compile a template after reading it through for what is not allowed; the same one, once for all.

        Raises:
            TemplateSyntaxError: it is badly written, or asks for more than plain data.
        """
        if isinstance(source, str) and not arguments and not named:
            return _compiled(source)
        tree = self.parse(source) if isinstance(source, str) else source
        self.allow(tree)
        return super().compile(tree, *arguments, **named)

    def allow(self, tree: nodes.Template) -> None:
        """Raise `TemplateSyntaxError` at the first construct outside the language of letters."""
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, _NODES):
                raise TemplateSyntaxError(f"refused: {type(node).__name__}", node.lineno)
            if isinstance(node, nodes.Filter) and (node.name != "length" or node.args or node.kwargs):
                raise TemplateSyntaxError(f"refused: |{node.name}", node.lineno)
            if isinstance(node, nodes.For) and (node.recursive or not isinstance(node.target, nodes.Name)):
                raise TemplateSyntaxError("refused: for", node.lineno)
        _loops(tree, frozenset())

    def _show(self, value: Data) -> Markup:
        """How a value reads in the letter, as XML text."""
        if isinstance(value, Markup):  # written in the template itself, as a constant
            return value
        if isinstance(value, Blank):
            if self._labels is None:
                raise MissingValueError(value.path)
            value = f"[à compléter\u00a0: {_label(self._labels, value.path)}]"
        elif isinstance(value, StrictUndefined):
            str(value)  # raises, naming what is not known
        elif type(value) is dt.date:
            value = written("date_long", value).replace(" ", "\u00a0")
        elif type(value) is int:
            value = str(value)
        elif not isinstance(value, str):
            raise TemplateSyntaxError("refused: not a text", 0)
        self.printed.append(value)
        return _xml(value)


@functools.lru_cache(maxsize=256)
def _compiled(source: str) -> Data:
    """The code of a template. It asks whichever environment runs it for values, and holds none itself.

    A letter is filled at each key that is pressed; reading its templates again would take longer than all the rest.
    """
    environment = PlainEnvironment()
    return environment.compile(environment.parse(source))


def _label(labels: Mapping[str, str], path: str) -> str:
    label = labels.get(path, "information manquante")
    return label[:1].lower() + label[1:]


_ESCAPED: Final = str.maketrans(
    # Braces too: the library that fills the file replaces some sequences of them after rendering.
    {char: f"&#{ord(char)};" for char in "&<>\"'{}%"}
)


def _xml(text: str) -> Markup:
    return Markup(text.translate(_ESCAPED))  # noqa: S704 - the escaping itself


def _loops(node: nodes.Node, variables: frozenset[str]) -> None:
    """A loop in a loop may only go through a list of the outer element: the work stays in proportion to the data."""
    for child in node.iter_child_nodes():
        inside = variables
        if isinstance(child, nodes.For):
            if variables and _root(child.iter) not in variables:
                raise TemplateSyntaxError("refused: loop in a loop", child.lineno)
            assert isinstance(child.target, nodes.Name)
            inside = variables | {child.target.name}
        _loops(child, inside)


def _root(node: nodes.Node) -> str:
    while isinstance(node, nodes.Getattr):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def paths(tree: nodes.Template) -> dict[str, int]:
    """The values a template reads, as paths (`harms[].sentences[].sentence`), each with the line of its first use."""
    found: dict[str, int] = {}
    _collect(tree, {}, found)
    return found


def _collect(node: nodes.Node, scope: Mapping[str, str], found: dict[str, int]) -> None:
    if isinstance(node, nodes.For):
        _collect(node.iter, scope, found)
        assert isinstance(node.target, nodes.Name)
        inner = {**scope, node.target.name: f"{_path(node.iter, scope)}[]", "loop": ""}
        for child in (*node.body, *([node.test] if node.test else [])):
            _collect(child, inner, found)
        for child in node.else_:
            _collect(child, scope, found)
        return
    path = _path(node, scope)
    if path:
        found.setdefault(path, node.lineno)
        return
    for child in node.iter_child_nodes():
        _collect(child, scope, found)


def _path(node: nodes.Node, scope: Mapping[str, str]) -> str:
    """The path a name or a dotted chain of names stands for; empty for anything else, and for loop counters."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        before = _path(node.node, scope)
        return f"{before}.{node.attr}" if before else ""
    return ""
