# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters: a `.docx` template and plain data make a `.docx`, which the worker turns into a PDF.

A template is written in a word processor by a jurist. It says `{{ sender.name }}` where a value goes and `{%p if … %}`
in a paragraph of its own where a part may disappear. What goes in comes out letter for letter, or an error is raised:
the usual way of filling such files drops what follows a `<` without a word, and a testimony must not change.
"""

import functools
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from forms.clean import clean_docx, clean_parts, clean_pdf, open_package, write_package
from forms.definition import FormDefinition
from forms.letter_lines import set_like_a_word_processor
from forms.letter_pages import check_ends, let_go, mark_ends
from forms.letter_rtl import mark_directions, set_directions
from forms.letter_signs import shapeless, with_boxes
from forms.letter_words import restore_words
from forms.problems import FormError, Problem
from forms.worker import DOCX_TO_PDF, Worker

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

__all__ = ["OWN_NAMES", "Letter", "check_template", "fill_docx", "labels_of", "render_pdf", "text_of"]

OWN_NAMES: Final = ("draft", "practice")
"""What this module itself tells a template, for the marks in its header and footer."""

# Not XML 1.0 characters, and what cannot be written in UTF-8. Tabs and line ends are kept.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END: Final = re.compile("\r\n?|[\x85\u2028\u2029]")
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LONE_TAG: Final = re.compile(r"\{%-?\s*(?:p|tr|tc)\s")
_RAW_TAG: Final = re.compile(r"\{\{-?\s*(?:p|tr|tc|r)\s")


@attrs.frozen
class Letter:
    """A filled letter.

    Args:
        docx: the document.
        problems: what had to be changed in a value to write it (`control_characters`), and what its PDF will not show
            (`no_glyph`, with the characters).
    """

    docx: bytes
    problems: tuple[Problem, ...] = ()


def labels_of(definition: FormDefinition) -> dict[str, str]:
    """The paths a letter may read, with the French name of each, from its definition."""
    return {field.path: field.label for field in definition.fields if field.path}


def fill_docx(
    template: bytes,
    context: Mapping[str, object],
    *,
    title: str,
    labels: Mapping[str, str],
    draft: bool = False,
    practice: bool = False,
) -> Letter:
    """Fill a template.

    Args:
        template: the `.docx` with its tags.
        context: plain data; `None`, or nothing at all, where a value is not known.
        title: the only property the file carries; never a person's name.
        labels: every path the template may read, with its name in French.
        draft: an unknown value prints as « [à compléter : …] »; the template marks each page « BROUILLON ».
        practice: the template marks each page as an exercise.

    Raises:
        FormError: `letter.missing` (an unknown value would be printed; not in a draft), `letter.template` (what is
            wrong with the template, and where), `letter.lost` (a value did not come out whole), or those of
            `clean.open_package`.
    """
    from jinja2.exceptions import TemplateError

    from forms.sandbox import MissingValueError, PlainEnvironment, bind

    removed: list[Problem] = []
    tidy = _tidy(context, "", removed)
    assert isinstance(tidy, dict)
    bound = {**bind(tidy, labels), "draft": draft, "practice": practice}
    environment = PlainEnvironment(labels if draft else None)
    document = _opened(_template(template))
    try:
        document.render(bound, environment, autoescape=True)
        _drop_empty_tables(document)
        let_go(document.docx.element.body)
        out = io.BytesIO()
        document.save(out)
    except MissingValueError as error:
        label = labels.get(error.path, error.path)
        raise FormError(
            "letter.missing",
            f"La lettre a besoin d’une information qui manque\u00a0: {label}. Complétez-la, ou imprimez un brouillon.",
        ) from None
    except TemplateError as error:
        raise FormError("letter.template", _explained(error, "corps de la lettre", 0)) from None
    filled = write_package(clean_parts(set_directions(open_package(out.getvalue())), title=title))
    _check_nothing_lost(filled, environment.printed)
    return Letter(filled, (*removed, *_not_drawn(environment.printed)))


@functools.lru_cache(maxsize=32)
def _template(template: bytes) -> bytes:
    """A template, cleaned once."""
    return clean_docx(template)


def _not_drawn(printed: Collection[str]) -> Iterator[Problem]:
    """Characters that none of the bundled fonts has: the `.docx` keeps them, the PDF shows a box."""
    lost = shapeless(printed)
    if lost:
        yield Problem("", "no_glyph", "warn", {"characters": lost})


def _drop_empty_tables(document: "DocxTemplate") -> None:
    """A table all of whose rows have disappeared goes too: word processors take it for damage."""
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for table in list(document.docx.element.body.iter(f"{word}tbl")):
        if table.find(f"{word}tr") is None:
            table.getparent().remove(table)


def _tidy(value: object, path: str, removed: list[Problem]) -> object:
    """A copy of the data without the characters a document cannot hold."""
    if isinstance(value, Mapping):
        return {name: _tidy(item, f"{path}.{name}" if path else str(name), removed) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tidy(item, f"{path}[{index}]", removed) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    text, count = _CONTROL.subn("", _LINE_END.sub("\n", value))
    if count:
        removed.append(Problem(path, "control_characters", "warn", {"count": count}))
    return text


def _opened(template: bytes) -> "DocxTemplate":
    """The template as the filling library reads it.

    Raises:
        FormError: `docx.broken`.
    """
    from docxtpl import DocxTemplate

    document = DocxTemplate(io.BytesIO(template))
    try:
        document.init_docx()
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, AttributeError) as error:
        raise FormError(
            "docx.broken", "Le fichier .docx ne peut pas être utilisé\u00a0: il est abîmé ou incomplet."
        ) from error
    return document


def _check_nothing_lost(docx: bytes, printed: Collection[str]) -> None:
    """Every value printed must be found in the finished document.

    Raises:
        FormError: `letter.lost`.
    """
    whole = _squeezed(text_of(docx))
    for value in set(printed):
        if _squeezed(value) not in whole:
            raise FormError(
                "letter.lost",
                "La lettre n’a pas été faite\u00a0: une partie d’un texte y aurait disparu. Dans le modèle, une "
                "balise est mal placée.",
            )


def _squeezed(text: str) -> str:
    return re.sub(r"[\n\t]", "", text)


def text_of(docx: bytes) -> str:
    """The text of a `.docx`: body, then headers, footers and notes, one line a paragraph."""
    return "\n".join("\n".join(_paragraphs(part)) for _, part in _texts(open_package(docx)))


def _texts(parts: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The parts of a document that hold text, under the name a person gives them."""
    for name in sorted(parts, key=lambda name: (name != "word/document.xml", name)):
        found = re.fullmatch(r"word/(document|header|footer|footnotes|endnotes)\d*\.xml", name)
        if found:
            places = {"document": "corps de la lettre", "header": "en-tête", "footer": "pied de page"}
            yield places.get(found[1], "notes"), parts[name]


