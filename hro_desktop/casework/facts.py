# SPDX-License-Identifier: GPL-3.0-or-later
"""What records say of people, places and authorities, published as sourced values that forms read by path.

Nothing is affirmed that no record supports; what is unknown is `None`, never a guess. What is particular to one noun's
documents stands with that noun (`statement_facts`, `referral_facts`).
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from forms.values import Filled, Scalar, Source, Values
from hro_desktop.casework import directory
from hro_desktop.law import vocabulary
from hro_desktop.law.authorities import Authority
from hro_desktop.records.base import Base
from hro_desktop.records.directory import Organisation
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Address, Person
from hro_desktop.rules import grammar
from hro_desktop.rules import people as names
from hro_desktop.rules.dates import PartialDate, french_time

__all__ = [
    "association",
    "authority",
    "formal_name",
    "home",
    "identity",
    "incident_line",
    "initials",
    "lines",
    "listed_incident",
    "postal",
    "says_association",
    "taken",
]


def taken(record: Base | None, path: str, value: Scalar | None) -> Filled:
    """One value with the record and attribute it was read from; an empty text is an unknown value."""
    if record is None:
        return Filled(None, Source("", "", path))
    state = inspect(record)
    identity = "-".join(str(part) for part in state.identity) if state.identity else ""
    return Filled(None if value == "" else value, Source(str(state.mapper.local_table), identity, path))


def lines(record: Base | None, path: str, texts: Iterable[str]) -> tuple[Values, ...]:
    """A list of lines, each a value of its own."""
    return tuple({"text": taken(record, path, text)} for text in texts if text)


def formal_name(person: Person) -> str:
    """« Mme Fatima N. », or the pseudonym of somebody who gave no name."""
    return names.formal_name(
        person.sex,
        person.given_names,
        person.birth_name or person.usual_name,
        other=person.original_name,
        fallback=person.pseudonym,
    )


def initials(person: Person) -> str:
    """« Y. T. », for a page that anybody may glance at; the pseudonym of somebody who gave no name."""
    family = person.birth_name or person.usual_name
    name = names.display_name(person.given_names, family, other=person.original_name)
    return names.initials(name).replace(" ", "\u00a0") or person.pseudonym


def identity(person: Person) -> dict[str, Filled]:
    """Who somebody is, as given: shared by every form that names a person."""
    born = PartialDate.parse(person.birth or "?")
    plain = {
        name: taken(person, name, getattr(person, name))
        for name in (
            "given_names",
            "birth_name",
            "usual_name",
            "original_name",
            "birth_place",
            "nationality",
            "profession",
        )
    }
    if person.birth_country and person.birth_place:
        # « Saint-Denis (La Réunion) » takes its country without a second pair of brackets.
        place, _, region = person.birth_place.partition(" (")
        within = f"{place}, {region.removesuffix(')')}, {person.birth_country}" if region else ""
        said = within or f"{person.birth_place} ({person.birth_country})"
        plain["birth_place"] = taken(person, "birth_place", said)
    elif person.birth_country:
        plain["birth_place"] = taken(person, "birth_country", person.birth_country)
    where = f"à {plain['birth_place'].value}" if person.birth_place else person.birth_country
    return {
        **plain,
        "civility": taken(person, "sex", {"m": "Monsieur", "f": "Madame"}.get(person.sex)),
        "sex": taken(person, "sex", person.sex),
        "display_name": taken(person, "given_names", formal_name(person)),
        "birth_on": taken(person, "birth", born.french_bare()),
        "birth_clause": taken(person, "birth", _birth_clause(born, where)),
    }


def _birth_clause(born: PartialDate, place: str) -> str:
    """« le 9 juin 1996, à Lens », « vers 2001, Soudan »: what is known of a birth, after « Naissance : »."""
    return ", ".join(part for part in (born.french() if born.known else "", place) if part)


def homes(person: Person, on: dt.date) -> list[Address]:
    """The addresses the person has declared and not left, the last one declared first."""
    living = [address for address in person.addresses if address.ended_on is None or address.ended_on >= on]
    return sorted(living, key=lambda address: (address.declared_on or dt.date.min, address.id), reverse=True)


def home(person: Person, on: dt.date) -> Address | None:
    """The last of them, whoever lends it."""
    return next(iter(homes(person, on)), None)


def printed(session: Session, address: Address | None) -> Address | Organisation | None:
    """What is printed for an address: its own lines, or those of the organisation that lends its address."""
    if address is None or address.lines or address.town or address.holder_organisation_id is None:
        return address
    return session.get(Organisation, address.holder_organisation_id)


def host_of(session: Session, address: Address | None) -> Organisation | None:
    """The organisation that lends the address, if it is one."""
    held = address.holder_organisation_id if address is not None else None
    return session.get(Organisation, held) if held is not None else None


def postal(address: Address | Organisation | None) -> dict[str, Filled | tuple[Values, ...]]:
    """The lines of an address, then town by town."""
    street = address.lines if address is not None else ""
    town = " ".join(part for part in (address.postcode, address.town) if part) if address is not None else ""
    country = address.country if isinstance(address, Address) else ""
    return {
        "address_lines": lines(address, "lines", [*street.splitlines(), town, country]),
        "street": taken(address, "lines", ", ".join(street.splitlines())),
        "postcode": taken(address, "postcode", address.postcode if address is not None else ""),
        "town": taken(address, "town", address.town if address is not None else ""),
        "country": taken(address, "country", country),
    }


def says_association(name: str) -> bool:
    """Whether a name begins with the word « association », which then stands once after « l’ »."""
    return name.casefold().startswith("association ")


def association(session: Session) -> dict[str, Filled | tuple[Values, ...]]:
    """The association of the vault."""
    ours = directory.association(session)
    return {
        "name": taken(ours, "name", ours.name if ours else None),
        "says_so": taken(ours, "name", bool(ours and says_association(ours.name))),
        "email": taken(ours, "email", ours.email if ours else None),
        "phone": taken(ours, "phone", ours.phone if ours else None),
        **postal(ours),
    }


def authority(row: Authority, checked: Organisation | None) -> dict[str, Filled | tuple[Values, ...]]:
    """Who a letter goes to. The address is printed only when somebody checked it, here or in the law tables."""
    from_law = Source("authorities", row.code, "lines")
    if checked is not None and checked.checked_on is not None:
        where: dict[str, Any] = postal(checked)
        verified = taken(checked, "checked_on", True)
    elif row.verified:
        town = " ".join(part for part in (row.postcode, row.town) if part)
        where = {"address_lines": tuple({"text": Filled(text, from_law)} for text in (*row.lines, town) if text)}
        verified = Filled(True, from_law)
    else:
        where, verified = {"address_lines": ()}, Filled(False, from_law)
    return {
        "title": Filled(row.addressee, Source("authorities", row.code, "addressee")),
        "name": Filled(_capital(row.court or row.name), Source("authorities", row.code, "court")),
        "verified": verified,
        "salutation": Filled(None, Source("authorities", row.code, "addressee")),
        "note": Filled(row.note or None, Source("authorities", row.code, "note")),
        "address_lines": where["address_lines"],
    }


def _capital(text: str) -> str:
    """A line of an address begins with a capital."""
    return text[:1].upper() + text[1:]


def place_of(incident: Incident) -> str:
    """« lieu-dit « Le Pré », à Calais »: as much as is known."""
    site = f"lieu-dit «\u00a0{incident.site.name}\u00a0»" if incident.site else ""
    return ", ".join(part for part in (site, incident.place, commune_name(incident)) if part)


def place_name(incident: Incident) -> str:
    """« Hôpital », « plage, accès 3 », « mer »: a place in as few words as a list has room for."""
    kind = vocabulary.label("place_kinds", incident.place_kind) if incident.place_kind else ""
    return (incident.site.name if incident.site else "") or incident.place or kind or commune_name(incident)


def commune_name(incident: Incident) -> str:
    """The commune of an incident, by name when the tables know it."""
    from hro_desktop.law import authorities

    code = incident.commune or (incident.site.commune if incident.site else "")
    on = PartialDate.parse(incident.occurred or "?").latest or dt.date.max
    found = authorities.commune(code, on) if code else None
    return found[0].name if found else ""


def when_and_where(incident: Incident) -> str:
    """« le 12 octobre 2026, vers 8 h 40, au lieu-dit « Le Pré », à Calais »: ends « pour des faits survenus »."""
    when = PartialDate.parse(incident.occurred or "?")
    town = commune_name(incident)
    parts = [
        when.french() if when.known else "",
        french_time(incident.time_from, incident.time_to, about=incident.time_approximate),
        f"au lieu-dit «\u00a0{incident.site.name}\u00a0»" if incident.site else "",
        incident.place,
        f"à {town}" if town else "",
    ]
    return ", ".join(part for part in parts if part)


def incident_line(incident: Incident) -> str:
    """« Expulsion d’un lieu de vie, le 12 octobre 2026, vers 8 h 40, au lieu-dit « Le Pré », à Calais »."""
    what = incident.title or vocabulary.label("incident_kinds", incident.kind)
    return ", ".join(part for part in (what, when_and_where(incident)) if part)


def force_term(value: str) -> vocabulary.Term | None:
    """A force of the list, by its code or by its French name."""
    return next(
        (term for term in vocabulary.terms("forces") if value.casefold() in (term.code, term.label.casefold())), None
    )


def listed_incident(incident: Incident) -> str:
    """The same behind its reference, for a list."""
    return f"{incident.reference} — {incident_line(incident)}"


def force_group(value: str) -> str:
    """Which body answers for a force, by its code or by its French name; empty when neither is known."""
    term = force_term(value)
    return term.group if term else ""


def force_label(value: str) -> str:
    """The French name of a force given by its code, or the words as they were given."""
    return next((term.label for term in vocabulary.terms("forces") if term.code == value), value)


def camera_label(value: str) -> str:
    """The French name of a source of images given by its code, or the words as they were given."""
    if value in ("", "inconnue"):
        return "nature non précisée"
    return next((term.label for term in vocabulary.terms("cameras") if term.code == value), value)


def minority(person: Person, on: dt.date) -> grammar.Minority | None:
    """How surely the person is under eighteen that day, as a paper may say it; `None` for an adult.

    The date of birth decides when it can; else what the person says.
    """
    if not may_be_minor(person, on):
        return None
    if PartialDate.parse(person.birth or "?").is_minor_on(on):
        return "born"
    return "says" if person.declared_minor else "maybe"


def may_be_minor(person: Person, on: dt.date) -> bool:
    """Whether the person is, or may be, under eighteen that day."""
    by_birth = PartialDate.parse(person.birth or "?").is_minor_on(on)
    if by_birth is not None:
        return by_birth
    return person.declared_minor is not False if person.birth else bool(person.declared_minor)
