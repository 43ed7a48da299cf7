# SPDX-License-Identifier: GPL-3.0-or-later
"""What a draft is made of, described once: for editors, for `validate`, for the import format, for storing.

A draft is an attrs class of plain values. Each attribute says what it means in French (`doc`), which closed list it
takes its codes from, which noun it points at. Records have the same attribute names, so storing needs no mapping.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import attrs
from sqlalchemy import delete, inspect
from sqlalchemy.orm import DeclarativeBase

from forms.problems import Problem
from hro_desktop.faults import Fault
from hro_desktop.law import vocabulary
from hro_desktop.records.base import Record, new_id
from hro_desktop.records.drafts import KeptDraft
from hro_desktop.rules import dates, typed
from hro_desktop.rules.dates import PartialDate
from hro_desktop.vault.work import Work

HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters and those that turn the direction of what follows: a name must be what it looks like. The joiners
that Persian and Sorani need are not among them."""
OPEN_CITATION = re.compile(r"\[\[\s*pi[eè]ce\b(?![^\[\]\n]*\]\]).{0,40}", re.IGNORECASE)

__all__ = [
    "Kind",
    "bounded",
    "check",
    "choice",
    "choices",
    "count",
    "day",
    "described",
    "drafted",
    "flag",
    "forget_typed",
    "french_day",
    "many",
    "number",
    "partial",
    "ref",
    "refs",
    "refuse_early",
    "save",
    "store",
    "text",
    "time",
    "validate",
]

Kind = Literal[
    "text",
    "choice",
    "choices",
    "flag",
    "day",
    "time",
    "partial",
    "number",
    "count",
    "bounded",
    "ref",
    "refs",
    "many",
    "cited",
]
PARIS = ZoneInfo("Europe/Paris")
R = TypeVar("R", bound=Record)


def _field(kind: Kind, doc: str, default: object, *, required: bool = False, **more: object) -> Any:  # noqa: ANN401
    return attrs.field(default=default, kw_only=True, metadata={"kind": kind, "doc": doc, "required": required, **more})


def text(
    doc: str,
    *,
    required: bool = False,
    pattern: str = "",
    cited: bool = False,
    long: bool = False,
    like: str = "",
    longest: int = 0,
) -> Any:  # noqa: ANN401
    """A text.

    `pattern` is a regular expression it must match; `cited` texts may cite evidence `[[piece:…]]`; `long` ones are
    written on several lines; `like` is a noun whose names are proposed while one types; `longest` is how many
    characters it may have, zero for any number.
    """
    kind: Kind = "cited" if cited else "text"
    return _field(kind, doc, "", required=required, pattern=pattern, long=long or cited, like=like, longest=longest)


def choice(vocabulary_list: str, doc: str, *, required: bool = False, default: str = "") -> Any:  # noqa: ANN401
    """One code of a closed list."""
    return _field("choice", doc, default, required=required, list=vocabulary_list)


def choices(vocabulary_list: str, doc: str) -> Any:  # noqa: ANN401
    """Several codes of a closed list, in order."""
    return _field("choices", doc, (), list=vocabulary_list)


def flag(doc: str, *, default: bool | None = None) -> Any:  # noqa: ANN401
    """Yes, no, or (when the default is `None`) not yet asked."""
    return _field("flag", doc, default)


def day(doc: str, *, required: bool = False, ahead: bool = False, past: bool = False) -> Any:  # noqa: ANN401
    """A known calendar day.

    `ahead` when « lundi » means the next one; `past` when it is of facts, which no day to come can be.
    """
    return _field("day", doc, None, required=required, ahead=ahead, past=past)


