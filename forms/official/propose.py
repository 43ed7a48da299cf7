# SPDX-License-Identifier: GPL-3.0-or-later
"""A mapping proposed for a PDF that no definition knows yet: to be read with the paper in hand, never applied unseen.

What is proposed carries no `checked_on`: filling refuses it until a person has written that date.
"""

import datetime as dt
import difflib
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import attrs

from forms.definition import EXAMPLE_FILE, FORM_FILE, FormDefinition, load
from forms.official.edition import Edition, Official, Spread, Target, find, near, spread
from forms.official.engine import HERE, Engine
from forms.official.shape import OfficialField, PdfForm
from forms.problems import FormError, Problem

__all__ = ["BLANK_FILE", "Line", "Proposal", "new_folder", "new_letter", "propose"]

BLANK_FILE: Final = "formulaire.pdf"
_ALIKE: Final = 0.72
_SMALL: Final = re.compile(r"(?<=_)(?:les?|la|l|du|des?|d|une?|s)_")
"""Words that say nothing of what a field is for."""
_SIGNS: Final = re.compile(r"[._]|\[\]")
_WORDS: Final = {"name": "même nom", "position": "même place", "label": "libellé proche", "": "rien de semblable"}


@attrs.frozen
class Line:
    """One of our fields and what is proposed for it.

    Args:
        field: its id.
        targets: where its value would go; empty when nothing was found.
        why: what the proposal rests on.
    """

    field: str
    targets: tuple[Target, ...]
    why: Literal["name", "position", "label", ""]


@attrs.frozen
class Proposal:
    """A mapping for a PDF, as lines to look at and as the text of an edition for `official.toml`."""

    lines: tuple[Line, ...]
    toml: str


def propose(
    definition: FormDefinition, official: Official, pdf: bytes, number: str = "à compléter", engine: Engine = HERE
) -> Proposal:
    """Propose how a PDF takes the values of a form, from the nearest known edition, then from labels.

    Raises:
        FormError: `official.no_fields`: a PDF without fields needs boxes, which a person measures.
    """
    form = engine.read(pdf)
    if not form.fields:
        raise _no_fields()
    found = find(official, pdf, form)
    here = spread(form)
    lines = [_line(field.id, field.label, found.edition if found else None, form, here) for field in definition.fields]
    return Proposal(tuple(lines), _edition(number, pdf, here, lines))


def _no_fields() -> FormError:
    return FormError(
        "official.no_fields",
        "Ce PDF n’a aucun champ\u00a0: mesurez sur le papier les cases où écrire, et inscrivez-les dans official.toml "
        "par des tables [[edition.box]].",
    )


def _line(field: str, label: str, edition: Edition | None, form: PdfForm, here: Spread) -> Line:
    if edition is not None and field in edition.values:
        targets, whys = [], []
        for target in edition.values[field]:
            moved, why = _moved(target, edition.places, form, here)
            if moved is not None:
                targets.append(moved)
                whys.append(why)
        if targets:
            return Line(field, tuple(targets), "position" if "position" in whys else "name")
    alike = _alike(label, form)
    return Line(field, (Target(alike),), "label") if alike else Line(field, (), "")


def _moved(
    target: Target, places: Spread, form: PdfForm, here: Spread
) -> tuple[Target | None, Literal["name", "position"]]:
    """The same target in another edition; `None` when one of its fields is not found there."""
    new: dict[str, str] = {}
    by_place = False
    for name in target.names:
        if name in here:
            new[name] = name
            continue
        beside = [other for other, place in here.items() if near(place, places[name])]
        if len(beside) != 1:
            return None, "name"
        new[name] = beside[0]
        by_place = True
    why: Literal["name", "position"] = "position" if by_place else "name"
    if not target.field:
        return Target(parts={part: new[name] for part, name in target.parts.items()}), why
    field = form.field(new[target.field])
    if target.states and (field is None or not set(target.states.values()) <= set(field.states)):
        return None, why
    return Target(new[target.field], states=target.states), why


def _alike(label: str, form: PdfForm) -> str:
    """The one field whose tooltip or name says nearly the same as a label."""
    scores = sorted(
        (
            (max(_likeness(label, field.label), _likeness(label, field.name.rpartition(".")[2])), field.name)
            for field in form.fields
            if field.takes_value and not field.ticks
        ),
        reverse=True,
    )
    if not scores or scores[0][0] < _ALIKE or (len(scores) > 1 and scores[1][0] == scores[0][0]):
        return ""
    return scores[0][1]


