# SPDX-License-Identifier: GPL-3.0-or-later
"""What `dossier.toml` may hold: its schema is made from the drafts, so the two can never disagree."""

import datetime as dt
import re
import tomllib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from hro_desktop.casework import (
    agenda,
    cases,
    consents,
    directory,
    evidence,
    exceptions,
    fields,
    hindrances,
    incidents,
    observation,
    outings,
    passages,
    people,
    referrals,
    sites,
    statements,
    volunteers,
)
from hro_desktop.faults import Fault
from hro_desktop.law import vocabulary
from hro_desktop.records.base import new_id

__all__ = ["FORMAT", "SECTIONS", "Dossier", "Section", "named", "read", "schema"]

FORMAT = 1
CITATION = re.compile(r"\[\[piece:([^\]]*)\]\]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@attrs.frozen
class Section:
    """One kind of tables of a dossier: its name in the file, the noun others refer to it by, its draft, its saver.

    Evidence has no saver here: its files are taken in first.
    """

    name: str
    noun: str
    draft: type
    save: Callable[..., uuid.UUID] | None
    doc: str


SECTIONS = (
    Section("volunteers", "volunteer", volunteers.VolunteerDraft, volunteers.save, "bénévoles"),
    Section("organisations", "organisation", directory.OrganisationDraft, directory.save, "annuaire"),
    Section("people", "person", people.PersonDraft, people.save, "personnes"),
    Section("groups", "group", cases.GroupDraft, cases.save_group, "groupes de dossiers"),
    Section("cases", "case", cases.CaseDraft, cases.save, "dossiers"),
    Section("sites", "site", sites.SiteDraft, sites.save, "lieux de vie"),
    Section("outings", "outing", outings.OutingDraft, outings.save, "sorties d’observation"),
    Section("operations", "operation", observation.OperationDraft, observation.save, "opérations"),
    Section("incidents", "incident", incidents.IncidentDraft, incidents.save, "faits"),
    Section("statements", "statement", statements.StatementDraft, statements.save, "récits et attestations"),
    Section("passages", "passage", passages.PassageDraft, passages.mark, "passages dangereux des récits"),
    Section("evidence", "evidence", evidence.EvidenceDraft, None, "pièces"),
    Section("hindrances", "hindrance", hindrances.HindranceDraft, hindrances.save, "entraves aux observateurs"),
    Section("consents", "consent", consents.ConsentDraft, consents.save, "accords"),
    Section("referrals", "referral", referrals.ReferralDraft, referrals.save, "saisines"),
    Section("exceptions", "exception", exceptions.ConsentExceptionDraft, exceptions.save, "exceptions à l’accord"),
    Section("appointments", "appointment", agenda.AppointmentDraft, agenda.save_appointment, "rendez-vous"),
    Section("reminders", "reminder", agenda.ReminderDraft, agenda.save_reminder, "rappels internes"),
    Section("mails", "mail", agenda.MailDraft, agenda.save_mail, "courriers reçus pour une personne"),
    Section("contact_notes", "contact_note", agenda.ContactNoteDraft, agenda.save_contact, "contacts notés"),
)
NESTED_NOUNS = {people.AddressDraft: "address", statements.VersionDraft: "statement_version"}
# What the base keeps once per row: the file may not give it twice.
ONCE: Mapping[type, str] = {evidence.EvidenceStatementDraft: "statement", referrals.AccusedDraft: "person"}
NESTED_TABLES = {"address": "people.addresses", "statement_version": "statements.versions"}


@attrs.frozen
class Dossier:
    """A dossier read and checked: drafts by section in file order, every key resolved to the id of its record."""

    key: str
    title: str
    association: uuid.UUID | None
    drafts: Mapping[str, tuple[Any, ...]]
    keys: Mapping[str, tuple[str, uuid.UUID]]


def named(attribute: str, meta: Mapping[str, Any]) -> str:
    """How an attribute is called in a dossier: references go by key, so `person_id` is written `person`."""
    if meta["kind"] == "refs":
        return f"{attribute.removesuffix('_ids')}s"
    return attribute.removesuffix("_id") if meta["kind"] == "ref" else attribute


def schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of `dossier.toml`; days and times are compared as ISO text."""
    properties: dict[str, Any] = {
        "format": {"const": FORMAT, "description": "version du format"},
        "key": {"type": "string", "minLength": 1, "maxLength": 100, "description": "clé du dossier, unique"},
        "title": {"type": "string", "description": "intitulé"},
        "association": {"type": "string", "description": "clé de l’organisation qui est l’association du coffre"},
    }
    for section in SECTIONS:
        properties[section.name] = {
            "type": "array",
            "items": _table(section.draft),
            "description": section.doc,
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": ["format", "key"],
        "additionalProperties": False,
    }


def _table(draft: type) -> dict[str, Any]:
    properties: dict[str, Any] = {"key": {"type": "string", "minLength": 1, "description": "clé de cette ligne"}}
    required = []
    for name, meta in fields.described(draft):
        properties[named(name, meta)] = {**_kind(meta), "description": meta["doc"]}
        if meta["required"]:
            required.append(named(name, meta))
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _kind(meta: Mapping[str, Any]) -> dict[str, Any]:
    simple: dict[str, dict[str, Any]] = {
        "flag": {"type": "boolean"},
        "number": {"type": "number"},
        "count": {"type": "integer", "minimum": 0},
        "day": {"type": "string", "format": "date"},
        "ref": {"type": "string", "minLength": 1},
        "refs": {"type": "array", "items": {"type": "string", "minLength": 1}},
    }
    kind = meta["kind"]
    if kind in simple:
        return simple[kind]
    if kind == "many":
        return {"type": "array", "items": _table(meta["draft"])}
    if kind == "choice":
        return {"enum": list(vocabulary.codes(meta["list"]))}
    if kind == "choices":
        return {"type": "array", "items": {"enum": list(vocabulary.codes(meta["list"]))}}
    return {"type": "string", **({"pattern": f"^(?:{meta['pattern']})$"} if meta.get("pattern") else {})}


def read(content: bytes, known: Mapping[tuple[str, str], uuid.UUID] | None = None) -> Dossier:
    """Read and check a `dossier.toml` whole, before anything is written.

    Args:
        content: the bytes of the file.
        known: records the vault already has, by noun and name: a table with that name means that record.

    Raises:
        Fault: `dossier.unreadable`, `dossier.invalid`: one sentence naming the line or the key.
    """
    tables = _parse(content)
    _check_schema(tables)
    keys = _keys(tables, known or {})
    association = tables.get("association")
    if association is not None:
        association = _resolve(association, "organisation", keys, "association")
    drafts = {
        section.name: tuple(
            _draft(section.draft, table, keys, _place(section.name, number, table))
            for number, table in enumerate(tables.get(section.name, ()), start=1)
        )
        for section in SECTIONS
    }
    for section in SECTIONS:
        for number, draft in enumerate(drafts[section.name], start=1):
            problems = fields.validate(draft, f"{section.name}[{number}].")
            if problems:
                raise Fault("dossier.invalid", f"dossier.toml, {fields.sentence(problems[0])}")
    _check_association(tables)
    return Dossier(tables["key"], tables.get("title", ""), association, drafts, keys)


def _check_association(tables: Mapping[str, Any]) -> None:
    """The association of the vault signs letters and lends its address: it has to be one."""
    for row in tables.get("organisations", ()):
        if row.get("key") == tables.get("association", "") != "" and row["kind"] != "association":
            raise Fault(
                "dossier.invalid",
                f"dossier.toml, association\u00a0: «\u00a0{row['key']}\u00a0» n’est pas une association "
                f"({vocabulary.label('organisation_kinds', row['kind'])}).",
            )


def _parse(content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")
        tables = tomllib.loads(text)
    except UnicodeDecodeError:
        raise Fault(
            "dossier.unreadable", "dossier.toml n’est pas en UTF-8\u00a0: enregistrez-le dans cet encodage."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise Fault("dossier.unreadable", _unreadable(text, str(error))) from None
    except RecursionError:
        raise Fault(
            "dossier.unreadable", "dossier.toml emboîte trop de listes les unes dans les autres\u00a0: simplifiez-le."
        ) from None
    return {name: _as_text(value) for name, value in tables.items()}


def _unreadable(text: str, message: str) -> str:
    """Where TOML stumbled. A day that is not in the calendar stops its reader too, although the writing is correct."""
    place = re.search(r"at line (\d+), column (\d+)", message)
    if place is None:
        return (
            "dossier.toml n’est pas du TOML correct, à la fin du fichier\u00a0: corrigez cet endroit puis recommencez."
        )
    line, column = int(place[1]), int(place[2])
    for day in DAY.finditer(text.split("\n")[line - 1]):
        if day.start() < column <= day.end() and not _in_calendar(day[0]):
            return (
                f"dossier.toml, ligne {line}\u00a0: le jour «\u00a0{day[0]}\u00a0» n’existe pas\u00a0; "
                "vérifiez l’année, le mois et le jour."
            )
    return (
        f"dossier.toml n’est pas du TOML correct, ligne {line}, colonne {column}\u00a0: "
        "corrigez cet endroit puis recommencez."
    )


def _in_calendar(day: str) -> bool:
    try:
        dt.date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _as_text(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    """Days and times as ISO text: the schema and the partial dates only know text."""
    if isinstance(value, dict):
        return {name: _as_text(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, dt.date) else value


def _check_schema(tables: dict[str, Any]) -> None:
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker(["date"]))
    error = min(validator.iter_errors(tables), key=lambda found: list(map(str, found.absolute_path)), default=None)
    if error is None:
        return
    where = ""
    for step in error.absolute_path:
        where += f"[{step + 1}]" if isinstance(step, int) else f"{'.' if where else ''}{step}"
    place = f", {where}" if where else ""
    raise Fault("dossier.invalid", f"dossier.toml{place}\u00a0: {_explain(error)}")


def _explain(error: Any) -> str:  # noqa: ANN401 - jsonschema's ValidationError
    value = error.instance if isinstance(error.instance, str | int | float | bool) else ""
    expected = error.validator_value
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(error.schema["properties"]))
        return f"la clé «\u00a0{unknown[0]}\u00a0» n’existe pas\u00a0; voyez docs/import.md."
    if error.validator == "required":
        absent = next(name for name in expected if name not in error.instance)
        return f"il manque la clé «\u00a0{absent}\u00a0»."
    if error.validator == "enum":
        return f"«\u00a0{value}\u00a0» n’est pas dans la liste\u00a0: {', '.join(map(str, expected))}."
    names = {"string": "un texte", "array": "une liste", "boolean": "true ou false", "number": "un nombre"}
    if error.validator == "type":
        return f"il faut ici {(names | {'integer': 'un nombre entier'}).get(expected, 'une table')}."
    if error.validator == "const":
        return f"«\u00a0{value}\u00a0» n’est pas un format connu\u00a0; celui-ci est {expected}."
    if error.validator == "format":
        if DAY.fullmatch(str(value)):
            return f"le jour «\u00a0{value}\u00a0» n’existe pas\u00a0; vérifiez l’année, le mois et le jour."
        return f"«\u00a0{value}\u00a0» n’est pas un jour\u00a0; écrivez 2026-10-12."
    return f"«\u00a0{value}\u00a0» n’a pas la forme attendue."


def _keys(tables: Mapping[str, Any], known: Mapping[tuple[str, str], uuid.UUID]) -> dict[str, tuple[str, uuid.UUID]]:
    keys: dict[str, tuple[str, uuid.UUID]] = {}
    for section in SECTIONS:
        for number, table in enumerate(tables.get(section.name, ()), start=1):
            for noun, key in _keyed(section.draft, section.noun, table):
                if key in keys:
                    raise Fault(
                        "dossier.invalid",
                        f"dossier.toml, {_place(section.name, number, table)}\u00a0: "
                        f"la clé «\u00a0{key}\u00a0» sert déjà\u00a0; choisissez-en une autre.",
                    )
                keys[key] = (noun, known.get((noun, table.get("name", ""))) or new_id())
    return keys


def _keyed(draft: type, noun: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "key" in table:
        yield noun, table["key"]
    for name, meta in fields.described(draft):
        if meta["kind"] == "many":
            for nested in table.get(named(name, meta), ()):
                yield from _keyed(meta["draft"], NESTED_NOUNS.get(meta["draft"], ""), nested)


def _place(section: str, number: int, table: Mapping[str, Any]) -> str:
    return f"{section}[{number}]" + (f" («\u00a0{table['key']}\u00a0»)" if "key" in table else "")


def _resolve(key: str, noun: str, keys: Mapping[str, tuple[str, uuid.UUID]], where: str) -> uuid.UUID:
    if key not in keys or keys[key][0] != noun:
        section = next((each.name for each in SECTIONS if each.noun == noun), NESTED_TABLES.get(noun, ""))
        raise Fault(
            "dossier.invalid",
            f"dossier.toml, {where}\u00a0: aucune ligne de «\u00a0{section}\u00a0» n’a la clé «\u00a0{key}\u00a0».",
        )
    return keys[key][1]


def _draft(draft: type, table: Mapping[str, Any], keys: Mapping[str, tuple[str, uuid.UUID]], where: str) -> Any:  # noqa: ANN401
    values: dict[str, Any] = {}
    for name, meta in fields.described(draft):
        if named(name, meta) in table:
            values[name] = _value(meta, table[named(name, meta)], keys, f"{where}.{named(name, meta)}")
    made = draft(**values)
    if "key" in table:
        made.id = keys[table["key"]][1]
    return made


def _value(meta: Mapping[str, Any], value: Any, keys: Mapping[str, tuple[str, uuid.UUID]], where: str) -> Any:  # noqa: ANN401
    match meta["kind"]:
        case "ref":
            return _resolve(value, meta["noun"], keys, where)
        case "refs":
            return tuple(dict.fromkeys(_resolve(key, meta["noun"], keys, where) for key in value))
        case "many":
            once = ONCE.get(meta["draft"])
            if once is not None:
                _check_once([nested[once] for nested in value], where)
            return tuple(
                _draft(meta["draft"], nested, keys, f"{where}[{number}]")
                for number, nested in enumerate(value, start=1)
            )
        case "day":
            return dt.date.fromisoformat(value)
        case "choices":
            return tuple(value)
        case "cited":
            return CITATION.sub(lambda found: f"[[piece:{_resolve(found[1].strip(), 'evidence', keys, where)}]]", value)
        case _:
            return value


def _check_once(given: Sequence[str], where: str) -> None:
    for number, key in enumerate(given):
        if key in given[:number]:
            raise Fault(
                "dossier.invalid",
                f"dossier.toml, {where}\u00a0: «\u00a0{key}\u00a0» y est deux fois\u00a0; gardez une seule ligne.",
            )
