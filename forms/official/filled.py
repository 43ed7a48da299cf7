# SPDX-License-Identifier: GPL-3.0-or-later
"""A form whose definition knows the official PDF, filled from a tree of values."""

import re
from collections.abc import Mapping
from typing import Final

import attrs

from forms.definition import FormDefinition, resolve
from forms.drawn import DRAFT_MARK, PRACTICE_MARK
from forms.official.answers import Value
from forms.official.edition import Edition, Found, Official, Target, find
from forms.official.engine import HERE, Engine
from forms.official.fill import Made
from forms.official.outcome import Outcome, worst
from forms.problems import FormError, Problem
from forms.values import Values

__all__ = ["FilledForm", "fill_form"]

_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HOUR: Final = re.compile(r"(\d{1,2})[\s\u00a0]*(?:h|:)[\s\u00a0]*(\d{2})?")


@attrs.frozen
class FilledForm:
    """A filled official form.

    Args:
        pdf: the document.
        outcomes: what became of each of our fields that had a value, in the order of the form.
        problems: what a person should look at: values that are missing, and outcomes.
        edition: which edition it is.
        made: what became of every field of the PDF.
    """

    pdf: bytes = attrs.field(repr=False)
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    edition: Edition
    made: Made


def fill_form(
    definition: FormDefinition,
    official: Official,
    pdf: bytes,
    values: Values,
    *,
    keep_fields: bool = False,
    draft: bool = False,
    practice: bool = False,
    engine: Engine = HERE,
) -> FilledForm:
    """Fill the blank PDF of a known edition.

    Args:
        definition: the form.
        official: the editions it knows.
        pdf: the blank one, as the user downloaded it.
        values: the tree its paths read.
        keep_fields: the fields can still be changed.
        draft: print « BROUILLON » at the head of each page.
        practice: print there that persons and facts are fictional.
        engine: who opens the PDF.

    Raises:
        FormError: `official.unknown_edition`, `official.unchecked`; and those of `fill`.
    """
    found = known(definition, official, pdf, engine)
    edition = found.edition
    texts, problems = resolve(definition, values)
    labels = {field.id: field.label for field in definition.fields}
    spread: dict[str, Value] = {}
    torn: dict[str, str] = {}
    for name, targets in edition.values.items():
        for target in targets:
            taken, left = _spread(target, texts.get(name, ""))
            spread |= taken
            if left:
                torn[name] = left
    continued = {target.field: labels[name] for name in official.continued for target in edition.values.get(name, ())}
    boxed = {place.field: texts[place.field] for place in edition.boxes if texts.get(place.field)}
    made = engine.fill(
        pdf,
        {**spread, **boxed},
        keep_fields=keep_fields and not edition.boxes,
        continued=continued,
        boxes=edition.boxes,
        mark=" – ".join(word for word, asked in ((DRAFT_MARK, draft), (PRACTICE_MARK, practice)) if asked),
    )
    told = {outcome.field: outcome for outcome in made.outcomes}
    outcomes = [
        _outcome(field.id, texts[field.id], edition, told, torn.get(field.id, ""))
        for field in definition.fields
        if texts.get(field.id)
    ]
    found_problems = [problem for outcome in outcomes for problem in outcome.problems()]
    return FilledForm(made.pdf, tuple(outcomes), (*problems, *found_problems), edition, made)


def known(definition: FormDefinition, official: Official, pdf: bytes, engine: Engine = HERE) -> Found:
    """The edition a PDF is.

    Raises:
        FormError: `official.unknown_edition`, `official.unchecked`.
    """
    found = find(official, pdf, engine.read(pdf))
    if found is None or found.by == "nearest":
        raise FormError("official.unknown_edition", _unknown(definition, found))
    if found.edition.checked_on is None:
        raise FormError(
            "official.unchecked",
            f"La correspondance des champs de l’édition {found.edition.number} n’a été relue par personne\u00a0: "
            "comparez-la avec le papier, puis inscrivez la date à la clé «\u00a0checked_on\u00a0» de official.toml.",
        )
    return found


def _unknown(definition: FormDefinition, found: Found | None) -> str:
    title = f"Ce PDF n’est pas une édition connue de «\u00a0{definition.title}\u00a0»"
    advice = "«\u00a0hro-desktop forms propose\u00a0» prépare la correspondance des champs, à relire avant de remplir."
    if found is None:
        return f"{title}. {advice}"
    difference = found.difference
    parts = [
        f"{len(names)} {word}"
        for names, word in (
            (difference.added, "champ(s) en plus"),
            (difference.gone, "en moins"),
            (difference.moved, "déplacé(s)"),
        )
        if names
    ]
    return f"{title}\u00a0: par rapport à {found.edition.number}, {', '.join(parts)}. {advice}"


def _spread(target: Target, text: str) -> tuple[dict[str, Value], str]:
    """What goes into the fields of a target, and what of the text goes into none of them."""
    if not text:
        return {}, ""
    if target.field:
        return {target.field: target.states.get(text, text)}, ""
    parts, left = _parts(text)
    return {name: parts[part] for part, name in target.parts.items() if parts.get(part)}, left


def _parts(text: str) -> tuple[Mapping[str, str], str]:
    date = _DATE.fullmatch(text.strip())
    if date is not None:
        return {"day": date[1].zfill(2), "month": date[2].zfill(2), "year": date[3], "short_year": date[3][2:]}, ""
    hour = _HOUR.fullmatch(text.strip())
    if hour is not None:
        return {"hour": hour[1].zfill(2), "minute": hour[2] or "00"}, ""
    year = _YEAR.search(text)
    whole = year is not None and year[0] == text.strip()
    return ({"year": year[0]} if year else {}), "" if whole else text


def _outcome(field: str, text: str, edition: Edition, told: Mapping[str, Outcome], left: str) -> Outcome:
    """What became of one of our fields, over all the fields of the PDF it is written in."""
    names = [name for target in edition.values.get(field, ()) for name in target.names]
    names += [place.field for place in edition.boxes if place.field == field]
    parts = [told[name] for name in names if name in told and told[name].status != "kept"]
    if left:
        page = parts[0].page if parts else 0
        return Outcome(field, "overflow", page, rest=left, reason="parts")
    if not parts:
        return Outcome(field, "refused", reason="not_in_edition") if text else Outcome(field, "kept")
    return attrs.evolve(worst(parts), field=field)