def time(doc: str) -> Any:  # noqa: ANN401
    """A time of day, `HH:MM`."""
    return _field("time", doc, "", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


def partial(doc: str, *, past: bool = False) -> Any:  # noqa: ANN401
    """A date that may be uncertain: `2001`, `2001~`, `2001-03`, `2001-03-04`, `2026-10-12/2026-10-13`.

    `past` when it is of facts, which no day to come can be.
    """
    return _field("partial", doc, "", past=past)


def number(doc: str, *, most: float) -> Any:  # noqa: ANN401
    """A number between `-most` and `most`, such as a coordinate in degrees."""
    return _field("number", doc, None, most=most)


def count(doc: str, *, most: int, required: bool = False) -> Any:  # noqa: ANN401
    """A whole number from zero to `most`."""
    return _field("count", doc, None, required=required, most=most)


def bounded(doc: str, *, most: int) -> Any:  # noqa: ANN401
    """A number with what it is worth, as it is typed: « ≥ 12 », « = 12 », « ~ 12 »; empty when nobody counted."""
    return _field("bounded", doc, "", most=most)


def ref(noun: str, doc: str, *, required: bool = False) -> Any:  # noqa: ANN401
    """Another record, by id; in a dossier, by key."""
    return _field("ref", doc, None, required=required, noun=noun)


def refs(noun: str, doc: str) -> Any:  # noqa: ANN401
    """Other records, by id; in a dossier, by key."""
    return _field("refs", doc, (), noun=noun)


def many(draft: type, doc: str, *, apart: bool = False) -> Any:  # noqa: ANN401
    """Nested drafts, in order; `apart` when their noun has its own rule for storing them, and `store` leaves them."""
    return _field("many", doc, (), draft=draft, apart=apart)


def described(draft: type) -> Iterator[tuple[str, Any]]:
    """The described attributes of a draft class: name and metadata, in the order of the class."""
    for attribute in attrs.fields(draft):
        if "kind" in attribute.metadata:
            yield attribute.name, attribute.metadata


def validate(draft: Any, at: str = "") -> tuple[Problem, ...]:  # noqa: ANN401
    """What is wrong with a draft, field by field: the same function while typing and on saving.

    `facts` of a problem: `doc` (what the field is) and `value` (what was given), for the sentence shown.
    """
    problems: list[Problem] = []
    for name, meta in described(type(draft)):
        value = getattr(draft, name)
        where = f"{at}{name}"
        if meta["kind"] == "many":
            for index, nested in enumerate(value):
                problems += validate(nested, f"{where}[{index + 1}].")
            continue
        code = _fault_of(value, meta)
        if code:
            shown = "" if value is None else str(value)
            if code == "too_long":
                shown = str(meta["longest"])
            elif code == "hidden":
                shown = f"U+{ord(HIDDEN.search(shown)[0]):04X}"  # type: ignore[index]
            elif code == "open_citation":
                shown = OPEN_CITATION.search(shown)[0][:40]  # type: ignore[index]
            problems.append(Problem(where, code, "block", {"doc": meta["doc"], "value": shown}))
    docs = {name: meta["doc"] for name, meta in described(type(draft))}
    problems += [
        Problem(f"{at}{name}", code, "block", {"doc": docs[name], "value": ""}) for name, code in draft.together()
    ]
    return tuple(problems)


def _fault_of(value: object, meta: Any) -> str:  # noqa: ANN401
    if value in (None, "", ()):
        return "missing" if meta["required"] else ""
    if isinstance(value, str) and HIDDEN.search(value):
        return "hidden"
    if meta["kind"] == "cited" and OPEN_CITATION.search(str(value)):
        return "open_citation"
    if meta["kind"] in ("number", "count", "bounded"):
        return _fault_of_number(value, meta)
    if meta["kind"] in ("choice", "choices"):
        codes = (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]
        return "" if all(code in vocabulary.codes(meta["list"]) for code in codes) else "not_in_list"
    if meta["kind"] == "partial":
        try:
            PartialDate.parse(str(value))
        except ValueError:
            return "bad_date"
    if meta.get("pattern") and not re.fullmatch(meta["pattern"], str(value)):
        return "bad_form"
    return "too_long" if 0 < meta.get("longest", 0) < len(str(value)) else ""


def _fault_of_number(value: object, meta: Any) -> str:  # noqa: ANN401
    if meta["kind"] == "bounded":
        found = typed.count_of(str(value))
        return "" if found is not None and found.value <= meta["most"] else "not_a_count"
    if meta["kind"] == "count":
        return "" if type(value) is int and 0 <= value <= meta["most"] else "not_a_count"
    return (
        "" if abs(float(str(value))) <= meta["most"] else "out_of_range"
    )  # not the reverse: nan compares with nothing


def check(draft: Any) -> None:  # noqa: ANN401
    """Refuse a draft that cannot be saved, with a sentence naming the first field.

    Raises:
        Fault: `draft.invalid`.
    """
    problems = validate(draft)
    if problems:
        first = problems[0]
        raise Fault("draft.invalid", f"{sentence(first)} Rien n’a été enregistré.")


def sentence(problem: Problem) -> str:
    """One French sentence: which field, what is wrong, what to write."""
    doc, value = problem.facts.get("doc", ""), problem.facts.get("value", "")
    what = {
        "missing": "il manque",
        "not_in_list": f"« {value} » n’est pas dans la liste",
        "bad_date": f"« {value} » n’est pas une date ; écrivez 2001, 2001~, 2001-03, 2001-03-04 "
        "ou 2026-10-12/2026-10-13",
        "hidden": f"le texte contient un caractère invisible ({value}), qui peut changer ce que l’on lit ; "
        "effacez-le et retapez ce passage",
        "open_citation": f"la citation « {value} » n’est pas fermée ; écrivez [[piece:clé]]",
        "out_of_range": f"« {value} » n’est pas possible ; écrivez des degrés, comme 50.95",
        "not_a_count": f"« {value} » n’est pas un nombre entier possible",
        "nobody": "il manque qui : une personne, ou quelques mots sans nom",
        "too_long": f"plus de {value} caractères ; raccourcissez-le",
        "bad_form": f"« {value} » n’a pas la forme attendue",
    }.get(problem.code, problem.code)
    return f"{problem.field} ({doc}) : {what}.".replace(" :", "\u00a0:").replace(" ;", "\u00a0;")


def store(draft: Any, record: DeclarativeBase) -> None:  # noqa: ANN401
    """Copy a draft into a record: attributes of the same name, nested drafts as the records of that relationship."""
    mapper = inspect(type(record))
    columns = set(mapper.columns.keys())
    for name, meta in described(type(draft)):
        value = getattr(draft, name)
        if meta["kind"] == "many" and name in mapper.relationships and not meta["apart"]:
            child = mapper.relationships[name].mapper.class_
            setattr(record, name, [_child(child, nested, index) for index, nested in enumerate(value)])
        elif name in columns:
            setattr(record, name, list(value) if meta["kind"] == "choices" else value)


def _child(record_class: type[DeclarativeBase], draft: Any, index: int) -> DeclarativeBase:  # noqa: ANN401
    child = record_class()
    if getattr(draft, "id", None) and "id" in inspect(record_class).columns:
        child.id = draft.id  # type: ignore[attr-defined]
    if "position" in inspect(record_class).columns:
        child.position = index  # type: ignore[attr-defined]
    store(draft, child)
    return child


def drafted(draft_class: type[Any], record: DeclarativeBase) -> Any:  # noqa: ANN401
    """The draft a record would be stored from: the opposite of `store`."""
    mapper = inspect(type(record))
    values: dict[str, Any] = {"id": getattr(record, "id", None)}
    for name, meta in described(draft_class):
        if meta["kind"] == "many" and name in mapper.relationships:
            values[name] = tuple(drafted(meta["draft"], each) for each in getattr(record, name))
        elif meta["kind"] == "refs":
            values[name] = tuple(getattr(each, name[:-1]) for each in getattr(record, f"{name[:-4]}s"))
        elif name in mapper.columns:
            value = getattr(record, name)
            values[name] = tuple(value) if meta["kind"] == "choices" else value
    if hasattr(record, "sealed_at"):
        values["sealed"] = record.sealed_at is not None
    known = {field.name for field in attrs.fields(draft_class)}
    return draft_class(**{name: value for name, value in values.items() if name in known})


def save(work: Work, record_class: type[R], draft: Any, **more: object) -> R:  # noqa: ANN401
    """Validate a draft and write it as a new record or over the one with its id, with its journal line.

    What was kept of it while it was typed goes in the same unit of work.

    `more` are columns the draft does not carry, set on a new record only (a reference number, say).

    Raises:
        Fault: `draft.invalid`, nothing written.
    """
    check(draft)
    record = work.session.get(record_class, draft.id) if draft.id else None
    created = record is None
    if record is None:
        record = record_class(id=draft.id or new_id(), **more)
        work.session.add(record)
    store(draft, record)
    work.session.flush()
    work.record(f"{record_class.__tablename__}.{'created' if created else 'changed'}", record.id)
    forget_typed(work, record_class.__tablename__, record.id)
    return record


def forget_typed(work: Work, kind: str, record_id: uuid.UUID) -> None:
    """Erase what an editor kept of a record while it was typed."""
    work.session.execute(delete(KeptDraft).where(KeptDraft.kind == kind, KeptDraft.record_id == record_id))


def link(
    work: Work,
    link_class: type[DeclarativeBase],
    mine: dict[str, uuid.UUID],
    name: str,
    targets: Iterable[uuid.UUID],
    **more: object,
) -> None:
    """Write link rows from one record to others: `name` is the column of the target."""
    for target in targets:
        work.session.add(link_class(**mine, **{name: target}, **more))


@attrs.define(kw_only=True)
class Draft:
    """What every draft has: the id of its record, or of the record to be."""

    id: uuid.UUID | None = None

    def together(self) -> Iterable[tuple[str, str]]:
        """What is wrong between fields that are right alone: name of the field to mend, and a code of `sentence`."""
        return ()


def refuse_early(day: dt.date | None, facts_on: dt.date | None = None) -> None:
    """Refuse a day on which this cannot have happened: of before the facts, when they are known, or of another age.

    Raises:
        Fault: `day.early`.
    """
    if day is None or day >= max(facts_on or dates.EARLIEST, dates.EARLIEST):
        return
    before = f"les faits ({dates.french_day(facts_on)})" if day >= dates.EARLIEST and facts_on else dates.EARLIEST.year
    raise Fault(
        "day.early",
        f"Le {dates.french_day(day)} est d’avant {before}\u00a0: vérifiez le jour et l’année, rien n’est noté.",
    )


def french_day(instant: dt.datetime) -> dt.date:
    """The calendar day of an instant in France: what the user calls today."""
    return instant.astimezone(PARIS).date()