def _paragraphs(part: bytes) -> Iterator[str]:
    from lxml import etree

    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
    for paragraph in root.iter(f"{word}p"):
        marks = {f"{word}br": "\n", f"{word}tab": "\t"}
        pieces = (piece for run in paragraph.iter(f"{word}r") for piece in run.iterchildren(f"{word}t", *marks))
        yield "".join(marks.get(str(piece.tag)) or piece.text or "" for piece in pieces)


def check_template(template: bytes, known: Collection[str]) -> tuple[Problem, ...]:
    """Read a template through before anyone relies on it.

    Args:
        template: the `.docx`.
        known: the paths its form declares (`FormDefinition.paths()`).

    Returns:
        what is wrong, all of it of severity `block`: `syntax` (badly written, or asks for more than data), `unknown`
        (a name the form does not declare), `tag_not_alone` (`{%p …%}` in a paragraph with other text, which would
        vanish), `raw_tag` (`{{p …}}`, which would lose its value). `facts` hold `place`, `paragraph` (first is 1) and
        `tag`, `name` or `sentence`.

    Raises:
        FormError: those of `clean.open_package`.
    """
    from jinja2 import TemplateSyntaxError

    from forms.sandbox import PlainEnvironment, paths

    names = {*known, *OWN_NAMES}
    environment = PlainEnvironment({})
    cleaned = clean_docx(template)
    document = _opened(cleaned)
    problems: list[Problem] = []
    for place, part in _texts(open_package(cleaned)):
        for number, text in enumerate(_paragraphs(part), start=1):
            problems += _check_tags(text, place, number)
        source = re.sub(r"<w:p([ >])", r"\n<w:p\1", document.patch_xml(_body(part)))
        try:
            tree = environment.parse(source)
            environment.allow(tree)
        except TemplateSyntaxError as error:
            facts: dict[str, str | int] = {"place": place, "paragraph": max(error.lineno - 1, 1)}
            facts["sentence"] = _explained(error, place, 0, source)
            problems.append(Problem("", "syntax", "block", facts))
            continue
        for path, line in paths(tree).items():
            if not _is_known(path, names):
                facts = {"place": place, "paragraph": max(line - 1, 1), "name": path}
                problems.append(Problem("", "unknown", "block", facts))
    return tuple(problems)