def _likeness(one: str, other: str) -> float:
    first, second = (_SMALL.sub("", f"_{_slug(text)}_") for text in (one, other))
    if min(len(first), len(second)) < 7:  # short words are alike by chance
        return float(first == second and len(first) > 2)
    return difflib.SequenceMatcher(None, first, second).ratio()


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").casefold())
    return re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode()).strip("_")


# ---- as TOML


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _target(target: Target) -> str:
    if not target.field:
        return "{ " + ", ".join(f"{part} = {_quoted(name)}" for part, name in target.parts.items()) + " }"
    if not target.states:
        return _quoted(target.field)
    states = ", ".join(f"{_quoted(word)} = {_quoted(state)}" for word, state in target.states.items())
    return f"{{ field = {_quoted(target.field)}, states = {{ {states} }} }}"


def _edition(number: str, pdf: bytes, here: Spread, lines: list[Line]) -> str:
    made = ["[[edition]]", f"number = {_quoted(number)}"]
    made += [
        "# Relisez chaque ligne avec le papier, puis enlevez le signe # devant la date de cette relecture :",
        "# checked_on = AAAA-MM-JJ",
        f'sha256 = ["{hashlib.sha256(pdf).hexdigest()}"]',
        "",
        "[edition.values]",
    ]
    for line in lines:
        if line.targets:
            written = ", ".join(map(_target, line.targets))
            value = f"[{written}]" if len(line.targets) > 1 else written
            made.append(f"{line.field} = {value}  # {_WORDS[line.why]}")
        else:
            made.append(f"# {line.field} : {_WORDS['']}")
    made += ["", "# Page, gauche, bas, droite, haut de chaque champ, en points.", "[edition.places]"]
    for name, (page, box) in here.items():
        made.append(f"{_quoted(name)} = [{page}, {box.x0:.0f}, {box.y0:.0f}, {box.x1:.0f}, {box.y1:.0f}]")
    return "\n".join(made) + "\n"


def new_folder(pdf: bytes, form_id: str, title: str, today: dt.date, engine: Engine = HERE) -> Mapping[str, bytes]:
    """The files of a form of the user’s own, made from a PDF alone: each of its fields is one of ours.

    Args:
        pdf: the blank form.
        form_id: name of the folder.
        title: in French.
        today: written as the day of the last check of `form.toml`.
        engine: who opens the PDF.

    Raises:
        FormError: `official.no_fields`; those of `read`.
    """
    form = engine.read(pdf)
    fields = [field for field in form.fields if field.takes_value]
    if not fields:
        raise _no_fields()
    ids = _ids(fields)
    head = [*_head(form_id, title, "official", today), ""]
    pages = dict.fromkeys(field.widgets[0].page + 1 for field in fields)
    head += [f'[[section]]\nid = "page_{page}"\ntitle = "Page {page}"\n' for page in pages]
    lines = [Line(ids[field.name], (_own_target(field),), "name") for field in fields]
    return {
        FORM_FILE: "\n".join([*head, *(_field(field, ids[field.name]) for field in fields)]).encode(),
        "official.toml": _edition("à compléter", pdf, spread(form), lines).encode(),
        EXAMPLE_FILE: ("[values]\n" + "\n".join(_example(field, ids[field.name]) for field in fields) + "\n").encode(),
        BLANK_FILE: pdf,
    }


