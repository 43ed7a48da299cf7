# SPDX-License-Identifier: GPL-3.0-or-later
"""People: names as given and in Latin script, births that may be uncertain, how to reach them, who speaks for them.

A person is complainant, witness, observer or agent only through links; nothing here says which.
"""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Record

__all__ = ["Address", "ContactPoint", "Person", "PersonLanguage", "PersonName", "Representation"]


class Person(Record):
    """One human being. `birth` is a partial date (`2001`, `2001~`, `2001-03`…); ages are never stored."""

    __tablename__ = "person"

    pseudonym: Mapped[str] = mapped_column(String(20), unique=True)
    given_names: Mapped[str] = mapped_column(default="")
    birth_name: Mapped[str] = mapped_column(default="")
    usual_name: Mapped[str] = mapped_column(default="")
    original_name: Mapped[str] = mapped_column(default="")
    sex: Mapped[str] = mapped_column(String(1), default="")
    birth: Mapped[str] = mapped_column(default="")
    birth_place: Mapped[str] = mapped_column(default="")
    birth_country: Mapped[str] = mapped_column(default="")
    nationality: Mapped[str] = mapped_column(default="")
    profession: Mapped[str] = mapped_column(default="")
    association_role: Mapped[str] = mapped_column(default="")
    declared_minor: Mapped[bool | None] = mapped_column(default=None)

    names: Mapped[list["PersonName"]] = relationship(order_by="PersonName.id", cascade="all, delete-orphan")
    languages: Mapped[list["PersonLanguage"]] = relationship(order_by="PersonLanguage.id", cascade="all, delete-orphan")
    contacts: Mapped[list["ContactPoint"]] = relationship(order_by="ContactPoint.id", cascade="all, delete-orphan")
    addresses: Mapped[list["Address"]] = relationship(
        order_by="Address.id", cascade="all, delete-orphan", foreign_keys="Address.person_id"
    )
    representations: Mapped[list["Representation"]] = relationship(
        order_by="Representation.id",
        cascade="all, delete-orphan",
        foreign_keys="Representation.person_id",
    )


class PersonName(Record):
    """Another name or spelling the person is known by."""

    __tablename__ = "person_name"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40), default="alias")
    text: Mapped[str]


class PersonLanguage(Record):
    """A language the person speaks; `interpreter` says that an interpreter is needed to be heard in French."""

    __tablename__ = "person_language"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[str] = mapped_column(String(20))
    preferred: Mapped[bool] = mapped_column(default=False)
    interpreter: Mapped[bool] = mapped_column(default=False)


class ContactPoint(Record):
    """A way to reach the person; `after_departure` marks the one that works from another country."""

    __tablename__ = "contact_point"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    value: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    after_departure: Mapped[bool] = mapped_column(default=False)


class Address(Record):
    """Where the person lives or has declared an address.

    A third party's address needs that party's express consent (CPP 40-4-1): `holder_*` names the third party,
    `consent_on` dates the consent, `consent_evidence_id` is its proof.
    """

    __tablename__ = "address"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    lines: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    town: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    holder_organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    holder_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    consent_on: Mapped[dt.date | None]
    consent_evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    declared_on: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]


class Representation(Record):
    """Who acts for a minor: a parent, an administrateur ad hoc (CPP 706-50), or the question still open."""

    __tablename__ = "representation"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(40))
    representative_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    representative_organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    since_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(default="")