def _body(part: bytes) -> str:
    from lxml import etree

    # Written as the filling library writes it, so that paragraphs count the same.
    return str(etree.tostring(etree.fromstring(part), encoding="unicode"))


def _is_known(path: str, names: Collection[str]) -> bool:
    """Whether a path is declared, or is the beginning of a declared one."""
    return path in names or any(name.startswith((f"{path}.", f"{path}[]")) for name in names)


def _check_tags(text: str, place: str, number: int) -> Iterator[Problem]:
    tags = _TAG.findall(text)
    for tag in tags:
        facts: dict[str, str | int] = {"place": place, "paragraph": number, "tag": tag}
        if _RAW_TAG.match(tag):
            yield Problem("", "raw_tag", "block", facts)
        elif _LONE_TAG.match(tag) and (len(tags) > 1 or text.replace(tag, "").strip()) and "%p" in tag[:4]:
            yield Problem("", "tag_not_alone", "block", facts)


def _explained(error: Exception, place: str, skipped: int, source: str = "") -> str:
    """A French sentence that says where the fault of a template is, with the words around it."""
    line = getattr(error, "lineno", None)
    around = ""
    if line:
        lines = source.splitlines()
        near = lines[line - 1 : line] if source else list(getattr(error, "docx_context", []))[3:4]
        around = " ".join(re.sub(r"<[^>]+>", "", text).strip() for text in near)[:80]
    where = f"{place}, paragraphe {max(line - 1 - skipped, 1)}" if line else place
    quoted = f" («\u00a0{around}\u00a0»)" if around else ""
    return (
        f"Le modèle de la lettre contient une balise incorrecte\u00a0: {where}{quoted}. Une balise s’écrit "
        "{{ nom }}, {%p if nom %} … {%p endif %} ou {%p for élément in liste %} … {%p endfor %}, avec des noms connus."
    )


def render_pdf(docx: bytes, worker: Worker, *, title: str = "") -> bytes:
    """Set a filled letter as a PDF.

    Args:
        docx: what `fill_docx` made.
        worker: where the conversion runs.
        title: what a reader's window shows; never a person's name.

    Raises:
        FormError: `letter.cut` (part of a text would stand off its page), `worker.failed`, `worker.died`,
            `worker.timeout`, or those of `clean.open_package`.
    """
    marked, words = mark_directions(with_boxes(open_package(docx)))
    marked, ends = mark_ends(marked)
    pdf = check_ends(worker.call(DOCX_TO_PDF, write_package(set_like_a_word_processor(marked))), ends)
    return clean_pdf(restore_words(pdf, words), title=title)