def new_letter(
    template: bytes, form_id: str, title: str, today: dt.date
) -> tuple[Mapping[str, bytes], Sequence[Problem]]:
    """The files of a form of the user’s own, made from a `.docx` alone: each name its tags read is one of our fields.

    Returns:
        the files, and what is wrong in the template, as `check_template` says it; with a fault there are no files.

    Raises:
        FormError: `letter.no_tags`: nothing is to be filled in; those of `check_template`; a name that no form can
            have.
    """
    from forms.letter import check_template

    found = check_template(template, ())
    faults = [problem for problem in found if problem.code != "unknown"]
    if faults:
        return {}, faults
    said = list(dict.fromkeys(str(problem.facts["name"]) for problem in found))
    # « who » of « who.name » is no value of its own.
    paths = [path for path in said if not any(other.startswith((f"{path}.", f"{path}[]")) for other in said)]
    if not paths:
        raise FormError(
            "letter.no_tags",
            "Ce modèle ne contient aucune balise\u00a0: écrivez {{ nom }} là où une valeur doit venir.",
        )
    head = [
        *_head(form_id, title, "letter", today),
        '\n[[section]]\nid = "letter"\ntitle = "La lettre"\n',
    ]
    body = [
        f'[[field]]\nid = "champ_{number}"\nlabel = {_quoted(_SIGNS.sub(" ", path).strip())}\n'
        f'section = "letter"\nfrom = {_quoted(path)}\n'
        for number, path in enumerate(paths, start=1)
    ]
    files = {
        FORM_FILE: "\n".join([*head, *body]).encode(),
        "template.docx": template,
        EXAMPLE_FILE: _values_of(paths).encode(),
    }
    load(files)
    return files, ()


def _head(form_id: str, title: str, kind: str, today: dt.date) -> list[str]:
    return [
        f"id = {_quoted(form_id)}",
        f"title = {_quoted(title)}",
        f"kind = {_quoted(kind)}",
        'edition = "à compléter"',
        'source = "à compléter"',
        f"checked_on = {today.isoformat()}",
    ]


def _values_of(paths: Sequence[str]) -> str:
    """An example that gives each path the word « exemple »."""
    tree: dict[str, object] = {}
    for path in paths:
        node, steps = tree, path.split(".")
        for step in steps[:-1]:
            node = node.setdefault(step, {})  # type: ignore[assignment]
        node[steps[-1]] = "exemple"

    def written(value: object) -> str:
        return (
            "{ " + ", ".join(line(*each) for each in value.items()) + " }" if isinstance(value, dict) else '"exemple"'
        )

    def line(name: str, value: object) -> str:
        key = name.removesuffix("[]")
        return f"{key} = [{written(value)}]" if name.endswith("[]") else f"{key} = {written(value)}"

    return "\n".join(line(*each) for each in tree.items()) + "\n"


def _ids(fields: list[OfficialField]) -> dict[str, str]:
    given: dict[str, str] = {}
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for field in fields:
        base = _slug(field.label)[:40].strip("_") or _slug(field.name.rpartition(".")[2])[:40].strip("_") or "champ"
        base = base if base[0].isalpha() else f"champ_{base}"
        name, count = base, counts.get(base, 1)
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        counts[base] = count
        taken.add(name)
        given[field.name] = name
    return given


def _own_target(field: OfficialField) -> Target:
    return Target(field.name, states={"oui": field.states[0]}) if _is_check(field) else Target(field.name)


def _is_check(field: OfficialField) -> bool:
    return field.ticks and len(field.states) == 1


def _field(field: OfficialField, name: str) -> str:
    kind, more = "text", []
    if field.kind == "multiline":
        kind = "long_text"
    elif _is_check(field):
        kind = "check"
    elif field.kind in {"checkbox", "radio", "combo", "list"}:
        labels = field.states if field.ticks else [option.label for option in field.options]
        shown = [label for label in labels if label.strip()]
        if shown and not field.editable:
            kind = "choice"
            more = ['format = "plain"', f"choices = [{', '.join(map(_quoted, shown))}]"]
    if field.max_length and kind == "text":
        more.append(f"max_length = {field.max_length}")
    label = (field.label or field.name.rpartition(".")[2] or name).strip()
    section = f"page_{field.widgets[0].page + 1}"
    head = f'[[field]]\nid = "{name}"\nlabel = {_quoted(label)}\nsection = "{section}"\nkind = "{kind}"'
    return "\n".join([head, f'from = "values.{name}"', *more, ""])


def _example(field: OfficialField, name: str) -> str:
    if _is_check(field):
        return f"{name} = true"
    if field.ticks:
        return f"{name} = {_quoted(next((state for state in field.states if state.strip()), 'x'))}"
    if field.kind in {"combo", "list"} and field.options:
        return f"{name} = {_quoted(field.options[0].label or 'x')}"
    return f"{name} = {_quoted('exemple'[: field.max_length or 7] or 'x')}"
