# SPDX-License-Identifier: GPL-3.0-or-later
"""The rubrics of a paper being prepared: each value with its source, what is wrong with it, where it is corrected."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs
from sqlalchemy.orm import Session

from forms.catalogue import Form
from forms.definition import Field, resolve
from forms.formats import written
from forms.values import Filled, Hand, Source, Values
from hro_desktop.casework import editing, fields, lookup, overrides
from hro_desktop.casework.overrides import Leaf
from hro_desktop.records.base import Base
from hro_desktop.rules.dates import french_day

__all__ = ["Origin", "Rubric", "Section", "sections"]

ELSEWHERE: Final = ("facts.paragraphs", "words.", "legal.", "read_back.", "list.", "exhibits", "enclosures", "practice")
"""What is not corrected as a rubric: the account has its own page, the rest is counted or agreed by the program."""
FIXED: Final = ("referral.reference", "authority.verified")
_PARENTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "address": ("person", "person_id", "addresses"),
    "contact_point": ("person", "person_id", "contacts"),
    "person_language": ("person", "person_id", "languages"),
    "person_name": ("person", "person_id", "names"),
    "representation": ("person", "person_id", "representations"),
    "assertion": ("incident", "incident_id", ""),
    "involvement": ("incident", "incident_id", ""),
    "exhibit": ("evidence", "evidence_id", ""),
}
"""Records that are corrected within another one: its noun, the column that names it, the field of its draft that holds
them when it can be shown alone."""
_PARTS: Final = ("referral_text", "referral_against")
"""Nouns under which a referral is edited in parts."""
_CALLED: Final[Mapping[str, str]] = {
    "person": "Identité",
    "case": "Dossier",
    "incident": "Faits",
    "statement": "Récit",
    "evidence": "Pièce",
    "organisation": "Annuaire",
    "consent": "Accord",
    "referral": "cette saisine",
    "setting": "Réglages",
}


@attrs.frozen(kw_only=True)
class Origin:
    """Where a value comes from.

    Args:
        words: as it stands under the value: « depuis Identité », « écrit pour ce document seulement, le 2 nov. 2026 ».
        noun: what can be opened to correct it, a noun of `editing`; empty when nothing can.
        record: which one.
        attribute: the field of its draft that says it; empty when several make it.
        called: which record that is, in words, to be named before it is changed.
    """

    words: str
    noun: str = ""
    record: uuid.UUID | None = None
    attribute: str = ""
    called: str = ""


@attrs.frozen(kw_only=True)
class Rubric:
    """One value of a paper.

    Args:
        form: id of the form; `field` the id of its field, `path` the place of the value.
        label: as the form says it; `whose` tells apart the values of several people.
        text: as it will be printed.
        hint: help for whoever fills it in.
        problem: what is wrong, in a sentence; `level` its weight (`block`, `warn`), empty for none.
        origin: where it comes from.
        mine: it was typed for this document only.
        typable: it can be.
    """

    form: str
    field: str
    path: str
    label: str
    whose: str
    text: str
    hint: str = ""
    problem: str = ""
    level: str = ""
    origin: Origin
    mine: bool = False
    typable: bool = True


@attrs.frozen(kw_only=True)
class Section:
    """A part of a paper under its title."""

    form: str
    title: str
    rubrics: tuple[Rubric, ...]


def sections(session: Session, form: Form, values: Values, names: Sequence[str]) -> Iterator[Section]:
    """The rubrics of one form, section by section; a section that holds none is left out.

    `names` says who the people of its lists of people are, in order.
    """
    definition = form.definition
    problems = {each.field: each for each in resolve(definition, values)[1]}
    for part in definition.sections:
        held = []
        for field in definition.fields:
            if field.section != part.id or field.path is None or _elsewhere(field.path):
                continue
            known = list(overrides.leaves(field, values))
            known = [leaf for leaf in known if leaf.filled.value not in (None, "")] or known[:1]
            for leaf in known:
                held.append(_rubric(session, definition.id, field, leaf, names))
                if field.id in problems and leaf is known[-1]:
                    held[-1] = attrs.evolve(held[-1], problem=_sentence(field, problems[field.id].code))
                    held[-1] = attrs.evolve(held[-1], level=problems[field.id].severity)
        if held:
            yield Section(form=definition.id, title=part.title, rubrics=tuple(held))


def _elsewhere(path: str) -> bool:
    return path.startswith(ELSEWHERE) or ".words." in path


def _rubric(session: Session, form: str, field: Field, leaf: Leaf, names: Sequence[str]) -> Rubric:
    whose = names[leaf.places[0]] if _of_people(field) and len(names) > 1 and leaf.places[0] < len(names) else ""
    value = leaf.filled.value
    return Rubric(
        form=form,
        field=field.id,
        path=leaf.path,
        label=field.label,
        whose=whose,
        text="" if value is None else written(field.format, value),
        hint=field.hint,
        origin=_origin(session, leaf.filled),
        mine=isinstance(leaf.filled.source, Hand),
        typable=field.kind != "check" and field.path not in FIXED,
    )


def _of_people(field: Field) -> bool:
    return (field.path or "").startswith(("complainants[]", "persons[]", "harms[]"))


def _sentence(field: Field, code: str) -> str:
    return {
        "missing": f"{field.label}\u00a0: rien dans le coffre ne le dit.",
        "too_long": f"{field.label}\u00a0: le texte dépasse {field.max_length} caractères.",
        "unknown_choice": f"{field.label}\u00a0: ce n’est pas une des réponses du formulaire.",
    }.get(code, f"{field.label}\u00a0: à relire.")


def _origin(session: Session, filled: Filled) -> Origin:
    source = filled.source
    if isinstance(source, Hand):
        return Origin(words=f"écrit pour ce document seulement, le {french_day(source.at.date())}")
    if source.kind == "setting":
        return Origin(words="depuis Réglages" if filled.value else "à dire dans Réglages", noun="setting")
    noun, record, field = _corrected_in(session, source)
    if record is None:
        return Origin(words="pas dans le dossier" if filled.value in (None, "") else "du droit et des réglages")
    called = lookup.captions(session, noun, [record]).get(record, "") if lookup.knows(noun) else ""
    where = _CALLED.get(noun, noun)
    words = f"depuis {where}" if filled.value not in (None, "") else f"à dire dans {where}"
    parts = _PARTS if noun == "referral" else (noun,)
    kept = next((each for each in parts if _says(each, field)), noun if noun in editing.KINDS else "")
    attribute = field if _says(kept, field) else ""
    return Origin(
        words=words,
        noun=kept or ("referral" if noun == "referral" else ""),
        record=record,
        attribute=attribute,
        called=called,
    )


def _says(noun: str, attribute: str) -> bool:
    """Whether the editor of a noun has a field of that name."""
    return bool(attribute) and noun in editing.KINDS and attribute in dict(fields.described(editing.KINDS[noun].draft))


def _corrected_in(session: Session, source: Source) -> tuple[str, uuid.UUID | None, str]:
    """The noun and record where a value is corrected, and the field; a record within another is corrected there."""
    try:
        record = uuid.UUID(source.id)
    except ValueError:
        return source.kind, None, ""
    if source.kind not in _PARENTS:
        return source.kind, record, source.path
    noun, column, field = _PARENTS[source.kind]
    mapped = next(each for each in Base.registry.mappers if each.local_table.name == source.kind)  # type: ignore[attr-defined]
    held = session.get(mapped.class_, record)
    return noun, getattr(held, column, None) if held is not None else None, field
